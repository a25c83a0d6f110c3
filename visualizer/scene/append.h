/* SPDX-License-Identifier: MIT */
/* Words that have to fit: into a buffer, into a place. */
#ifndef SCENE_APPEND_H
#define SCENE_APPEND_H

#include <stddef.h>

/* Append to what buf holds already; "…" ends what did not fit. */
void append(char *buf, size_t n, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * A path, or as much of its end as goes into w cells, from a '/' on if there is one: the end is
 * what one looks for. "…" stands for what is left out. Returns buf.
 */
char *end_of_path(const char *path, int w, char *buf, size_t n);

#endif
