/* SPDX-License-Identifier: MIT */
/*
 * Steps that were executed before they were asked for, on the emulated machine: whatever was
 * expected, and whatever comes then, all is as if each had been asked for by itself.
 */
#include "engine_tests.h"

#include <string.h>

#include "machine/emulated.h"
#include "machine/machine.h"

enum { STEPS = 20000 };

/* Some turns, right or wrong, of what comes next: mostly a turn of M m that is as long as that. */
static void expect(struct stepper *st, int m, int64_t left, uint64_t *x)
{
	struct turn turns[8] = {{.m = m, .n = left}};
	size_t n = draw(x) % 9;
	for (size_t i = 0; i < n; i++)
		if (i > 0 || draw(x) % 4 == 0)
			turns[i] = (struct turn){
				.m = (int)(draw(x) % 3), .n = (int64_t)(draw(x) % 40)};
	stepper_expect(st, turns, n);
}

static void same_step(
	enum step_result a, enum step_result b, const struct step *x, const struct step *y)
{
	assert_int_equal(a, b);
	if (a != STEP_DONE)
		return;
	assert_true(x->m == y->m && x->pc == y->pc && x->nwrites == y->nwrites &&
		    x->state_changed == y->state_changed && x->event.id == y->event.id &&
		    x->noutput == y->noutput);
	if (x->nwrites)
		assert_memory_equal(x->writes, y->writes, (size_t)x->nwrites * sizeof *x->writes);
}

/* One is told what comes, or something else, and the other nothing. */
static void both(const char *program, uint64_t seed)
{
	/* Of which all but one program think nothing. */
	static char naps[] = "naps", *args[] = {naps, NULL};
	char err[SENTENCE_MAX];
	if (!emulated_is_there(err, sizeof err))
		skip();
	struct stepper *told = open_stepper(program, args, 3, true);
	struct stepper *plain = open_stepper(program, args, 3, true);
	uint64_t x = seed;
	for (int i = 0, left = 0, m = 0; i < STEPS; i++, left--) {
		struct step a, b;
		if (left == 0) {
			m = (int)(draw(&x) % 3);
			left = 1 + (int)(draw(&x) % 90);
			expect(told, m, left, &x);
		}
		enum step_result of_told = stepper_step(told, m, &a);
		enum step_result of_plain = stepper_step(plain, m, &b);
		same_step(of_told, of_plain, &a, &b);
		if (of_told == STEP_ASLEEP && stepper_awake(told) != stepper_awake(plain))
			fail_msg("step %d: another M is awake", i);
		const char *what = snapshots_differ(stepper_state(told), stepper_state(plain));
		if (what)
			fail_msg("step %d: %s", i, what);
		if (i % 100 == 0 && stepper_machine(told)->ending.how == GOES_ON)
			assert_int_equal(stepper_shadow_errors(told), 0);
		if (of_told == STEP_ENDED)
			break;
	}
	close_stepper(told);
	close_stepper(plain);
}

/* One M computes, the other sleeps for a little and wakes in the midst of that. */
static void test_naps(void **state)
{
	(void)state;
	both(built("tests/programs/busy"), 1);
}

static void test_timers(void **state)
{
	(void)state;
	both(example("20_timer_wheel"), 2);
}

static void test_pipes(void **state)
{
	(void)state;
	both(example("21_echo"), 3);
}

static void test_callbacks(void **state)
{
	(void)state;
	both(example("06_callback"), 4);
}

int test_ahead(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_naps),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_pipes),
		cmocka_unit_test(test_callbacks),
	};
	return cmocka_run_group_tests_name("ahead", tests, NULL, NULL);
}
