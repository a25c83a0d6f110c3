/* SPDX-License-Identifier: MIT */
/* What a machine says that was written. */
#include "machine_tests.h"

#include "machine/machine.h"

/* It reaches as far as the furthest that was said, until it is forgotten. */
static void test_reach(void **state)
{
	(void)state;
	struct machine m = {0};
	assert_int_equal(m.wrote.reach, TO_SPANS);
	machine_wrote_to(&m, TO_ANY_MEMORY);
	machine_wrote_to(&m, TO_USED);
	assert_int_equal(m.wrote.reach, TO_ANY_MEMORY);
	machine_forget_writes(&m);
	machine_wrote_to(&m, TO_USED);
	assert_int_equal(m.wrote.reach, TO_USED);
	machine_free(&m);
}

/* Spans add up, in the order in which they were said. */
static void test_ranges(void **state)
{
	(void)state;
	struct machine m = {0};
	for (uint64_t i = 0; i < 20; i++)
		machine_wrote(&m, 8 * i, 8, i == 19);
	assert_int_equal(m.wrote.n, 20);
	assert_true(m.wrote.ranges[19].addr == 152 && m.wrote.ranges[19].certain);
	assert_false(m.wrote.ranges[18].certain);
	machine_forget_writes(&m);
	assert_int_equal(m.wrote.n, 0);
	machine_free(&m);
}

int test_wrote(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_ranges),
	};
	return cmocka_run_group_tests_name("wrote", tests, NULL, NULL);
}
