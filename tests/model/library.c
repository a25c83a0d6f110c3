/* SPDX-License-Identifier: MIT */
/* Chains that come to library code, which may have anything in the frame-pointer register. */
#include "model_tests.h"

static struct answer a;

#define CHAIN_IS(s, m, text) assert_string_equal(sim_chain(s, m, &a), text)

/* M0 has started G1, where red has called library code, which has come to its body. */
static struct sim *in_library(const char *policy)
{
	struct sim *s = sim_new(policy);
	sim_enter(s, 1, "schedule");
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	sim_enter(s, 0, "red");
	sim_enter(s, 0, "library");
	return s;
}

/* From there, with that in the register, it calls blue back. */
static void call_back(struct sim *s, uint64_t in_register)
{
	sim_m(s, 0)->regs[BP] = in_register;
	sim_enter(s, 0, "blue");
}

static void nothing_of_use_in_the_register(void **state)
{
	(void)state;
	struct sim *s = in_library("clear");
	sim_m(s, 0)->regs[BP] = 7;
	sim_call(s, 0, "blue");
	CHAIN_IS(s, 0, "blue [wild] NOFP"); /* the register is still the library's */
	assert_int_equal(a.meant, 0);
	for (int i = 0; i < 3; i++)
		sim_exec(s, 0);
	CHAIN_IS(s, 0, "blue library [wild] NOFP");
	assert_int_equal(a.meant, 1);
	assert_int_equal(a.truth.n, 5); /* blue library red worker goexit_stub */
	assert_true(a.truth.whole && a.chain.rec[0].in_truth);
	sim_enter(s, 0, "repaint");
	CHAIN_IS(s, 0, "repaint blue library [wild] NOFP");
	assert_int_equal(a.meant, 2);
	sim_leave(s, 0);
	sim_leave(s, 0);
	CHAIN_IS(s, 0, "library [wild] NOFP");
	sim_free(s);
}

/* What only looks like a record: frames that are somebody's, or the same once more. */
static void a_record_by_chance(void **state)
{
	(void)state;
	struct sim *s = in_library("clear");
	sim_judge(s, 0, &a);
	uint64_t worker = a.chain.rec[2].fp, sp = sim_m(s, 0)->regs[SP];
	call_back(s, worker);
	CHAIN_IS(s, 0, "blue library goexit_stub [top] NOFP");
	sim_leave(s, 0);
	call_back(s, sp - 16);
	CHAIN_IS(s, 0, "blue library [cycle] NOFP");
	sim_free(s);
}

/* It has frame pointers after all, or has not touched the register. */
static void it_is_right(void **state)
{
	(void)state;
	struct sim *s = in_library("clear");
	sim_enter(s, 0, "blue");
	CHAIN_IS(s, 0, "blue library red worker goexit_stub [top] VALID");
	sim_leave(s, 0);
	call_back(s, 0);
	CHAIN_IS(s, 0, "blue library [top] VALID");
	assert_int_equal(a.meant, 1);
	assert_true(a.cut);
	sim_free(s);
}

/* What goes wrong before the chain comes there is told as ever. */
static void wrong_before(void **state)
{
	(void)state;
	struct sim *s = in_library("keep");
	call_back(s, 7);
	sim_enter(s, 0, "gosched");
	sim_mcall(s, 0, "gosched_m");
	CHAIN_IS(s, 0, "gosched_m mcall_keep [own] mcall gosched blue library [wild] NOFP");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	CHAIN_IS(s, 0, "gosched_m mcall_keep [idle] mcall gosched blue library [wild] STALE");
	assert_int_equal(a.meant, 5);
	sim_gogo(s, 1, 1);
	sim_enter(s, 1, "gresumed");
	for (int i = 0; i < 3; i++)
		sim_leave(s, 1);
	CHAIN_IS(s, 1, "blue library [wild] NOFP");
	for (int i = 0; i < 3; i++)
		sim_enter(s, 1, "red");
	CHAIN_IS(s, 0, "gosched_m mcall_keep [foreign] red red blue library [wild] CHIMERA");
	sim_free(s);
}

/* Garbage that has never been near library code is still garbage. */
static void wild_without_it(void **state)
{
	(void)state;
	struct sim *s = in_library("clear");
	sim_leave(s, 0);
	sim_m(s, 0)->regs[BP] = 7;
	sim_enter(s, 0, "blue");
	CHAIN_IS(s, 0, "blue red [wild] WILD");
	assert_int_equal(a.meant, 2);
	sim_free(s);
}

int test_library(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_of_use_in_the_register),
		cmocka_unit_test(a_record_by_chance),
		cmocka_unit_test(it_is_right),
		cmocka_unit_test(wrong_before),
		cmocka_unit_test(wild_without_it),
	};
	return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
