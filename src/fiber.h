/* SPDX-License-Identifier: MIT */
/*
 * fiber.h - tells the sanitizers and valgrind which stack a thread is on, since they cannot see the
 * routines of arch.h change it. With a sanitizer, a call of one of those is a call of fiber.c's
 * instead, which announces it: hence included by runtime.h, for nobody to forget. Without, all of
 * this is empty but for fiber_stack, a few instructions that only valgrind understands.
 *
 * This is the only file that asks which sanitizer is on.
 */
#ifndef FIBER_H
#define FIBER_H

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define ANNOUNCED
#include "fiber_asan.h"
#elif defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
#define ANNOUNCED
#include "fiber_tsan.h"
#else

/* TOOL_THREADS: how many threads the tool has itself. */
enum { STACK_SIZE = 64 << 10, TOOL_THREADS = 0 };

/* How many of ns nanoseconds (-1: no limit) an M may sleep in one system call. */
static inline int64_t fiber_nap(int64_t ns)
{
	return ns;
}

/*
 * gp is about to run its function from the beginning. Returns the SP to begin with. Not left to
 * the first gogo: who calls this is whom the thread sanitizer's reports name as gp's creator.
 */
static inline uintptr_t fiber_new(G *gp)
{
	return gp->stack.hi;
}

#endif

/* fiber.c */
#ifdef ANNOUNCED
void fiber_mcall(void (*fn)(G *gp));
void fiber_gogo(struct gobuf *buf);
void fiber_systemstack(void (*fn)(void *arg), void *arg);
int32_t fiber_asmcgocall(int32_t (*fn)(void *arg), void *arg);
void fiber_asmcgocallback(void (*fn)(void *arg), void *arg);
void fiber_mstart(G *g0);
#define mcall(fn) fiber_mcall(fn)
#define gogo(buf) fiber_gogo(buf)
#define systemstack(fn, arg) fiber_systemstack(fn, arg)
#define asmcgocall(fn, arg) fiber_asmcgocall(fn, arg)
#define asmcgocallback(fn, arg) fiber_asmcgocallback(fn, arg)
#define mstart(g0) fiber_mstart(g0)
#endif

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
