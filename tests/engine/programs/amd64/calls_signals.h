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

static inline void divides(void)
{
	__asm__ volatile("xor %%ecx, %%ecx; idiv %%ecx" : : : "rax", "rcx", "rdx", "cc");
}

/* What only a kernel may execute; and a fault twice, as a CPU has its own ideas of two in a row. */
static inline void halts(void)
{
	__asm__ volatile("hlt" : : : "rax", "rdx", "memory");
}

static inline void holds_interrupts(void)
{
	__asm__ volatile("cli" : : : "rax", "rdx", "memory");
}

static inline void reads_cr3(void)
{
	__asm__ volatile("mov %%cr3, %%rax" : : : "rax", "rdx", "memory");
}

static inline void reads_msr(void)
{
	__asm__ volatile("rdmsr" : : : "rax", "rdx", "memory");
}

static inline void swaps(void)
{
	__asm__ volatile("swapgs" : : : "rax", "rdx", "memory");
}

static void (*const refused[])(void) = {
	divides, divides, halts, divides, holds_interrupts, reads_cr3, reads_msr, swaps};

#endif
