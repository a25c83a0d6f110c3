/* SPDX-License-Identifier: MIT */
/* Sentences with words from outside in them. */
#include "model/say.h"

#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "model_tests.h"

#define FFFD "\xef\xbf\xbd"

static void words_from_outside_are_shown(void **state)
{
	(void)state;
	char buf[SENTENCE_MAX];
	say(buf, sizeof buf, "%s: is no %s", "a\nb\x1b[2J", "\xff\xc3(");
	assert_string_equal(buf, "a\\x0ab\\x1b[2J: is no " FFFD FFFD "(");
	say(buf, sizeof buf, "g0scope: %s", buf);
	assert_string_equal(buf, "g0scope: a\\x0ab\\x1b[2J: is no " FFFD FFFD "(");
	say(buf, sizeof buf, "%s", "");
	assert_string_equal(buf, "");
}

/* Of that many bytes, not one behind them, and not half a character. */
static void cut(const char *text, size_t n, const char *want)
{
	char *buf = malloc(n + 1);
	memset(buf, 'x', n + 1);
	say(buf, n, "%s", text);
	if (n)
		assert_string_equal(buf, want);
	assert_int_equal(buf[n], 'x');
	free(buf);
}

static void what_is_too_long_loses_its_middle(void **state)
{
	(void)state;
	cut("0123456789", 11, "0123456789");
	cut("0123456789", 10, "012…789");
	cut("0123456789", 9, "01…789");
	cut("0123456789", 5, "…9");
	cut("0123456789", 4, "…");
	cut("0123456789", 3, "");
	cut("0123456789", 1, "");
	cut("0123456789", 0, "");
	/* A character, and a mark on one, stay whole. */
	cut("日本語日本語", 14, "日…本語");
	cut("01e\u0301456789", 10, "01…6789");
}

static void more_is_said(void **state)
{
	(void)state;
	char buf[16] = "";
	say_more(buf, sizeof buf, "%s:", "a\x07");
	assert_string_equal(buf, "a\\x07:");
	say_more(buf, sizeof buf, " %d", 42);
	assert_string_equal(buf, "a\\x07: 42");
	say_more(buf, sizeof buf, " %s", "and more");
	assert_string_equal(buf, "a\\x07:…d more");
}

static void lines_are_said(void **state)
{
	(void)state;
	char *said, *longest = malloc(3 * SENTENCE_MAX);
	size_t n;
	FILE *f = open_memstream(&said, &n);
	say_line(f, "%s: %d", "x\x1b.c", 3);
	memset(longest, '.', 3 * SENTENCE_MAX);
	say_line(f, "%.*s", 3 * SENTENCE_MAX, longest);
	say_in_ascii();
	say_line(f, "%s…%s", "日", "\xff");
	fclose(f);
	assert_memory_equal(said, "x\\x1b.c: 3\n...", 14);
	assert_int_equal(n, 11 + 3 * SENTENCE_MAX + 1 + 5);
	assert_string_equal(said + n - 5, "? ~?\n");
	free(longest);
	free(said);
}

int test_say(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_from_outside_are_shown),
		cmocka_unit_test(what_is_too_long_loses_its_middle),
		cmocka_unit_test(more_is_said),
		cmocka_unit_test(lines_are_said),
	};
	return cmocka_run_group_tests_name("say", tests, NULL, NULL);
}
