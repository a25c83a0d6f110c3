/* SPDX-License-Identifier: MIT */
/*
 * fiber_tsan.h - fiber.h for the thread sanitizer. gp->fiber is the fiber made for it; a g0's
 * is the thread itself. The tool keeps a list of the functions entered, of which those on g0
 * never leave: fiber_forget takes one off.
 */
#ifndef FIBER_TSAN_H
#define FIBER_TSAN_H

#include <sanitizer/tsan_interface.h>

enum { STACK_SIZE = 256 << 10, ANNOUNCED = 1, TOOL_THREADS = 1 };

void __tsan_func_exit(void *);

/*
 * When a signal comes that the program handles, the tool only notes it; its next atomic operation,
 * which is to come soon, has the program's handler run. A sleep without a limit would go on after
 * the signal, one with a limit ends; and it is short, as the signal may have come just before it.
 */
static inline int64_t fiber_nap(int64_t ns)
{
	enum { NAP = 100 * 1000 * 1000 };

	return ns < 0 || ns > NAP ? NAP : ns;
}

static inline void fiber_thread(G *g0)
{
	(void)g0;
}

/* The one of the G that had this stack before has ended with it, somewhere amid its functions. */
static inline uintptr_t fiber_new(G *gp)
{
	if (gp->fiber != NULL)
		__tsan_destroy_fiber(gp->fiber);
	gp->fiber = __tsan_create_fiber(0);
	return gp->stack.hi;
}

/* Known for a G already; which thread a g0 is, here. */
static inline void fiber_switch(G *from, G *to)
{
	from->fiber = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(to->fiber, 0);
}

static inline void fiber_arrived(void)
{
}

/* Switched back once fn has returned and left the list of functions that it is on. */
static inline void fiber_systemstack(void (*fn)(void *), void *arg)
{
	G *gp = getg(), *g0 = gp->m->g0;

	if (gp != g0)
		fiber_switch(gp, g0);
	systemstack(fn, arg);
	if (gp != g0)
		fiber_switch(g0, gp);
}

static inline int32_t fiber_asmcgocall(int32_t (*fn)(void *), void *arg)
{
	G *gp = getg(), *g0 = gp->m->g0;
	int32_t r;

	fiber_switch(gp, g0);
	r = asmcgocall(fn, arg);
	fiber_switch(g0, gp);
	return r;
}

static inline void fiber_asmcgocallback(void (*fn)(void *), void *arg)
{
	G *g0 = getg(), *gp = g0->m->curg;

	fiber_switch(g0, gp);
	asmcgocallback(fn, arg);
	fiber_switch(gp, g0);
}

static inline void fiber_forget(void)
{
	__tsan_func_exit(NULL); /* the argument is what gcc declares; nobody looks at it */
}

#endif
