/* SPDX-License-Identifier: MIT */
/*
 * What can be looked up at a step, and whether a condition holds there. Knows snapshots and
 * the walk, no timeline.
 */
#ifndef LESSON_FACT_H
#define LESSON_FACT_H

#include "lesson.h"
#include "model/moment.h"

/*
 * The fact's value, a word (a chain's: all of it); "none" if there is no such M or G, or
 * the M has ended. Caller frees.
 */
char *fact_value(const struct moment *at, const struct fact *f);

/*
 * Whether the condition holds, for the M that has just executed where it asks for one.
 * *saw: what is there, as the end of a sentence "…, but " (used where it does not hold, or
 * holds and should not). COND_STEPS is the caller's to count, and COND_CHANGES to compare: false.
 */
bool cond_holds(const struct moment *at, const struct cond *c, int m, char *saw, size_t nsaw);

#endif
