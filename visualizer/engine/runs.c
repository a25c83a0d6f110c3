/* SPDX-License-Identifier: MIT */
#include "runs.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void drop(struct runs *all, int i)
{
	struct kept_run gone = all->at[i];
	int n = 0;
	memmove(&all->at[i], &all->at[i + 1], (size_t)(--all->n - i) * sizeof *all->at);
	for (int k = 0; k < all->nleft; k++)
		if (all->left[k].run != gone.run)
			all->left[n++] = all->left[k];
	all->nleft = n;
	assert(all->n > 0 || !n); /* nothing leads back to a run that is gone */
	if (all->beside == gone.run)
		all->beside = NULL;
	trail_free(gone.trail);
	run_close(gone.run);
}

/* The one that was looked at longest ago, and is not now; rather one without a name. */
static void drop_oldest(struct runs *all)
{
	int i = all->n - 1;
	while (i > 1 && (*all->at[i].name || all->at[i].run == all->beside))
		i--;
	drop(all, all->at[i].run == all->beside ? i + 1 : i);
}

/* End the oldest programs that are not looked at, but for so many. */
static void let_go(struct runs *all, int most)
{
	int live = 0;
	for (int i = 0; i < all->n; i++)
		live += run_is_live(all->at[i].run);
	for (int i = all->n - 1; i > 0 && live > most; i--) {
		struct run *run = all->at[i].run;
		if (run == all->beside || !run_is_live(run))
			continue;
		run_let_go(run);
		live--;
	}
}

void runs_add(struct runs *all, struct run *run)
{
	if (!all->trails)
		all->trails = trails_new();
	if (all->n == RUNS_KEPT)
		drop_oldest(all);
	assert(all->n < RUNS_KEPT);
	int to = all->n > 0;
	memmove(&all->at[to + 1], &all->at[to], (size_t)(all->n - to) * sizeof *all->at);
	all->at[to] = (struct kept_run){.run = run,
		.trail = trail_new(all->trails, run_recording(run)),
		.parting = {.step = -1},
		.number = ++all->numbered};
	all->n++;
	let_go(all, RUNS_LIVE);
}

void runs_free(struct runs *all)
{
	while (all->n)
		drop(all, all->n - 1);
	trails_free(all->trails);
}

/*
 * Not if it, or its program, has ended, nor if something has come over it already, for whatever
 * step.
 */
static bool can_go_on(const struct run *run)
{
	const char *sentence;
	return run_is_live(run) && recording_end(run_recording(run), &sentence) == RUN_GOES_ON &&
	       !run_is_between(run);
}

static bool is_same(struct next a, const struct next *b)
{
	return a.m == b->m && before_same(a.before, b->before);
}

/*
 * How many of those steps it goes along, and the next one, if there is one (m >= 0); or as many as
 * it has, if it can go on from there. -1: it has gone another way, or has come to its end before.
 */
static int64_t goes_along(
	const struct run *run, const struct run *with, int64_t steps, const struct next *next)
{
	int64_t same = run_common(run, with, steps), last = run_last(run);
	if (same == steps && last > steps && next->m >= 0)
		return is_same(run_next(run, steps + 1), next) ? steps + 1 : -1;
	if (same == steps && (next->m < 0 || can_go_on(run)))
		return steps;
	return same == last && can_go_on(run) ? same : -1;
}

struct run *runs_find(
	struct runs *all, uint64_t build, const char *policy, int64_t step, const struct next *next)
{
	struct run *found = NULL;
	int64_t furthest = -1;
	for (int i = 0; i < all->n; i++) {
		struct run *run = all->at[i].run;
		if (strcmp(run_policy(run), policy) != 0 || run_build(run) != build)
			continue;
		int64_t along = goes_along(run, all->at[0].run, step, next);
		if (along > furthest) {
			furthest = along;
			found = run;
		}
	}
	return found;
}

static void compare(struct kept_run *kept, const struct recording *with)
{
	struct parting *p = &kept->parting;
	int64_t step = trail_parts(kept->trail);
	if (step >= 0 && (p->step < 0 || step < p->step))
		parting_tell(p, with, run_recording(kept->run), step);
}

void runs_compare(struct runs *all)
{
	compare(&all->at[0], NULL);
}

static int place_of(const struct runs *all, const struct run *run)
{
	int i = 0;
	while (i < all->n && all->at[i].run != run)
		i++;
	return i;
}

/* Put the i-th at an earlier place; those from there on move up. */
static void move(struct runs *all, int i, int to)
{
	assert(to <= i && i < all->n);
	struct kept_run moved = all->at[i];
	memmove(&all->at[to + 1], &all->at[to], (size_t)(i - to) * sizeof *all->at);
	all->at[to] = moved;
}

void runs_close_beside(struct runs *all)
{
	if (all->beside)
		move(all, place_of(all, all->beside), 1);
	all->beside = NULL;
}

void runs_turn_to(struct runs *all, struct run *run)
{
	int i = place_of(all, run);
	struct kept_run was = all->at[0];
	trail_keep(was.trail);
	move(all, i, 0);
	if (all->beside == run)
		all->beside = was.run;
	compare(&all->at[0], i ? run_recording(was.run) : NULL);
}

void runs_replace(struct runs *all, struct run *run)
{
	struct kept_run *at = &all->at[0];
	for (int k = 0; k < all->nleft; k++)
		if (all->left[k].run == at->run)
			all->left[k].run = run;
	trail_keep(at->trail);
	trail_free(at->trail);
	run_close(at->run);
	at->run = run;
	at->trail = trail_new(all->trails, run_recording(run));
	compare(at, NULL);
	let_go(all, RUNS_LIVE);
}

void runs_forget_others(struct runs *all, const char *why)
{
	while (all->n > 1)
		drop(all, all->n - 1);
	trail_free(all->at[0].trail);
	trails_free(all->trails);
	all->trails = trails_new();
	all->at[0].trail = trail_new(all->trails, run_recording(all->at[0].run));
	struct parting *at_once = &all->at[0].parting;
	*at_once = (struct parting){.step = 0};
	snprintf(at_once->what, sizeof at_once->what, "%s", why);
}

void runs_push(struct runs *all, struct visit left)
{
	int i = place_of(all, left.run);
	/* It is gone; or another has come where it was. */
	if (i == all->n || left.step > run_last(left.run))
		return;
	if (all->nleft == VISITS_KEPT)
		memmove(&all->left[0], &all->left[1], --all->nleft * sizeof *all->left);
	all->left[all->nleft++] = left;
}

bool runs_pop(struct runs *all, struct visit *left)
{
	if (!all->nleft)
		return false;
	*left = all->left[--all->nleft];
	return true;
}
