/* SPDX-License-Identifier: MIT */
/*
 * A step of a recording, with the state there: what lessons, pictures, pages and exports are given.
 * Valid until the recording changes or whoever made the snapshot makes another.
 */
#ifndef MODEL_MOMENT_H
#define MODEL_MOMENT_H

#include "recording.h"

struct moment {
	const struct recording *r;
	const struct snapshot *now; /* now->step: which step */
};

struct code *moment_code(const struct moment *at);
/* Of the step that led here; at step 0 there is none: 0 or NULL. */
uint64_t moment_pc(const struct moment *at); /* of the instruction that was executed */
struct before moment_before(const struct moment *at);
const struct event *moment_event(const struct moment *at);
const struct word_write *moment_writes(const struct moment *at, int *n);
/*
 * The chain's words when M m left the G that it is on g0 for; NULL: not on g0 by mcall.
 */
const struct departure_chain *moment_departure(const struct moment *at, int m);
/* What a profiler would answer about M m, judged. */
void moment_judge(const struct moment *at, int m, struct answer *out);

#endif
