/* SPDX-License-Identifier: MIT */
/* Which CPU to be on: what is chosen, not how fast anything is. */
#include "machine_tests.h"

#include "machine/ptrace_cpu.h"

/* Where nobody disturbs one stays, and where there is no other CPU too. */
static void test_stays(void **state)
{
	(void)state;
	struct cpu_choice c = {.n = 4, .patience = 1}, alone = {.n = 1, .patience = 1};
	for (int i = 0; i < 10; i++) {
		assert_int_equal(cpu_choose(&c, 0.1), 0);
		assert_int_equal(cpu_choose(&alone, 0.9), 0);
	}
}

/* Beside load the others are tried, up to the first that is better; from there likewise. */
static void test_moves(void **state)
{
	(void)state;
	struct cpu_choice c = {.n = 4, .patience = 1};
	assert_int_equal(cpu_choose(&c, 0.1), 0);
	assert_int_equal(cpu_choose(&c, 0.5), 1);
	assert_int_equal(cpu_choose(&c, 0.6), 2);
	assert_int_equal(cpu_choose(&c, 0.1), 2);
	assert_int_equal(cpu_choose(&c, 0.1), 2);
	assert_int_equal(cpu_choose(&c, 0.5), 3);
	assert_int_equal(cpu_choose(&c, 0.2), 3);
}

/* Where none is better one comes back, and asks less and less often. */
static void test_gives_up(void **state)
{
	(void)state;
	struct cpu_choice c = {.n = 2, .patience = 1};
	int away = 0, before = 0;
	for (int i = 0; i < 1000; i++) {
		away += cpu_choose(&c, 0.5) == 1;
		if (i == 500)
			before = away;
	}
	assert_int_equal(c.home, 0);
	assert_in_range(before, 5, 20);
	assert_in_range(away - before, 1, 4);
}

int test_cpu(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stays),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_gives_up),
	};
	return cmocka_run_group_tests_name("cpu", tests, NULL, NULL);
}
