/* SPDX-License-Identifier: MIT */
/* Threads become Ms, and wake up. */
#include "stepper_event.h"

#include <assert.h>
#include "stepper_parts.h"
#include "model/xalloc.h"

/* ---- becoming an M ---- */

int m_of(const struct stepper *st, const struct thread *t)
{
	return (size_t)t->id < st->nm_of ? st->m_of[t->id] : -1;
}

struct thread *thread_of(const struct stepper *st, int m)
{
	assert(m >= 0); /* -1 is what threads are that are no Ms */
	for (size_t i = 0; i < st->nm_of; i++)
		if (st->m_of[i] == m)
			return st->machine->threads[i];
	return NULL;
}

static void set_m_of(struct stepper *st, const struct thread *t, int m)
{
	assert(st->machine->threads[t->id] == t);
	st->m_of = xgrow(st->m_of, &st->m_of_cap, (size_t)t->id + 1, sizeof *st->m_of);
	while (st->nm_of <= (size_t)t->id)
		st->m_of[st->nm_of++] = -1;
	st->m_of[t->id] = m;
}

bool in_library(struct stepper *st, const struct thread *t)
{
	return t->state == HELD && image_site(st->image, pc_of(st, t))->library;
}

const struct probe *birth(const struct stepper *st, const struct thread *t)
{
	uint64_t pc = pc_of(st, t);
	if (pc == st->mstart->pc)
		return st->mstart;
	return st->needm && pc == st->needm->pc ? st->needm : NULL;
}

/*
 * A thread stands at the mstart or needm probe: it is an M from now on. A thread of another's that
 * was that M before is one no longer; until then it was stepped by that name.
 */
void admit(struct stepper *st, struct thread *t, const struct probe *at)
{
	int64_t m;
	if (!event_argument(at, 0, t->regs, &st->memory, &m) || !runtime_view_arrived(st->view, m))
		return;
	const struct thread *before = thread_of(st, (int)m);
	if (before)
		set_m_of(st, before, -1);
	set_m_of(st, t, (int)m);
	st->moved = true;
}

void bring_threads(struct stepper *st)
{
	struct machine *mc = st->machine;
	for (size_t i = 0; i < mc->nthreads && mc->ending.how == GOES_ON; i++) {
		struct thread *t = mc->threads[i];
		if (m_of(st, t) >= 0 || t->state != HELD)
			continue;
		if (!birth(st, t))
			mc->ops->run_to(mc, t, st->mstart->pc, st->needm ? st->needm->pc : 0);
		if (t->state == HELD && birth(st, t))
			admit(st, t, birth(st, t));
	}
}

/* Whether any thread is held that is no M, or not yet: it was woken on its way, or lost its M. */
static bool any_nameless(const struct stepper *st)
{
	const struct machine *mc = st->machine;
	for (size_t i = 0; i < mc->nthreads; i++)
		if (mc->threads[i]->state == HELD && m_of(st, mc->threads[i]) < 0)
			return true;
	return false;
}

void collect(struct stepper *st)
{
	if (st->machine->ops->collect(st->machine))
		st->moved = true;
}

void look_about(struct stepper *st)
{
	collect(st);
	if (any_nameless(st)) {
		bring_threads(st);
		st->moved = true;
	}
}
