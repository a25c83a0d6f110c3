/* SPDX-License-Identifier: MIT */
/* Threads become Ms, wake up, and are waited for. */
#include <string.h>
#include <unistd.h>

#include "machine/ptrace_cpu.h"
#include "live_event.h"
#include "live_parts.h"
#include "machine/ptrace_procfs.h"
#include "machine/ptrace_sleep.h"
#include "machine/ptrace_tick.h"
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
			return lv->process.threads[i];
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
	return t->state == HELD && image_site(lv->image, machine_pc(&t->raw))->library;
}

const struct probe *birth(const struct live *lv, const struct thread *t)
{
	uint64_t pc = machine_pc(&t->raw);
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

/* A thread that a library has started comes to the program's own code first. */
static void begin(struct live *lv, struct thread *t)
{
	if (t->began || !in_library(lv, t))
		return;
	process_leave_library(&lv->process, t);
	if (t->state != HELD || in_library(lv, t))
		return;
	t->began = true;
	process_hide_start(&lv->process, t);
}

void bring_threads(struct live *lv)
{
	struct process *p = &lv->process;
	for (size_t i = 0; i < p->nthreads && !p->over; i++) {
		struct thread *t = p->threads[i];
		if (m_of(lv, t) >= 0 || t->state != HELD)
			continue;
		begin(lv, t);
		if (t->state == HELD && !birth(lv, t))
			process_run_to(p, t, lv->mstart->pc, lv->needm ? lv->needm->pc : 0);
		if (t->state == HELD && birth(lv, t))
			admit(lv, t, birth(lv, t));
	}
}

/* Whether any thread is held that is no M, or not yet: it was woken on its way, or lost its M. */
static bool any_nameless(const struct live *lv)
{
	const struct process *p = &lv->process;
	for (size_t i = 0; i < p->nthreads; i++)
		if (p->threads[i]->state == HELD && m_of(lv, p->threads[i]) < 0)
			return true;
	return false;
}

void collect(struct live *lv)
{
	if (process_collect(&lv->process)) {
		lv->everything = true;
		lv->moved = true;
	}
}

void look_about(struct live *lv)
{
	collect(lv);
	if (any_nameless(lv)) {
		bring_threads(lv);
		lv->everything = lv->moved = true;
	}
}

/* ---- how long sleepers are waited for ---- */

#define SECOND_NS INT64_C(1000000000)
/* Where a user waits as well. */
#define TIMED_NS (3 * SECOND_NS)
#define OUTSIDE_NS (SECOND_NS / 4)

/*
 * Whether a process that the program made executes, or will by itself, or when it has been tended:
 * its end may wake somebody.
 */
static bool any_child_goes_on(const struct children *c)
{
	for (size_t i = 0; i < c->n; i++) {
		int tid = c->child[i].tid, fd = procfs_open_state(tid, tid);
		char state = procfs_state(fd);
		close(fd);
		if (strchr("RDt", state) || (state == 'S' && sleep_waker(tid, tid) == WAKER_TIME))
			return true;
	}
	return false;
}

/* For how long, in ns; 0: not at all. */
static int64_t patience(const struct process *p, const struct thread *t, int wait_s)
{
	if (t->state != ASLEEP || !t->restless)
		return 0;
	if (sleep_waker(p->pid, t->tid) == WAKER_TIME || any_child_goes_on(&p->children))
		return wait_s ? INT64_MAX : TIMED_NS;
	return wait_s ? wait_s * SECOND_NS : OUTSIDE_NS;
}

/* The same, for t or, if it is NULL, for any. */
static int64_t patience_for_any(const struct process *p, const struct thread *t, int wait_s)
{
	int64_t most = 0;
	for (size_t i = 0; i < p->nthreads; i++) {
		int64_t ns = t && t != p->threads[i] ? 0 : patience(p, p->threads[i], wait_s);
		most = ns > most ? ns : most;
	}
	return most;
}

bool wait_for_a_moment(const struct process *p, const struct thread *t, int wait_s, int64_t *since)
{
	enum { MOMENT_NS = 10 * 1000 * 1000 };
	int64_t now = clock_ns(CLOCK_MONOTONIC), most = patience_for_any(p, t, wait_s);
	/* After one who is waited for without end, the others have all their time. */
	*since = *since && most != INT64_MAX ? *since : now;
	if (now - *since >= most)
		return false;
	tick_doze(MOMENT_NS);
	return true;
}
