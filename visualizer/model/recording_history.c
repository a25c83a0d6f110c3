/* SPDX-License-Identifier: MIT */
/*
 * How each M came to be where it is, told from one snapshot to the next.
 *
 * An M leaves a G when its SP goes from the G's stack to its own g0's: that is its departure,
 * and the records that its frame pointer leads through at this moment are kept
 * (recording_departure). It gives the G up at the step where the G's status no longer says
 * that this M owns it. It is done with all that once it runs on a G's stack again: SP
 * there, and FP no longer on g0 (gogo loads SP one instruction earlier).
 */
#include <assert.h>
#include <stdlib.h>

#include "recording_parts.h"
#include "xalloc.h"

static bool in_stack(const struct snapshot *s, int stack, uint64_t addr)
{
	return stack >= 0 && addr > s->stacks[stack].lo && addr <= s->stacks[stack].hi;
}

static bool is_on_g0(const struct snapshot *s, const struct m_state *m)
{
	return in_stack(s, m->g0_stack, m_sp(s, m)) || in_stack(s, m->g0_stack, m_fp(s, m));
}

/* The G on whose stack an M runs; 0: on g0, or on none of the runtime's. */
static int g_run_on(const struct snapshot *s, const struct m_state *m)
{
	int stack = is_on_g0(s, m) ? -1 : snap_stack_of_sp(s, m_sp(s, m));
	return stack >= 0 && s->stacks[stack].kind == STACK_G ? s->gs[s->stacks[stack].id].id : 0;
}

static struct departures *list_of(struct recording *r, int m)
{
	for (size_t i = 0; i < r->ndepartures; i++)
		if (r->departures[i].m == m)
			return &r->departures[i];
	r->departures =
		xgrow(r->departures, &r->departures_cap, r->ndepartures + 1, sizeof *r->departures);
	r->departures[r->ndepartures] = (struct departures){.m = m};
	return &r->departures[r->ndepartures++];
}

/*
 * Keep the records that FP leads through: up its stack, and into another if a frame there has its
 * caller in that one, as those of a callback have.
 */
static void keep_chain(
	const struct snapshot *s, const struct m_state *m, struct departure_chain *out)
{
	uint64_t fp = m_fp(s, m), next, ret;
	int stack = snap_stack_at(s, fp);

	out->n = 0;
	while (stack >= 0 && out->n < WALK_MAX && snap_read_in(s, stack, fp, &next) &&
		snap_read_in(s, stack, fp + 8, &ret)) {
		out->rec[out->n].fp = fp;
		out->rec[out->n++].ret = snap_return(s, ret);
		int from = stack;
		stack = snap_stack_at(s, next);
		if (stack == from && next <= fp)
			break;
		fp = next;
	}
}

/* M m has come from a G's stack to its g0. */
static void leave(struct recording *r, struct m_state *m, int from_g)
{
	const struct snapshot *s = &r->head.s;
	struct departures *l = list_of(r, m->id);

	assert(!l->n || l->at[l->n - 1]->step <= s->step); /* recording_departure halves */
	m->departure = (struct departure){.g = from_g, .step = s->step, .gave_up = -1};
	l->at = xgrow(l->at, &l->cap, l->n + 1, sizeof *l->at);
	struct departed *at = l->at[l->n++] = xmalloc(sizeof *at);
	at->step = s->step;
	at->until = -1;
	keep_chain(s, m, &at->chain);
}

/* M m runs on a G's stack again. */
static void arrive(struct recording *r, struct m_state *m)
{
	struct departures *l = list_of(r, m->id);
	if (l->n)
		l->at[l->n - 1]->until = r->head.s.step;
	m->departure = NO_DEPARTURE;
}

/* Who owns the G that M m has left? Returns whether its history has changed. */
static bool follow_ownership(const struct snapshot *s, struct m_state *m)
{
	struct departure *d = &m->departure;
	const struct g_state *gp = snap_g(s, d->g);
	int owner = gp ? gp->m : -1;
	bool ran = d->g_ran || (owner >= 0 && owner != m->id) || !gp;
	bool owned = owner == m->id && !ran;

	if (owned == (d->gave_up < 0) && ran == d->g_ran)
		return false;
	d->g_ran = ran;
	if (owned)
		d->gave_up = -1; /* it took the G back before anyone else had run it */
	else if (d->gave_up < 0)
		d->gave_up = s->step;
	return true;
}

/* Before a step of M m: the G on whose stack it runs, for history_after. */
int history_before(const struct recording *r, int m)
{
	const struct m_state *mp = snap_m(&r->head.s, m);
	return mp ? g_run_on(&r->head.s, mp) : 0;
}

/*
 * After it, with the head at the new state: bring all Ms' history up to date, and say in
 * delta what has changed.
 */
void history_after(
	struct recording *r, int m, int g_before, bool state_changed, struct bytes *delta)
{
	struct snapshot *s = &r->head.s;

	for (int i = 0; i < s->nms; i++) {
		struct m_state *mp = &s->ms[i];
		bool changed = false;
		if (mp->id == m && g_before && is_on_g0(s, mp)) {
			leave(r, mp, g_before);
			changed = true;
		} else if (mp->id == m && mp->departure.g && g_run_on(s, mp)) {
			arrive(r, mp);
			changed = true;
		}
		if (mp->departure.g && (changed || state_changed))
			changed |= follow_ownership(s, mp);
		if (changed)
			delta_history(delta, s, i);
	}
}

/* Forget who departed after step n. */
void history_truncate(struct recording *r, int64_t n)
{
	for (size_t i = 0; i < r->ndepartures; i++) {
		struct departures *l = &r->departures[i];
		while (l->n && l->at[l->n - 1]->step > n)
			free(l->at[--l->n]);
		if (l->n && l->at[l->n - 1]->until > n)
			l->at[l->n - 1]->until = -1;
	}
}

void history_free(struct recording *r)
{
	history_truncate(r, -1);
	for (size_t i = 0; i < r->ndepartures; i++)
		free(r->departures[i].at);
	free(r->departures);
}

const struct departure_chain *recording_departure(const struct recording *r, int64_t step, int m)
{
	for (size_t i = 0; i < r->ndepartures; i++) {
		const struct departures *l = &r->departures[i];
		if (l->m != m)
			continue;
		size_t lo = 0, hi = l->n; /* how many of them are <= step? */
		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;
			if (l->at[mid]->step <= step)
				lo = mid + 1;
			else
				hi = mid;
		}
		const struct departed *at = lo ? l->at[lo - 1] : NULL;
		return at && (at->until < 0 || step < at->until) ? &at->chain : NULL;
	}
	return NULL;
}
