/* SPDX-License-Identifier: MIT */
/*
 * Ms, Gs, Ps, stacks and what is waited for as numbers, and back: what is taken may come from a
 * file.
 */
#include <limits.h>
#include <string.h>

#include "delta_parts.h"

static uint64_t of_int(int v)
{
	return (uint64_t)(int64_t)v;
}

static bool is_int(uint64_t v)
{
	return (int64_t)v >= INT_MIN && (int64_t)v <= INT_MAX;
}

static bool is_below(uint64_t v, int n)
{
	return v < (uint64_t)n;
}

/* ---- how many there are ---- */

void count_numbers(const struct snapshot *s, uint64_t *v)
{
	v[0] = of_int(s->nms);
	v[1] = of_int(s->ngs);
	v[2] = of_int(s->nps);
	v[3] = of_int(s->nstacks);
}

bool take_counts(struct snapmem *to, const uint64_t *v)
{
	if (v[0] > SNAP_MS_MAX || v[1] > SNAP_GS_MAX || v[2] > SNAP_MS_MAX ||
		v[3] > SNAP_STACKS_MAX)
		return false;
	/* Each is on a stack, or on number 0 until it is said on which. */
	if ((v[0] || v[1]) && !v[3])
		return false;
	bool fewer = is_below(v[1], to->s.ngs) || is_below(v[3], to->s.nstacks);
	snapmem_resize(to, (int)v[0], (int)v[1], (int)v[2], (int)v[3]);
	if (!fewer || snap_is_sound(&to->s))
		return true;
	snapmem_resize(to, 0, 0, 0, 0);
	return false;
}

/* ---- Ms ---- */

void m_numbers(const struct m_state *m, uint64_t *v)
{
	v[0] = of_int(m->id);
	v[1] = of_int(m->curg);
	v[2] = of_int(m->p);
	v[3] = m->asleep | m->exited << 1 | m->spinning << 2;
	v[4] = of_int(m->g0_stack);
	v[5] = m->g0_sp;
}

bool take_m(struct snapmem *to, int i, const uint64_t *v)
{
	struct m_state *m = &to->s.ms[i];
	if (!is_int(v[0]) || !is_int(v[1]) || !is_int(v[2]) || !is_below(v[4], to->s.nstacks))
		return false;
	m->id = (int)v[0];
	m->curg = (int)v[1];
	m->p = (int)v[2];
	m->asleep = v[3] & 1;
	m->exited = v[3] & 2;
	m->spinning = v[3] & 4;
	m->g0_stack = (int)v[4];
	m->g0_sp = v[5];
	return true;
}

void history_numbers(const struct departure *d, uint64_t *v)
{
	v[0] = of_int(d->g);
	v[1] = (uint64_t)d->step;
	v[2] = (uint64_t)d->gave_up;
	v[3] = d->g_ran;
	v[4] = of_int(d->chain.n);
}

bool take_history(struct snapmem *to, int i, const uint64_t *v)
{
	struct departure *d = &to->s.ms[i].departure;
	if (!is_int(v[0]) || v[4] > WALK_MAX)
		return false;
	d->g = (int)v[0];
	d->step = (int64_t)v[1];
	d->gave_up = (int64_t)v[2];
	d->g_ran = v[3] & 1;
	d->chain.n = (int)v[4];
	return true;
}

/* ---- Gs and Ps ---- */

enum { REASON = 8 }; /* from this field on: the wait reason, eight letters a field */

void g_numbers(const struct g_state *g, uint64_t *v)
{
	v[0] = of_int(g->id);
	v[1] = g->status;
	v[2] = of_int(g->m);
	v[3] = of_int(g->stack);
	v[4] = g->sched_pc;
	v[5] = g->sched_sp;
	v[6] = g->sched_bp;
	v[7] = g->startfn;
	size_t n = strnlen(g->waitreason, sizeof g->waitreason - 1);
	memset(&v[REASON], 0, sizeof g->waitreason);
	for (size_t k = 0; k < n; k++)
		v[REASON + k / 8] |= (uint64_t)(uint8_t)g->waitreason[k] << k % 8 * 8;
}

bool take_g(struct snapmem *to, int i, const uint64_t *v)
{
	struct g_state *g = &to->s.gs[i];
	if (!is_int(v[0]) || v[1] > GS_DEAD || !is_int(v[2]) || !is_below(v[3], to->s.nstacks) ||
		v[REASON + 3] >> 56)
		return false;
	g->id = (int)v[0];
	g->status = v[1];
	g->m = (int)v[2];
	g->stack = (int)v[3];
	g->sched_pc = v[4];
	g->sched_sp = v[5];
	g->sched_bp = v[6];
	g->startfn = v[7];
	for (size_t k = 0; k < sizeof g->waitreason; k++)
		g->waitreason[k] = (char)(v[REASON + k / 8] >> k % 8 * 8);
	return true;
}

void p_numbers(const struct p_state *p, uint64_t *v)
{
	v[0] = of_int(p->id);
	v[1] = of_int(p->m);
	v[2] = p->insyscall;
	v[3] = of_int(p->runnext);
}

bool take_p(struct snapmem *to, int i, const uint64_t *v)
{
	struct p_state *p = &to->s.ps[i];
	if (!is_int(v[0]) || !is_int(v[1]) || !is_int(v[3]))
		return false;
	p->id = (int)v[0];
	p->m = (int)v[1];
	p->insyscall = v[2] & 1;
	p->runnext = (int)v[3];
	return true;
}

/* ---- stacks ---- */

void stack_numbers(const struct stack_image *st, uint64_t *v)
{
	v[0] = st->kind;
	v[1] = of_int(st->id);
	v[2] = st->lo;
	v[3] = st->hi - st->lo;
}

/* One that holds words stays where it is: those would be another's. */
bool take_stack(struct snapmem *to, int i, const uint64_t *v)
{
	if (v[0] > STACK_SIGNAL || !is_int(v[1]) || v[3] > SNAP_STACK_MAX ||
		!snap_is_stack(v[2], v[2] + v[3]) || to->s.stacks[i].from != to->s.stacks[i].hi)
		return false;
	if (v[0] == STACK_G && !is_below(v[1], to->s.ngs))
		return false;
	snapmem_set_stack(to, i, v[0], (int)v[1], v[2], v[2] + v[3]);
	return true;
}

/* ---- what Gs wait for ---- */

void wait_numbers(const struct wait_object *o, uint64_t *v)
{
	memcpy(v, o->number, sizeof o->number);
}

bool take_wait(struct snapmem *to, int i, const uint64_t *v)
{
	struct wait_object now = to->s.waits.object[i];
	memcpy(now.number, v, sizeof now.number);
	if (!wait_is_sound(&now))
		return false;
	to->s.waits.object[i] = now;
	return true;
}
