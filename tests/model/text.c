/* SPDX-License-Identifier: MIT */
/* Text from outside, as it is shown. */
#include "model/text.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "model_tests.h"

#define FFFD "\xef\xbf\xbd"

/* Of bytes, 0 among them; and what was shown once stays as it is. */
static void shows_bytes(const char *s, size_t n, const char *want, int cells)
{
	char *got = text_shown(s, n), *again = text_shown(got, strlen(got));
	assert_string_equal(got, want);
	assert_string_equal(again, want);
	assert_int_equal(text_width(got), cells);
	free(again);
	free(got);
}

static void shows(const char *s, const char *want, int cells)
{
	shows_bytes(s, strlen(s), want, cells);
	assert_int_equal(text_width(s), cells);
}

static void what_is_text_stays(void **state)
{
	(void)state;
	shows("", "", 0);
	shows("a ~", "a ~", 3);
	shows("…7f60 ✗ é", "…7f60 ✗ é", 9);
	shows("日本語 😀", "日本語 😀", 9);
	/* An accent in the cell of what it is on; which picture is meant is left to the font. */
	shows("e\u0301t\u00e9", "e\u0301t\u00e9", 3);
	shows("❤\ufe0f!", "❤!", 2);
	shows("x\u0301\u0302\u0303\u0304\u0305", "x\u0301\u0302\u0303\u0304\\u0305", 7);
}

static void a_bad_byte_is_one_character(void **state)
{
	(void)state;
	shows("a\xc3(b", "a" FFFD "(b", 4);
	shows("\xff\xfe", FFFD FFFD, 2);
	shows("\xe4\xb8", FFFD FFFD, 2);
	shows("\xe4\xb8|", FFFD FFFD "|", 3);
	shows("\x80\xbf", FFFD FFFD, 2);
	/* Said in more bytes than it takes, half of a pair, and beyond the last character. */
	shows("\xc0\xaf", FFFD FFFD, 2);
	shows("\xe0\x80\xaf", FFFD FFFD FFFD, 3);
	shows("\xed\xa0\x80", FFFD FFFD FFFD, 3);
	shows("\xf4\x90\x80\x80", FFFD FFFD FFFD FFFD, 4);
	shows("\xf8\x88\x80\x80\x80", FFFD FFFD FFFD FFFD FFFD, 5);
}

static void what_steers_is_a_number(void **state)
{
	(void)state;
	shows("two\x1b[31m", "two\\x1b[31m", 11);
	shows("a\nb\r\x7f", "a\\x0ab\\x0d\\x7f", 14);
	shows("a\tb", "a b", 3);
	shows_bytes("a\0b", 3, "a\\x00b", 6);
	/* C1 as UTF-8, which way text runs, ends of lines, what is not seen. */
	shows("\xc2\x9b[31m", "\\u009b[31m", 10);
	shows("a\u202eb\u2066", "a\\u202eb\\u2066", 14);
	shows("\u2028\ufeff\u200d", "\\u2028\\ufeff\\u200d", 18);
	shows("\U000e0041", "\\U000e0041", 10);
	/* A mark on nothing. */
	shows("\u0301", "\\u0301", 6);
}

/* As many cells as there is room for, and no half of a glyph. */
static void it_is_cut_between_glyphs(void **state)
{
	(void)state;
	assert_int_equal(text_bytes("日本", 1), 0);
	assert_int_equal(text_bytes("日本", 3), 3);
	assert_int_equal(text_bytes("日本", 4), 6);
	assert_int_equal(text_bytes("e\u0301t", 1), 3);
	assert_int_equal(text_bytes("\x1b[", 3), 0);
	assert_int_equal(text_bytes("\xc3(", 1), 1);
	assert_int_equal(text_bytes("abc", 0), 0);
}

static void a_character_across_an_end(void **state)
{
	(void)state;
	const char s[] = "a\xe4\xb8\xad\xc3(";
	size_t all = strlen(s);
	static const size_t whole[] = {0, 1, 1, 1, 4, 5, 6};
	for (size_t n = 0; n <= all; n++)
		assert_int_equal(utf8_whole(s, n, all), whole[n]);
	assert_int_equal(utf8_whole(s, 3, 3), 3);
}

/* The user's locale changes neither. */
static void it_is_the_same_in_every_locale(void **state)
{
	what_is_text_stays(state);
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	what_is_text_stays(state);
	setlocale(LC_ALL, "C");
}

int test_text(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_text_stays),
		cmocka_unit_test(a_bad_byte_is_one_character),
		cmocka_unit_test(what_steers_is_a_number),
		cmocka_unit_test(it_is_cut_between_glyphs),
		cmocka_unit_test(a_character_across_an_end),
		cmocka_unit_test(it_is_the_same_in_every_locale),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
