/* SPDX-License-Identifier: MIT */
/* The state as a whole; allp and the queues. */
#include <assert.h>
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
	struct seen p;
	if (is && is->call == rv->call) {
		damage_add(&rv->damage, ABOUT_ALLP, "allp[%d] is P%d again", i, s->ps[is->is].id);
		return false;
	}
	if (!is && (s->nps == PS_MAX || !state_look(rv, P, at, &p))) {
		damage_add(&rv->damage, ABOUT_ALLP, "allp[%d] is no P", i);
		return false;
	}
	if (!is) {
		is = roll_add(&rv->ps, at, s->nps++);
		s->ps = xgrow(s->ps, &rv->ps_cap, s->nps, sizeof *s->ps);
		s->ps[is->is] = (struct p_state){.id = (int)seen_signed(rv, &p, P_id)};
	}
	is->call = rv->call;
	return true;
}

/* Its ring, from head to tail. */
static void read_ring(struct runtime_view *rv, struct p_state *p, const struct seen *pp)
{
	const struct layout_item *runq = &rv->is[P_runq];
	uint32_t places = (uint32_t)(runq->size / sizeof(uint64_t));
	uint32_t head = (uint32_t)seen(rv, pp, P_runqhead);
	uint32_t tail = (uint32_t)seen(rv, pp, P_runqtail), n = tail - head;
	p->nq = 0;
	assert(places <= sizeof p->q / sizeof *p->q);
	if (n > places) {
		damage_add(
			&rv->damage, ABOUT_PS, "P%d's queue is from %u to %u", p->id, head, tail);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		uint64_t g;
		memcpy(&g, pp->bytes + runq->value + (head + i) % places * sizeof g, sizeof g);
		int id = state_g_id(rv, g);
		if (id)
			p->q[p->nq++] = id;
		else
			damage_add(&rv->damage, ABOUT_PS, "P%d's queue holds what is no G", p->id);
	}
}

static void read_p(struct runtime_view *rv, const struct member *is)
{
	struct p_state *p = &rv->snap.ps[is->is];
	struct seen now;
	if (!state_look(rv, P, is->at, &now)) {
		damage_add(&rv->damage, ABOUT_PS, "the struct of P%d cannot be read", p->id);
		return;
	}
	if (is->call != rv->call)
		damage_add(&rv->damage, ABOUT_ALLP, "allp does not have P%d", p->id);
	int says = (int)seen_signed(rv, &now, P_id);
	uint64_t m = seen(rv, &now, P_m);
	if (says != p->id)
		damage_add(&rv->damage, ABOUT_PS, "P%d says that it is P%d", p->id, says);
	p->m = state_m_id(rv, m);
	if (m && p->m < 0)
		damage_add(&rv->damage, ABOUT_PS, "P%d's m is no M", p->id);
	p->insyscall = seen(rv, &now, P_status) == rv->is[Psyscall].value;
	p->runnext = state_g_id(rv, seen(rv, &now, P_runnext));
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
	struct seen now;
	state_variable_look(rv, V_SCHED, &now);
	rv->snap.nglobal = 0;
	for (uint64_t at = seen(rv, &now, sched_runq_head); at && queue_g(rv, at);
		at = seen(rv, &now, G_schedlink))
		if (!state_look(rv, G, at, &now))
			return;
}

/* ---- the whole ---- */

/* Have the arena copied as far as it is handed out: that is where all structs should be. */
static void read_arena(struct runtime_view *rv)
{
	struct seen now;
	state_variable_look(rv, V_ARENA, &now);
	uint64_t lo = seen(rv, &now, arena_lo), next = seen(rv, &now, arena_next);
	uint64_t mapped = seen(rv, &now, arena_mapped), hi = seen(rv, &now, arena_hi);
	if (!rv->arena)
		rv->arena = lo;
	if (lo != rv->arena || next < lo || mapped < next || hi < mapped)
		damage_add(&rv->damage, ABOUT_ARENA, "the arena's bounds are 0x%llx to 0x%llx",
			(unsigned long long)lo, (unsigned long long)next);
	else if (next > lo && !memory_watch(rv->mem, lo, next, false))
		damage_add(&rv->damage, ABOUT_ARENA, "the arena cannot be read up to 0x%llx",
			(unsigned long long)next);
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
	for (int v = FIRST_VARIABLE; v < NITEMS; v++)
		if (rv->is[v].told && !memory_peek(rv->mem, rv->is[v].value, rv->is[v].size))
			damage_add(&rv->damage, ABOUT_COUNTS, "%s cannot be read", rv->is[v].name);
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
	damage_forget(&rv->damage, 0, ABOUT_WAITS);
	read_arena(rv);
	state_read_ms(rv);
	state_read_gs(rv);
	read_ps(rv);
	read_global(rv);
	state_read_waits(rv);
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

struct runtime_view *runtime_view_new(
	const struct program *p, const struct arch_desc *arch, char *err, size_t nerr)
{
	struct runtime_view *rv = xcalloc(1, sizeof *rv);
	rv->snap.arch = arch;
	rv->snap.last_m = -1;
	if (state_layout(rv, p, err, nerr))
		return rv;
	runtime_view_free(rv);
	return NULL;
}

bool runtime_view_begin(struct runtime_view *rv, struct memory *mem, char *err, size_t nerr)
{
	rv->mem = mem;
	rv->waits_stale = true;
	for (int v = FIRST_VARIABLE; v < NITEMS; v++) {
		uint64_t at = rv->is[v].value;
		if (!rv->is[v].told)
			continue;
		struct region *r = memory_watch(mem, at, at + rv->is[v].size, false);
		if (r) {
			r->quiet = is_of_waits(v);
			continue;
		}
		say(err, nerr,
			"the runtime's %s is not at 0x%llx, where the program says that it is; "
			"rebuild the program with this libg0.a",
			rv->is[v].name, (unsigned long long)at);
		return false;
	}
	return true;
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
	free(rv->snap.waits.object);
	free(rv->snap.waits.entry);
	free(rv->parked);
	free(rv->found);
	free(rv->lent);
	free(rv->stacks);
	free(rv->arrived);
	free(rv);
}

uint64_t runtime_view_clock(const struct runtime_view *rv)
{
	return rv->is[V_JUMPED].value;
}

struct snapshot *runtime_view_snapshot(struct runtime_view *rv)
{
	return &rv->snap;
}
