/* SPDX-License-Identifier: MIT */
/* The state as a whole; allp and the queues. */
#include <stdio.h>
#include <stdlib.h>

#include "live_state_parts.h"
#include "model/say.h"
#include "model/xalloc.h"

/* As many as G0_PROCS may ask for; more of them are not believed. */
enum { PS_MAX = 256 };

/* ---- Ps and queues ---- */

static bool call_p(struct live_state *ls, int32_t i, uint64_t at)
{
	struct snapshot *s = &ls->snap;
	struct member *is = roll_find(&ls->ps, at);
	P p;
	if (is && is->call == ls->call) {
		damage_add(&ls->damage, ABOUT_ALLP, "allp[%d] is P%d again", i, s->ps[is->is].id);
		return false;
	}
	if (!is && (s->nps == PS_MAX || !state_look(ls, at, &p, sizeof p))) {
		damage_add(&ls->damage, ABOUT_ALLP, "allp[%d] is no P", i);
		return false;
	}
	if (!is) {
		is = roll_add(&ls->ps, at, s->nps++);
		s->ps = xgrow(s->ps, &ls->ps_cap, s->nps, sizeof *s->ps);
		s->ps[is->is] = (struct p_state){.id = p.id};
	}
	is->call = ls->call;
	return true;
}

/* Its ring, from head to tail. */
static void read_ring(struct live_state *ls, struct p_state *p, const P *pp)
{
	enum { RING = sizeof pp->runq / sizeof *pp->runq };
	_Static_assert(RING == sizeof p->q / sizeof *p->q, "a place for each");
	uint32_t head = pp->runqhead, n = pp->runqtail - head;
	p->nq = 0;
	if (n > RING) {
		damage_add(&ls->damage, ABOUT_PS, "P%d's queue is from %u to %u", p->id, head,
			pp->runqtail);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		int id = state_g_id(ls, pp->runq[(head + i) % RING]);
		if (id)
			p->q[p->nq++] = id;
		else
			damage_add(&ls->damage, ABOUT_PS, "P%d's queue holds what is no G", p->id);
	}
}

static void read_p(struct live_state *ls, const struct member *is)
{
	struct p_state *p = &ls->snap.ps[is->is];
	P now;
	if (!state_look(ls, is->at, &now, sizeof now)) {
		damage_add(&ls->damage, ABOUT_PS, "the struct of P%d cannot be read", p->id);
		return;
	}
	if (is->call != ls->call)
		damage_add(&ls->damage, ABOUT_ALLP, "allp does not have P%d", p->id);
	if (now.id != p->id)
		damage_add(&ls->damage, ABOUT_PS, "P%d says that it is P%d", p->id, now.id);
	p->m = state_m_id(ls, now.m);
	if (now.m && p->m < 0)
		damage_add(&ls->damage, ABOUT_PS, "P%d's m is no M", p->id);
	p->insyscall = now.status == Psyscall;
	p->runnext = state_g_id(ls, now.runnext);
	read_ring(ls, p, &now);
}

static void read_ps(struct live_state *ls)
{
	state_array(ls, ABOUT_ALLP, V_ALLP, state_count(ls, V_GOMAXPROCS, PS_MAX), call_p);
	for (size_t i = 0; i < ls->ps.n; i++)
		read_p(ls, &ls->ps.members[i]);
}

/* One more of the global queue; false: it ends here, and should not. */
static bool queue_g(struct live_state *ls, uint64_t at)
{
	struct snapshot *s = &ls->snap;
	struct member *is = roll_find(&ls->gs, at);
	if (!is || is->is < 0) {
		damage_add(&ls->damage, ABOUT_RUNQ, "the global run queue leads to what is no G");
		return false;
	}
	if (is->queued == ls->call) {
		damage_add(&ls->damage, ABOUT_RUNQ, "the global run queue is a cycle at G%d",
			s->gs[is->is].id);
		return false;
	}
	is->queued = ls->call;
	s->global = xgrow(s->global, &ls->global_cap, s->nglobal + 1, sizeof *s->global);
	s->global[s->nglobal++] = s->gs[is->is].id;
	return true;
}

static void read_global(struct live_state *ls)
{
	struct sched sc;
	G g;
	state_variable(ls, V_SCHED, &sc);
	ls->snap.nglobal = 0;
	for (uint64_t at = (uintptr_t)sc.runq.head; at && queue_g(ls, at);
		at = (uintptr_t)g.schedlink)
		if (!state_look(ls, at, &g, sizeof g))
			return;
}

/* ---- the whole ---- */

/* Have the arena copied as far as it is handed out: that is where all structs should be. */
static void read_arena(struct live_state *ls)
{
	struct arena a;
	state_variable(ls, V_ARENA, &a);
	if (!ls->arena)
		ls->arena = a.lo;
	if (a.lo != ls->arena || a.next < a.lo || a.mapped < a.next || a.hi < a.mapped)
		damage_add(&ls->damage, ABOUT_ARENA, "the arena's bounds are 0x%llx to 0x%llx",
			(unsigned long long)a.lo, (unsigned long long)a.next);
	else if (a.next > a.lo && !memory_watch(ls->mem, a.lo, a.next, false))
		damage_add(&ls->damage, ABOUT_ARENA, "the arena cannot be read up to 0x%llx",
			(unsigned long long)a.next);
}

/* Name what of a region the program has taken away. */
static void tell_lost(
	struct live_state *ls, enum subject about, const struct region *r, const char *name)
{
	for (uint64_t lo = r->lo, hi; memory_lost(r, &lo, &hi); lo = hi)
		damage_add(&ls->damage, about, "%s cannot be read from 0x%llx to 0x%llx", name,
			(unsigned long long)lo, (unsigned long long)hi);
}

/* The same of all regions. A g0 that is only kept for a look back may go. */
static void tell_all_lost(struct live_state *ls)
{
	const struct region *structs = memory_region(ls->mem, ls->arena);
	for (int v = 0; v < NVARIABLES; v++)
		if (!memory_peek(ls->mem, ls->at[v], state_variable_info(v)->size))
			damage_add(&ls->damage, ABOUT_COUNTS, "%s cannot be read",
				state_variable_info(v)->name);
	if (structs)
		tell_lost(ls, ABOUT_ARENA, structs, "the arena");
	for (int i = 0; i < ls->snap.nstacks; i++) {
		char name[16], whose[32];
		if (!ls->stacks[i].region ||
			(ls->snap.stacks[i].kind == STACK_G0 && ls->stacks[i].call != ls->call))
			continue;
		snprintf(whose, sizeof whose, "%s's stack", snap_stack_name(&ls->snap, i, name));
		tell_lost(ls, ABOUT_STACKS, ls->stacks[i].region, whose);
	}
}

void live_state_read(struct live_state *ls)
{
	ls->call++;
	damage_forget(&ls->damage);
	read_arena(ls);
	state_read_ms(ls);
	state_read_gs(ls);
	read_ps(ls);
	read_global(ls);
	if (ls->mem->nlost)
		tell_all_lost(ls);
	damage_tell(&ls->damage, &ls->snap);
	live_state_stacks(ls);
}

bool live_state_arrived(struct live_state *ls, int64_t m)
{
	if (m < 0 || m >= SNAP_MS_MAX)
		return false;
	ls->arrived = xgrow(ls->arrived, &ls->arrived_cap, (size_t)m + 1, sizeof *ls->arrived);
	while (ls->narrived <= (size_t)m)
		ls->arrived[ls->narrived++] = false;
	ls->arrived[m] = true;
	return true;
}

struct live_state *live_state_new(struct memory *mem, const struct program *p,
	const struct arch_desc *arch, char *err, size_t nerr)
{
	struct live_state *ls = xcalloc(1, sizeof *ls);
	ls->mem = mem;
	ls->snap.arch = arch;
	ls->snap.last_m = -1;
	for (int v = 0; v < NVARIABLES; v++) {
		ls->at[v] = program_address(p, state_variable_info(v)->name);
		if (!ls->at[v] || !memory_watch(mem, ls->at[v],
					  ls->at[v] + state_variable_info(v)->size, false)) {
			say(err, nerr,
				"%s is not a g0 program of this version: it has no variable %s; "
				"rebuild it",
				p->path, state_variable_info(v)->name);
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
	roll_free(&ls->gs);
	roll_free(&ls->ms);
	roll_free(&ls->ps);
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
