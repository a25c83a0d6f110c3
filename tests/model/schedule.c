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
	schedule_copy(&copy, &s);
	char *text = schedule_text(&copy);
	assert_string_equal(text, "M0*98 M1*116 M0*3 M3");
	free(text);
	schedule_clear(&s);
	schedule_clear(&copy);
	text = schedule_text(&s);
	assert_string_equal(text, "");
	free(text);
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
		{"M0*0", "column 5:", "a number of steps"},
		{"M0*5x", "column 5:", "a space"},
		{"M0*99999999999999999999", "column 19:", "a number of steps"},
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
		cmocka_unit_test(errors_name_the_column),
		cmocka_unit_test(no_steps_are_no_turn),
	};
	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
