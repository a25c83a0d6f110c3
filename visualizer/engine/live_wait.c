/* SPDX-License-Identifier: MIT */
/* Threads become Ms, and wake up. */
#include "live_event.h"
#include "live_parts.h"
#include "model/xalloc.h"

/* ---- becoming an M ---- */

int m_of(const struct live *lv, const struct thread *t)
{
	return (size_t)t->id < lv->nm_of ? lv->m_of[t->id] : -1;
}

struct thread *thread_of(const struct live *lv, int m)
{
	for (size_t i = 0; i < lv->nm_of; i++)
		if (lv->m_of[i] == m)
			return lv->machine->threads[i];
	return NULL;
}

static void set_m_of(struct live *lv, const struct thread *t, int m)
{
	lv->m_of = xgrow(lv->m_of, &lv->m_of_cap, (size_t)t->id + 1, sizeof *lv->m_of);
	while (lv->nm_of <= (size_t)t->id)
		lv->m_of[lv->nm_of++] = -1;
	lv->m_of[t->id] = m;
}

bool in_library(struct live *lv, const struct thread *t)
{
	return t->state == HELD && image_site(lv->image, pc_of(lv, t))->library;
}

const struct probe *birth(const struct live *lv, const struct thread *t)
{
	uint64_t pc = pc_of(lv, t);
	if (pc == lv->mstart->pc)
		return lv->mstart;
	return lv->needm && pc == lv->needm->pc ? lv->needm : NULL;
}

/*
 * A thread stands at the mstart or needm probe: it is an M from now on. A thread of another's that
 * was that M before is one no longer; until then it was stepped by that name.
 */
void admit(struct live *lv, struct thread *t, const struct probe *at)
{
	int64_t m;
	if (!event_argument(at, 0, t->regs, &lv->memory, &m) || !runtime_view_arrived(lv->state, m))
		return;
	const struct thread *before = thread_of(lv, (int)m);
	if (before)
		set_m_of(lv, before, -1);
	set_m_of(lv, t, (int)m);
	lv->moved = true;
}

void bring_threads(struct live *lv)
{
	struct machine *mc = lv->machine;
	for (size_t i = 0; i < mc->nthreads && mc->ending.how == RUNS; i++) {
		struct thread *t = mc->threads[i];
		if (m_of(lv, t) >= 0 || t->state != HELD)
			continue;
		if (!birth(lv, t))
			mc->ops->run_to(mc, t, lv->mstart->pc, lv->needm ? lv->needm->pc : 0);
		if (t->state == HELD && birth(lv, t))
			admit(lv, t, birth(lv, t));
	}
}

/* Whether any thread is held that is no M, or not yet: it was woken on its way, or lost its M. */
static bool any_nameless(const struct live *lv)
{
	const struct machine *mc = lv->machine;
	for (size_t i = 0; i < mc->nthreads; i++)
		if (mc->threads[i]->state == HELD && m_of(lv, mc->threads[i]) < 0)
			return true;
	return false;
}

void collect(struct live *lv)
{
	if (lv->machine->ops->collect(lv->machine))
		lv->moved = true;
}

void look_about(struct live *lv)
{
	collect(lv);
	if (any_nameless(lv)) {
		bring_threads(lv);
		lv->moved = true;
	}
}
