/* SPDX-License-Identifier: MIT */
/* What is sent to a terminal, and when, as asciinema's format asciicast 2 has it. */
#ifndef EXPORT_CAST_H
#define EXPORT_CAST_H

#include "jsonw.h"

/* The terminal's size; what it shows. Whether all could be written, the stream knows. */
struct jsonw cast_begin(FILE *out, int cols, int rows, const char *title);
/* These bytes, so long after the beginning; they are UTF-8. */
void cast_send(struct jsonw *j, int64_t ms, const void *bytes, size_t n);

#endif
