/* SPDX-License-Identifier: MIT */
/* What a handler is told of a fault by this CPU; and instructions that trap. */
#ifndef TESTS_CALLS_SIGNALS_H
#define TESTS_CALLS_SIGNALS_H

#include <asm/sigcontext.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

/* Records of other kinds, and sizes, come before it. */
static inline void show_fault(const void *context)
{
	const mcontext_t *m = &((const ucontext_t *)context)->uc_mcontext;
	const unsigned char *at = m->__reserved;
	struct _aarch64_ctx head;
	struct esr_context esr = {.esr = 0};
	for (memcpy(&head, at, sizeof head); head.magic; memcpy(&head, at, sizeof head)) {
		if (head.magic == ESR_MAGIC)
			memcpy(&esr, at, sizeof esr);
		at += head.size;
	}
	printf("fault %llx, esr %llx\n", m->fault_address, esr.esr);
}

static inline void no_instruction(void)
{
	__asm__ volatile("udf #0");
}

static inline void breakpoint(void)
{
	__asm__ volatile("brk #1");
}

/* What only a kernel may execute. */
static inline void writes_register(void)
{
	__asm__ volatile("msr tpidr_el1, x0" : : : "memory");
}

static inline void forgets_line(void)
{
	__asm__ volatile("dc ivac, x0" : : : "memory");
}

static inline void returns(void)
{
	__asm__ volatile("eret" : : : "memory");
}

static inline void loads_between(void)
{
	static _Alignas(16) uint64_t words[2];
	__asm__ volatile("ldxr x0, [%0]" : : "r"((char *)words + 1) : "x0", "memory");
}

/* A handler has these as the program has them. */
static inline void floats(void)
{
}

static inline void jumps_between(void)
{
	__asm__ volatile("adr x0, . + 2; br x0" : : : "x0", "memory");
}

static void (*const refused[])(void) = {
	writes_register, forgets_line, returns, loads_between, jumps_between};

#endif
