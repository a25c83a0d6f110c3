/* SPDX-License-Identifier: MIT */
/* What other tools read. */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/recording.h"

/* What dump --json says where it is asked for. */
struct export_more {
	bool words; /* the live part of every stack, and below it what a chain leads to */
	bool vars;  /* the variables of every frame */
};

/*
 * dump --json: one JSON object a line and step (its keys stand in the manual page). only: just that
 * step; -1: all. False: it could not be written, and errno says why.
 */
bool export_json(
	const struct recording *r, const struct export_more *more, int64_t only, FILE *out);

/*
 * Folded stacks, "VALID;M0;mstart1;schedule 12" a line: what a profiler that follows frame pointers
 * would have reported of every M that has not ended, at every step; the count is steps. A stack may
 * have several lines. False as above.
 */
bool export_folded(const struct recording *r, FILE *out);

/*
 * Trace events as JSON, which chrome://tracing and Perfetto read: a microsecond is a step, a track
 * an M (docs/g0scope.1.scd has what is on it). False as above.
 */
bool export_chrome(const struct recording *r, FILE *out);

#endif
