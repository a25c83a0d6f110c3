/* SPDX-License-Identifier: MIT */
/*
 * The runs that a timeline keeps, so that going back to one executes nothing: the one looked at,
 * and those looked at before it. Each that is live is a process under ptrace, so they are at most
 * RUNS_LIVE; of the one that was looked at longest ago the program is ended then, and what it did
 * stays. One other may be looked at beside it.
 */
#ifndef ENGINE_RUNS_H
#define ENGINE_RUNS_H

#include "model/parting.h"
#include "run.h"

enum { RUNS_LIVE = 8, RUNS_KEPT = 64, VISITS_KEPT = 64, RUN_NAME_MAX = 32 };

/* A run, held against what the others have led to. */
struct kept_run {
	struct run *run;
	struct trail *trail;
	struct parting parting;
	int number;              /* in order of their beginning, from 1 on */
	char name[RUN_NAME_MAX]; /* "": it has none */
	int64_t step;            /* where it was looked at last */
};

/* Where a run was looked at. number: as kept_run has it; there is no other of that, ever. */
struct visit {
	struct run *run;
	int number;
	int64_t step;
};

struct runs {
	struct kept_run at[RUNS_KEPT]; /* the first is looked at, then the latest of the others */
	int n;
	int numbered;       /* so many have had a number */
	struct run *beside; /* one of the others, looked at as well: it stays; NULL: none */
	struct trails *trails;
	/* Where runs were left to look at another, the last one last. */
	struct visit left[VISITS_KEPT];
	int nleft;
};

/* All zeros is an empty one. A run that is added is owned, and looked at if it is the first. */
void runs_add(struct runs *all, struct run *run);
void runs_free(struct runs *all);

/*
 * The run of that build under that policy that goes along with the one looked at, up to its step,
 * and then on by the next one (m -1: any, or none): all that way, or as far as it has come, if it
 * can go on. NULL: none does.
 */
struct run *runs_find(struct runs *all, uint64_t build, const char *policy, int64_t step,
	const struct next *next);
/* Look at another that was added. If it is the one beside, they change places. */
void runs_turn_to(struct runs *all, struct run *run);
/* In place of the one that is looked at: another of the same steps. That one is closed. */
void runs_replace(struct runs *all, struct run *run);
/* Look at none beside any more: it is the first of the others, as the one looked at last. */
void runs_close_beside(struct runs *all);
/* All others go, and what they led to: the one looked at parts from that at once, for why. */
void runs_forget_others(struct runs *all, const char *why);
/* What was executed of the one looked at is held against the others. */
void runs_compare(struct runs *all);

/* A visit was left, to look at another run. Nothing is to be remembered of one that is gone. */
void runs_push(struct runs *all, struct visit left);
/* The last visit that was left and is still kept; false: there is none. */
bool runs_pop(struct runs *all, struct visit *left);

#endif
