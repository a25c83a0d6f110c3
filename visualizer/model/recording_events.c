/* SPDX-License-Identifier: MIT */
/* Which steps have events: of whichever M, and of each. */
#include <stdlib.h>

#include "recording_parts.h"
#include "xalloc.h"

static struct event_steps *list_of(const struct recording *r, int m)
{
	for (size_t i = 0; i < r->nevent_steps; i++)
		if (r->event_steps[i].m == m)
			return &r->event_steps[i];
	return NULL;
}

static void add(struct recording *r, int m, int64_t step)
{
	struct event_steps *l = list_of(r, m);
	if (!l) {
		r->event_steps = xgrow(r->event_steps, &r->event_steps_cap, r->nevent_steps + 1,
			sizeof *r->event_steps);
		l = &r->event_steps[r->nevent_steps++];
		*l = (struct event_steps){.m = m};
	}
	steps_add(&l->at, step);
}

void events_add(struct recording *r, int64_t step, int m)
{
	add(r, ANY_M, step);
	add(r, m, step);
}

void events_truncate(struct recording *r, int64_t n)
{
	for (size_t i = 0; i < r->nevent_steps; i++)
		steps_truncate(&r->event_steps[i].at, n);
}

void events_free(struct recording *r)
{
	for (size_t i = 0; i < r->nevent_steps; i++)
		steps_free(&r->event_steps[i].at);
	free(r->event_steps);
}

int64_t recording_next_event(const struct recording *r, int64_t step, int m)
{
	const struct event_steps *l = list_of(r, m < 0 ? ANY_M : m);
	return l ? steps_next(&l->at, step) : -1;
}

int64_t recording_prev_event(const struct recording *r, int64_t step, int m)
{
	const struct event_steps *l = list_of(r, m < 0 ? ANY_M : m);
	return l ? steps_prev(&l->at, step) : -1;
}

int64_t recording_count_events(const struct recording *r, int64_t step)
{
	const struct event_steps *l = list_of(r, ANY_M);
	return l ? (int64_t)steps_upto(&l->at, step) : 0;
}

int64_t recording_nth_event(const struct recording *r, int64_t n)
{
	const struct event_steps *l = list_of(r, ANY_M);
	return l && n >= 1 && (size_t)n <= l->at.n ? l->at.at[n - 1] : -1;
}
