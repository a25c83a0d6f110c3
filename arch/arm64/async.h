/* SPDX-License-Identifier: MIT */
/*
 * arm64: the call of asyncPreempt that a signal handler puts between two instructions of a G. Read
 * by async_preempt.S as well. C needs _GNU_SOURCE and <ucontext.h>.
 */
#ifndef ARCH_ASYNC_H
#define ARCH_ASYNC_H

/* For the x30 that was. Nobody keeps anything below SP here, and SP is a multiple of 16. */
#define ASYNC_X30 16
/* The frame: x29 and pc, x0 to x28 and nzcv, fpcr and fpsr, q0 to q31. */
#define ASYNC_FRAME (16 + 240 + 16 + 512)

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>

/* What the call takes of the G's stack. */
enum { ASYNC_ROOM = ASYNC_X30 + ASYNC_FRAME };

/* Once, at start: all these CPUs have the same to save. */
static inline bool asyncinit(bool (*patch)(uintptr_t at, const void *code, size_t n))
{
	(void)patch;
	return true;
}

/* What a handler has interrupted will find itself at the start of fn, called from where it was. */
__attribute__((no_sanitize("address", "thread"))) static inline void context_call(
	ucontext_t *uc, void (*fn)(void))
{
	uc->uc_mcontext.sp -= ASYNC_X30;
	*(uint64_t *)uc->uc_mcontext.sp = uc->uc_mcontext.regs[30];
	uc->uc_mcontext.regs[30] = uc->uc_mcontext.pc;
	uc->uc_mcontext.pc = (uintptr_t)fn;
}
#endif

#endif
