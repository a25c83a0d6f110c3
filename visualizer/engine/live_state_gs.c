/* SPDX-License-Identifier: MIT */
/* allgs, and the Gs in it. */
#include <stdio.h>

#include "live_state_parts.h"
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
static bool show_g(struct live_state *ls, struct member *is, const G *gp)
{
	struct snapshot *s = &ls->snap;
	char name[24];
	snprintf(name, sizeof name, "G%d", (int)gp->goid);
	int stack = state_stack(ls, gp->stack, STACK_G, s->ngs, -1, name);
	if (stack < 0)
		return false;
	s->gs = xgrow(s->gs, &ls->gs_cap, s->ngs + 1, sizeof *s->gs);
	s->gs[s->ngs] = (struct g_state){.id = (int)gp->goid, .stack = stack};
	is->is = s->ngs++;
	return true;
}

static bool call_g(struct live_state *ls, int32_t i, uint64_t at)
{
	G g;
	struct member *is = roll_find(&ls->gs, at);
	if (is && is->call == ls->call) {
		damage_add(&ls->damage, ABOUT_ALLGS, "allgs[%d] is G%d again", i,
			is->is < 0 ? 0 : ls->snap.gs[is->is].id);
		return false;
	}
	if (!is || is->is < 0) {
		if ((!is && ls->gs.n == GS_MAX) || !state_look(ls, at, &g, sizeof g) ||
			(g.goid && !is_goid(g.goid))) {
			damage_add(&ls->damage, ABOUT_ALLGS, "allgs[%d] is no G", i);
			return false;
		}
		if (!is)
			is = roll_add(&ls->gs, at, -1);
	}
	is->call = ls->call;
	return is->is >= 0 || !g.goid || show_g(ls, is, &g);
}

/* What is wrong with a G that has a place in the picture already. */
static void check_g(struct live_state *ls, const struct member *is, const G *gp)
{
	const struct g_state *g = &ls->snap.gs[is->is];
	const struct stack_image *st = &ls->snap.stacks[g->stack];
	if (is->call != ls->call)
		damage_add(&ls->damage, ABOUT_ALLGS, "allgs does not have G%d", g->id);
	if (!is_goid(gp->goid))
		damage_add(&ls->damage, ABOUT_GS, "G%d says that it is G%lld", g->id,
			(long long)gp->goid);
	if (gp->atomicstatus > Gdead)
		damage_add(&ls->damage, ABOUT_GS, "G%d's status is %u", g->id, gp->atomicstatus);
	if (gp->stack.lo != st->lo || gp->stack.hi != st->hi)
		damage_add(&ls->damage, ABOUT_GS,
			"G%d says that its stack is from 0x%llx to 0x%llx", g->id,
			(unsigned long long)gp->stack.lo, (unsigned long long)gp->stack.hi);
}

static void read_g(struct live_state *ls, const struct member *is)
{
	struct g_state *g = &ls->snap.gs[is->is];
	G now;
	if (!state_look(ls, is->at, &now, sizeof now)) {
		damage_add(&ls->damage, ABOUT_GS, "the struct of G%d cannot be read", g->id);
		return;
	}
	check_g(ls, is, &now);
	if (is_goid(now.goid))
		g->id = (int)now.goid;
	g->status = status_model(now.atomicstatus);
	bool owned = g->status == GS_RUNNING || g->status == GS_SYSCALL;
	g->m = owned ? state_m_id(ls, now.m) : -1;
	if (owned && now.m && g->m < 0)
		damage_add(&ls->damage, ABOUT_GS, "G%d's m is no M", g->id);
	g->sched_pc = now.sched.pc;
	g->sched_sp = now.sched.sp;
	g->sched_bp = now.sched.bp;
	g->startfn = (uintptr_t)now.startfn;
	snprintf(g->waitreason, sizeof g->waitreason, "%s",
		g->status == GS_WAITING ? state_reason(ls, now.waitreason) : "");
}

void state_read_gs(struct live_state *ls)
{
	state_array(ls, ABOUT_ALLGS, V_ALLGS, state_count(ls, V_ALLGLEN, GS_MAX), call_g);
	for (size_t i = 0; i < ls->gs.n; i++)
		if (ls->gs.members[i].is >= 0)
			read_g(ls, &ls->gs.members[i]);
}
