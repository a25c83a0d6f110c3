/* SPDX-License-Identifier: MIT */
/*
 * What a user types to be looked for: the UNTIL of a lesson's `run … until` (line.c), for a search
 * along a recording.
 */
#ifndef LESSON_UNTIL_H
#define LESSON_UNTIL_H

#include "model/search.h"

struct cond;
/* NULL: err is "column 7: what is wrong; what would be right". */
struct cond *until_parse(const char *text, char *err, size_t nerr);
void until_free(struct cond *c); /* NULL is fine */
/*
 * A sight_fn, of that cond. An event, and a place that the M which executed has come to, are of a
 * step; all else is looked for where it comes to be so.
 */
bool until_comes(void *cond, const struct moment *was, const struct moment *is);

#endif
