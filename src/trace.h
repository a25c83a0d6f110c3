/* SPDX-License-Identifier: MIT */
/*
 * trace.h - what PROBE does with an event while the flight recorder is on: it goes into the ring
 * of the M that it happens on, over the oldest one there. Nobody else writes there, so there is
 * nothing to lock, and no event waits for another. Included by runtime.h, once it has the M.
 */
#ifndef TRACE_H
#define TRACE_H

#include "ticks.h" /* arch/<arch>/ticks.h: cputicks */

enum { TRACE_EVENTS = 1 << 14, TRACE_ID_BITS = 8 };

/* when << TRACE_ID_BITS | id. Two of them fill a line of the cache. */
struct traceentry {
	uint64_t when, arg[3];
};

struct tracering {
	_Atomic uint64_t n; /* so many there have been; the entry of the next is n % TRACE_EVENTS */
	uint64_t start;     /* cputicks, to count from */
	struct traceentry entry[TRACE_EVENTS];
};

static inline __attribute__((always_inline)) void traceevent(
	enum event_id id, uint64_t a, uint64_t b, uint64_t c)
{
	G *gp = getg();
	struct tracering *r;
	struct traceentry *e;
	uint64_t n;

	/* A thread that is no M, or not yet. */
	if (gp == NULL || gp->m == NULL)
		return;
	r = atomic_load_explicit(&gp->m->trace, memory_order_relaxed);
	if (r == NULL)
		return;
	n = atomic_load_explicit(&r->n, memory_order_relaxed);
	e = &r->entry[n % TRACE_EVENTS];
	e->arg[0] = a;
	e->arg[1] = b;
	e->arg[2] = c;
	e->when = (cputicks() - r->start) << TRACE_ID_BITS | id;
	/* tracewrite, on another thread, takes what lies before n. */
	atomic_store_explicit(&r->n, n + 1, memory_order_release);
}

#endif
