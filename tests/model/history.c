/* SPDX-License-Identifier: MIT */
/*
 * What a recording derives: which G each M has left, until when it was its own, and the
 * words it left behind.
 */
#include "model_tests.h"

static const struct m_state *seen_m(struct sim *s, int m)
{
	return snap_m(sim_seen(s), m);
}

static const struct departure_chain *departed(struct sim *s, int m)
{
	return sim_departed(s, recording_last(s->r), m);
}

static void leaving_and_giving_up(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	sim_enter(s, 0, "gosched");
	assert_int_equal(seen_m(s, 0)->departure.g, 0);
	assert_null(departed(s, 0));

	sim_enter(s, 0, "mcall");
	sim_call(s, 0, "mcall_keep");
	for (int i = 0; i < 3; i++)
		sim_exec(s, 0);
	assert_int_equal(seen_m(s, 0)->departure.g, 0); /* SP is still the G's */
	uint64_t bp = sim_m(s, 0)->regs[BP];
	sim_exec(s, 0);
	int64_t left_step = recording_last(s->r);
	assert_int_equal(seen_m(s, 0)->departure.g, 1);
	assert_int_equal(seen_m(s, 0)->departure.step, left_step);
	assert_int_equal(seen_m(s, 0)->departure.gave_up, -1);
	const struct departure_chain left = *departed(s, 0), *l = &left;
	assert_int_equal(l->n, 4); /* mcall_keep, mcall, gosched, worker */
	assert_int_equal(l->rec[0].fp, bp);
	assert_int_equal(l->rec[0].ret, sim_addr("mcall") + BODY);

	sim_exec(s, 0);
	sim_enter(s, 0, "gosched_m");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	assert_int_equal(seen_m(s, 0)->departure.gave_up, recording_last(s->r));
	assert_memory_equal(departed(s, 0), l, sizeof left);
	assert_memory_equal(sim_departed(s, left_step, 0), l, sizeof left);
	assert_null(sim_departed(s, left_step - 1, 0));
	assert_null(sim_departed(s, left_step, 1));

	/* On another G, from the load of BP on. */
	sim_gogo(s, 0, 2);
	int64_t last = recording_last(s->r);
	assert_int_equal(seen_m(s, 0)->departure.g, 0);
	assert_int_equal(seen_m(s, 0)->departure.step, -1);
	assert_int_equal(seen_m(s, 0)->departure.gave_up, -1);
	assert_false(seen_m(s, 0)->departure.g_ran);
	assert_null(departed(s, 0));
	assert_null(sim_departed(s, last - 1, 0));
	assert_memory_equal(sim_departed(s, last - 2, 0), l, sizeof left);
	assert_int_equal(snap_m(cursor_seek(s->cursor, last - 2), 0)->departure.g, 1);
	sim_free(s);
}

static void taken_back(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	sim_mcall(s, 0, "gosched_m");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	int64_t gave_up = recording_last(s->r);
	sim_status(s, 0, 1, GS_RUNNING, 0);
	assert_int_equal(seen_m(s, 0)->departure.gave_up, -1);
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	assert_int_equal(seen_m(s, 0)->departure.gave_up, gave_up + 2);
	assert_false(seen_m(s, 0)->departure.g_ran);
	sim_status(s, 1, 1, GS_RUNNING, 1);
	assert_true(seen_m(s, 0)->departure.g_ran);
	sim_status(s, 1, 1, GS_RUNNABLE, -1);
	sim_status(s, 0, 1, GS_RUNNING, 0);
	assert_int_equal(seen_m(s, 0)->departure.gave_up, gave_up + 2);
	sim_free(s);
}

/* More records than there is room for are left behind. */
static void a_deep_stack(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	uint64_t *regs = sim_m(s, 0)->regs, g0_sp, lo = 0x100000;
	const struct step st = {.state = &s->k.s, .state_changed = true, .event = {.id = -1}};
	sim_enter(s, 0, "schedule");
	g0_sp = regs[SP];
	sim_gogo(s, 0, 1);
	int stack = sim_g(s, 1)->stack;
	snapmem_set_stack(&s->k, stack, STACK_G, 0, lo, lo + 16 * (WALK_MAX + 2));
	snapmem_hold(&s->k, stack, lo);
	for (int i = 0; i <= WALK_MAX; i++)
		snapmem_write(&s->k, lo + 16 * i, lo + 16 * (i + 1));
	regs[SP] = regs[BP] = lo + 16;
	recording_add(s->r, &st);
	regs[SP] = g0_sp;
	recording_add(s->r, &st);
	assert_non_null(departed(s, 0));
	assert_int_equal(departed(s, 0)->n, WALK_MAX);
	sim_free(s);
}

int test_history(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaving_and_giving_up),
		cmocka_unit_test(taken_back),
		cmocka_unit_test(a_deep_stack),
	};
	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
