/* SPDX-License-Identifier: MIT */
/*
 * fiber_asan.h - fiber.h for the address sanitizer. A new G must confirm its arrival before its
 * function runs, so it starts in fiber_start, which finds the real function and argument at the top
 * of the stack.
 *
 * NULL where the tool has a place for a fake stack: there is none, as the Makefile has
 * asan-use-after-return=0.
 */
#ifndef FIBER_ASAN_H
#define FIBER_ASAN_H

#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>

enum { STACK_SIZE = 256 << 10, ANNOUNCED = 1, TOOL_THREADS = 0 };

static inline int64_t fiber_nap(int64_t ns)
{
	return ns;
}

struct fiber_entry {
	void (*fn)(void *);
	void *arg;
};

/* What runs on a g0 never returns, and so leaves the tool's marks between its variables behind. */
static inline void fiber_switch(G *from, G *to)
{
	if (from == from->m->g0)
		__asan_handle_no_return();
	__sanitizer_start_switch_fiber(NULL, (void *)to->stack.lo, to->stack.hi - to->stack.lo);
}

static inline void fiber_arrived(void)
{
	__sanitizer_finish_switch_fiber(NULL, NULL, NULL);
}

static inline void fiber_thread(G *g0)
{
	__sanitizer_start_switch_fiber(NULL, (void *)g0->stack.lo, g0->stack.hi - g0->stack.lo);
}

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

/* A call of systemstack; the switch back is announced on g0, where it begins. */
struct fiber_call {
	void (*fn)(void *);
	void *arg;
	G *gp;
};

static inline void fiber_call(void *call)
{
	struct fiber_call *c = call;
	fiber_arrived();
	c->fn(c->arg);
	fiber_switch(getg(), c->gp);
}

static inline void fiber_systemstack(void (*fn)(void *), void *arg)
{
	G *gp = getg();
	struct fiber_call c = {fn, arg, gp};

	if (gp == gp->m->g0) {
		systemstack(fn, arg);
		return;
	}
	fiber_switch(gp, gp->m->g0);
	systemstack(fiber_call, &c);
	fiber_arrived();
}

struct fiber_ccall {
	int32_t (*fn)(void *);
	void *arg;
	G *gp;
};

static inline int32_t fiber_ccall(void *call)
{
	struct fiber_ccall *c = call;
	int32_t r;

	fiber_arrived();
	r = c->fn(c->arg);
	fiber_switch(getg(), c->gp);
	return r;
}

static inline int32_t fiber_asmcgocall(int32_t (*fn)(void *), void *arg)
{
	G *gp = getg();
	struct fiber_ccall c = {fn, arg, gp};
	int32_t r;

	fiber_switch(gp, gp->m->g0);
	r = asmcgocall(fiber_ccall, &c);
	fiber_arrived();
	return r;
}

/* fiber_call goes back to what it is told, here g0. */
static inline void fiber_asmcgocallback(void (*fn)(void *), void *arg)
{
	G *g0 = getg();
	struct fiber_call c = {fn, arg, g0};

	fiber_switch(g0, g0->m->curg);
	asmcgocallback(fiber_call, &c);
	fiber_arrived();
}

static inline void fiber_forget(void)
{
}

#endif
