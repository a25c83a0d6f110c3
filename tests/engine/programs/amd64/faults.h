/* SPDX-License-Identifier: MIT */
/* amd64: the instructions of faults.c; the path chooses, arm64/faults.h is the twin. */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include "../faulty.h"

static inline struct registers registers_of(const ucontext_t *context)
{
	const greg_t *r = context->uc_mcontext.gregs;
	return (struct registers){(uintptr_t)r[REG_RIP], (uintptr_t)r[REG_RSP]};
}

/* ---- stores ---- */

static void word(char *at)
{
	*(volatile uint64_t *)at = 0;
}

static void vector(char *at)
{
	__asm__ volatile("xorps %%xmm0, %%xmm0; movups %%xmm0, (%0)"
			 :
			 : "r"(at)
			 : "xmm0", "memory");
}

static void both(char *at)
{
	__asm__ volatile("lock addq $1, (%0)" : : "r"(at) : "memory");
}

static void many(char *at)
{
	__asm__ volatile("fxsave64 (%0)" : : "r"(at) : "memory");
}

static void push(char *at)
{
	__asm__ volatile("mov %%rsp, %%rbx; mov %0, %%rsp; push $0; mov %%rbx, %%rsp"
			 :
			 : "r"(at)
			 : "rbx", "memory");
}

static const struct store stores[] = {
	{"a word", word, -8, 0},
	{"a word over the end", word, 3, 0},
	{"a vector over the end", vector, 6, 0},
	{"another word over the end", both, 4, 0},
	{"many words over the end", many, 256, 0},
	{"a word on the stack", push, -16, 1},
	{"a word on the stack, over the end", push, -4, 1},
};

/* ---- leaps ---- */

#define NOWHERE 0x800000000000

/* With SP there; one that is called or pushed is taken off again by nobody. */
#define AT(code) __asm__ volatile("mov %1, %%rsp; " code : : "r"(to), "r"(sp) : "memory")

static void jump(uintptr_t to, uintptr_t *sp)
{
	AT("jmp *%0");
}

static void jump_by_word(uintptr_t to, uintptr_t *sp)
{
	AT("jmp *(%%rsp)");
}

static void call(uintptr_t to, uintptr_t *sp)
{
	AT("call *%0");
}

static void call_by_word(uintptr_t to, uintptr_t *sp)
{
	AT("call *(%%rsp)");
}

static void ret(uintptr_t to, uintptr_t *sp)
{
	AT("ret");
}

static void ret_n(uintptr_t to, uintptr_t *sp)
{
	AT("ret $32");
}

static void ret_bnd(uintptr_t to, uintptr_t *sp)
{
	AT(".byte 0xf2; ret");
}

static const struct leap leaps[] = {{"jmp", jump}, {"jmp by a word", jump_by_word}, {"call", call},
	{"call by a word", call_by_word}, {"ret", ret}, {"ret $32", ret_n}, {"bnd ret", ret_bnd}};
static const size_t nleaps = sizeof leaps / sizeof *leaps;

/* ---- refusals ---- */

/* Stepped by itself: what fails has no end at which to trap. */
#define STEPPED "pushfq; orl $0x100, (%%rsp); popfq; "

static void stepped(void)
{
	__asm__ volatile(STEPPED "movl $0, (%0)" : : "r"(8L) : "memory");
}

static void stepped_in_pieces(void)
{
	__asm__ volatile(STEPPED "fnstenv (%0)" : : "r"(8L) : "memory");
}

static void stepped_vector(void)
{
	__asm__ volatile("fldz; " STEPPED "fstpt (%0)" : : "r"(8L) : "memory");
}

/* To the mode for 16-bit programs, as the flags have it. */
static void iret(void)
{
	static const uint32_t to[16] = {0, 0x2000, 0x20202, 0xfff0, 0x2000};
	__asm__ volatile("mov %0, %%rsp; .byte 0xcf" : : "r"(to) : "memory");
}

static void iret_by_nowhere(void)
{
	__asm__ volatile("mov %0, %%rsp; .byte 0xcf" : : "r"(0x800000000000) : "memory");
}

static void far_return(void)
{
	static const uint16_t to[8] = {0, 0x2000};
	__asm__ volatile("mov %0, %%rsp; .byte 0x66, 0xcb" : : "r"(to) : "memory");
}

static void counts(void)
{
	__asm__ volatile("rdpmc" : : : "rax", "rdx");
}

static void leaves(void)
{
	__asm__ volatile("sysretq");
}

static void leaves_otherwise(void)
{
	__asm__ volatile("sysexitl");
}

static const struct refusal refusals[] = {{"a store, stepped", stepped},
	{"fnstenv, stepped", stepped_in_pieces}, {"fstpt, stepped", stepped_vector}, {"iret", iret},
	{"iret by nowhere", iret_by_nowhere}, {"a far return of 16 bits", far_return},
	{"rdpmc", counts}, {"sysret", leaves}, {"sysexit", leaves_otherwise}};
static const size_t nrefusals = sizeof refusals / sizeof *refusals;

#endif
