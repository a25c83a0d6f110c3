/* SPDX-License-Identifier: MIT */
/*
 * amd64: the call of asyncPreempt that a signal handler puts between two instructions of a G. Read
 * by async_preempt.S as well. C needs _GNU_SOURCE and <ucontext.h>.
 */
#ifndef ARCH_ASYNC_H
#define ARCH_ASYNC_H

/* Below SP, C functions that call nobody keep what they like in so many bytes. */
#define ASYNC_REDZONE 128
/* The state of x87, SSE, AVX and AVX-512, as bits of XCR0, and the bytes that xsave needs. */
#define ASYNC_STATE 0xe7
#define ASYNC_XSAVE 2688

#ifndef __ASSEMBLER__
#include <cpuid.h>
#include <stdbool.h>
#include <stdint.h>

/* What the call takes of the G's stack: pc, rbp, flags, 14 registers; up to 63 to align. */
enum { ASYNC_ROOM = ASYNC_REDZONE + 17 * 8 + 63 + ASYNC_XSAVE };

/* What xsave is to save; 0: this CPU has only fxsave. In async_preempt.S, as what follows. */
extern uint32_t async_state;
/* Instructions of asyncPreempt: xsave64 (%rsp), vzeroupper, xrstor64 (%rsp). */
extern const char async_save[], async_upper[], async_restore[];

/*
 * Where a CPU lacks these instructions, others of the same length stand in their places. So
 * asyncPreempt takes the same steps on each CPU, and a schedule leads to the same place.
 */
static inline bool asyncfit(bool (*patch)(uintptr_t at, const void *code, size_t n))
{
	static const char fxsave[] = {0x48, 0x0f, (char)0xae, 0x04, 0x24}; /* (%rsp) */
	static const char fxrstor[] = {0x48, 0x0f, (char)0xae, 0x0c, 0x24};
	static const char nop[] = {0x0f, 0x1f, 0x00};

	if (async_state == 0 && (!patch((uintptr_t)async_save, fxsave, sizeof fxsave) ||
					!patch((uintptr_t)async_restore, fxrstor, sizeof fxrstor)))
		return false;
	return async_state & 4 || patch((uintptr_t)async_upper, nop, sizeof nop);
}

/*
 * Once, at start; patch writes code. False: it cannot, or this CPU has more to save than there is
 * room for.
 */
static inline bool asyncinit(bool (*patch)(uintptr_t at, const void *code, size_t n))
{
	uint32_t eax, ebx, ecx, edx, xcr0, size, offset;

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || (ecx & bit_OSXSAVE) == 0)
		return asyncfit(patch);
	__asm__ volatile("xgetbv" : "=a"(xcr0), "=d"(edx) : "c"(0));
	async_state = xcr0 & ASYNC_STATE;
	for (uint32_t i = 2; i < 8; i++) {
		if ((async_state >> i & 1) == 0)
			continue;
		__cpuid_count(13, i, size, offset, ecx, edx);
		if (offset + size > ASYNC_XSAVE)
			return false;
	}
	return asyncfit(patch);
}

/*
 * What a handler has interrupted will find itself at the start of fn, called from where it was. SP
 * and pc change in one instruction: with one of them the handler's callers would not be true.
 */
__attribute__((no_sanitize("address", "thread"))) static inline void context_call(
	ucontext_t *uc, void (*fn)(void))
{
	greg_t *reg = uc->uc_mcontext.gregs;
	greg_t sp = reg[REG_RSP] - ASYNC_REDZONE - 8;

	_Static_assert(REG_RIP == REG_RSP + 1, "one store has both");
	*(greg_t *)sp = reg[REG_RIP];
	__asm__ volatile("movq %1, %%xmm0\n\t"
			 "movq %2, %%xmm1\n\t"
			 "punpcklqdq %%xmm1, %%xmm0\n\t"
			 "movups %%xmm0, (%0)"
			 :
			 : "r"(&reg[REG_RSP]), "r"(sp), "r"(fn)
			 : "xmm0", "xmm1", "memory");
}
#endif

#endif
