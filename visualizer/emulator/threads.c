/* SPDX-License-Identifier: MIT */
#include "threads.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include "cpu.h"
#include "isa.h"
#include "robust.h"
#include "sleep.h"
#include "model/xalloc.h"

struct guest_thread *threads_add(struct guest *g)
{
	uc_context *context = g->nthreads < GUEST_THREADS_MAX ? cpu_copy(g) : NULL;
	if (!context)
		return NULL;
	struct guest_thread *t = xcalloc(1, sizeof *t);
	*t = (struct guest_thread){.id = (int)g->nthreads + 1,
		.context = context,
		.wakes_at = NEVER,
		.alt.flags = SS_DISABLE};
	g->threads = xgrow(g->threads, &g->threads_cap, g->nthreads + 1, sizeof *g->threads);
	return g->threads[g->nthreads++] = t;
}

int64_t threads_begin(struct guest *g, struct guest_thread *parent, const struct clone_args *how)
{
	struct guest_thread *t = threads_add(g);
	if (!t) {
		guest_lacks(
			g, "more than %d threads, with those that have ended", GUEST_THREADS_MAX);
		return -EAGAIN;
	}
	int32_t id = t->id;
	t->mask = parent->mask;
	t->clear_tid = how->flags & CLONE_CHILD_CLEARTID ? how->child_tid : 0;
	if (how->flags & CLONE_PARENT_SETTID)
		cpu_write(g, how->parent_tid, &id, sizeof id);
	if (how->flags & CLONE_CHILD_SETTID)
		cpu_write(g, how->child_tid, &id, sizeof id);
	cpu_put_on(g, t);
	if (how->stack)
		cpu_set(g, g->isa->sp, how->stack + how->stack_size);
	t->first_sp = cpu_get(g, g->isa->sp);
	if (how->flags & CLONE_SETTLS)
		cpu_set(g, g->isa->tls, how->tls);
	g->isa->leave_call(g, 0);
	cpu_put_on(g, parent);
	return id;
}

void threads_end(struct guest *g, struct guest_thread *t, int status)
{
	int32_t none = 0;
	size_t alive = 0;
	t->gone = true;
	robust_end(g, t);
	if (t->clear_tid && cpu_write(g, t->clear_tid, &none, sizeof none))
		sleep_wake_futex(g, t->clear_tid, 1, UINT32_MAX);
	for (size_t i = 0; i < g->nthreads; i++)
		alive += !g->threads[i]->gone;
	if (alive)
		return;
	g->ended = true;
	g->status = status;
}

void threads_drop_last(struct guest *g)
{
	struct guest_thread *t = g->threads[--g->nthreads];
	uc_context_free(t->context);
	free(t);
}

void threads_free(struct guest *g)
{
	while (g->nthreads > 0)
		threads_drop_last(g);
	free(g->threads);
}
