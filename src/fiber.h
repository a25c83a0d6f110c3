/* SPDX-License-Identifier: MIT */
/*
 * fiber.h - tells the sanitizers and valgrind which stack a thread is on, since they cannot see
 * mcall and gogo. In a normal build all of it is empty but for fiber_stack, a few instructions
 * that only valgrind understands.
 *
 * A switch is announced on the stack that is left (fiber_switch) and, where the tool wants it,
 * confirmed on the one that is reached (fiber_arrived). This is the only file that asks which
 * sanitizer is on.
 */
#ifndef FIBER_H
#define FIBER_H

#include "runtime.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include "fiber_asan.h"
#elif defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#include "fiber_tsan.h"
#else

/* ANNOUNCED: whether anybody is told of a switch. TOOL_THREADS: how many threads it has itself. */
enum { STACK_SIZE = 64 << 10, ANNOUNCED = 0, TOOL_THREADS = 0 };

/* How many of ns nanoseconds (-1: no limit) an M may sleep in one system call. */
static inline int64_t fiber_nap(int64_t ns)
{
	return ns;
}

/* On the thread's own stack, just before mstart(g0). */
static inline void fiber_thread(G *g0)
{
	(void)g0;
}

/* gp is about to run its function from the beginning. Returns the SP to begin with. */
static inline uintptr_t fiber_new(G *gp)
{
	return gp->stack.hi;
}

/* The next thing done is to leave from's stack for to's. */
static inline void fiber_switch(G *from, G *to)
{
	(void)from, (void)to;
}

/* The first thing done on a G's stack, or g0's, after a switch. */
static inline void fiber_arrived(void)
{
}

/* systemstack (arch.h), announced. */
static inline void fiber_systemstack(void (*fn)(void *), void *arg)
{
	systemstack(fn, arg);
}

/* asmcgocall and asmcgocallback (arch.h), announced. */
static inline int32_t fiber_asmcgocall(int32_t (*fn)(void *), void *arg)
{
	return asmcgocall(fn, arg);
}

static inline void fiber_asmcgocallback(void (*fn)(void *), void *arg)
{
	asmcgocallback(fn, arg);
}

/* The function that says this, on g0, will not return: its last act is a call or a switch. */
static inline void fiber_forget(void)
{
}

#endif

/* mcall (arch.h), announced. */
static INLINE void fiber_mcall(void (*fn)(G *gp))
{
	if (ANNOUNCED) {
		G *gp = getg();
		fiber_switch(gp, gp->m->g0);
	}
	mcall(fn);
}

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define VALGRIND_STACK_REGISTER(lo, hi) 0
#define VALGRIND_MAKE_MEM_DEFINED(p, n) 0
#endif

/* A signal handler is about to write to the n bytes below a G's SP, which will be its stack. */
static inline void fiber_inject(uintptr_t sp, size_t n)
{
	(void)n, (void)sp, (void)VALGRIND_MAKE_MEM_DEFINED(sp - n, n);
}

/* A stack has been made; it is never given back. */
static inline void fiber_stack(struct stack s)
{
	(void)s, (void)VALGRIND_STACK_REGISTER(s.lo, s.hi);
}

#endif
