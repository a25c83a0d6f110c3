/* SPDX-License-Identifier: MIT */
/*
 * What the files of a timeline share. Arrows point down: timeline_paths.c, timeline.c,
 * timeline_sides.c.
 */
#ifndef ENGINE_TIMELINE_PARTS_H
#define ENGINE_TIMELINE_PARTS_H

#include "model/say.h"
#include "timeline.h"

struct timeline {
	struct runs runs;
	struct run_options options;
	int64_t step; /* where the cursor stands */
	/* Side 1: where it stands; what has come of taking it along, and why it went no further. */
	int64_t beside;
	enum step_result came;
	char stays[SENTENCE_MAX];
};

/* The run that it is on. */
static inline struct run *run_of(const struct timeline *tl)
{
	return tl->runs.at[0].run;
}

/* ---- timeline.c ---- */
/*
 * Look at another run, at that step. What a program did before it was rebuilt is held against
 * nothing any more, and not kept.
 */
void timeline_turn_to(struct timeline *tl, struct run *to, int64_t step);

/* ---- timeline_sides.c ---- */
/* Side 1 was taken along, with that result. */
void side_came(struct timeline *tl, enum step_result result, const char *why);
/* Where side 1 stands: it may have come further. */
void side_stand(struct timeline *tl);
/* Take side 1 along to where the cursor is; the second: the sides are others than they were. */
void side_follow(struct timeline *tl);
void side_follow_anew(struct timeline *tl);

#endif
