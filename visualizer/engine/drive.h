/* SPDX-License-Identifier: MIT */
/*
 * Running a program on without a user: which M executes next, and for how long, is drawn
 * from a seed, so that the same seed gives the same schedule.
 */
#ifndef ENGINE_DRIVE_H
#define ENGINE_DRIVE_H

#include "timeline.h"

enum { LOT_AHEAD = 16 };

/* Whose turn it is. Starts as {.state = seed}. */
struct lot {
	uint64_t state;
	int m;
	int64_t left; /* steps of its turn still to come */
	int told;     /* so many turns more have been drawn ahead, for the machine to know */
	int awake;    /* of so many Ms */
};

/*
 * The M to execute the next step, one that can at the timeline's cursor; if none can there, one
 * that has been waited for (timeline_await). -1: none.
 */
int lot_next(struct lot *lot, struct timeline *tl);

/*
 * Run on from the end of the timeline until the program ends, no M can execute, it is halted, or
 * `limit` steps are recorded in all. Returns the number of the last step.
 */
int64_t drive(struct timeline *tl, uint64_t seed, int64_t limit);

#endif
