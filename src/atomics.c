/* SPDX-License-Identifier: MIT */
/*
 * atomics.c - for the thread sanitizer alone: preemption at a program's atomic operations.
 *
 * With that sanitizer each of them is a call into its library, where nobody is preempted. A G that
 * spins on one spends nearly all of its time in there, so a signal would almost never find it
 * outside. So the functions that the program calls are here, where the linker finds them first:
 * they call the library, and then look whether the G is to be preempted, as the signal handler
 * would. Where the library is linked into the program (clang), its own functions are taken.
 */
#define _GNU_SOURCE
#include "runtime.h"

#ifdef FIBER_TSAN_H
#include <dlfcn.h>

#include "os.h"

/* The library's own. Found more than once if several Ms come here at once, which is no harm. */
LOOKS static NOINLINE void *library(void **f, const char *name)
{
	if (*f == NULL)
		*f = dlsym(RTLD_NEXT, name);
	return *f;
}

/* The program's code goes on at pc, with its stack down to sp. */
static void look(void *pc, void *sp)
{
	if (asyncsafepoint((uintptr_t)pc, (uintptr_t)sp) && osunmasked())
		gopreempt();
}

#define OPERATION(type, f, name, params, args, keep, give)                                         \
	__attribute__((weak)) type f params __asm__(name);                                         \
	type f params                                                                              \
	{                                                                                          \
		static void *real;                                                                 \
		keep((__typeof__(&f))library(&real, name)) args;                                   \
		look(__builtin_return_address(0), __builtin_frame_address(0));                     \
		give;                                                                              \
	}
/* p, v and w: where, what, and what was there. mo and mo2: the memory orders. */
#define LOAD(T, n)                                                                                 \
	OPERATION(T, load##n, "__tsan_atomic" #n "_load", (const volatile T *p, int mo), (p, mo),  \
		T r =, return r)
#define STORE(T, n)                                                                                \
	OPERATION(void, store##n, "__tsan_atomic" #n "_store", (volatile T * p, T v, int mo),      \
		(p, v, mo), , )
#define CHANGE(T, n, how)                                                                          \
	OPERATION(T, how##n, "__tsan_atomic" #n "_" #how, (volatile T * p, T v, int mo),           \
		(p, v, mo), T r =, return r)
#define COMPARE(T, n, how)                                                                         \
	OPERATION(int, how##n, "__tsan_atomic" #n "_compare_exchange_" #how,                       \
		(volatile T * p, T * w, T v, int mo, int mo2), (p, w, v, mo, mo2), int r =,        \
		return r)
#define ALL(T, n)                                                                                  \
	LOAD(T, n)                                                                                 \
	STORE(T, n)                                                                                \
	CHANGE(T, n, exchange)                                                                     \
	CHANGE(T, n, fetch_add)                                                                    \
	CHANGE(T, n, fetch_sub)                                                                    \
	CHANGE(T, n, fetch_and)                                                                    \
	CHANGE(T, n, fetch_or)                                                                     \
	CHANGE(T, n, fetch_xor)                                                                    \
	COMPARE(T, n, strong)                                                                      \
	COMPARE(T, n, weak)

ALL(uint8_t, 8)
ALL(uint16_t, 16)
ALL(uint32_t, 32)
ALL(uint64_t, 64)
#endif
