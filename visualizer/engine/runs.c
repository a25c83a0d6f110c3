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

/* The one that was looked at longest ago, and is not now. */
static void drop_oldest(struct runs *all)
{
	int i = all->n - 1;
	drop(all, all->at[i].run == all->beside ? i - 1 : i);
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
	all->at[to] =
		(struct kept_run){run, trail_new(all->trails, run_recording(run)), {.step = -1}};
	all->n++;
}

void runs_free(struct runs *all)
{
	while (all->n)
		drop(all, all->n - 1);
	trails_free(all->trails);
}

/* How many of those steps it goes along; -1: it does not, it has gone another way. */
static int64_t goes_along(const struct run *run, const struct run *with, int64_t steps, int m)
{
	int64_t same = run_common(run, with, steps), last = run_last(run);
	if (same < steps || last == steps || m < 0)
		return same == steps || same == last ? same : -1;
	return recording_m(run_recording(run), steps + 1) == m ? steps + 1 : -1;
}

static uint64_t build_of(const struct run *run)
{
	return recording_info(run_recording(run))->build;
}

struct run *runs_find(struct runs *all, const char *policy, int64_t step, int m)
{
	struct run *found = NULL;
	int64_t furthest = -1;
	for (int i = 0; i < all->n; i++) {
		struct run *run = all->at[i].run;
		if (strcmp(run_policy(run), policy) != 0 ||
			build_of(run) != build_of(all->at[0].run))
			continue;
		int64_t along = goes_along(run, all->at[0].run, step, m);
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

void runs_turn_to(struct runs *all, struct run *run)
{
	int i = 0;
	while (i < all->n && all->at[i].run != run)
		i++;
	assert(i < all->n);
	struct kept_run was = all->at[0], is = all->at[i];
	trail_keep(was.trail);
	memmove(&all->at[1], &all->at[0], (size_t)i * sizeof *all->at);
	all->at[0] = is;
	if (all->beside == run)
		all->beside = was.run;
	compare(&all->at[0], i ? run_recording(was.run) : NULL);
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
	int i = 0;
	while (i < all->n && all->at[i].run != left.run)
		i++;
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
