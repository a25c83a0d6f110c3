/* SPDX-License-Identifier: MIT */
/* allgs, and the Gs in it. */
#include <stdio.h>

#include "runtime_view_parts.h"
#include "model/xalloc.h"

/* More of them are not believed. */
enum { GS_MAX = 1 << 16 };

/* False: it is no status. */
static bool status_model(const struct runtime_view *rv, uint64_t status, enum g_status_model *to)
{
	static const struct {
		enum item is;
		enum g_status_model model;
	} all[] = {{Gidle, GS_IDLE}, {Grunnable, GS_RUNNABLE}, {Grunning, GS_RUNNING},
		{Gsyscall, GS_SYSCALL}, {Gwaiting, GS_WAITING}, {Gdead, GS_DEAD}};
	*to = GS_IDLE;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (rv->is[all[i].is].value == status)
			return *to = all[i].model, true;
	return false;
}

static struct bounds stack_of(const struct runtime_view *rv, const struct seen *gp)
{
	return (struct bounds){seen(rv, gp, G_stack_lo), seen(rv, gp, G_stack_hi)};
}

/* A G has come to be one that runs: it gets its place in snap.gs. False: it has no stack. */
static bool show_g(struct runtime_view *rv, struct member *is, const struct seen *gp)
{
	struct snapshot *s = &rv->snap;
	char name[24];
	int id = (int)seen_signed(rv, gp, G_goid);
	snprintf(name, sizeof name, "G%d", id);
	int stack = state_stack(rv, stack_of(rv, gp), STACK_G, s->ngs, -1, name);
	if (stack < 0)
		return false;
	s->gs = xgrow(s->gs, &rv->gs_cap, s->ngs + 1, sizeof *s->gs);
	s->gs[s->ngs] = (struct g_state){.id = id, .stack = stack};
	is->is = s->ngs++;
	return true;
}

static bool call_g(struct runtime_view *rv, int32_t i, uint64_t at)
{
	struct seen g;
	int64_t goid = 0;
	struct member *is = roll_find(&rv->gs, at);
	if (is && is->call == rv->call) {
		damage_add(&rv->damage, ABOUT_ALLGS, "allgs[%d] is G%d again", i,
			is->is < 0 ? 0 : rv->snap.gs[is->is].id);
		return false;
	}
	if (!is || is->is < 0) {
		bool is_g = (is || rv->gs.n < GS_MAX) && state_look(rv, G, at, &g);
		goid = is_g ? seen_signed(rv, &g, G_goid) : 0;
		if (!is_g || (goid && !is_goid(goid))) {
			damage_add(&rv->damage, ABOUT_ALLGS, "allgs[%d] is no G", i);
			return false;
		}
		if (!is)
			is = roll_add(&rv->gs, at, -1);
	}
	is->call = rv->call;
	return is->is >= 0 || !goid || show_g(rv, is, &g);
}

/* What is wrong with a G that has a place in the picture already. */
static void check_g(struct runtime_view *rv, const struct member *is, const struct seen *gp)
{
	const struct g_state *g = &rv->snap.gs[is->is];
	const struct stack_image *st = &rv->snap.stacks[g->stack];
	const struct bounds says = stack_of(rv, gp);
	int64_t goid = seen_signed(rv, gp, G_goid);
	enum g_status_model status;
	if (is->call != rv->call)
		damage_add(&rv->damage, ABOUT_ALLGS, "allgs does not have G%d", g->id);
	if (!is_goid(goid))
		damage_add(
			&rv->damage, ABOUT_GS, "G%d says that it is G%lld", g->id, (long long)goid);
	if (!status_model(rv, seen(rv, gp, G_atomicstatus), &status))
		damage_add(&rv->damage, ABOUT_GS, "G%d's status is %llu", g->id,
			(unsigned long long)seen(rv, gp, G_atomicstatus));
	if (says.lo != st->lo || says.hi != st->hi)
		damage_add(&rv->damage, ABOUT_GS,
			"G%d says that its stack is from 0x%llx to 0x%llx", g->id,
			(unsigned long long)says.lo, (unsigned long long)says.hi);
}

static void read_g(struct runtime_view *rv, const struct member *is)
{
	struct g_state *g = &rv->snap.gs[is->is];
	struct seen now;
	if (!state_look(rv, G, is->at, &now)) {
		damage_add(&rv->damage, ABOUT_GS, "the struct of G%d cannot be read", g->id);
		return;
	}
	check_g(rv, is, &now);
	if (is_goid(seen_signed(rv, &now, G_goid)))
		g->id = (int)seen_signed(rv, &now, G_goid);
	status_model(rv, seen(rv, &now, G_atomicstatus), &g->status);
	bool owned = g->status == GS_RUNNING || g->status == GS_SYSCALL;
	uint64_t m = seen(rv, &now, G_m);
	g->m = owned ? state_m_id(rv, m) : -1;
	if (owned && m && g->m < 0)
		damage_add(&rv->damage, ABOUT_GS, "G%d's m is no M", g->id);
	g->sched_pc = seen(rv, &now, G_pc);
	g->sched_sp = seen(rv, &now, G_sp);
	g->sched_bp = seen(rv, &now, G_bp);
	g->startfn = seen(rv, &now, G_startfn);
	state_park(rv, is->is, &now);
	snprintf(g->waitreason, sizeof g->waitreason, "%s",
		g->status == GS_WAITING ? state_reason(rv, seen(rv, &now, G_waitreason)) : "");
}

void state_read_gs(struct runtime_view *rv)
{
	state_array(rv, ABOUT_ALLGS, V_ALLGS, state_count(rv, V_ALLGLEN, GS_MAX), call_g);
	for (size_t i = 0; i < rv->gs.n; i++)
		if (rv->gs.members[i].is >= 0)
			read_g(rv, &rv->gs.members[i]);
}
