/* SPDX-License-Identifier: MIT */
/* What a handler is told of a fault by this CPU; and instructions that trap. */
#ifndef TESTS_CALLS_SIGNALS_H
#define TESTS_CALLS_SIGNALS_H

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
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

/* ---- x87 and vectors: as a program begins, and in and after handlers ---- */

static _Alignas(16) uint8_t saved[512];

static inline void show_floats(const char *when, const uint8_t *saved_at)
{
	uint16_t control, status;
	uint32_t mxcsr;
	uint64_t first, vector;
	memcpy(&control, saved_at, sizeof control);
	memcpy(&status, saved_at + 2, sizeof status);
	memcpy(&mxcsr, saved_at + 24, sizeof mxcsr);
	memcpy(&first, saved_at + 32, sizeof first);
	memcpy(&vector, saved_at + 160 + 16 * 7, sizeof vector);
	printf("%s: %x %x %x, %x, %llx, %llx\n", when, control, status, saved_at[4], mxcsr,
		(unsigned long long)first, (unsigned long long)vector);
}

static int returns_nothing;
/* What only a kernel sets, the mode for 16-bit programs among it; and carry. */
static const long flags_of_others = 0x3b3000;
enum { CARRY = 1 };

static inline void shows_floats(int number, siginfo_t *info, void *context)
{
	__asm__ volatile("fxsave %0" : "=m"(saved));
	(void)number, (void)info;
	mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
	show_floats("in a handler", saved);
	show_floats("of the program", (uint8_t *)m->fpregs);
	m->fpregs->cwd |= 0x400;
	m->gregs[REG_EFL] |= flags_of_others | CARRY;
	if (returns_nothing)
		m->fpregs = NULL;
}

static inline void floats(void)
{
	struct sigaction a = {.sa_sigaction = shows_floats, .sa_flags = SA_SIGINFO};
	const uint16_t control = 0x27f;
	const uint32_t mxcsr = 0x3f80, usual = 0x1f80;
	uint16_t first = 0;
	unsigned long flags;
	sigaction(SIGTRAP, &a, NULL);
	__asm__ volatile("fnstcw %0" : "=m"(first));
	printf("x87 begins with %x\n", first);
	for (returns_nothing = 0; returns_nothing < 2; returns_nothing++) {
		__asm__ volatile(
			"fninit; fldcw %2; ldmxcsr %3; fld1; fldpi; movq %5, %%xmm7; test %5, %5;"
			"int3; pushfq; popq %1; fxsave %0; fninit; ldmxcsr %4"
			: "=m"(saved), "=r"(flags)
			: "m"(control), "m"(mxcsr), "m"(usual), "r"(0x1234L)
			: "xmm7", "memory");
		show_floats("after it", saved);
		printf("flags of others %lx, carry %lx\n", flags & (unsigned long)flags_of_others,
			flags & CARRY);
	}
}

#endif
