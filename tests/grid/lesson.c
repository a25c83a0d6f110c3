/* SPDX-License-Identifier: MIT */
/* A lesson on the recorded moment: its stops by keys, its words on the screen. */
#include <stdlib.h>

#include "grid_tests.h"

static bool shows(struct session *s, const char *words)
{
	struct grid g = {0};
	bool found = false;
	show(&g, s, 118, 38);
	for (size_t i = 0; i < g.n; i++)
		found = found || strstr(g.draws[i].text, words);
	grid_free(&g);
	return found;
}

static void keys_go_from_stop_to_stop(void **state)
{
	(void)state;
	struct session *s = moment_lesson("keep");
	assert_true(shows(s, "Before it all."));
	session_key(s, "Space");
	assert_int_equal(timeline_step(s->tl), 3);
	assert_true(shows(s, "1 of 2 · M0 lets go") && shows(s, "G1 is runnable."));
	session_key(s, "PageDown");
	assert_int_equal(timeline_step(s->tl), 7);
	assert_true(shows(s, "2 of 2 · M1 takes it"));
	session_key(s, "Space");
	assert_int_equal(timeline_step(s->tl), 7);
	assert_non_null(strstr(s->message, "last stop"));
	session_key(s, "Left");
	session_key(s, "Backspace");
	assert_int_equal(timeline_step(s->tl), 3);
	session_key(s, "Backspace");
	assert_int_equal(timeline_step(s->tl), 0);
	session_key(s, "Backspace");
	assert_non_null(strstr(s->message, "start of the lesson"));
	session_close(s);
}

/* Elsewhere than at its stop, what is said is said to be of there. */
static void what_was_said_elsewhere(void **state)
{
	(void)state;
	struct session *s = moment_lesson("keep");
	assert_true(shows(s, "The moment") && !shows(s, "said"));
	session_key(s, "Right");
	assert_true(shows(s, "The moment · said at step 0"));
	session_key(s, "Space");
	assert_true(shows(s, "1 of 2 · M0 lets go") && !shows(s, "said"));
	session_key(s, "Right");
	assert_true(shows(s, "1 of 2 · M0 lets go · said at step 3"));
	session_key(s, "Left");
	assert_false(shows(s, "said"));
	session_key(s, "Left");
	assert_true(shows(s, "The moment · said at step 0"));
	session_key(s, "Space");
	session_key(s, "Space");
	assert_true(shows(s, "2 of 2") && !shows(s, "said"));
	session_close(s);
}

/* What is said of keep is no description of clear, but what is written for that. */
static void what_was_said_of_another_policy(void **state)
{
	(void)state;
	char err[200];
	struct session *s = moment_lesson("clear");
	/* A recording cannot be run again under another policy: its stops are found before. */
	assert_true(session_goto_stop(s, 0, err, sizeof err));
	assert_true(session_goto_stop(s, 1, err, sizeof err));
	snprintf(s->lesson->mcall, sizeof s->lesson->mcall, "keep");
	assert_true(shows(s, "2 of 2 · M1 takes it · said under keep"));
	session_key(s, "Left");
	assert_true(shows(s, "No link here.") && !shows(s, "under keep"));
	assert_true(shows(s, "1 of 2 · M0 lets go · said at step 3"));
	session_close(s);
}

static void a_stop_that_is_not_there_is_said(void **state)
{
	(void)state;
	char err[200] = "";
	struct session *s = moment_lesson("keep");
	assert_false(session_goto_stop(s, 2, err, sizeof err));
	assert_non_null(strstr(err, "stops 1 to 2"));
	session_close(s);
}

int test_lesson(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_go_from_stop_to_stop),
		cmocka_unit_test(what_was_said_elsewhere),
		cmocka_unit_test(what_was_said_of_another_policy),
		cmocka_unit_test(a_stop_that_is_not_there_is_said),
	};
	return cmocka_run_group_tests_name("lesson", tests, NULL, NULL);
}
