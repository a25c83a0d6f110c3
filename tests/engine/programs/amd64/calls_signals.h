/* SPDX-License-Identifier: MIT */
/* What a handler is told of a fault by this CPU; and instructions that trap. */
#ifndef TESTS_CALLS_SIGNALS_H
#define TESTS_CALLS_SIGNALS_H

#include <stdio.h>
#include <ucontext.h>

static inline void show_fault(const void *context)
{
	const greg_t *r = ((const ucontext_t *)context)->uc_mcontext.gregs;
	printf("trap %lld, error %llx, cr2 %llx\n", r[REG_TRAPNO], r[REG_ERR], r[REG_CR2]);
}

static inline void no_instruction(void)
{
	__asm__ volatile("ud2");
}

static inline void breakpoint(void)
{
	__asm__ volatile("int3");
}

#endif
