/* SPDX-License-Identifier: MIT */
/* What other tools read. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/recording.h"

/*
 * dump --json: one JSON object a line and step (its keys stand in the manual page). words: the live
 * part of every stack too, and below it what a chain leads to. only: just that step; -1:
 * all. False: it could not be written, and errno says why.
 */
bool export_json(const struct recording *r, bool words, int64_t only, FILE *out);

#endif
