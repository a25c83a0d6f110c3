/* SPDX-License-Identifier: MIT */
#include "lesson/words.h"

#include <string.h>

#include "lesson_tests.h"

static struct span span(const char *s)
{
	return (struct span){s, strlen(s)};
}

static void words_keep_their_place(void **state)
{
	const char *line = "  run  M0 until\tasleep ";
	struct words w;

	(void)state;
	assert_true(words_split(&w, span(line)));
	assert_int_equal(w.n, 4);
	assert_true(span_is(w.word[0], "run"));
	assert_ptr_equal(w.word[1].at, line + 7);
	assert_true(span_is(w.word[3], "asleep"));
	assert_ptr_equal(w.word[4].at, line + strlen(line));
	assert_int_equal(w.word[4].len, 0);
}

static void too_many_words_are_refused(void **state)
{
	struct words w;

	(void)state;
	assert_true(words_split(
		&w, span("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24")));
	assert_false(words_split(
		&w, span("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25")));
}

static void numbers(void **state)
{
	(void)state;
	assert_int_equal(span_numbered(span("M12"), 'M'), 12);
	assert_int_equal(span_numbered(span("M"), 'M'), -1);
	assert_int_equal(span_numbered(span("G1"), 'M'), -1);
	assert_int_equal(span_numbered(span("M1x"), 'M'), -1);
	assert_int_equal(span_number(span("999999999999999")), 999999999999999);
	assert_int_equal(span_number(span("9999999999999999")), -1);
	assert_int_equal(span_number(span("")), -1);
}

static void hints(void **state)
{
	static names list = {"gosched", "gopark", "goready", NULL};
	char buf[128];

	(void)state;
	assert_string_equal(
		name_hint(span("goshed"), list, buf, sizeof buf), "; did you mean `gosched`?");
	assert_string_equal(
		name_hint(span("GoPark"), list, buf, sizeof buf), "; did you mean `gopark`?");
	assert_string_equal(name_hint(span("execute"), list, buf, sizeof buf),
		"; known are gosched, gopark and goready");
	assert_string_equal(name_hint(span("execute"), list, buf, 8), "; known");
}

int test_words(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_keep_their_place),
		cmocka_unit_test(too_many_words_are_refused),
		cmocka_unit_test(numbers),
		cmocka_unit_test(hints),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
