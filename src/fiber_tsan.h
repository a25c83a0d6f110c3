/* SPDX-License-Identifier: MIT */
/*
 * fiber_tsan.h - fiber.h and fiber.c for the thread sanitizer. gp->fiber is what it knows gp's
 * stack as: for a G something made for it, for a g0 the thread itself. All that there is to say of
 * a switch is said by who leaves.
 */
#ifndef FIBER_TSAN_H
#define FIBER_TSAN_H

#include <sanitizer/tsan_interface.h>

enum { STACK_SIZE = 256 << 10, TOOL_THREADS = 1 };

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

/* Known for a G already; which thread a g0 is, here. */
static INLINE void fiber_switch(G *from, G *to)
{
	from->fiber = __tsan_get_current_fiber();
	__tsan_switch_to_fiber(to->fiber, 0);
}

static INLINE void fiber_arrived(void)
{
}

/* The one of the G that had this stack before has ended with it, somewhere amid its functions. */
static inline uintptr_t fiber_new(G *gp)
{
	if (gp->fiber != NULL)
		__tsan_destroy_fiber(gp->fiber);
	gp->fiber = __tsan_create_fiber(0);
	return gp->stack.hi;
}

#endif
