/* SPDX-License-Identifier: MIT */
#include "flight_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/say.h"
#include "model/xalloc.h"

/* ---- who there is ---- */

static int add_stack(struct flight_state *f, enum stack_kind kind, int id)
{
	struct snapshot *s = &f->s;
	s->stacks = xgrow(s->stacks, &f->stacks_cap, (size_t)s->nstacks + 1, sizeof *s->stacks);
	s->stacks[s->nstacks] = (struct stack_image){.kind = kind, .id = id};
	return s->nstacks++;
}

/* Here and below: one that is new is there from now on. */
static struct m_state *m_of(struct flight_state *f, int64_t id)
{
	struct snapshot *s = &f->s;
	for (int i = 0; i < s->nms; i++)
		if (s->ms[i].id == id)
			return &s->ms[i];
	s->ms = xgrow(s->ms, &f->ms_cap, (size_t)s->nms + 1, sizeof *s->ms);
	s->ms[s->nms] = (struct m_state){.id = (int)id,
		.p = -1,
		.g0_stack = add_stack(f, STACK_G0, (int)id),
		.departure = NO_DEPARTURE};
	return &s->ms[s->nms++];
}

static struct p_state *p_of(struct flight_state *f, int64_t id)
{
	struct snapshot *s = &f->s;
	for (; s->nps <= id; s->nps++) {
		s->ps = xgrow(s->ps, &f->ps_cap, (size_t)s->nps + 1, sizeof *s->ps);
		s->ps[s->nps] = (struct p_state){.id = s->nps, .m = -1};
	}
	return &s->ps[id];
}

/* In the place of one that has ended, as the runtime does it, or in one of its own. */
static int place_for_g(struct flight_state *f)
{
	struct snapshot *s = &f->s;
	while (f->ndead) {
		int i = f->dead[--f->ndead];
		if (s->gs[i].status == GS_DEAD)
			return i;
	}
	s->gs = xgrow(s->gs, &f->gs_cap, (size_t)s->ngs + 1, sizeof *s->gs);
	s->gs[s->ngs].stack = add_stack(f, STACK_G, s->ngs);
	return s->ngs++;
}

static struct g_state *g_of(struct flight_state *f, int64_t id)
{
	uint64_t known = addrmap_get(&f->gs, (uint64_t)id);
	if (known && f->s.gs[known - 1].id == id)
		return &f->s.gs[known - 1];
	int i = place_for_g(f);
	addrmap_put(&f->gs, (uint64_t)id, (uint64_t)i + 1);
	f->s.gs[i] = (struct g_state){.id = (int)id, .m = -1, .stack = f->s.gs[i].stack};
	return &f->s.gs[i];
}

/* ---- queues ---- */

static int without(int *q, int n, int g)
{
	int kept = 0;
	for (int i = 0; i < n; i++)
		if (q[i] != g)
			q[kept++] = q[i];
	return kept;
}

/* It is in no queue any more. */
static void take(struct flight_state *f, int64_t g)
{
	struct snapshot *s = &f->s;
	for (int i = 0; i < s->nps; i++)
		s->ps[i].nq = without(s->ps[i].q, s->ps[i].nq, (int)g);
	s->nglobal = without(s->global, s->nglobal, (int)g);
}

static void put(struct p_state *p, int64_t g)
{
	if (p->nq < (int)(sizeof p->q / sizeof *p->q))
		p->q[p->nq++] = (int)g;
}

static void put_global(struct flight_state *f, int64_t g)
{
	struct snapshot *s = &f->s;
	s->global = xgrow(s->global, &f->global_cap, (size_t)s->nglobal + 1, sizeof *s->global);
	s->global[s->nglobal++] = (int)g;
}

/* Thieves take the oldest. */
static void steal(struct p_state *thief, struct p_state *victim, int64_t n)
{
	for (; n > 0 && victim->nq && thief != victim; n--) {
		int g = victim->q[0];
		victim->nq = without(victim->q, victim->nq, g);
		put(thief, g);
	}
}

/* ---- who has what ---- */

/* An M has one P at most, and a P one M. */
static void part(struct flight_state *f, int m, int p)
{
	for (int i = 0; i < f->s.nms; i++)
		if (f->s.ms[i].id == m || f->s.ms[i].p == p)
			f->s.ms[i].p = -1;
	for (int i = 0; i < f->s.nps; i++)
		if (f->s.ps[i].id == p || f->s.ps[i].m == m)
			f->s.ps[i].m = -1;
}

static void hold(struct flight_state *f, int64_t m, int64_t p)
{
	part(f, (int)m, (int)p);
	m_of(f, m)->p = (int)p;
	p_of(f, p)->m = (int)m;
	p_of(f, p)->insyscall = false;
}

static void mark_syscall(struct flight_state *f, int m, bool insyscall)
{
	int p = m_of(f, m)->p;
	if (p >= 0)
		p_of(f, p)->insyscall = insyscall;
}

static void set_status(struct flight_state *f, int64_t id, int64_t status, int m)
{
	struct g_state *g = g_of(f, id);
	bool owned = status == GS_RUNNING || status == GS_SYSCALL;
	g->status = (enum g_status_model)status;
	g->m = owned ? m : -1;
	if (status != GS_WAITING)
		*g->waitreason = '\0';
	if (owned)
		take(f, id);
	if (status != GS_DEAD)
		return;
	f->dead = xgrow(f->dead, &f->dead_cap, f->ndead + 1, sizeof *f->dead);
	f->dead[f->ndead++] = (int)(g - f->s.gs);
}

/* ---- events ---- */

/* Whether every argument can be what it is called. */
static bool is_sound(const struct event *e)
{
	char name[16];
	bool sound = true;
	for (int i = 0; i < e->nargs; i++) {
		int64_t is = e->arg[i];
		event_arg_name(e->id, i, name, sizeof name);
		if (!strcmp(name, "g"))
			sound = sound && is > 0 && is <= INT32_MAX;
		else if (!strcmp(name, "m") || !strcmp(name, "p") || !strcmp(name, "victim"))
			sound = sound && is >= 0 && is < SNAP_MS_MAX;
		else if (event_arg_kind(e->id, i) == ARG_STATUS)
			sound = sound && is >= GS_IDLE && is <= GS_DEAD;
	}
	return sound;
}

/* What it says of Ps and their queues. */
static void go_on_p(struct flight_state *f, const struct flight_event *e)
{
	const int64_t *arg = e->is.arg;
	switch (e->is.id) {
	case EVENT_startm: hold(f, arg[0], arg[1]); break;
	case EVENT_handoffp: part(f, -1, (int)p_of(f, arg[0])->id); break;
	case EVENT_entersyscall: mark_syscall(f, e->m, true); break;
	case EVENT_exitsyscall: mark_syscall(f, e->m, false); break;
	case EVENT_runqput:
		hold(f, e->m, arg[0]);
		take(f, arg[1]);
		put(p_of(f, arg[0]), arg[1]);
		break;
	case EVENT_runqget:
		hold(f, e->m, arg[0]);
		take(f, arg[1]);
		break;
	case EVENT_globrunqput:
		take(f, arg[0]);
		put_global(f, arg[0]);
		break;
	case EVENT_globrunqget: take(f, arg[0]); break;
	case EVENT_runqsteal:
		p_of(f, arg[0] > arg[1] ? arg[0] : arg[1]); /* so that both stay where they are */
		hold(f, e->m, arg[0]);
		steal(p_of(f, arg[0]), p_of(f, arg[1]), arg[2]);
		break;
	default: break;
	}
}

/* And of Gs and Ms. */
static void go_on(struct flight_state *f, const struct flight_event *e)
{
	const int64_t *arg = e->is.arg;
	struct g_state *g;
	switch (e->is.id) {
	case EVENT_newproc: g_of(f, arg[0])->startfn = (uint64_t)arg[1]; break;
	case EVENT_casgstatus: set_status(f, arg[0], arg[2], e->m); break;
	case EVENT_gopark:
		g = g_of(f, arg[0]);
		say(g->waitreason, sizeof g->waitreason, "%s", e->is.string);
		break;
	case EVENT_execute:
		g_of(f, arg[0]);
		m_of(f, arg[1])->curg = (int)arg[0];
		take(f, arg[0]);
		break;
	case EVENT_dropg: m_of(f, e->m)->curg = 0; break;
	case EVENT_newm:
	case EVENT_mstart: m_of(f, arg[0]); break;
	case EVENT_stopm:
		part(f, (int)arg[0], -1);
		m_of(f, arg[0])->asleep = true;
		break;
	case EVENT_wakem: m_of(f, arg[0])->asleep = false; break;
	default: break;
	}
}

void flight_state_go_on(struct flight_state *f, const struct flight_event *e)
{
	f->s.last_m = e->m;
	f->s.step++;
	if (!is_sound(&e->is))
		return;
	go_on(f, e);
	go_on_p(f, e);
}

/* ---- before the first ---- */

/* Of which Ms and Ps it is settled what they had; an event after that says nothing of it. */
struct settled {
	bool m[SNAP_MS_MAX], g_of_m[SNAP_MS_MAX], p_of_m[SNAP_MS_MAX], p[SNAP_MS_MAX];
};

/* What an M stops to run, or does with its P, without having got them before. */
static void settle(struct flight_state *f, struct settled *is, const struct flight_event *e)
{
	const int64_t *arg = e->is.arg;
	switch (e->is.id) {
	case EVENT_newm: is->m[arg[0]] = is->g_of_m[arg[0]] = is->p_of_m[arg[0]] = true; break;
	case EVENT_startm: is->p_of_m[arg[0]] = is->p[arg[1]] = true; break;
	case EVENT_stopm: is->p_of_m[arg[0]] = true; break;
	case EVENT_handoffp: is->p[arg[0]] = true; break;
	case EVENT_execute: is->g_of_m[arg[1]] = true; break;
	case EVENT_casgstatus:
		if (arg[1] == GS_RUNNING && !is->g_of_m[e->m]) {
			set_status(f, arg[0], GS_RUNNING, e->m);
			m_of(f, e->m)->curg = (int)arg[0];
			is->g_of_m[e->m] = true;
		}
		break;
	case EVENT_runqput:
	case EVENT_runqget:
	case EVENT_runqsteal:
		if (!is->p_of_m[e->m] && !is->p[arg[0]])
			hold(f, e->m, arg[0]);
		is->p_of_m[e->m] = is->p[arg[0]] = true;
		break;
	default: break;
	}
}

void flight_state_begin(struct flight_state *f, const struct flight_file *file)
{
	struct settled is = {0};
	*f = (struct flight_state){.s = {.arch = arch_by_name("none"), .last_m = -1}};
	for (size_t i = 0; i < file->n; i++) {
		const struct flight_event *e = &file->events[i];
		if (!is.m[e->m])
			m_of(f, e->m);
		is.m[e->m] = true;
		if (is_sound(&e->is))
			settle(f, &is, e);
	}
}

void flight_state_free(struct flight_state *f)
{
	free(f->s.ms);
	free(f->s.gs);
	free(f->s.ps);
	free(f->s.stacks);
	free(f->s.global);
	free(f->dead);
	addrmap_free(&f->gs);
}
