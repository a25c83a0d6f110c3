/* SPDX-License-Identifier: MIT */
/* Where the truth begins: what the unwind information says of frame 0. */
#include "model_tests.h"

/* At the root of a stack no caller is missing; in worker's prologue goexit_stub is. */
static void what_is_missing_at_the_root(void **state)
{
	(void)state;
	struct sim *s = sim_new("clear");
	struct answer a;

	assert_string_equal(sim_chain(s, 0, &a), "mstart [top] VALID");
	assert_int_equal(a.chain.n, 0);
	assert_int_equal(a.missing, 0);
	assert_false(a.truth.hidden || a.cut);
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_call(s, 0, "worker");
	assert_string_equal(sim_chain(s, 0, &a), "worker [top] VALID");
	assert_int_equal(a.chain.n, 0);
	assert_int_equal(a.truth.n, 2);
	assert_int_equal(a.missing, 1);
	assert_true(a.truth.hidden);
	assert_false(a.cut);
	sim_free(s);
}

int test_truth(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_at_the_root),
	};
	return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
