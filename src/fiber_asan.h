/* SPDX-License-Identifier: MIT */
/*
 * fiber_asan.h - fiber.h and fiber.c for the address sanitizer. A new G must confirm its arrival
 * before its function runs, so it starts in fiber_start, which finds the real function and argument
 * at the top of the stack.
 *
 * NULL where the tool has a place for a fake stack: there is none, as the Makefile has
 * asan-use-after-return=0.
 */
#ifndef FIBER_ASAN_H
#define FIBER_ASAN_H

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

enum { STACK_SIZE = 256 << 10, TOOL_THREADS = 0 };

static inline int64_t fiber_nap(int64_t ns)
{
	return ns;
}

static INLINE void fiber_switch(G *from, G *to)
{
	(void)from;
	__sanitizer_start_switch_fiber(NULL, (void *)to->stack.lo, to->stack.hi - to->stack.lo);
}

static INLINE void fiber_arrived(void)
{
	__sanitizer_finish_switch_fiber(NULL, NULL, NULL);
}

struct fiber_entry {
	void (*fn)(void *);
	void *arg;
};

static inline void fiber_start(void *entry)
{
	struct fiber_entry *e = entry;

	fiber_arrived();
	e->fn(e->arg);
}

static inline uintptr_t fiber_new(G *gp)
{
	struct fiber_entry *e = (struct fiber_entry *)gp->stack.hi - 1;

	__asan_unpoison_memory_region((void *)gp->stack.lo, gp->stack.hi - gp->stack.lo);
	e->fn = gp->startfn;
	e->arg = gp->startarg;
	gp->startfn = fiber_start;
	gp->startarg = e;
	return (uintptr_t)e;
}

#endif
