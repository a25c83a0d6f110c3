/* SPDX-License-Identifier: MIT */
/*
 * That a recording tells the truth: the same schedule gives the same one, and copies of
 * memory equal the memory.
 */
#include "engine_tests.h"

#include <stdio.h>
#include <string.h>

/* Drive a program twice from the same seed; every snapshot is the same. */
static void same_twice(
	const char *program, const char *mode, const char *policy, uint64_t seed, int64_t limit)
{
	struct timeline *a = open_program(program, mode, policy);
	struct timeline *b = open_program(program, mode, policy);
	drive(a, seed, limit);
	drive(b, seed, limit);
	assert_int_equal(timeline_last(a), timeline_last(b));
	for (int64_t s = 0; s <= timeline_last(a); s++) {
		timeline_seek(a, s);
		timeline_seek(b, s);
		const char *what = snapshots_differ(timeline_now(a), timeline_now(b));
		if (what)
			fail_msg("%s, %s, seed %d, step %lld: %s differ", program, policy,
				(int)seed, (long long)s, what);
	}
	assert_string_equal(output_of(a), output_of(b));
	timeline_close(a);
	timeline_close(b);
}

static void test_same_schedule(void **state)
{
	(void)state;
	same_twice(example("01_stale_link"), NULL, "keep", 1, 5000);
	same_twice(example("01_stale_link"), NULL, "clear", 2, 5000);
	same_twice(example("03_ping_pong"), NULL, "keep", 3, 8000);
	same_twice(example("04_steal"), NULL, "cycle", 4, 5000);
	same_twice(example("20_timer_wheel"), NULL, "keep", 6, 9000);
	same_twice(subject(), "crowd", "g0bp", 5, 5000);
}

/*
 * Step two Ms in turn, a few instructions each: every 37 steps all memory is compared with
 * its copies.
 */
static void shadow_holds(const char *mode, const char *policy, int64_t steps)
{
	char err[1024] = "";
	char *args[] = {(char *)mode, NULL};
	struct run_options o = {.program = subject(), .args = args, .mcall = policy, .procs = 2};
	struct stepper *s = stepper_open(&o, err, sizeof err);
	struct step st;
	const char *said;
	assert_non_null(s);
	assert_int_equal(stepper_shadow_errors(s), 0);
	for (int64_t i = 0; i < steps && stepper_end(s, &said) == RUN_GOES_ON; i++) {
		int m = i / 11 % 2;
		if (stepper_step(s, m, &st) != STEP_DONE)
			stepper_step(s, !m, &st);
		if (i % 37 == 0 && stepper_end(s, &said) == RUN_GOES_ON && stepper_shadow_errors(s))
			fail_msg("%s, %s, step %lld: memory has changed unnoticed", mode, policy,
				(long long)i);
	}
	struct code *code = stepper_code(s);
	stepper_close(s);
	code_free(code);
}

static void test_shadow(void **state)
{
	(void)state;
	shadow_holds("crowd", "keep", 20000);
	shadow_holds("crowd", "clear", 20000);
	shadow_holds("print", "keep", 2000);
	shadow_holds("signalled", "keep", 2000);
	shadow_holds("callback", "clear", 2000);
}

/* The same schedule under another policy leads to the same place, but for the policy's name. */
static void test_policy(void **state)
{
	(void)state;
	char err[1024] = "", place[64];
	static const char *const policies[] = {"clear", "g0bp", "cycle", "keep"};
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	drive(tl, 7, 2500);
	timeline_seek(tl, 2000);
	const struct snapshot *s = timeline_now(tl);
	snprintf(place, sizeof place, "%s", function_of(tl, s->last_m));
	uint64_t sp = m_sp(s, snap_m(s, s->last_m));
	for (size_t i = 0; i < 4; i++) {
		if (!timeline_set_policy(tl, policies[i], err, sizeof err))
			fail_msg("%s: %s", policies[i], err);
		s = timeline_now(tl);
		assert_string_equal(timeline_policy(tl), policies[i]);
		assert_int_equal(timeline_step(tl), 2000);
		assert_string_equal(function_of(tl, s->last_m), place);
		assert_true(m_sp(s, snap_m(s, s->last_m)) == sp);
	}
	timeline_close(tl);
}

/*
 * On the very first instructions after the switch the policies stand at the same step of
 * mcall_<policy>.
 */
static void test_policy_in_mcall(void **state)
{
	(void)state;
	char err[1024] = "";
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	step_to(tl, 0, "mcall_keep");
	for (int i = 0; i < 12; i++) {
		step(tl, 0);
		assert_string_equal(function_of(tl, 0), "mcall_keep");
		assert_true(timeline_set_policy(tl, "clear", err, sizeof err));
		assert_string_equal(function_of(tl, 0), "mcall_clear");
		assert_true(timeline_set_policy(tl, "keep", err, sizeof err));
	}
	timeline_close(tl);
}

int test_same(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_schedule),
		cmocka_unit_test(test_shadow),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_policy_in_mcall),
	};
	return cmocka_run_group_tests_name("same", tests, NULL, NULL);
}
