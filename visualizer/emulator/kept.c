/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include <stdlib.h>
#include <string.h>

#include "cpu.h"
#include "threads.h"
#include "versions.h"
#include "model/xalloc.h"

struct kept {
	struct guest guest; /* of whose pointers none is followed */
	struct version *memory;
	struct guest_thread *threads; /* each with a context of its own */
	size_t on;                    /* which of them was on the engine */
	uint8_t *piped[GUEST_PIPES];  /* what was in each pipe; NULL: nothing */
};

/* By way of the engine: what a context is made of is its own affair. */
static void copy_registers(struct guest *g, uc_context *to, uc_context *from)
{
	uc_context_restore(g->space.engine, from);
	uc_context_save(g->space.engine, to);
}

static void *copy_of(const void *bytes, size_t n)
{
	return n ? memcpy(xmalloc(n), bytes, n) : NULL;
}

/* ---- to keep ---- */

static void keep_threads(struct guest *g, struct kept *k)
{
	k->on = (size_t)g->on->id - 1;
	k->threads = xcalloc(g->nthreads, sizeof *k->threads);
	cpu_put_off(g);
	for (size_t i = 0; i < g->nthreads; i++) {
		k->threads[i] = *g->threads[i];
		uc_context_restore(g->space.engine, g->threads[i]->context);
		k->threads[i].context = cpu_copy(g);
	}
	cpu_put_on(g, g->threads[k->on]);
}

struct kept *kept_new(struct guest *g)
{
	struct kept *k = xcalloc(1, sizeof *k);
	keep_threads(g, k);
	k->guest = *g;
	for (int i = 0; i < GUEST_PIPES; i++)
		k->piped[i] = copy_of(g->pipes[i].bytes, g->pipes[i].n);
	k->memory = version_keep(&g->space);
	return k;
}

/* ---- to return ---- */

/* As many threads as there were. */
static void have_threads(struct guest *g, size_t n)
{
	while (g->nthreads > n)
		threads_drop_last(g);
	while (g->nthreads < n && threads_add(g))
		;
}

static void return_threads(struct guest *g, const struct kept *k)
{
	cpu_put_off(g);
	have_threads(g, k->guest.nthreads);
	for (size_t i = 0; i < g->nthreads; i++) {
		uc_context *context = g->threads[i]->context;
		*g->threads[i] = k->threads[i];
		g->threads[i]->context = context;
		copy_registers(g, context, k->threads[i].context);
	}
	cpu_put_on(g, g->threads[k->on]);
}

/* The numbers are those of then. What belongs to this process, or is memory of it, stays. */
static void return_numbers(struct guest *g, const struct guest *then)
{
	struct guest now = *g;
	*g = *then;
	g->space = now.space;
	g->threads = now.threads;
	g->nthreads = now.nthreads;
	g->threads_cap = now.threads_cap;
	g->on = now.on;
	g->watch = now.watch;
	g->output = now.output;
	g->output_ctx = now.output_ctx;
	g->input = now.input;
	for (int i = 0; i < GUEST_PIPES; i++)
		g->pipes[i].bytes = now.pipes[i].bytes;
}

void kept_return(struct guest *g, const struct kept *k)
{
	version_return(&g->space, k->memory);
	return_threads(g, k);
	return_numbers(g, &k->guest);
	g->last_pc = NEVER;
	for (int i = 0; i < GUEST_PIPES; i++)
		if (k->piped[i])
			memcpy(g->pipes[i].bytes, k->piped[i], g->pipes[i].n);
}

void kept_free(struct guest *g, struct kept *k)
{
	version_free(&g->space, k->memory);
	for (size_t i = 0; i < k->guest.nthreads; i++)
		if (k->threads[i].context)
			uc_context_free(k->threads[i].context);
	for (int i = 0; i < GUEST_PIPES; i++)
		free(k->piped[i]);
	free(k->threads);
	free(k);
}
