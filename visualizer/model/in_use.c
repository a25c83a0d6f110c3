/* SPDX-License-Identifier: MIT */
/*
 * in_use: which part of a stack is in use.
 *
 * Where an M is, it begins at SP. An M that is elsewhere may come back: to the C functions that a
 * callback has left on its g0, to the G that it is on g0 for, to what a signal has interrupted. The
 * truth knows some of these frames, the runtime says the rest: g0 is not written to above g0_sp,
 * and a G that does not run goes on where its gobuf says. While a G runs, its gobuf is of long ago.
 */
#include "walk.h"

#include <assert.h>

const struct truth *owners_truth(const struct snapshot *s, const struct answer *answers, int stack)
{
	for (int i = 0; i < s->nms; i++)
		if (s->ms[i].id == snap_owner(s, stack))
			return &answers[i].truth;
	return NULL;
}

bool gobuf_holds(const struct snapshot *s, const struct answer *answers, const struct g_state *gp)
{
	const struct truth *t = owners_truth(s, answers, gp->stack);
	const struct m_state *m = snap_m(s, gp->m);
	int i = 0;

	if (gp->status == GS_DEAD || !m || !t)
		return gp->status != GS_DEAD;
	/* A signal handler is on a stack for that, which may be none of the runtime's. */
	while (i < t->n &&
		(t->frame[i].stack < 0 || s->stacks[t->frame[i].stack].kind == STACK_SIGNAL))
		i++;
	return i < t->n && t->frame[i].stack == m->g0_stack;
}

static uint64_t lowest(const struct truth *t, int stack, uint64_t hi)
{
	uint64_t low = hi;

	for (int i = 0; t && i < t->n; i++)
		if (t->frame[i].stack == stack && t->frame[i].low < low)
			low = t->frame[i].low;
	return low;
}

bool is_use_known(const struct snapshot *s, const struct answer *answers, int stack)
{
	const struct stack_image *st = &s->stacks[stack];
	const struct g_state *gp = st->kind == STACK_G ? &s->gs[st->id] : NULL;

	return !gp || gp->status == GS_DEAD || snap_m_on(s, stack) || gobuf_holds(s, answers, gp) ||
	       lowest(owners_truth(s, answers, stack), stack, st->hi) < st->hi;
}

uint64_t live_from(const struct snapshot *s, const struct answer *answers, int stack)
{
	const struct stack_image *st = &s->stacks[stack];
	const struct m_state *on = snap_m_on(s, stack), *own = snap_m(s, st->id);
	const struct g_state *gp = st->kind == STACK_G ? &s->gs[st->id] : NULL;
	uint64_t low = lowest(owners_truth(s, answers, stack), stack, st->hi), sp = st->hi;

	if (on)
		return m_sp(s, on) & ~(uint64_t)7;
	if (gp ? gp->status == GS_DEAD : !own || own->exited || own->g0_stack != stack)
		return st->hi;
	if (!gp)
		sp = own->g0_sp;
	else if (gobuf_holds(s, answers, gp))
		sp = gp->sched_sp;
	else if (!is_use_known(s, answers, stack))
		sp = st->from;
	if (sp < st->lo || sp > low)
		sp = low;
	assert(sp <= st->hi);
	return sp & ~(uint64_t)7;
}
