/* SPDX-License-Identifier: MIT */
/* What is typed: it is taken as it is, and does something or says why not. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/timeline.h"
#include "session_tests.h"

/* A key, then text, character by character, then Enter. */
static void type(struct session *s, const char *key, const char *text)
{
	session_key(s, key);
	assert_true(s->prompting);
	for (const char *c = text; *c; c++) {
		char one[8];
		int n = (*c & 0x80) ? 2 : 1;
		snprintf(one, sizeof one, "%.*s", n, c);
		session_key(s, *c == ' ' ? "Space" : one);
		c += n - 1;
	}
	session_key(s, "Enter");
	assert_false(s->prompting);
}

static void what_cannot_be_typed_is_said(void **state)
{
	(void)state;
	static const struct {
		const char *key, *text, *said;
	} cases[] = {
		{"/", "", "nothing was looked for before"},
		{"/", "event gosche",
			"column 7: `gosche` is not an event; did you mean `gosched`?"},
		{"\\", "chain of M0 is x", "column 13: a chain has no name"},
		{"/", "0x1001", "0x1001 is no word's address"},
		{"/", "verdict of M0 is STALE no", "column 24: the line should end before `no`"},
		{"#", "nowhere", "no M comes to nowhere"},
		{"#", "event 99", "event 99: the recording has the events 1 to "},
		{"#", "stop 1", "no lesson is being told here"},
		{"#", "bookmark 1", "there is no bookmark yet"},
		{"#", "path 2", "there is no path 2"},
		{"#", "beside path 2", "there is no such path"},
		{"#", "beside path 1", "that is the path that is shown"},
		{"#", "99", "7 is the last step recorded"},
		{"a", "seed x", "a seed is a number"},
		{"a", "seed 99999999999999999999", "a seed is at most 1844"},
		{"a", "sooner", "`sooner`: expected seed N, or until"},
		{"a", "", "a recording cannot be run on"},
		{";", "M0*", "column "},
		{";", "M0*3", "a recording cannot be run along another schedule"},
		{"K", "", "no name: nothing was written"},
		{"K", "/", "/ is there already"},
		{"K", "/none/such", "/none/such could not be written"},
		{"O", "txt x", "nothing can be exported from here"},
		{"=", "a name that is longer than any name should be", "at most 31 bytes"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct session *s = moment_session(2);
		type(s, cases[i].key, cases[i].text);
		if (!strstr(s->message, cases[i].said))
			fail_msg("%s %s: \"%s\"", cases[i].key, cases[i].text, s->message);
		if (strcmp(cases[i].text, "99") != 0)
			assert_int_equal(timeline_step(s->tl), 2);
		session_close(s);
	}
}

/* The moment's steps, by what is so there. */
static void what_is_typed_is_looked_for(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	type(s, "/", "link of M0 is foreign");
	assert_int_equal(timeline_step(s->tl), MOMENT_FOREIGN);
	type(s, "/", "");
	assert_non_null(strstr(s->message, "no step where that comes to be so from here"));
	assert_int_equal(timeline_step(s->tl), MOMENT_FOREIGN);
	session_key(s, "End");
	type(s, "\\", "");
	assert_int_equal(timeline_step(s->tl), MOMENT_FOREIGN);
	type(s, "/", "verdict of M0 is CHIMERA");
	assert_int_equal(timeline_step(s->tl), 6);
	session_key(s, "Home");
	session_key(s, "x");
	assert_int_equal(timeline_step(s->tl), MOMENT_FOREIGN);
	type(s, "#", "mcall_keep");
	assert_non_null(strstr(s->message, "no M comes to mcall_keep"));
	type(s, "#", "event 1");
	assert_non_null(recording_event(timeline_recording(s->tl), timeline_step(s->tl)));
	session_close(s);
}

/* Who wrote the word that the stale link leads to, and who does so next. */
static void a_word_is_followed(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	char word[32];
	timeline_seek(s->tl, MOMENT_LAST);
	session_key(s, "W");
	assert_int_equal(timeline_step(s->tl), MOMENT_LAST);
	assert_non_null(strstr(s->message, "M1 wrote 0x"));
	session_key(s, "W");
	assert_non_null(strstr(s->message, "no step that writes this word between the start and"));
	int n;
	const struct word_write *w = recording_writes(timeline_recording(s->tl), MOMENT_LAST, &n);
	assert_true(n > 0);
	snprintf(word, sizeof word, "0x%llx", (unsigned long long)w[n - 1].addr);
	session_key(s, "Home");
	type(s, "/", word);
	assert_int_equal(timeline_step(s->tl), MOMENT_LAST);
	type(s, "\\", "");
	assert_int_equal(timeline_step(s->tl), 0);
	session_close(s);
}

static void what_is_typed_can_be_taken_back(void **state)
{
	(void)state;
	struct session *s = moment_session(0);
	static const char *const keys[] = {"#", "é", "5", "Left", "C-l", "Backspace", "F1", NULL};
	for (int i = 0; keys[i]; i++)
		session_key(s, keys[i]);
	assert_string_equal(s->prompt, "é");
	session_key(s, "Backspace");
	session_key(s, "Backspace");
	assert_string_equal(s->prompt, "");
	for (int i = 0; i < 1000; i++)
		session_key(s, "9");
	assert_true(strlen(s->prompt) < sizeof s->prompt);
	session_key(s, "C-u");
	assert_string_equal(s->prompt, "");
	session_key(s, "Escape");
	assert_int_equal(timeline_step(s->tl), 0);
	assert_false(s->prompting);
	session_close(s);
}

/* They are in the file that is saved, and where that is opened. */
static void bookmarks_stay(void **state)
{
	(void)state;
	char name[] = "/tmp/g0-bookmarks-XXXXXX", err[SENTENCE_MAX] = "";
	int fd = mkstemp(name), n;
	assert_true(fd >= 0);
	close(fd);
	unlink(name);
	struct session *s = moment_session(5);
	type(s, "b", "hier: é");
	timeline_seek(s->tl, 2);
	type(s, "b", "");
	timeline_seek(s->tl, 3);
	type(s, "b", "not for long");
	type(s, "b", "-");
	type(s, "K", name);
	assert_non_null(strstr(s->message, "steps 0 to 7"));
	session_close(s);
	s = session_replay(name, NULL, err, sizeof err);
	if (!s || *err)
		fail_msg("%s", err);
	const struct bookmark *b = recording_bookmarks(timeline_recording(s->tl), &n);
	assert_int_equal(n, 2);
	assert_string_equal(b[0].note, "");
	type(s, "#", "bookmark 2");
	assert_int_equal(timeline_step(s->tl), 5);
	assert_string_equal(b[1].note, "hier: é");
	type(s, "#", "0");
	type(s, "#", "hier: é");
	assert_int_equal(timeline_step(s->tl), 5);
	session_close(s);
	unlink(name);
}

/* A program: by lot until something is so, the same again by its seed, and back on either path. */
static void by_lot_and_back(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "", words[SENTENCE_MAX];
	struct session *s = session_open("stale_link", NULL, NULL, err, sizeof err);
	if (!s || !session_goto_stop(s, 0, err, sizeof err))
		fail_msg("%s", err);
	int64_t from = timeline_step(s->tl);
	type(s, "a", "seed 7 until event gosched");
	int64_t first = timeline_step(s->tl);
	snprintf(words, sizeof words, "%d steps by lot, from step %d on, seed 7",
		(int)(first - from), (int)from);
	assert_string_equal(s->message, words);
	assert_true(first > from);
	assert_int_equal(s->lot_seed, 8);
	type(s, "=", "7");
	assert_non_null(strstr(s->message, "`7` is no name"));
	type(s, "=", "stop 2");
	assert_non_null(strstr(s->message, "is no name"));
	type(s, "=", "seven");
	assert_string_equal(s->message, "this path is seven now");
	timeline_seek(s->tl, 3);
	type(s, "b", "early");
	char *turns = recording_schedule_text(timeline_recording(s->tl));
	timeline_seek(s->tl, from);
	type(s, "a", "seed 9 until event gosched");
	assert_int_equal(timeline_paths(s->tl), 2);
	/* What was marked before they part is on either. */
	type(s, "#", "bookmark 1");
	assert_int_equal(timeline_step(s->tl), 3);
	timeline_seek(s->tl, from);
	type(s, "a", "seed 7 until event gosched");
	char *again = recording_schedule_text(timeline_recording(s->tl));
	assert_string_equal(again, turns);
	assert_int_equal(timeline_paths(s->tl), 2);
	type(s, "#", "path 2");
	type(s, "#", "seven");
	assert_non_null(strstr(s->message, "on path 1; u goes back"));
	assert_int_equal(timeline_step(s->tl), first);
	/* What a schedule says, typed, goes there as well. */
	timeline_seek(s->tl, 0);
	type(s, ";", turns);
	assert_int_equal(timeline_step(s->tl), first);
	assert_int_equal(timeline_paths(s->tl), 2);
	free(turns);
	free(again);
	session_close(s);
}

/* The other policy's run goes along as long as its page is there. */
static void beside_on_a_page(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "";
	struct session *s = moment_session(3);
	session_key(s, "T");
	assert_int_equal(s->page, PAGE_MAIN);
	assert_true(s->message_is_error);
	session_close(s);
	s = session_open("stale_link", NULL, NULL, err, sizeof err);
	if (!s || !session_goto_stop(s, 2, err, sizeof err))
		fail_msg("%s", err);
	int64_t step = timeline_step(s->tl);
	session_key(s, "T");
	assert_int_equal(s->page, PAGE_TWIN);
	session_key(s, "Right");
	assert_int_equal(s->page, PAGE_TWIN);
	assert_int_equal(timeline_sides(s->tl), SIDES);
	assert_int_equal(timeline_side(s->tl, 1).now->step, step + 1);
	assert_string_equal(recording_info(timeline_side(s->tl, 1).r)->policy, "clear");
	session_key(s, "Escape");
	assert_int_equal(s->page, PAGE_MAIN);
	assert_int_equal(timeline_sides(s->tl), 1);
	session_close(s);
}

/* So does a path that was left. */
static void path_beside(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "";
	struct session *s = session_open("stale_link", NULL, NULL, err, sizeof err);
	if (!s || !session_goto_stop(s, 2, err, sizeof err))
		fail_msg("%s", err);
	const struct recording *left = timeline_recording(s->tl);
	session_key(s, "Home");
	type(s, "a", "seed 3 until event gosched");
	assert_int_equal(timeline_paths(s->tl), 2);
	type(s, "=", "lot");
	type(s, "#", "path 1");
	assert_ptr_equal(timeline_recording(s->tl), left);
	type(s, "#", "path lot");
	assert_ptr_not_equal(timeline_recording(s->tl), left);
	type(s, "#", "beside path 1");
	assert_int_equal(s->page, PAGE_TWIN);
	assert_ptr_equal(timeline_side(s->tl, 1).r, left);
	session_key(s, "Left");
	assert_int_equal(timeline_side(s->tl, 1).now->step,
		recording_beside(left, timeline_recording(s->tl), timeline_step(s->tl)));
	session_key(s, "T");
	assert_int_equal(s->page, PAGE_MAIN);
	assert_int_equal(timeline_sides(s->tl), 1);
	assert_int_equal(timeline_paths(s->tl), 2);
	session_close(s);
}

/* What a profiler would say of an M that has ended is nothing. */
static void an_ended_m_has_no_verdict(void **state)
{
	(void)state;
	struct moment_state t;
	moment_start(&t);
	struct recording *r = moment_recording(&t, "keep");
	for (int i = 0; i < 3; i++)
		moment_step(r, &t, 0, t.ms[0].regs[RIP], NULL, 0, NULL);
	t.ms[1].exited = true;
	for (int i = 0; i < 3; i++)
		moment_step(r, &t, 0, t.ms[0].regs[RIP], NULL, 0, NULL);
	struct session *s = session_new(timeline_replay(r), NULL);
	type(s, "/", "verdict of M1 changes");
	assert_int_equal(timeline_step(s->tl), 4);
	type(s, "/", "verdict of M1 is VALID");
	assert_non_null(strstr(s->message, "from here to the end of the recording"));
	session_close(s);
}

/* Of what is executed, too, it is said that it did not come. */
static void what_does_not_come_is_said(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "";
	struct session *s = session_open("stale_link", NULL, NULL, err, sizeof err);
	if (!s)
		fail_msg("%s", err);
	type(s, "/", "at nosuchfunc");
	if (!strstr(s->message, "nosuchfunc") || timeline_step(s->tl) != 0)
		fail_msg("%s", s->message);
	type(s, "/", "verdict of M0 is CYCLE");
	if (!strstr(s->message, "no step where that comes to be so in what there was to execute; "))
		fail_msg("%s", s->message);
	session_close(s);
}

int test_prompts(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_typed_is_said),
		cmocka_unit_test(what_is_typed_is_looked_for),
		cmocka_unit_test(a_word_is_followed),
		cmocka_unit_test(what_is_typed_can_be_taken_back),
		cmocka_unit_test(bookmarks_stay),
		cmocka_unit_test(by_lot_and_back),
		cmocka_unit_test(beside_on_a_page),
		cmocka_unit_test(path_beside),
		cmocka_unit_test(an_ended_m_has_no_verdict),
		cmocka_unit_test(what_does_not_come_is_said),
	};
	return cmocka_run_group_tests_name("prompts", tests, NULL, NULL);
}
