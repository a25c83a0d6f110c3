/* SPDX-License-Identifier: MIT */
/* The state as a whole; allp and the queues. */
#include <stdio.h>
#include <stdlib.h>

#include "runtime_view_parts.h"
#include "model/say.h"
#include "model/xalloc.h"

/* As many as G0_PROCS may ask for; more of them are not believed. */
enum { PS_MAX = 256 };

/* ---- Ps and queues ---- */

static bool call_p(struct runtime_view *rv, int32_t i, uint64_t at)
{
	struct snapshot *s = &rv->snap;
	struct member *is = roll_find(&rv->ps, at);
	P p;
	if (is && is->call == rv->call) {
		damage_add(&rv->damage, ABOUT_ALLP, "allp[%d] is P%d again", i, s->ps[is->is].id);
		return false;
	}
	if (!is && (s->nps == PS_MAX || !state_look(rv, at, &p, sizeof p))) {
		damage_add(&rv->damage, ABOUT_ALLP, "allp[%d] is no P", i);
		return false;
	}
	if (!is) {
		is = roll_add(&rv->ps, at, s->nps++);
		s->ps = xgrow(s->ps, &rv->ps_cap, s->nps, sizeof *s->ps);
		s->ps[is->is] = (struct p_state){.id = p.id};
	}
	is->call = rv->call;
	return true;
}

/* Its ring, from head to tail. */
static void read_ring(struct runtime_view *rv, struct p_state *p, const P *pp)
{
	enum { RING = sizeof pp->runq / sizeof *pp->runq };
	_Static_assert(RING == sizeof p->q / sizeof *p->q, "a place for each");
	uint32_t head = pp->runqhead, n = pp->runqtail - head;
	p->nq = 0;
	if (n > RING) {
		damage_add(&rv->damage, ABOUT_PS, "P%d's queue is from %u to %u", p->id, head,
			pp->runqtail);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		int id = state_g_id(rv, pp->runq[(head + i) % RING]);
		if (id)
			p->q[p->nq++] = id;
		else
			damage_add(&rv->damage, ABOUT_PS, "P%d's queue holds what is no G", p->id);
	}
}

static void read_p(struct runtime_view *rv, const struct member *is)
{
	struct p_state *p = &rv->snap.ps[is->is];
	P now;
	if (!state_look(rv, is->at, &now, sizeof now)) {
		damage_add(&rv->damage, ABOUT_PS, "the struct of P%d cannot be read", p->id);
		return;
	}
	if (is->call != rv->call)
		damage_add(&rv->damage, ABOUT_ALLP, "allp does not have P%d", p->id);
	if (now.id != p->id)
		damage_add(&rv->damage, ABOUT_PS, "P%d says that it is P%d", p->id, now.id);
	p->m = state_m_id(rv, now.m);
	if (now.m && p->m < 0)
		damage_add(&rv->damage, ABOUT_PS, "P%d's m is no M", p->id);
	p->insyscall = now.status == Psyscall;
	p->runnext = state_g_id(rv, now.runnext);
	read_ring(rv, p, &now);
}

static void read_ps(struct runtime_view *rv)
{
	state_array(rv, ABOUT_ALLP, V_ALLP, state_count(rv, V_GOMAXPROCS, PS_MAX), call_p);
	for (size_t i = 0; i < rv->ps.n; i++)
		read_p(rv, &rv->ps.members[i]);
}

/* One more of the global queue; false: it ends here, and should not. */
static bool queue_g(struct runtime_view *rv, uint64_t at)
{
	struct snapshot *s = &rv->snap;
	struct member *is = roll_find(&rv->gs, at);
	if (!is || is->is < 0) {
		damage_add(&rv->damage, ABOUT_RUNQ, "the global run queue leads to what is no G");
		return false;
	}
	if (is->queued == rv->call) {
		damage_add(&rv->damage, ABOUT_RUNQ, "the global run queue is a cycle at G%d",
			s->gs[is->is].id);
		return false;
	}
	is->queued = rv->call;
	s->global = xgrow(s->global, &rv->global_cap, s->nglobal + 1, sizeof *s->global);
	s->global[s->nglobal++] = s->gs[is->is].id;
	return true;
}

static void read_global(struct runtime_view *rv)
{
	struct sched sc;
	G g;
	state_variable(rv, V_SCHED, &sc);
	rv->snap.nglobal = 0;
	for (uint64_t at = (uintptr_t)sc.runq.head; at && queue_g(rv, at);
		at = (uintptr_t)g.schedlink)
		if (!state_look(rv, at, &g, sizeof g))
			return;
}

/* ---- the whole ---- */

/* Have the arena copied as far as it is handed out: that is where all structs should be. */
static void read_arena(struct runtime_view *rv)
{
	struct arena a;
	state_variable(rv, V_ARENA, &a);
	if (!rv->arena)
		rv->arena = a.lo;
	if (a.lo != rv->arena || a.next < a.lo || a.mapped < a.next || a.hi < a.mapped)
		damage_add(&rv->damage, ABOUT_ARENA, "the arena's bounds are 0x%llx to 0x%llx",
			(unsigned long long)a.lo, (unsigned long long)a.next);
	else if (a.next > a.lo && !memory_watch(rv->mem, a.lo, a.next, false))
		damage_add(&rv->damage, ABOUT_ARENA, "the arena cannot be read up to 0x%llx",
			(unsigned long long)a.next);
}

/* Name what of a region the program has taken away. */
static void tell_lost(
	struct runtime_view *rv, enum subject about, const struct region *r, const char *name)
{
	for (uint64_t lo = r->lo, hi; memory_lost(r, &lo, &hi); lo = hi)
		damage_add(&rv->damage, about, "%s cannot be read from 0x%llx to 0x%llx", name,
			(unsigned long long)lo, (unsigned long long)hi);
}

/* The same of all regions. A g0 that is only kept for a look back may go. */
static void tell_all_lost(struct runtime_view *rv)
{
	const struct region *structs = memory_region(rv->mem, rv->arena);
	for (int v = 0; v < NVARIABLES; v++)
		if (!memory_peek(rv->mem, rv->at[v], state_variable_info(v)->size))
			damage_add(&rv->damage, ABOUT_COUNTS, "%s cannot be read",
				state_variable_info(v)->name);
	if (structs)
		tell_lost(rv, ABOUT_ARENA, structs, "the arena");
	for (int i = 0; i < rv->snap.nstacks; i++) {
		char name[16], whose[32];
		if (!rv->stacks[i].region ||
			(rv->snap.stacks[i].kind == STACK_G0 && rv->stacks[i].call != rv->call))
			continue;
		snprintf(whose, sizeof whose, "%s's stack", snap_stack_name(&rv->snap, i, name));
		tell_lost(rv, ABOUT_STACKS, rv->stacks[i].region, whose);
	}
}

void runtime_view_read(struct runtime_view *rv)
{
	rv->call++;
	damage_forget(&rv->damage);
	read_arena(rv);
	state_read_ms(rv);
	state_read_gs(rv);
	read_ps(rv);
	read_global(rv);
	if (rv->mem->nlost)
		tell_all_lost(rv);
	damage_tell(&rv->damage, &rv->snap);
	runtime_view_stacks(rv);
}

bool runtime_view_arrived(struct runtime_view *rv, int64_t m)
{
	if (m < 0 || m >= SNAP_MS_MAX)
		return false;
	rv->arrived = xgrow(rv->arrived, &rv->arrived_cap, (size_t)m + 1, sizeof *rv->arrived);
	while (rv->narrived <= (size_t)m)
		rv->arrived[rv->narrived++] = false;
	rv->arrived[m] = true;
	return true;
}

struct runtime_view *runtime_view_new(struct memory *mem, const struct program *p,
	const struct arch_desc *arch, char *err, size_t nerr)
{
	struct runtime_view *rv = xcalloc(1, sizeof *rv);
	rv->mem = mem;
	rv->snap.arch = arch;
	rv->snap.last_m = -1;
	for (int v = 0; v < NVARIABLES; v++) {
		rv->at[v] = program_address(p, state_variable_info(v)->name);
		if (!rv->at[v] || !memory_watch(mem, rv->at[v],
					  rv->at[v] + state_variable_info(v)->size, false)) {
			say(err, nerr,
				"%s is not a g0 program of this version: it has no variable %s; "
				"rebuild it",
				p->path, state_variable_info(v)->name);
			runtime_view_free(rv);
			return NULL;
		}
	}
	return rv;
}

void runtime_view_free(struct runtime_view *rv)
{
	for (size_t i = 0; i < rv->reasons.nslots; i++)
		free((char *)(uintptr_t)rv->reasons.slots[i].value);
	addrmap_free(&rv->reasons);
	roll_free(&rv->gs);
	roll_free(&rv->ms);
	roll_free(&rv->ps);
	free(rv->snap.ms);
	free(rv->snap.gs);
	free(rv->snap.ps);
	free(rv->snap.stacks);
	free(rv->snap.global);
	free(rv->stacks);
	free(rv->arrived);
	free(rv);
}

struct snapshot *runtime_view_snapshot(struct runtime_view *rv)
{
	return &rv->snap;
}
