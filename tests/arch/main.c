/* SPDX-License-Identifier: MIT */
/*
 * The assembly by itself: one M, Gs on static stacks, no scheduler. Knows the arch contract only;
 * contract.h has the structs as that says. Each test runs in a process of its own,
 * under every policy. Here are the harness and the tests of mcall; same_g.c has those of what comes
 * back to the same G, between.c those of what is to be seen on the way.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arch_tests.h"
#include "child.h"
#include "g0_arch.h"

mcall_policy_fn *mcall_policy;
_Thread_local struct G *tls_g;

_Alignas(16) char g0_stack[STACK_SIZE], g_stack[STACK_SIZE];
struct G g0, g1;
int called, expected_trap;
static struct M m0;
static int resumed;
static uintptr_t go_on_record; /* of who called gogo last */

/* ---- what the assembly calls ---- */

static void (*on_mstart)(void);

void mstart1(void)
{
	on_mstart();
}

/* Under cycle BP points at the policy's dead record, and is pushed into that very word. */
void gresumed(void)
{
	uintptr_t *record = __builtin_frame_address(0);
	CHECK((record[0] == (uintptr_t)record) == (mcall_policy == mcall_cycle));
	resumed++;
}

/* The scheduler's tests interrupt a G; here nobody does. */
void asyncPreempt2(void)
{
}

_Noreturn void goexit1(void)
{
	CHECK(getg() == &g1 && called + resumed > 0);
	CHECK(__builtin_frame_address(0) != NULL && on_stack(__builtin_frame_address(0), g_stack));
	_exit(0);
}

_Noreturn void badmcall(void)
{
	CHECK((uintptr_t)__builtin_frame_address(0) % 16 == 0);
	_exit(expected_trap == 1 ? 0 : 1);
}

_Noreturn void badmcall2(void)
{
	_exit(expected_trap == 2 ? 0 : 1);
}

/* ---- the harness: an M on g0 that starts one G ---- */

void start_g1(void (*fn)(void *), void *arg)
{
	g1.startfn = fn;
	g1.startarg = arg;
	g1.m = &m0;
	m0.curg = &g1;
	g1.sched = (struct gobuf){
		(uintptr_t)(g_stack + STACK_SIZE), (uintptr_t)gostart + PCQUANTUM, 0, &g1};
	resume(&g1);
}

/* For mstart(&g0) to call fn. */
static void prepare_m0(void (*fn)(void))
{
	on_mstart = fn;
	m0.g0 = &g0;
	g0.m = &m0;
	g0.sched = (struct gobuf){(uintptr_t)(g0_stack + STACK_SIZE), 1, 1, &g0};
}

void start_m0(void (*fn)(void))
{
	prepare_m0(fn);
	lose_scratch();
	mstart(&g0);
}

static void go_on(void (*gp)(struct G *))
{
	go_on_record = (uintptr_t)__builtin_frame_address(0);
	gogo(&((struct G *)gp)->sched);
}

void resume(struct G *gp)
{
	sentinels_survive(go_on, (void (*)(struct G *))gp, (uintptr_t)-1);
}

/* How many records the chain from fp on has until 0, at most max; their addresses in fps. */
static int chain(uintptr_t fp, uintptr_t *fps, int max)
{
	int n = 0;
	for (; fp && n < max; fp = *(uintptr_t *)fp)
		fps[n++] = fp;
	return n;
}

/* Whether a record says that a function was its caller. Those of ours are shorter than that. */
bool called_from(const uintptr_t *record, const void *function)
{
	return record[1] > (uintptr_t)function && record[1] < (uintptr_t)function + 512;
}

/* ---- tests ---- */

static void g_ends(void *arg)
{
	uintptr_t fps[8];
	CHECK(arg == &g1.startarg);
	CHECK(getg() == &g1);
	uintptr_t *record = __builtin_frame_address(0);
	CHECK(on_stack(record, g_stack));
	CHECK(chain((uintptr_t)record, fps, 8) == 1);
	CHECK(record[0] == 0);
	CHECK(record[1] > (uintptr_t)goexit_stub && record[1] <= (uintptr_t)goexit_stub + 4);
	called++;
	/* Returning goes to goexit_stub, and that to goexit1. */
}

static void start_ends(void)
{
	uintptr_t fps[8];
	CHECK(getg() == &g0 && g0.sched.bp == 0);
	CHECK(g0.sched.sp == (uintptr_t)(g0_stack + STACK_SIZE) - 16);
	CHECK(on_stack(__builtin_frame_address(0), g0_stack));
	/* The records of start_ends and mstart1, then 0. */
	CHECK(chain((uintptr_t)__builtin_frame_address(0), fps, 8) == 2);
	start_g1(g_ends, &g1.startarg);
}

static void test_a_new_g_ends_its_chain_in_goexit_and_0(void)
{
	start_m0(start_ends);
}

/* On g0, called by mcall: the frame pointer is what the policy says. */
void on_g0(struct G *gp)
{
	uintptr_t *record = __builtin_frame_address(0);
	uintptr_t below = (uintptr_t)gp->sched.sp - 16; /* where the policy's record is */
	CHECK(gp == &g1 && getg() == &g0);
	CHECK(on_stack(record, g0_stack));
	CHECK(on_stack((void *)gp->sched.sp, g_stack));
	CHECK(called_from(*(uintptr_t **)below, sentinels_survive)); /* mcall's record */
	if (mcall_policy == mcall_keep || mcall_policy == mcall_cycle)
		CHECK(record[0] == below);
	else
		CHECK(record[0] == 0);
	if (mcall_policy == mcall_cycle)
		CHECK(gp->sched.bp == below);
	else
		CHECK(gp->sched.bp == *(uintptr_t *)below);
	resume(gp);
}

/* Below that of who called it; g0's stack has been left since, and not used. */
static bool gogo_left_a_record(void)
{
	const uintptr_t *record = (uintptr_t *)go_on_record;

	for (int i = 0; i < 8; i++)
		if (*--record == go_on_record && called_from(record, go_on))
			return true;
	return false;
}

static void g_switches(void *arg)
{
	(void)arg;
	for (int i = 0; i < 1000; i++) {
		CHECK(sentinels_survive(mcall, on_g0, i) == 0);
		CHECK(gogo_left_a_record());
	}
	CHECK(resumed == 1000);
}

static void start_switches(void)
{
	start_g1(g_switches, NULL);
}

static void test_mcall_switches_and_all_registers_survive(void)
{
	start_m0(start_switches);
}

static uintptr_t g_yields_record;

void goyield_m(struct G *gp)
{
	uintptr_t *record = __builtin_frame_address(0), below = gp->sched.sp - 16;

	CHECK(gp == &g1 && getg() == &g0 && on_stack(record, g0_stack));
	CHECK(record[0] == (mcall_policy == mcall_keep || mcall_policy == mcall_cycle ? below : 0));
	CHECK(gp->sched.bp == (mcall_policy == mcall_cycle ? below : g_yields_record));
	called++;
	resume(gp);
}

/* More than there are callee-saved registers. */
static void g_yields(void *arg)
{
	uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;

	(void)arg;
	part_sp_from_fp(__builtin_alloca(64));
	g_yields_record = (uintptr_t)__builtin_frame_address(0);
	for (int i = 0; i < 1000; i++) {
		G0_CALL("goyield1");
		CHECK(getg() == &g1);
		a += b, b += c, c += d, d += e, e += f, f += g, g += h, h += 1;
	}
	CHECK(called == 1000 && resumed == 0 && h == 1008);
	CHECK(g == 507507 && f == 170170006 && (a ^ b ^ c ^ d ^ e) == 0x6681b8c34700721c);
}

static void start_yields(void)
{
	start_g1(g_yields, NULL);
}

static void test_goyield1_comes_back_to_who_kept_what_it_needs(void)
{
	start_m0(start_yields);
}

static void on_g0_bp(struct G *gp)
{
	uintptr_t *record = __builtin_frame_address(0);
	CHECK(record[0] == (mcall_policy == mcall_g0bp ? 0x1230 : record[0]));
	resume(gp);
}

static void g_g0bp(void *arg)
{
	(void)arg;
	g0.sched.bp = 0x1230;
	mcall(on_g0_bp);
}

static void start_g0bp(void)
{
	start_g1(g_g0bp, NULL);
}

static void test_g0bp_loads_what_g0_has(void)
{
	start_m0(start_g0bp);
}

static void nothing(void)
{
}

static void leave_m(void)
{
	resume(&g0);
}

static int mstart_loses(void (*fn)(void), uintptr_t seed)
{
	prepare_m0(fn);
	return sentinels_survive(
		(void (*)(void (*)(struct G *)))mstart, (void (*)(struct G *)) & g0, seed);
}

static void test_mstart_gives_the_thread_its_registers_back(void)
{
	CHECK(mstart_loses(nothing, 7) == 0);
	CHECK(mstart_loses(leave_m, 8) == 0);
	CHECK(getg() == &g0);
	_exit(0);
}

static void mcall_here(void)
{
	mcall(on_g0);
}

static void test_mcall_on_g0_is_trapped(void)
{
	expected_trap = 1;
	start_m0(mcall_here);
}

/* From an SP that is no multiple of 16, on amd64. */
static void goyield1_here(void)
{
	CHECK(getg() == &g0);
	G0_CALL("goyield1");
}

static void test_goyield1_on_g0_is_trapped(void)
{
	expected_trap = 1;
	start_m0(goyield1_here);
}

static void returns(struct G *gp)
{
	(void)gp;
}

static void g_mcalls_returns(void *arg)
{
	(void)arg;
	mcall(returns);
}

static void start_returns(void)
{
	start_g1(g_mcalls_returns, NULL);
}

static void test_fn_that_returns_is_trapped(void)
{
	expected_trap = 2;
	start_m0(start_returns);
}

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{"a new G's chain ends in goexit_stub and 0", test_a_new_g_ends_its_chain_in_goexit_and_0},
	{"mcall switches, the policy holds, all registers survive",
		test_mcall_switches_and_all_registers_survive},
	{"goyield1 comes back to who kept what it needs",
		test_goyield1_comes_back_to_who_kept_what_it_needs},
	{"g0bp loads what g0.sched.bp has", test_g0bp_loads_what_g0_has},
	{"mstart gives the thread its registers back",
		test_mstart_gives_the_thread_its_registers_back},
	{"mcall on g0 is trapped", test_mcall_on_g0_is_trapped},
	{"goyield1 on g0 is trapped", test_goyield1_on_g0_is_trapped},
	{"fn that returns is trapped", test_fn_that_returns_is_trapped},
	{"systemstack comes back with all registers, its link leads to the G",
		test_systemstack_comes_back_with_all_registers},
	{"systemstack on g0 only calls", test_systemstack_on_g0_only_calls},
	{"mcall under systemstack is trapped", test_mcall_under_systemstack_is_trapped},
	{"asmcgocall and asmcgocallback come back with all registers",
		test_c_is_called_and_calls_back},
	{"gogo has a record of its own until it takes the G's stack",
		test_gogo_has_a_record_meanwhile},
	{"mstart has one on the thread's stack, before g0 and after",
		test_mstart_has_a_record_before_and_after},
};

static const struct {
	const char *name;
	mcall_policy_fn *fn;
} policies[] = {
#define POLICY(name, arch, what, go) {#name, mcall_##name},
#include "policy.def"
#undef POLICY
};

static int run_test(void (*run)(void), mcall_policy_fn *policy)
{
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		child_begins();
		mcall_policy = policy;
		run();
		_exit(1); /* every test leaves by itself */
	}
	return child_status(pid);
}

int main(void)
{
	int passed = 0, failed = 0;
	for (size_t p = 0; p < sizeof policies / sizeof *policies; p++) {
		for (size_t t = 0; t < sizeof tests / sizeof *tests; t++) {
			int status = run_test(tests[t].run, policies[p].fn);
			*(status == 0 ? &passed : &failed) += 1;
			printf("%s %d - %s: %s%s\n", status == 0 ? "ok" : "not ok", passed + failed,
				policies[p].name, tests[t].name, status == HANGS ? ": hangs" : "");
		}
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
