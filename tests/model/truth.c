/* SPDX-License-Identifier: MIT */
/* Where the truth begins: what the unwind information says of frame 0. */
#include <string.h>

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

/* As code that is built for pointer authentication leaves a return address, on arm64. */
static void a_signed_return_address(void **state)
{
	(void)state;
	static const uint64_t signatures[] = {1ull << 48, 0x55ull << 48, 0x7full << 48};
	struct arch_desc arm = *arch_by_name("amd64"); /* but for what this is about */
	struct sim *s = sim_new("clear");
	struct chain ch;
	struct truth t;
	uint64_t word;

	arm.signature = arch_by_name("arm64")->signature;
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_call(s, 0, "worker");
	sim_enter(s, 0, "gosched");
	s->k.s.arch = &arm;
	uint64_t at = sim_m(s, 0)->regs[BP] + 8;
	assert_true(snap_read(&s->k.s, at, &word));
	for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++) {
		snapmem_write(&s->k, at, word | signatures[i]);
		walk(&s->k.s, s->code, 0, &ch);
		truth(&s->k.s, s->code, 0, &t);
		assert_int_equal(ch.rec[0].ret, word);
		assert_int_equal(t.frame[1].pc, word);
		assert_string_equal(code_ret(s->code, t.frame[1].pc)->sym, "worker");
	}
	/* No address has more than that. */
	snapmem_write(&s->k, at, word | 1ull << 55);
	walk(&s->k.s, s->code, 0, &ch);
	assert_int_equal(ch.rec[0].ret, word | 1ull << 55);
	sim_free(s);
}

int test_truth(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_at_the_root),
		cmocka_unit_test(a_deep_stack),
		cmocka_unit_test(a_signed_return_address),
	};
	return cmocka_run_group_tests_name("truth", tests, NULL, NULL);
}
