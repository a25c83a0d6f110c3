/* SPDX-License-Identifier: MIT */
/* arm64: the instructions of faults.c; the path chooses, amd64/faults.h is the twin. */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include "../faulty.h"

static inline struct registers registers_of(const ucontext_t *context)
{
	return (struct registers){context->uc_mcontext.pc, context->uc_mcontext.sp};
}

/* ---- stores ---- */

static void word(char *at)
{
	*(volatile uint64_t *)at = 0;
}

static void vector(char *at)
{
	__asm__ volatile("movi v0.2d, #0; str q0, [%0]" : : "r"(at) : "v0", "memory");
}

static void both(char *at)
{
	__asm__ volatile("stp xzr, xzr, [%0]" : : "r"(at) : "memory");
}

static void many(char *at)
{
	__asm__ volatile("movi v0.2d, #0; mov v1.16b, v0.16b; mov v2.16b, v0.16b\n"
			 "mov v3.16b, v0.16b; st1 {v0.2d-v3.2d}, [%0]"
			 :
			 : "r"(at)
			 : "v0", "v1", "v2", "v3", "memory");
}

static void push(char *at)
{
	__asm__ volatile("mov x9, sp; mov sp, %0; str xzr, [sp, #-16]!; mov sp, x9"
			 :
			 : "r"(at)
			 : "x9", "memory");
}

static const struct store stores[] = {
	{"a word", word, -8, 0},
	{"a word over the end", word, 3, 0},
	{"a vector over the end", vector, 6, 0},
	{"another word over the end", both, 4, 0},
	{"many words over the end", many, 32, 0},
	{"a word on the stack", push, -16, 1},
};

/* ---- leaps ---- */

/* Here no instruction fails that leads to where no memory can be: what is there does. */
#define NOWHERE 0
static const struct leap *leaps;
static const size_t nleaps;

/* ---- refusals ---- */

static const struct refusal *refusals;
static const size_t nrefusals;

#endif
