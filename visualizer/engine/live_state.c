/* SPDX-License-Identifier: MIT */
#include "live_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/addrmap.h"
#include "model/xalloc.h"
#include "runtime.h"

/* Where a variable of the runtime is. Its copy is always there: live_state_new saw to that. */
enum variable { V_SCHED, V_ALLGS, V_ALLGLEN, V_ALLM, V_ALLP, V_GOMAXPROCS, V_ARENA, NVARIABLES };
static const struct {
	const char *name;
	size_t size;
} variables[NVARIABLES] = {
	[V_SCHED] = {"sched", sizeof sched},
	[V_ALLGS] = {"allgs", sizeof allgs},
	[V_ALLGLEN] = {"allglen", sizeof allglen},
	[V_ALLM] = {"allm", sizeof allm},
	[V_ALLP] = {"allp", sizeof allp},
	[V_GOMAXPROCS] = {"gomaxprocs", sizeof gomaxprocs},
	[V_ARENA] = {"arena", sizeof arena},
};

/* More than this many of anything is not believed. */
enum { MANY = 1 << 16, STACK_MAX = 8 << 20 };

struct live_state {
	struct memory *mem;
	uint64_t at[NVARIABLES];
	struct snapshot snap;
	struct region **stacks; /* those of snap.stacks */
	size_t ms_cap, gs_cap, ps_cap, global_cap, stacks_cap, regions_cap;
	bool *arrived; /* by M id */
	size_t narrived, arrived_cap;
	struct addrmap reasons; /* address -> text */
};

/* ---- reading ---- */

/*
 * Take what a pointer of the program points at; false if that cannot be read. The program may
 * be broken, and any pointer wild, so that everything is copied before it is looked at.
 */
static bool look(struct live_state *ls, const void *at, void *to, size_t n)
{
	uint64_t addr = (uintptr_t)at;
	const void *copy = memory_peek(ls->mem, addr, n);
	if (!copy && addr && memory_watch(ls->mem, addr, addr + n, false))
		copy = memory_peek(ls->mem, addr, n);
	if (copy)
		memcpy(to, copy, n);
	return copy != NULL;
}

static bool variable(struct live_state *ls, enum variable v, void *to)
{
	return look(ls, (const void *)(uintptr_t)ls->at[v], to, variables[v].size);
}

static int g_id(struct live_state *ls, const G *at)
{
	G g;
	return look(ls, at, &g, sizeof g) && g.goid > 0 ? (int)g.goid : 0;
}

static int m_id(struct live_state *ls, const M *at)
{
	M m;
	return look(ls, at, &m, sizeof m) ? m.id : -1;
}

static int p_id(struct live_state *ls, const P *at)
{
	int32_t id;
	return look(ls, at ? &at->id : NULL, &id, sizeof id) ? id : -1;
}

/*
 * Why a G waits, out of the program. These are string literals, so each is read once; reading them
 * again and again would be most of what a step costs.
 */
static const char *wait_reason(struct live_state *ls, const char *at)
{
	uint64_t addr = (uintptr_t)at;
	const char *kept = (const char *)(uintptr_t)addrmap_get(&ls->reasons, addr);
	if (kept || !addr)
		return kept ? kept : "";
	char text[sizeof((struct g_state *)0)->waitreason] = "";
	for (size_t i = 0; i < sizeof text - 1; i++)
		if (!memory_fetch(ls->mem, addr + i, text + i, 1) || !text[i])
			break;
	char *copy = xstrdup(text);
	addrmap_put(&ls->reasons, addr, (uintptr_t)copy);
	return copy;
}

/* ---- stacks ---- */

/* The index of a stack in the snapshot, where it stays; -1 if it cannot be read. */
static int stack_index(struct live_state *ls, struct stack st, enum stack_kind kind, int id)
{
	if (st.lo >= st.hi || st.hi - st.lo > STACK_MAX)
		return -1;
	struct region *r = memory_watch(ls->mem, st.lo, st.hi, true);
	if (!r)
		return -1;
	struct snapshot *s = &ls->snap;
	if (r->index < 0) {
		r->index = s->nstacks++;
		s->stacks = xgrow(s->stacks, &ls->stacks_cap, s->nstacks, sizeof *s->stacks);
		ls->stacks = xgrow(ls->stacks, &ls->regions_cap, s->nstacks, sizeof *ls->stacks);
		ls->stacks[r->index] = r;
	}
	s->stacks[r->index] =
		(struct stack_image){.kind = kind, .id = id, .lo = r->lo, .hi = r->hi};
	return r->index;
}

void live_state_stacks(struct live_state *ls)
{
	for (int i = 0; i < ls->snap.nstacks; i++) {
		const struct region *r = ls->stacks[i];
		ls->snap.stacks[i].from = r->from;
		ls->snap.stacks[i].words = (uint64_t *)(r->copy + (r->from - r->lo));
	}
}

/* ---- Ms, Gs, Ps ---- */

/* The place of M `id` in snap.ms, which is in order of id; made if it is new. */
static struct m_state *m_place(struct live_state *ls, int id)
{
	struct snapshot *s = &ls->snap;
	int i = 0;
	while (i < s->nms && s->ms[i].id < id)
		i++;
	if (i < s->nms && s->ms[i].id == id)
		return &s->ms[i];
	s->ms = xgrow(s->ms, &ls->ms_cap, s->nms + 1, sizeof *s->ms);
	memmove(&s->ms[i + 1], &s->ms[i], (s->nms++ - i) * sizeof *s->ms);
	s->ms[i] = (struct m_state){.id = id, .left_step = -1, .gave_up_step = -1};
	return &s->ms[i];
}

static void read_m(struct live_state *ls, const M *mp)
{
	G g0;
	int stack =
		look(ls, mp->g0, &g0, sizeof g0) ? stack_index(ls, g0.stack, STACK_G0, mp->id) : -1;
	struct m_state *m = m_place(ls, mp->id);
	m->curg = g_id(ls, mp->curg);
	m->p = p_id(ls, mp->p);
	m->spinning = mp->spinning;
	if (stack >= 0)
		m->g0_stack = stack;
}

static void read_ms(struct live_state *ls)
{
	M *at = NULL, m;
	variable(ls, V_ALLM, &at);
	for (int i = 0; i < MANY && look(ls, at, &m, sizeof m); i++, at = m.alllink)
		if (m.id >= 0 && (size_t)m.id < ls->narrived && ls->arrived[m.id])
			read_m(ls, &m);
}

static enum g_status_model status_model(uint32_t status)
{
	switch (status) {
	case Grunnable: return GS_RUNNABLE;
	case Grunning: return GS_RUNNING;
	case Gsyscall: return GS_SYSCALL;
	case Gwaiting: return GS_WAITING;
	case Gdead: return GS_DEAD;
	default: return GS_IDLE;
	}
}

static void read_g(struct live_state *ls, const G *gp)
{
	struct snapshot *s = &ls->snap;
	s->gs = xgrow(s->gs, &ls->gs_cap, s->ngs + 1, sizeof *s->gs);
	int stack = stack_index(ls, gp->stack, STACK_G, s->ngs);
	if (stack < 0)
		return;
	struct g_state *g = &s->gs[s->ngs++];
	memset(g, 0, sizeof *g);
	g->id = (int)gp->goid;
	g->status = status_model(gp->atomicstatus);
	bool owned = g->status == GS_RUNNING || g->status == GS_SYSCALL;
	g->m = owned && gp->m ? m_id(ls, gp->m) : -1;
	g->stack = stack;
	g->sched_pc = gp->sched.pc;
	g->sched_sp = gp->sched.sp;
	g->sched_bp = gp->sched.bp;
	g->startfn = (uintptr_t)gp->startfn;
	if (g->status == GS_WAITING)
		snprintf(
			g->waitreason, sizeof g->waitreason, "%s", wait_reason(ls, gp->waitreason));
}

static void read_gs(struct live_state *ls)
{
	G **all = NULL, *at, g;
	int32_t n = 0;
	variable(ls, V_ALLGS, &all);
	variable(ls, V_ALLGLEN, &n);
	ls->snap.ngs = 0;
	for (int32_t i = 0; i < n && i < MANY; i++)
		if (look(ls, &all[i], &at, sizeof at) && look(ls, at, &g, sizeof g) && g.goid > 0)
			read_g(ls, &g);
}

static void read_p(struct live_state *ls, const P *pp, struct p_state *p)
{
	p->id = pp->id;
	p->m = m_id(ls, pp->m);
	p->insyscall = pp->status == Psyscall;
	p->runnext = g_id(ls, pp->runnext);
	uint32_t head = pp->runqhead, n = pp->runqtail - head;
	p->nq = n <= 256 ? (int)n : 0;
	for (int i = 0; i < p->nq; i++)
		p->q[i] = g_id(ls, pp->runq[(head + (uint32_t)i) % 256]);
}

static void read_ps(struct live_state *ls)
{
	struct snapshot *s = &ls->snap;
	P **all = NULL, *at, p;
	int32_t n = 0;
	variable(ls, V_ALLP, &all);
	variable(ls, V_GOMAXPROCS, &n);
	s->nps = 0;
	for (int32_t i = 0; i < n && i < MANY; i++) {
		if (!look(ls, &all[i], &at, sizeof at) || !look(ls, at, &p, sizeof p))
			continue;
		s->ps = xgrow(s->ps, &ls->ps_cap, s->nps + 1, sizeof *s->ps);
		read_p(ls, &p, &s->ps[s->nps++]);
	}
}

static void read_global(struct live_state *ls)
{
	struct snapshot *s = &ls->snap;
	struct sched sc = {0};
	G g;
	variable(ls, V_SCHED, &sc);
	s->nglobal = 0;
	for (const G *at = sc.runq.head; s->nglobal < MANY && look(ls, at, &g, sizeof g);
		at = g.schedlink) {
		s->global = xgrow(s->global, &ls->global_cap, s->nglobal + 1, sizeof *s->global);
		s->global[s->nglobal++] = (int)g.goid;
	}
}

/* ---- the whole ---- */

void live_state_read(struct live_state *ls)
{
	struct arena a = {0};
	variable(ls, V_ARENA, &a);
	if (a.next > a.lo)
		memory_watch(ls->mem, a.lo, a.next, false);
	read_ms(ls);
	read_gs(ls);
	read_ps(ls);
	read_global(ls);
	live_state_stacks(ls);
}

void live_state_arrived(struct live_state *ls, int m)
{
	if (m < 0 || m >= MANY)
		return;
	ls->arrived = xgrow(ls->arrived, &ls->arrived_cap, (size_t)m + 1, sizeof *ls->arrived);
	while (ls->narrived <= (size_t)m)
		ls->arrived[ls->narrived++] = false;
	ls->arrived[m] = true;
}

struct live_state *live_state_new(struct memory *mem, const struct program *p,
	const struct arch_desc *arch, char *err, size_t nerr)
{
	struct live_state *ls = xcalloc(1, sizeof *ls);
	ls->mem = mem;
	ls->snap.arch = arch;
	ls->snap.last_m = -1;
	for (int v = 0; v < NVARIABLES; v++) {
		ls->at[v] = program_address(p, variables[v].name);
		if (!ls->at[v] ||
			!memory_watch(mem, ls->at[v], ls->at[v] + variables[v].size, false)) {
			snprintf(err, nerr,
				"%s is not a g0 program of this version: it has no variable %s; "
				"rebuild it",
				p->path, variables[v].name);
			live_state_free(ls);
			return NULL;
		}
	}
	return ls;
}

void live_state_free(struct live_state *ls)
{
	for (size_t i = 0; i < ls->reasons.nslots; i++)
		free((char *)(uintptr_t)ls->reasons.slots[i].value);
	addrmap_free(&ls->reasons);
	free(ls->snap.ms);
	free(ls->snap.gs);
	free(ls->snap.ps);
	free(ls->snap.stacks);
	free(ls->snap.global);
	free(ls->stacks);
	free(ls->arrived);
	free(ls);
}

struct snapshot *live_state_snapshot(struct live_state *ls)
{
	return &ls->snap;
}
