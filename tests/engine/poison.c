/* SPDX-License-Identifier: MIT */
/* G0_POISON: what one meets who follows a link into the stack of a G that has ended. */
#include "engine_tests.h"

#include <string.h>

#include "model/walk.h"

#define POISON 0xdeaddeaddeaddeadull

/* M0 has ended a G, and looks for another: its chain as a profiler walks it. */
static struct timeline *at_schedule_after_goexit(bool poison, const char *policy, struct chain *ch)
{
	char err[1024] = "", *args[] = {"crowd", "1", NULL};
	struct run_options o = {
		.program = subject(), .mcall = policy, .args = args, .poison = poison};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	if (!tl)
		fail_msg("%s", err);
	step_to_event(tl, 0, "goexit");
	step_to(tl, 0, "schedule");
	walk(timeline_now(tl), timeline_code(tl), 0, ch);
	return tl;
}

/* The first record of the chain in the stack of a dead G; NULL: it leads into none. */
static const struct record *in_dead_stack(const struct chain *ch)
{
	for (int i = 0; i + 1 < ch->n; i++)
		if (ch->rec[i].link == LINK_FREED)
			return &ch->rec[i + 1];
	return NULL;
}

static void test_stale_link_reads_poison(void **state)
{
	(void)state;
	struct chain ch;
	struct answer a;
	struct timeline *tl = at_schedule_after_goexit(true, "keep", &ch);
	const struct record *r = in_dead_stack(&ch);
	assert_non_null(r);
	assert_true(r->ret == POISON && r->next == POISON);
	assert_int_equal(r->link, LINK_WILD);
	judge(timeline_now(tl), timeline_code(tl), NULL, 0, &a);
	assert_int_equal(a.verdict, VERDICT_WILD);
	timeline_close(tl);
}

/* Without it, nobody could tell from the words that the call is over. */
static void test_stale_link_reads_a_call(void **state)
{
	(void)state;
	struct chain ch;
	char sym[64];
	struct timeline *tl = at_schedule_after_goexit(false, "keep", &ch);
	const struct record *r = in_dead_stack(&ch);
	assert_non_null(r);
	assert_int_equal(r->link, LINK_CALL);
	code_symbolize(timeline_code(tl), r->ret, true, sym, sizeof sym);
	assert_int_equal(strncmp(sym, "mcall+", 6), 0);
	timeline_close(tl);
}

static void test_clear_leads_nowhere(void **state)
{
	(void)state;
	struct chain ch;
	struct timeline *tl = at_schedule_after_goexit(true, "clear", &ch);
	assert_null(in_dead_stack(&ch));
	assert_int_equal(ch.rec[ch.n - 1].link, LINK_TOP);
	timeline_close(tl);
}

int test_poison(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stale_link_reads_poison),
		cmocka_unit_test(test_stale_link_reads_a_call),
		cmocka_unit_test(test_clear_leads_nowhere),
	};
	return cmocka_run_group_tests_name("poison", tests, NULL, NULL);
}
