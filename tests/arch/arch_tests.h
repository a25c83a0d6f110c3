/* SPDX-License-Identifier: MIT */
/* What the files of tests/arch share; main.c has it. */
#ifndef ARCH_TESTS_H
#define ARCH_TESTS_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "contract.h"
#include "sentinels.h"

#define CHECK(cond)                                                                                \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			dprintf(1, "# %s:%d: %s\n", __FILE__, __LINE__, #cond);                    \
			_exit(1);                                                                  \
		}                                                                                  \
	} while (0)

enum { STACK_SIZE = 65536 };
extern char g0_stack[STACK_SIZE], g_stack[STACK_SIZE];
extern struct G g0, g1;
extern int called;        /* counts what a test wants counted */
extern int expected_trap; /* 1 badmcall, 2 badmcall2 */

static inline bool on_stack(const void *p, const char *stack)
{
	return (const char *)p >= stack && (const char *)p < stack + STACK_SIZE;
}

/* For who gives it what alloca has: SP is not FP there, as it is in most functions on arm64. */
static inline void part_sp_from_fp(void *room)
{
	__asm__ volatile("" ::"r"(room) : "memory");
}

void start_m0(void (*fn)(void));              /* call fn on g0 */
void start_g1(void (*fn)(void *), void *arg); /* on g0: run g1 */
/*
 * On g0: go on where gp->sched says, by gogo, with something else in every callee-saved register
 * than any test has there.
 */
void resume(struct G *gp);
bool called_from(const uintptr_t *record, const void *function);
void on_g0(struct G *gp); /* for mcall: look at what it did, go back */

/* same_g.c */
void test_systemstack_comes_back_with_all_registers(void);
void test_systemstack_on_g0_only_calls(void);
void test_mcall_under_systemstack_is_trapped(void);
void test_c_is_called_and_calls_back(void);

/* between.c */
void test_gogo_has_a_record_meanwhile(void);
void test_mstart_has_a_record_before_and_after(void);

#endif
