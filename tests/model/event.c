/* SPDX-License-Identifier: MIT */
/* The sentence of an event is made of its arguments, whoever wrote them into a file. */
#include "model/event.h"

#include "model_tests.h"

static void assert_words(const struct event *e, const char *want)
{
	char words[80];
	struct sim *s = sim_new("keep");
	struct event of = *e;
	if (of.id == EVENT_newproc)
		of.arg[1] = (int64_t)sim_addr("red");
	assert_string_equal(event_words(&of, s->code, words, sizeof words), want);
	sim_free(s);
}

static void sentences(void **state)
{
	(void)state;
	assert_words(&(struct event){EVENT_casgstatus, 3, {7, GS_RUNNABLE, GS_RUNNING}, ""},
		"G7 goes from runnable to running");
	assert_words(&(struct event){EVENT_newproc, 2, {2}, ""}, "G2 is created, to run red");
	assert_words(&(struct event){EVENT_gopark, 2, {3, 0x1000}, "chan receive"},
		"G3 has released its M to wait: chan receive");
	assert_words(&(struct event){EVENT_casgstatus, 3, {0, GS_IDLE, GS_DEAD}, ""},
		"a new G goes from idle to dead");
	assert_words(&(struct event){EVENT_deadlock, 0, {0}, ""}, "all goroutines are asleep");
}

static void odd_arguments(void **state)
{
	(void)state;
	assert_words(&(struct event){EVENT_casgstatus, 3, {-1, GS_DEAD + 1, -1}, ""},
		"G-1 goes from 6 to -1");
	/* One that is not there counts as 0, not as what lies where it would. */
	assert_words(&(struct event){EVENT_runqsteal, 1, {1, 2, 3}, ""}, "P1 takes 0 Gs from P0");
	for (int id = 0; id < EVENT_COUNT; id++)
		assert_int_equal(event_by_name(event_names[id]), id);
	assert_null(event_names[EVENT_COUNT]);
	assert_int_equal(event_by_name("gosched_m"), -1);
}

int test_event(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences),
		cmocka_unit_test(odd_arguments),
	};
	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
