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

/* More frames than there is room for. */
static void a_deep_stack(void **state)
{
	(void)state;
	struct sim *s = sim_new("clear");
	uint64_t *regs = sim_m(s, 0)->regs, body = sim_addr("schedule") + BODY, lo = 0x10000;
	struct truth t;

	snapmem_set_stack(&s->k, 0, STACK_G0, 0, lo, lo + 16 * (WALK_MAX + 2));
	snapmem_hold(&s->k, 0, lo);
	for (int i = 0; i <= WALK_MAX; i++) {
		snapmem_write(&s->k, lo + 16 * i, lo + 16 * (i + 1));
		snapmem_write(&s->k, lo + 16 * i + 8, body);
	}
	regs[SP] = regs[BP] = lo;
	regs[IP] = body;
	truth(&s->k.s, s->code, 0, &t);
	assert_int_equal(t.n, WALK_MAX);
	assert_false(t.whole);
	sim_free(s);
}

int test_truth(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_at_the_root),
		cmocka_unit_test(a_deep_stack),
	};
	return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
