/* SPDX-License-Identifier: MIT */
/* Keys and actions: each does something or says why not. */
#include "session_tests.h"

#include <stdio.h>
#include <stdlib.h>

/* What an action may change, as text to compare. */
static void fingerprint(struct session *s, char *buf, size_t n)
{
	snprintf(buf, n, "%lld %d %d %d %d %d %d %d %s", (long long)timeline_step(s->tl),
		s->focus_m, s->page, s->scroll, s->pane, s->show_registers, s->prompting, s->quit,
		timeline_policy(s->tl));
}

static void every_action_does_something_or_says_why(void **state)
{
	(void)state;
	for (int64_t step = 0; step <= MOMENT_LAST; step += MOMENT_LAST)
		for (int a = 0; a < ACT_COUNT; a++) {
			char before[128], after[128];
			struct session *s = moment_session(step);
			fingerprint(s, before, sizeof before);
			session_do(s, a);
			fingerprint(s, after, sizeof after);
			assert_int_equal(s->done, a);
			bool views = a == ACT_REDRAW || a == ACT_SCREENSHOT;
			bool seen = views || strcmp(before, after) != 0 || *s->message;
			/* Home at the start and End at the end are where they say. */
			seen = seen || (a == ACT_FIRST && step == 0) ||
			       (a == ACT_LAST && step == MOMENT_LAST);
			if (!seen)
				fail_msg("%s at step %d: nothing happened and nothing was said",
					actions[a].id, (int)step);
			session_close(s);
		}
}

static void every_action_has_a_key_of_its_own(void **state)
{
	(void)state;
	for (int a = 0; a < ACT_COUNT; a++)
		for (int b = a + 1; b < ACT_COUNT; b++) {
			char keys[64], *rest = keys, *key;
			snprintf(keys, sizeof keys, "%s", actions[a].keys);
			while ((key = strsep(&rest, " "))) {
				char other[66], word[66];
				snprintf(other, sizeof other, " %s ", actions[b].keys);
				snprintf(word, sizeof word, " %s ", key);
				assert_null(strstr(other, word));
			}
		}
}

static void keys_move(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	session_key(s, "Right");
	assert_int_equal(timeline_step(s->tl), 1);
	session_key(s, "e");
	assert_int_equal(timeline_step(s->tl), 3);
	session_key(s, "e");
	assert_int_equal(timeline_step(s->tl), 4);
	session_key(s, "E");
	assert_int_equal(timeline_step(s->tl), 3);
	session_key(s, "Left");
	assert_int_equal(timeline_step(s->tl), 2);
	session_key(s, "End");
	assert_int_equal(timeline_step(s->tl), MOMENT_LAST);
	session_key(s, "N");
	assert_true(timeline_step(s->tl) < MOMENT_LAST);
	session_key(s, "Home");
	assert_int_equal(timeline_step(s->tl), 0);
	session_key(s, "n");
	assert_int_equal(timeline_step(s->tl), 1);
	session_close(s);
}

static void a_number_can_be_typed(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	for (const char *const *k = (const char *const[]){"#", "x", "Backspace", "1", "é",
		     "Backspace", "Backspace", "5", "Enter", NULL};
		*k; k++)
		session_key(s, *k);
	assert_int_equal(timeline_step(s->tl), 5);
	assert_false(s->prompting);
	session_key(s, "#");
	session_key(s, "2");
	session_key(s, "Escape");
	assert_int_equal(timeline_step(s->tl), 5);
	for (const char *const *k = (const char *const[]){"#", "9", "9", "Enter", NULL}; *k; k++)
		session_key(s, *k);
	assert_int_equal(timeline_step(s->tl), MOMENT_LAST);
	assert_string_equal(s->message, "7 is the last step recorded");
	session_close(s);
}

static void an_m_is_chosen(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	session_key(s, "m");
	assert_int_equal(s->focus_m, 1);
	session_key(s, "m");
	assert_int_equal(s->focus_m, 0);
	session_key(s, "1");
	assert_int_equal(s->focus_m, 1);
	session_key(s, "7");
	assert_int_equal(s->focus_m, 1);
	assert_string_equal(s->message, "there is no M7 at this step");
	session_close(s);
}

/* What a click, a wheel or a number typed is about: the same actions, with that. */
static void an_action_is_about_something(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	session_act(s, (struct act){ACT_SCROLL_UP, -1, 12, NULL});
	session_act(s, (struct act){ACT_SCROLL_DOWN, -1, 5, NULL});
	assert_int_equal(s->scroll, 7);
	session_act(s, (struct act){ACT_CHOOSE_M, 1, -1, NULL});
	assert_int_equal(s->focus_m, 1);
	assert_int_equal(s->scroll, 0);
	session_act(s, (struct act){ACT_CHOOSE_M, 7, -1, NULL});
	assert_string_equal(s->message, "there is no M7 at this step");
	session_do(s, ACT_SCROLL_UP);
	session_act(s, (struct act){ACT_GOTO, -1, 5, NULL});
	assert_int_equal(timeline_step(s->tl), 5);
	assert_int_equal(s->scroll, 0);
	assert_string_equal(s->message, "");
	assert_false(s->prompting);
	session_act(s, (struct act){ACT_GOTO, -1, MOMENT_LAST + 1, NULL});
	assert_int_equal(timeline_step(s->tl), MOMENT_LAST);
	assert_string_equal(s->message, "7 is the last step recorded");
	session_close(s);
}

static void scrolling_has_an_end(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	for (enum action a = ACT_SCROLL_UP; a <= ACT_SCROLL_DOWN; a++) {
		session_act(s, (struct act){a, -1, 1000000, NULL});
		assert_string_equal(s->message, "nothing further that way");
		int end = s->scroll;
		session_do(s, a);
		assert_int_equal(s->scroll, end);
		assert_string_equal(s->message, "nothing further that way");
		session_do(s, a == ACT_SCROLL_UP ? ACT_SCROLL_DOWN : ACT_SCROLL_UP);
		assert_int_equal(s->scroll, end > 0 ? end - 1 : end + 1);
		assert_string_equal(s->message, "");
	}
	session_close(s);
}

/* The M that is looked at need not be the one that makes the next step. */
static void whose_the_next_step_is(void **state)
{
	(void)state;
	struct session *s = moment_session(0); /* three steps of M0, four of M1 */
	session_key(s, "1");
	assert_string_equal(s->message, "M1 is looked at; the next step is M0's, as recorded");
	session_key(s, "0");
	assert_string_equal(s->message, "M0 is looked at; the next step is its, as recorded");
	timeline_seek(s->tl, 3);
	session_key(s, "0");
	assert_string_equal(s->message, "M0 is looked at; the next step is M1's, as recorded");
	timeline_seek(s->tl, MOMENT_LAST);
	session_key(s, "1");
	assert_string_equal(s->message, "M1 is looked at; the recording ends here");
	session_close(s);
}

/* M0 goes round in one line, for longer than a key waits. */
static void who_is_on_the_same_line(void **state)
{
	(void)state;
	struct moment_state t;
	moment_start(&t);
	struct recording *r = moment_recording(&t, "keep");
	for (int i = 0; i <= 1000; i++)
		moment_step(r, &t, 0, t.ms[0].regs[RIP], NULL, 0, NULL);
	struct session *s = session_new(timeline_replay(r), NULL);
	s->run_limit = 1000;
	session_key(s, "n");
	assert_non_null(strstr(s->message, "M0 is on the same line after 1000 steps of its own"));
	timeline_seek(s->tl, 0);
	session_key(s, "1");
	session_key(s, "n");
	assert_non_null(strstr(s->message, "none of these 1000 steps was M1's"));
	session_close(s);
}

/* An M was chosen that is not there yet: what is said is of the one that is shown. */
static void an_m_that_is_not_there_yet(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	s->focus_m = 7;
	assert_int_equal(session_m(s), 0);
	session_key(s, "f");
	assert_string_equal(s->message, "M0 is the M that was recorded here: no path is left");
	session_key(s, "m");
	assert_int_equal(s->focus_m, 1);
	session_close(s);
}

static void what_cannot_be_done_is_said(void **state)
{
	(void)state;
	static const struct {
		int64_t step;
		const char *key, *said;
	} cases[] = {
		{0, "Left", "this is the start"},
		{0, "E", "this is the start"},
		{0, "N", "this is the start"},
		{0, "Space", "no lesson"},
		{0, "PageUp", "no lesson"},
		{0, "F12", "F12 does nothing here; ? shows"},
		{0, "é", "é does nothing here"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct session *s = moment_session(cases[i].step);
		session_key(s, cases[i].key);
		if (!strstr(s->message, cases[i].said))
			fail_msg("%s: \"%s\"", cases[i].key, s->message);
		/* It stands until the next key. */
		session_key(s, "C-l");
		assert_string_equal(s->message, "");
		session_close(s);
	}
}

/*
 * A replay cannot execute: the end of the recording and another policy are errors, and the
 * sentence is the engine's.
 */
static void a_recording_ends(void **state)
{
	(void)state;
	static const char *const keys[] = {"Right", "e", "n", "f", "p", "t"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct session *s = moment_session(MOMENT_LAST);
		session_key(s, keys[i]);
		assert_true(s->message_is_error && *s->message);
		assert_int_equal(timeline_step(s->tl), MOMENT_LAST);
		assert_string_equal(timeline_policy(s->tl), "keep");
		session_close(s);
	}
}

/* To a step where M0 goes on, as recorded, though M1 could. */
static int64_t go_to_fork(struct session *s)
{
	for (int64_t at = 0; at < timeline_last(s->tl); at++) {
		timeline_seek(s->tl, at);
		const struct m_state *m = snap_m(timeline_now(s->tl), 1);
		if (m && !m->asleep && recording_m(timeline_recording(s->tl), at + 1) == 0)
			return at;
	}
	fail_msg("M1 never could go on");
	return -1;
}

static void assert_says(const struct session *s, const char *format, ...)
{
	char words[SENTENCE_MAX];
	va_list ap;
	va_start(ap, format);
	vsnprintf(words, sizeof words, format, ap);
	va_end(ap);
	assert_string_equal(s->message, words);
}

/* A real program: its lesson is told to the end, left, and found again as it was. */
static void what_was_left_comes_back(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "";
	struct session *s = session_open("stale_link", NULL, NULL, err, sizeof err);
	int stops = s ? s->lesson->nstops : 0;
	if (!s || !session_goto_stop(s, stops - 1, err, sizeof err))
		fail_msg("%s", err);
	int last = (int)timeline_last(s->tl), at = (int)go_to_fork(s);
	session_key(s, "u");
	assert_non_null(strstr(s->message, "nothing to undo"));
	session_key(s, "1");
	session_key(s, "f");
	assert_says(s, "another path from step %d on; u goes back to the one left", at + 1);
	/* The lesson's last stop does not lie on that path. */
	assert_int_equal(telling_step(s->telling, stops - 1), -1);
	session_key(s, "t");
	session_key(s, "u");
	assert_says(s,
		"back under mcall_keep on the path that was left at step %d: %d steps are recorded",
		at + 1, at + 1);
	session_key(s, "u");
	assert_says(
		s, "back on the path that was left at step %d: %d steps are recorded", at, last);
	assert_int_equal(timeline_step(s->tl), at);
	assert_int_equal(telling_step(s->telling, stops - 1), last);
	session_key(s, "u");
	assert_non_null(strstr(s->message, "nothing to undo"));
	/* Once more the other way, which is still there; and by the lesson back to its own. */
	session_key(s, "f");
	session_key(s, "Right");
	timeline_seek(s->tl, at);
	session_key(s, "0");
	session_key(s, "f");
	assert_says(s, "a path that was taken before, from step %d on: %d more steps are recorded",
		at + 1, last - at - 1);
	session_key(s, "u");
	assert_int_equal(timeline_last(s->tl), at + 2);
	session_key(s, "Space");
	assert_int_equal(timeline_last(s->tl), last);
	session_close(s);
}

static void pages_open_and_close(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	session_key(s, "?");
	assert_int_equal(s->page, PAGE_HELP);
	session_key(s, "Space");
	assert_int_equal(s->page, PAGE_HELP);
	assert_int_equal(s->help_page, 1);
	session_key(s, "x");
	assert_int_equal(s->page, PAGE_MAIN);
	session_key(s, "o");
	assert_int_equal(s->page, PAGE_OUTPUT);
	session_key(s, "Escape");
	assert_int_equal(s->page, PAGE_MAIN);
	/* What closes a page does nothing else, but open what is to be typed. */
	for (const char *const *page = (const char *const[]){"?", "B", NULL}; *page; page++) {
		session_key(s, *page);
		assert_true(page_is_lines(s->page));
		session_key(s, "q");
		assert_int_equal(s->page, PAGE_MAIN);
		assert_false(s->quit);
		session_key(s, *page);
		session_key(s, "#");
		assert_int_equal(s->page, PAGE_MAIN);
		assert_true(s->prompting);
		session_key(s, "Escape");
	}
	session_key(s, "q");
	assert_true(s->quit);
	session_close(s);
}

int test_actions(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_does_something_or_says_why),
		cmocka_unit_test(every_action_has_a_key_of_its_own),
		cmocka_unit_test(keys_move),
		cmocka_unit_test(a_number_can_be_typed),
		cmocka_unit_test(an_m_is_chosen),
		cmocka_unit_test(an_action_is_about_something),
		cmocka_unit_test(scrolling_has_an_end),
		cmocka_unit_test(whose_the_next_step_is),
		cmocka_unit_test(who_is_on_the_same_line),
		cmocka_unit_test(an_m_that_is_not_there_yet),
		cmocka_unit_test(what_cannot_be_done_is_said),
		cmocka_unit_test(a_recording_ends),
		cmocka_unit_test(what_was_left_comes_back),
		cmocka_unit_test(pages_open_and_close),
	};
	return cmocka_run_group_tests_name("actions", tests, NULL, NULL);
}
