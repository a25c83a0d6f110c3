/* SPDX-License-Identifier: MIT */
/*
 * In the middle of gogo and of mstart, where the frame pointer matters to none but a profiler that
 * comes then. Both are given an address that nothing is at, and end there with SIGSEGV: its handler
 * sees the registers.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "arch_tests.h"
#include "context.h"

/* valgrind has its own word for an address that nothing is at. */
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

static char signal_stack[STACK_SIZE];
static sigjmp_buf out;
static void *nothing;
static uintptr_t caller;    /* the frame pointer of who called gogo or mstart */
static uintptr_t fp, sp;    /* where that ended, … */
static uintptr_t record[2]; /* … and what fp led to */

static void stopped(int sig, siginfo_t *info, void *uc)
{
	(void)sig, (void)info;
	fp = context_fp(uc);
	sp = context_sp(uc);
	if (sp != (uintptr_t)nothing)
		memcpy(record, (void *)fp, sizeof record);
	siglongjmp(out, 1);
}

static void stop_where_nothing_is(void)
{
	struct sigaction sa = {.sa_sigaction = stopped, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	sigaltstack(&(stack_t){.ss_sp = signal_stack, .ss_size = sizeof signal_stack}, NULL);
	CHECK(sigaction(SIGSEGV, &sa, NULL) == 0);
}

static __attribute__((noinline)) void gogo_nowhere(void)
{
	caller = (uintptr_t)__builtin_frame_address(0);
	gogo(NULL);
}

static void start_in_gogo(void)
{
	stop_where_nothing_is();
	if (sigsetjmp(out, 1) == 0)
		gogo_nowhere();
	CHECK(fp == sp && fp % 16 == 0 && on_stack((void *)fp, g0_stack));
	CHECK(record[0] == caller && called_from(record, gogo_nowhere));
	_exit(0);
}

void test_gogo_has_a_record_meanwhile(void)
{
	if (!RUNNING_ON_VALGRIND)
		start_m0(start_in_gogo);
	_exit(0);
}

static __attribute__((noinline)) void mstart_nowhere(void)
{
	caller = (uintptr_t)__builtin_frame_address(0);
	mstart(NULL);
}

/* What g0 has of the thread's SP is wrong when mstart1 returns: nobody can pop anything there. */
static void lose_thread(void)
{
	nothing = mmap(NULL, STACK_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*(void **)g0.sched.sp = nothing;
}

void test_mstart_has_a_record_before_and_after(void)
{
	if (RUNNING_ON_VALGRIND)
		_exit(0);
	stop_where_nothing_is();
	if (sigsetjmp(out, 1) == 0)
		mstart_nowhere();
	CHECK(record[0] == caller && called_from(record, mstart_nowhere));
	const uintptr_t above = fp - sp;
	if (sigsetjmp(out, 1) == 0)
		start_m0(lose_thread);
	CHECK(sp == (uintptr_t)nothing && fp - sp == above);
	_exit(0);
}
