/* SPDX-License-Identifier: MIT */
/*
 * Signal handlers, which nobody has called: below them are the frames of what was interrupted, as
 * true as ever, but for that itself, to which no record leads.
 */
#include "model_tests.h"

static struct answer a;

#define CHAIN_IS(s, m, text) assert_string_equal(sim_chain(s, m, &a), text)

/* M0 runs G1, in red's body. */
static struct sim *in_red(void)
{
	struct sim *s = sim_new("clear");
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	sim_enter(s, 0, "red");
	return s;
}

static void assert_missing(int interrupted, int callers)
{
	assert_int_equal(a.interrupted, interrupted);
	assert_int_equal(a.missing, callers);
	assert_true(a.truth.whole && !a.cut);
	for (int i = 0; i < a.chain.n; i++)
		assert_true(a.chain.rec[i].in_truth && !a.chain.rec[i].refuted);
}

static void in_a_body(void **state)
{
	(void)state;
	struct sim *s = in_red();
	sim_signal(s, 0, "blue");
	CHAIN_IS(s, 0, "blue sigreturn worker goexit_stub [top] VALID");
	assert_int_equal(a.truth.n, 5); /* with red */
	assert_true(a.truth.frame[2].interrupted && !a.truth.frame[2].is_ret);
	assert_missing(1, 0);
	sim_enter(s, 0, "repaint");
	CHAIN_IS(s, 0, "repaint blue sigreturn worker goexit_stub [top] VALID");
	assert_missing(1, 0);
	sim_free(s);
}

/* Its record is not there yet: its caller is missing too. */
static void in_a_prologue(void **state)
{
	(void)state;
	struct sim *s = in_red();
	sim_call(s, 0, "library");
	sim_signal(s, 0, "blue");
	CHAIN_IS(s, 0, "blue sigreturn worker goexit_stub [top] VALID");
	assert_int_equal(a.truth.n, 6); /* with library and red */
	assert_missing(1, 1);
	sim_free(s);
}

/* One that interrupts the handler of another, in its prologue too. */
static void nested(void **state)
{
	(void)state;
	struct sim *s = in_red();
	sim_signal(s, 0, "blue");
	sim_call(s, 0, "red");
	sim_signal(s, 0, "repaint");
	CHAIN_IS(s, 0, "repaint sigreturn sigreturn worker goexit_stub [top] VALID");
	assert_int_equal(a.truth.n, 8); /* repaint sigreturn red blue sigreturn red worker … */
	assert_missing(2, 1);
	sim_free(s);
}

/* At the root of a G there is no caller that could be missing. */
static void at_the_root(void **state)
{
	(void)state;
	struct sim *s = sim_new("clear");
	sim_signal(s, 0, "blue");
	CHAIN_IS(s, 0, "blue sigreturn [top] VALID");
	assert_missing(1, 0);
	sim_free(s);
}

/*
 * Between handler and what it has interrupted, in a recursion longer than a chain can be: one
 * record more agrees if none is missing, for what was interrupted stands where its callers do.
 */
static void in_a_long_recursion(void **state)
{
	(void)state;
	struct sim *s = in_red();
	for (int i = 0; i < WALK_MAX + 8; i++)
		sim_enter(s, 0, "red");
	sim_leave(s, 0);
	sim_signal(s, 0, "blue");
	sim_leave(s, 0);
	sim_chain(s, 0, &a);
	assert_true(a.truth.n == WALK_MAX && a.truth.frame[1].interrupted && a.chain.n == WALK_MAX);
	assert_int_equal(a.verdict, VERDICT_VALID);
	assert_int_equal(a.missing, 0);
	assert_int_equal(a.interrupted, 0);
	sim_free(s);
}

/* What is reported of the interrupted stack, and was never there, is as false as elsewhere. */
static void what_is_false_is_still_said(void **state)
{
	(void)state;
	struct sim *s = in_red();
	uint64_t worker = sim_m(s, 0)->regs[BP] + 32;
	sim_enter(s, 0, "repaint");
	sim_m(s, 0)->regs[BP] = worker;
	sim_m(s, 0)->regs[IP] = sim_addr("library") + BODY; /* which does not need it */
	sim_signal(s, 0, "blue");
	CHAIN_IS(s, 0, "blue sigreturn goexit_stub [top] NOFP");
	assert_true(a.chain.rec[0].in_truth && a.chain.rec[1].refuted);
	sim_free(s);
}

/* Where the truth stops, what comes after on stacks of the same M is not refuted. */
static void what_is_not_known_is_not_refuted(void **state)
{
	(void)state;
	struct sim *s = in_red();
	uint64_t *regs = sim_m(s, 0)->regs, sp = regs[SP];
	sim_signal(s, 0, "blue");
	/* It has interrupted code that nobody knows. */
	assert_true(snapmem_write(&s->k, sp - 8, 0x9999));
	s->writes[s->nwrites++] = (struct word_write){sp - 8, sim_addr("red") + BODY, 0x9999};
	sim_enter(s, 0, "repaint");
	CHAIN_IS(s, 0, "repaint blue sigreturn worker goexit_stub [top] VALID");
	assert_true(a.truth.n == 4 && !a.truth.whole);
	assert_true(a.chain.rec[0].in_truth && a.chain.rec[1].in_truth);
	for (int i = 2; i < 4; i++)
		assert_false(a.chain.rec[i].in_truth || a.chain.rec[i].refuted);
	sim_free(s);
}

int test_signal(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_body),
		cmocka_unit_test(in_a_prologue),
		cmocka_unit_test(nested),
		cmocka_unit_test(at_the_root),
		cmocka_unit_test(in_a_long_recursion),
		cmocka_unit_test(what_is_false_is_still_said),
		cmocka_unit_test(what_is_not_known_is_not_refuted),
	};
	return cmocka_run_group_tests_name("signal", tests, NULL, NULL);
}
