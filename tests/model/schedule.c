/* SPDX-License-Identifier: MIT */
#include "model/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "model_tests.h"

static void text_there_and_back(void **state)
{
	(void)state;
	struct schedule s = {0}, copy = {0};
	char err[128];

	assert_int_equal(schedule_parse(&s, "  M0*98 M1*116\n M0 M0*2 m3 ", err, sizeof err), 0);
	assert_int_equal(s.n, 4);
	assert_int_equal(schedule_steps(&s), 98 + 116 + 3 + 1);
	copy = schedule_slice(&s, 0, INT64_MAX);
	char *text = schedule_text(&copy);
	assert_string_equal(text, "M0*98 M1*116 M0*3 M3");
	free(text);
	schedule_clear(&s);
	schedule_clear(&copy);
	text = schedule_text(&s);
	assert_string_equal(text, "");
	free(text);
}

static void assert_text(struct schedule s, const char *want)
{
	char *text = schedule_text(&s);
	assert_string_equal(text, want);
	free(text);
	schedule_clear(&s);
}

static void a_slice_has_the_steps_between(void **state)
{
	(void)state;
	struct schedule s = {0};
	char err[128];
	assert_int_equal(schedule_parse(&s, "M0*9 M1*3 M0*2", err, sizeof err), 0);
	assert_text(schedule_slice(&s, 0, 14), "M0*9 M1*3 M0*2");
	assert_text(schedule_slice(&s, 0, 9), "M0*9");
	assert_text(schedule_slice(&s, 8, 10), "M0 M1");
	assert_text(schedule_slice(&s, 9, 12), "M1*3");
	assert_text(schedule_slice(&s, 13, 99), "M0");
	assert_text(schedule_slice(&s, 5, 5), "");
	schedule_clear(&s);
}

/* By step, against what their slices say as text. */
static void the_same_up_to_a_step(void **state)
{
	(void)state;
	static const char *const texts[] = {"M0*3 M1*2 M0", "M0*3 M1*3", "M0*2 M1", "M1", "",
		"!M0 M0*3", "M0*2 !M0 M0 M1", "M0*2 !M0 M0*4", "M0*2 !M1 M0", "M0*2 @5 M0",
		"M0*2 @6 M0", "M0*2 @5 !M0 M0", "M0*2 !M0 @5 M0"};
	enum { TEXTS = sizeof texts / sizeof *texts };
	for (int i = 0; i < TEXTS * TEXTS; i++) {
		struct schedule a = {0}, b = {0};
		char err[128];
		schedule_parse(&a, texts[i / TEXTS], err, sizeof err);
		schedule_parse(&b, texts[i % TEXTS], err, sizeof err);
		for (int64_t n = 0; n < 8; n++) {
			struct schedule x = schedule_slice(&a, 0, n), y = schedule_slice(&b, 0, n);
			char *s = schedule_text(&x), *t = schedule_text(&y);
			bool same = strcmp(s, t) == 0 && schedule_steps(&x) == n;
			if (schedule_same(&a, &b, n) != same)
				fail_msg("\"%s\" and \"%s\", %d steps", texts[i / TEXTS],
					texts[i % TEXTS], (int)n);
			free(s);
			free(t);
			schedule_clear(&x);
			schedule_clear(&y);
		}
		schedule_clear(&a);
		schedule_clear(&b);
	}
}

static void a_tail_has_what_there_is_room_for(void **state)
{
	(void)state;
	static const struct {
		int64_t steps;
		size_t width;
		const char *want;
		bool whole;
	} tails[] = {{14, 14, "M0*9 M1*3 M0*2", true}, {14, 13, "M1*3 M0*2", false},
		{14, 9, "M1*3 M0*2", false}, {14, 8, "M0*2", false}, {14, 4, "M0*2", false},
		{14, 3, "", false}, {13, 9, "M1*3 M0", false}, {12, 9, "M0*9 M1*3", true},
		{10, 7, "M0*9 M1", true}, {9, 4, "M0*9", true}, {1, 2, "M0", true},
		{0, 9, "", true}, {99, 4, "M0*2", false}};
	static const char before[] = "M0*9 !M1 @5ms M1*3";
	struct schedule s = {0};
	char err[128];
	assert_int_equal(schedule_parse(&s, "M0*9 M1*3 M0*2", err, sizeof err), 0);
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		bool whole;
		char *text = schedule_tail(&s, tails[i].steps, tails[i].width, &whole);
		if (strcmp(text, tails[i].want) != 0 || whole != tails[i].whole)
			fail_msg("%d steps, %d wide: %s", (int)tails[i].steps, (int)tails[i].width,
				text);
		free(text);
	}
	assert_int_equal(schedule_parse(&s, before, err, sizeof err), 0);
	for (size_t width = 0; width <= sizeof before - 1; width++) {
		bool whole;
		char *text = schedule_tail(&s, 12, width, &whole);
		assert_string_equal(text, width < 4    ? ""
					  : width < 9  ? "M1*3"
					  : width < 13 ? "@5ms M1*3"
					  : width < 18 ? "!M1 @5ms M1*3"
						       : before);
		assert_true(whole == (width == sizeof before - 1));
		free(text);
	}
	assert_int_equal(schedule_turns(&s, 9), 1);
	assert_int_equal(schedule_turns(&s, 10), 4);
	schedule_clear(&s);
}

static void assert_there_and_back(const char *text, const char *want)
{
	struct schedule s = {0};
	char err[128] = "";
	if (schedule_parse(&s, text, err, sizeof err) != 0)
		fail_msg("%s: %s", text, err);
	assert_text(s, want);
}

static void what_comes_before_a_step(void **state)
{
	(void)state;
	assert_there_and_back("!M0 M0*3 !m1 @1500 M0", "!M0 M0*3 !M1 @1500 M0");
	assert_there_and_back("M0 !M0 !M0 M0", "M0 !M0 !M0 M0");
	assert_there_and_back("@1000 M0 @10ms M0 @10000000ns M1", "@1us M0 @10ms M0 @10ms M1");
	assert_there_and_back("@3600s M0 @999us M0 @1s M0", "@3600s M0 @999us M0 @1s M0");
	struct schedule s = {0};
	char err[128];
	assert_int_equal(schedule_parse(&s, "!M0 M0*3 !M1 @9 M0*2 M1", err, sizeof err), 0);
	assert_int_equal(schedule_steps(&s), 6);
	assert_text(schedule_slice(&s, 0, 9), "!M0 M0*3 !M1 @9 M0*2 M1");
	assert_text(schedule_slice(&s, 0, 3), "!M0 M0*3");
	assert_text(schedule_slice(&s, 1, 4), "M0*2 !M1 @9 M0");
	assert_text(schedule_slice(&s, 3, 4), "!M1 @9 M0");
	assert_text(schedule_slice(&s, 4, 6), "M0 M1");
	assert_text(schedule_slice(&s, 0, 0), "");
	schedule_truncate(&s, 4);
	assert_text(schedule_slice(&s, 0, 9), "!M0 M0*3 !M1 @9 M0");
	schedule_truncate(&s, 3);
	assert_text(schedule_slice(&s, 0, 9), "!M0 M0*3");
	schedule_truncate(&s, 0);
	assert_int_equal(s.n, 0);
	schedule_clear(&s);
}

static void errors_name_the_column(void **state)
{
	static const struct {
		const char *text;
		const char *column;
		const char *says;
	} bad[] = {
		{"M0*98 G1", "column 7:", "an M such as"},
		{"M", "column 2:", "the number of an M"},
		{"M0 M1*", "column 7:", "a number of steps"},
		{"M0*0", "column 4:", "a number of steps"},
		{"M0*5x", "column 5:", "a space"},
		{"M0*99999999999999999999", "column 4:", "a number of steps"},
		{"M99999999999*2", "column 2:", "the number of an M"},
		{"M0 !", "column 5:", "an M such as M0"},
		{"M0 !G1 M0", "column 5:", "an M such as M0"},
		{"!M0*3 M0", "column 4:", "a space"},
		{"M0 !M0", "column 7:", "a step that this comes before"},
		{"@5 ", "column 4:", "a step that this comes before"},
		{"@ M0", "column 2:", "a time, as in"},
		{"@-5 M0", "column 2:", "a time, as in"},
		{"@0 M0", "column 2:", "a time from @1"},
		{"M0 @3601s M0", "column 5:", "to @3600s"},
		{"@999999999999999s M0", "column 2:", "to @3600s"},
		{"@5h M0", "column 3:", "ns, us, ms or s"},
		{"@5,M0", "column 3:", "a space"},
		{"@1.5ms M0", "column 3:", "a whole number of ns"},
		{"M0 until at f", "column 4:", "in lessons that one runs until"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct schedule s = {0};
		char err[128] = "";
		schedule_add(&s, 5, 5);
		assert_int_equal(schedule_parse(&s, bad[i].text, err, sizeof err), -1);
		if (!strstr(err, bad[i].column) || !strstr(err, bad[i].says))
			fail_msg("%s: %s", bad[i].text, err);
		assert_int_equal(schedule_steps(&s), 5); /* left as it was */
		schedule_clear(&s);
	}
}

/* Turns of one M are one, and what is written of that must be readable. */
static void so_many_steps_and_no_more(void **state)
{
	(void)state;
	struct schedule s = {0};
	char err[256] = "";
	assert_int_equal(
		schedule_parse(&s, "M0*99999999999999 M0*900000000000000", err, sizeof err), 0);
	assert_text(schedule_slice(&s, 0, INT64_MAX), "M0*999999999999999");
	assert_int_equal(
		schedule_parse(&s, "M0*99999999999999 M1*900000000000000 M0", err, sizeof err), -1);
	assert_string_equal(err,
		"schedule, column 38: expected fewer steps: all turns together have at most "
		"999999999999999, found M0");
	schedule_clear(&s);
}

static void no_steps_are_no_turn(void **state)
{
	(void)state;
	struct schedule s = {0};
	schedule_add(&s, 1, 0);
	schedule_add(&s, 1, -1);
	assert_int_equal(s.n, 0);
	schedule_clear(&s);
}

int test_schedule(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_there_and_back),
		cmocka_unit_test(a_slice_has_the_steps_between),
		cmocka_unit_test(the_same_up_to_a_step),
		cmocka_unit_test(a_tail_has_what_there_is_room_for),
		cmocka_unit_test(what_comes_before_a_step),
		cmocka_unit_test(errors_name_the_column),
		cmocka_unit_test(so_many_steps_and_no_more),
		cmocka_unit_test(no_steps_are_no_turn),
	};
	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
