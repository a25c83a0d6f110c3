/* SPDX-License-Identifier: MIT */
/* Which part of a stack is in use, wherever its M is. */
#include "model_tests.h"

enum { STACK_G1 = 2, STACK_G2 = 3 };

/* From where on: in words below the stack's upper end. */
static int words_in_use(struct sim *s, int stack)
{
	static struct answer a[2];
	const struct snapshot *now = sim_seen(s);

	for (int m = 0; m < 2; m++)
		sim_judge(s, m, &a[m]);
	return (int)(now->stacks[stack].hi - live_from(now, a, stack)) / 8;
}

static bool holds(struct sim *s, int g)
{
	static struct answer a[2];
	const struct snapshot *now = sim_seen(s);

	for (int m = 0; m < 2; m++)
		sim_judge(s, m, &a[m]);
	return gobuf_holds(now, a, snap_g(now, g));
}

/* Have the recording see what was changed by hand. */
static void see(struct sim *s, int g)
{
	sim_status(s, 1, g, sim_g(s, g)->status, sim_g(s, g)->m);
}

static struct sim *running_g1(void)
{
	struct sim *s = sim_new("clear");

	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	return s;
}

static void where_an_m_is_from_sp_on(void **state)
{
	(void)state;
	struct sim *s = sim_new("clear");

	assert_int_equal(words_in_use(s, 0), 2);
	sim_enter(s, 0, "schedule");
	assert_int_equal(words_in_use(s, 0), 6);
	assert_int_equal(words_in_use(s, STACK_G1), 2); /* its gobuf */
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	assert_int_equal(words_in_use(s, STACK_G1), 6);
	assert_false(holds(s, 1));
	assert_true(holds(s, 2));
	sim_free(s);
}

/* What a callback is to return to, and what the root of an M keeps. */
static void what_is_kept_on_g0(void **state)
{
	(void)state;
	struct sim *s = running_g1();
	const struct stack_image *g0 = &s->k.s.stacks[0];

	assert_int_equal(words_in_use(s, 0), 0);
	sim_m(s, 0)->g0_sp = g0->hi - 16;
	see(s, 1);
	assert_int_equal(words_in_use(s, 0), 2);
	sim_m(s, 0)->g0_sp = g0->hi - 88;
	see(s, 1);
	assert_int_equal(words_in_use(s, 0), 11);
	for (int i = 0; i < 2; i++) { /* the runtime's struct may be damaged */
		sim_m(s, 0)->g0_sp = i ? g0->hi + 8 : g0->lo - 8;
		see(s, 1);
		assert_int_equal(words_in_use(s, 0), 0);
	}
	sim_m(s, 0)->g0_sp = g0->lo;
	sim_m(s, 0)->exited = true;
	see(s, 1);
	assert_int_equal(words_in_use(s, 0), 0);
	sim_free(s);
}

/* systemstack's own record is below where the gobuf says that its caller goes on. */
static void a_g_that_its_m_is_on_g0_for(void **state)
{
	(void)state;
	struct sim *s = running_g1();

	sim_call(s, 0, "systemstack");
	for (int i = 0; i < 5; i++)
		sim_exec(s, 0);
	sim_enter(s, 0, "schedule");
	assert_int_equal(words_in_use(s, STACK_G1), 8);
	assert_true(holds(s, 1));
	sim_free(s);
}

/* A stack that nobody has told of: a G's gobuf is then of long ago, and all may be in use. */
static void an_m_out_of_sight(void **state)
{
	(void)state;
	struct sim *s = running_g1();
	const struct stack_image *st = &s->k.s.stacks[STACK_G1];
	int held = (int)(st->hi - st->from) / 8;

	assert_true(held >= 3);
	sim_g(s, 1)->sched_sp = st->hi - 8;
	sim_m(s, 0)->regs[SP] = 0x1000;
	sim_m(s, 0)->regs[IP] = sim_addr("worker");
	see(s, 1);
	assert_int_equal(words_in_use(s, STACK_G1), held);
	assert_false(holds(s, 1));
	sim_g(s, 1)->status = GS_DEAD;
	see(s, 1);
	assert_int_equal(words_in_use(s, STACK_G1), 0);
	assert_false(holds(s, 1));
	sim_free(s);
}

int test_in_use(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_an_m_is_from_sp_on),
		cmocka_unit_test(what_is_kept_on_g0),
		cmocka_unit_test(a_g_that_its_m_is_on_g0_for),
		cmocka_unit_test(an_m_out_of_sight),
	};
	return cmocka_run_group_tests_name("in_use", tests, NULL, NULL);
}
