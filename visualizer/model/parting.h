/* SPDX-License-Identifier: MIT */
/*
 * Whether two runs along one schedule are the same. They are, unless the program asks for what is
 * another each time (chance, the time, its process id, a file that has changed) or is another by
 * now. Then there is a first step at which they part, and what is seen from there on in the one
 * says nothing of the other.
 *
 * Under one policy they are to be the same in all that is recorded; under two in all that mcall
 * does not decide: which M executes what, its events, what the program writes, and each word that
 * is written to a stack, but for frame pointers and for addresses in mcall_*.
 */
#ifndef MODEL_PARTING_H
#define MODEL_PARTING_H

#include "recording.h"

struct parting {
	int64_t step;   /* the first that is another; -1: none is */
	char what[224]; /* "M0 executes f+0x4, and executed g before": what is, and what was */
};

/*
 * Where `is` parts from `was`, as far as both go along the same schedule. By halving: what takes
 * time is to find the words. What the last step of the shorter one wrote is not looked at.
 */
void parting_find(struct parting *p, const struct recording *was, const struct recording *is);

/*
 * What schedules have led to, step by step, in all runs that were kept. So a run that leaves one
 * path and comes along another again is compared with what was there then.
 */
struct trails;
struct trails *trails_new(void);
void trails_free(struct trails *t);

/* A run that is compared with those, as far as it has come. Both must outlive it. */
struct trail;
struct trail *trail_new(struct trails *t, const struct recording *r);
void trail_free(struct trail *t);
/*
 * The first step that is another than in a run that was kept, or at which two of those part; -1:
 * none so far. It costs something only for steps that have come since the last time, unless others
 * have parted meanwhile.
 */
int64_t trail_parts(struct trail *t);
/* Another run is looked at now: what this one has led to is kept. It may go on later. */
void trail_keep(struct trail *t);
/* What is another at a step of `is`: what that is, and what it was, if `was` says so. */
void parting_tell(
	struct parting *p, const struct recording *was, const struct recording *is, int64_t step);

#endif
