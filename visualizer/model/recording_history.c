/* SPDX-License-Identifier: MIT */
/*
 * How each M came to be where it is, told from one snapshot to the next.
 *
 * An M leaves a G when its SP goes from the G's stack to its own g0's: that is its departure,
 * and the records that its frame pointer leads through at this moment are kept with it. It gives
 * the G up at the step where the G's status no longer says that this M owns it. It is done with all
 * that once it runs on a G's stack again: SP there, and FP no longer on g0 (gogo loads SP one
 * instruction earlier).
 */
#include <stdlib.h>

#include "recording_parts.h"

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
static void leave(const struct snapshot *s, struct m_state *m, int from_g)
{
	m->departure.g = from_g;
	m->departure.step = s->step;
	m->departure.gave_up = -1;
	m->departure.g_ran = false;
	keep_chain(s, m, &m->departure.chain);
}

/* M m runs on a G's stack again. The chain stays, as that costs nothing, and means nothing. */
static void arrive(struct m_state *m)
{
	m->departure.g = 0;
	m->departure.step = m->departure.gave_up = -1;
	m->departure.g_ran = false;
}

/* Who owns the G that M m has left? */
static void follow_ownership(const struct snapshot *s, struct m_state *m)
{
	struct departure *d = &m->departure;
	const struct g_state *gp = snap_g(s, d->g);
	int owner = gp ? gp->m : -1;
	d->g_ran |= (owner >= 0 && owner != m->id) || !gp;
	if (owner == m->id && !d->g_ran)
		d->gave_up = -1; /* it took the G back before anyone else had run it */
	else if (d->gave_up < 0)
		d->gave_up = s->step;
}

/* Before a step of M m: the G on whose stack it runs, for history_after. */
int history_before(const struct snapshot *s, int m)
{
	const struct m_state *mp = snap_m(s, m);
	return mp ? g_run_on(s, mp) : 0;
}

/*
 * After it: bring all Ms' history up to date, and say in delta what has changed.
 */
void history_after(struct snapshot *s, int m, int g_before, bool state_changed, struct bytes *delta)
{
	for (int i = 0; i < s->nms; i++) {
		struct m_state *mp = &s->ms[i];
		bool leaves = mp->id == m && g_before && is_on_g0(s, mp);
		bool arrives = !leaves && mp->id == m && mp->departure.g && g_run_on(s, mp);
		if (!leaves && !arrives && !(mp->departure.g && state_changed))
			continue;
		const struct departure was = mp->departure;
		if (leaves)
			leave(s, mp, g_before);
		if (arrives)
			arrive(mp);
		if (mp->departure.g)
			follow_ownership(s, mp);
		delta_history(delta, i, &was, &mp->departure);
	}
}
