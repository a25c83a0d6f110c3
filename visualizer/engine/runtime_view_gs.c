/* SPDX-License-Identifier: MIT */
/* allgs, and the Gs in it. */
#include <stdio.h>

#include "runtime_view_parts.h"
#include "model/xalloc.h"

/* More of them are not believed. */
enum { GS_MAX = 1 << 16 };

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

/* A G has come to be one that runs: it gets its place in snap.gs. False: it has no stack. */
static bool show_g(struct runtime_view *rv, struct member *is, const G *gp)
{
	struct snapshot *s = &rv->snap;
	char name[24];
	snprintf(name, sizeof name, "G%d", (int)gp->goid);
	int stack = state_stack(rv, gp->stack, STACK_G, s->ngs, -1, name);
	if (stack < 0)
		return false;
	s->gs = xgrow(s->gs, &rv->gs_cap, s->ngs + 1, sizeof *s->gs);
	s->gs[s->ngs] = (struct g_state){.id = (int)gp->goid, .stack = stack};
	is->is = s->ngs++;
	return true;
}

static bool call_g(struct runtime_view *rv, int32_t i, uint64_t at)
{
	G g;
	struct member *is = roll_find(&rv->gs, at);
	if (is && is->call == rv->call) {
		damage_add(&rv->damage, ABOUT_ALLGS, "allgs[%d] is G%d again", i,
			is->is < 0 ? 0 : rv->snap.gs[is->is].id);
		return false;
	}
	if (!is || is->is < 0) {
		if ((!is && rv->gs.n == GS_MAX) || !state_look(rv, at, &g, sizeof g) ||
			(g.goid && !is_goid(g.goid))) {
			damage_add(&rv->damage, ABOUT_ALLGS, "allgs[%d] is no G", i);
			return false;
		}
		if (!is)
			is = roll_add(&rv->gs, at, -1);
	}
	is->call = rv->call;
	return is->is >= 0 || !g.goid || show_g(rv, is, &g);
}

/* What is wrong with a G that has a place in the picture already. */
static void check_g(struct runtime_view *rv, const struct member *is, const G *gp)
{
	const struct g_state *g = &rv->snap.gs[is->is];
	const struct stack_image *st = &rv->snap.stacks[g->stack];
	if (is->call != rv->call)
		damage_add(&rv->damage, ABOUT_ALLGS, "allgs does not have G%d", g->id);
	if (!is_goid(gp->goid))
		damage_add(&rv->damage, ABOUT_GS, "G%d says that it is G%lld", g->id,
			(long long)gp->goid);
	if (gp->atomicstatus > Gdead)
		damage_add(&rv->damage, ABOUT_GS, "G%d's status is %u", g->id, gp->atomicstatus);
	if (gp->stack.lo != st->lo || gp->stack.hi != st->hi)
		damage_add(&rv->damage, ABOUT_GS,
			"G%d says that its stack is from 0x%llx to 0x%llx", g->id,
			(unsigned long long)gp->stack.lo, (unsigned long long)gp->stack.hi);
}

static void read_g(struct runtime_view *rv, const struct member *is)
{
	struct g_state *g = &rv->snap.gs[is->is];
	G now;
	if (!state_look(rv, is->at, &now, sizeof now)) {
		damage_add(&rv->damage, ABOUT_GS, "the struct of G%d cannot be read", g->id);
		return;
	}
	check_g(rv, is, &now);
	if (is_goid(now.goid))
		g->id = (int)now.goid;
	g->status = status_model(now.atomicstatus);
	bool owned = g->status == GS_RUNNING || g->status == GS_SYSCALL;
	g->m = owned ? state_m_id(rv, now.m) : -1;
	if (owned && now.m && g->m < 0)
		damage_add(&rv->damage, ABOUT_GS, "G%d's m is no M", g->id);
	g->sched_pc = now.sched.pc;
	g->sched_sp = now.sched.sp;
	g->sched_bp = now.sched.bp;
	g->startfn = (uintptr_t)now.startfn;
	snprintf(g->waitreason, sizeof g->waitreason, "%s",
		g->status == GS_WAITING ? state_reason(rv, now.waitreason) : "");
}

void state_read_gs(struct runtime_view *rv)
{
	state_array(rv, ABOUT_ALLGS, V_ALLGS, state_count(rv, V_ALLGLEN, GS_MAX), call_g);
	for (size_t i = 0; i < rv->gs.n; i++)
		if (rv->gs.members[i].is >= 0)
			read_g(rv, &rv->gs.members[i]);
}
