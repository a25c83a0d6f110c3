/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with the runtime's own structs, as they are read: of each subject the first
 * sentence, and how many more there would be, or that they are many. A program can damage a
 * thousand things at once, and a state has room for a few sentences.
 */
#ifndef ENGINE_DAMAGE_H
#define ENGINE_DAMAGE_H

#include "model/snapshot.h"

enum subject {
	ABOUT_COUNTS,
	ABOUT_ALLGS,
	ABOUT_ALLM,
	ABOUT_ALLP,
	ABOUT_GS,
	ABOUT_MS,
	ABOUT_PS,
	ABOUT_RUNQ,
	ABOUT_ARENA,
	ABOUT_STACKS,
	ABOUT_WAITS,
	SUBJECTS
};

enum { DAMAGE_MANY = 64 };

struct damage {
	struct {
		char first[SNAP_DAMAGE_LEN];
		int n;
	} about[SUBJECTS];
};

/* Of the subjects from `from` on, up to `to`, which stays. */
void damage_forget(struct damage *d, enum subject from, enum subject to);
void damage_add(struct damage *d, enum subject about, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Say it in a snapshot, in the order of the subjects. */
void damage_tell(const struct damage *d, struct snapshot *s);

#endif
