/* SPDX-License-Identifier: MIT */
/* What leaves a G's stack and comes back to the same G on the same M: systemstack, asmcgocall. */
#include "arch_tests.h"
#include "c_fp.h"

/* sentinels_survive of what takes a function and an argument: both are fn. */
static int lost(void *call, void *fn, uintptr_t seed)
{
	return sentinels_survive(
		(void (*)(void (*)(struct G *)))call, (void (*)(struct G *))fn, seed);
}

/* ---- systemstack ---- */

static void on_systemstack(void *arg);

static void call_systemstack(void (*fn)(struct G *))
{
	(void)fn;
	part_sp_from_fp(__builtin_alloca(64));
	systemstack(on_systemstack, &called);
}

/* On g0, called by systemstack: the chain leads to the G's stack, under every policy. */
static void on_systemstack(void *arg)
{
	uintptr_t *record = __builtin_frame_address(0);
	uintptr_t *below = (uintptr_t *)g1.sched.sp - 2; /* systemstack's record */

	CHECK((arg == &called || arg == on_systemstack) && getg() == &g0);
	CHECK(on_stack(record, g0_stack) && (uintptr_t)record % 16 == 0);
	CHECK((uintptr_t *)record[0] == below && on_stack(below, g_stack));
	CHECK(g1.sched.pc == below[1] && g1.sched.bp == below[0]);
	CHECK(called_from(
		below, arg == &called ? (void *)call_systemstack : (void *)sentinels_survive));
	called++;
	lose_scratch();
}

static void g_systemstack(void *arg)
{
	const struct gobuf before = g0.sched;

	(void)arg;
	for (int i = 0; i < 1000; i++) {
		CHECK(lost(systemstack, on_systemstack, i) == 0);
		CHECK(lost(call_systemstack, NULL, i) == 0);
		CHECK(getg() == &g1);
	}
	CHECK(called == 2000);
	CHECK(memcmp(&before, &g0.sched, sizeof before) == 0);
}

static void start_systemstack(void)
{
	start_g1(g_systemstack, NULL);
}

void test_systemstack_comes_back_with_all_registers(void)
{
	start_m0(start_systemstack);
}

/* On g0 already: the function's caller is ours, not systemstack. */
static void nested(void *caller)
{
	uintptr_t *record = __builtin_frame_address(0);
	CHECK(getg() == &g0 && record[0] == (uintptr_t)caller);
	called++;
}

static void nests(void *arg)
{
	const struct gobuf before = g1.sched;

	(void)arg;
	systemstack(nested, __builtin_frame_address(0));
	CHECK(memcmp(&before, &g1.sched, sizeof before) == 0 && getg() == &g0);
}

static void g_nests(void *arg)
{
	(void)arg;
	systemstack(nests, NULL);
	CHECK(called == 1 && getg() == &g1);
}

static void start_nests(void)
{
	start_g1(g_nests, NULL);
}

void test_systemstack_on_g0_only_calls(void)
{
	start_m0(start_nests);
}

static void mcalls(void *arg)
{
	(void)arg;
	mcall(on_g0);
}

static void g_mcalls_on_g0(void *arg)
{
	(void)arg;
	systemstack(mcalls, NULL);
}

static void start_mcalls(void)
{
	expected_trap = 1;
	start_g1(g_mcalls_on_g0, NULL);
}

void test_mcall_under_systemstack_is_trapped(void)
{
	start_m0(start_mcalls);
}

/* ---- asmcgocall and asmcgocallback ---- */

static uintptr_t c_frame;

/* On g0, called by mcall out of a callback: below the C function that called back. */
static void below_c(struct G *gp)
{
	uintptr_t record = (uintptr_t)__builtin_frame_address(0);

	CHECK(getg() == &g0 && on_stack((void *)record, g0_stack) && record < c_frame);
	called++;
	resume(gp);
}

static void called_back(void *arg);

static void call_back(void (*fn)(struct G *))
{
	(void)fn;
	asmcgocallback(called_back, &called);
}

/* On the G's stack, below asmcgocall's record; the chain leads to g0's, where C is. */
static void called_back(void *arg)
{
	uintptr_t *record = __builtin_frame_address(0);

	CHECK(arg == &called || arg == called_back);
	CHECK(getg() == &g1 && on_stack(record, g_stack));
	CHECK((uintptr_t)record < g1.sched.sp && (uintptr_t)record % 16 == 0);
	CHECK(on_stack((void *)record[0], g0_stack) && record[0] < c_frame);
	CHECK(called_from(
		(void *)record[0], arg == &called ? (void *)call_back : (void *)sentinels_survive));
	CHECK(g0.sched.sp <= record[0] && g0.sched.sp % 16 == 0);
	for (int i = 0; i < 2; i++)
		mcall(below_c);
	CHECK(getg() == &g1);
	lose_scratch();
}

static int32_t in_c(void *arg);

static void call_c(void (*fn)(struct G *))
{
	(void)fn;
	CHECK(asmcgocall(in_c, &called) == -42);
}

static int32_t in_c(void *arg)
{
	const struct gobuf before = g0.sched;
	uintptr_t *record = __builtin_frame_address(0);

	c_frame = (uintptr_t)record;
	CHECK((arg == &called || arg == in_c) && getg() == &g0);
	CHECK(on_stack(record, g0_stack) && on_stack((void *)g1.sched.sp, g_stack));
	CHECK(g1.sched.bp == g1.sched.sp);
	CHECK(g1.sched.pc > (uintptr_t)asmcgocall && g1.sched.pc < (uintptr_t)asmcgocall + 512);
	CHECK(called_from(
		(void *)g1.sched.sp, arg == &called ? (void *)call_c : (void *)sentinels_survive));
	CHECK(record[0] == C_FP(&g1, &g0));
	CHECK(lost(asmcgocallback, called_back, 5) == 0 && lost(call_back, NULL, 6) == 0);
	CHECK(memcmp(&before, &g0.sched, sizeof before) == 0 && getg() == &g0);
	lose_scratch();
	return -42;
}

static void g_calls_c(void *arg)
{
	(void)arg;
	g0.sched.bp = 0x1230;
	for (int i = 0; i < 1000; i++)
		CHECK(lost(asmcgocall, in_c, i) == 0 && lost(call_c, NULL, i) == 0 &&
			getg() == &g1);
	CHECK(called == 8000);
}

static void start_calls_c(void)
{
	start_g1(g_calls_c, NULL);
}

void test_c_is_called_and_calls_back(void)
{
	start_m0(start_calls_c);
}
