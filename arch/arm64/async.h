/* SPDX-License-Identifier: MIT */
/*
 * arm64: the call of asyncPreempt that a signal handler puts between two instructions of a G. Read
 * by async_preempt.S as well. C needs _GNU_SOURCE and <ucontext.h>.
 */
#ifndef ARCH_ASYNC_H
#define ARCH_ASYNC_H

/* For pc and x30. Nobody keeps anything below SP here, and SP is a multiple of 16. */
#define ASYNC_PC 16
/* The frame: x29 and pc, x0 to x28 and nzcv, fpcr and fpsr, q0 to q31. */
#define ASYNC_FRAME (16 + 240 + 16 + 512)

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the call takes of the G's stack. */
enum { ASYNC_ROOM = ASYNC_PC + ASYNC_FRAME };

/* Once, at start: all these CPUs have the same to save. */
static inline bool asyncinit(bool (*patch)(uintptr_t at, const void *code, size_t n))
{
	(void)patch;
	return true;
}

/*
 * What a handler has interrupted will find itself at the start of fn, called from where it was. SP
 * and pc change in one instruction, and nothing else: with less than all that changes the handler's
 * callers would not be true.
 */
__attribute__((no_sanitize("address", "thread"))) static inline void context_call(
	ucontext_t *uc, void (*fn)(void))
{
	mcontext_t *mc = &uc->uc_mcontext;
	uint64_t sp = mc->sp - ASYNC_PC;

	_Static_assert(offsetof(mcontext_t, pc) == offsetof(mcontext_t, sp) + sizeof mc->sp,
		"one store has both");
	*(uint64_t *)sp = mc->pc;
	__asm__ volatile("stp %1, %2, [%0]" : : "r"(&mc->sp), "r"(sp), "r"(fn) : "memory");
}
#endif

#endif
