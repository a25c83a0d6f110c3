/* SPDX-License-Identifier: MIT */
/* A lesson told without a screen. */
#include "view_tests.h"

#include <string.h>

#include "moment_session.h"
#include "view/tell.h"

static void keep_line(void *ctx, const char *line)
{
	char *all = ctx;
	snprintf(all + strlen(all), 8192 - strlen(all), "%s\n", line);
}

/* A recording cannot be run again under clear, which the story says after its first half. */
static void a_story_goes_as_far_as_it_can(void **state)
{
	(void)state;
	char all[8192] = "", err[SENTENCE_MAX];
	struct session *s = moment_lesson("keep");
	assert_false(tell_lesson(s, keep_line, all, err, sizeof err));
	assert_non_null(strstr(all, "══ under keep: FP left as it was (Go <= 1.24 on amd64) ══\n"));
	assert_non_null(strstr(all, "\n1. M0 lets go\n\nG1 is runnable.\n\nstep 3  M0:"));
	assert_non_null(strstr(all, "   CHIMERA\n"));
	assert_null(strstr(all, "expected"));
	assert_null(strstr(all, "every M at every step"));
	assert_true(*err && strstr(all, err));
	session_close(s);
}

static void expectations_that_do_not_hold_are_said(void **state)
{
	(void)state;
	char all[8192] = "", err[SENTENCE_MAX];
	struct session *s = moment_lesson("clear");
	assert_false(tell_lesson(s, keep_line, all, err, sizeof err));
	assert_non_null(strstr(all, "moment.md:20: "));
	assert_non_null(strstr(err, "moment.md:20: "));
	assert_non_null(strstr(all, "every M at every step under clear: 16 VALID\n"));
	session_close(s);
}

static void without_a_lesson_that_is_said(void **state)
{
	(void)state;
	char all[8192] = "", err[SENTENCE_MAX];
	struct session *s = moment_session(0);
	assert_false(tell_lesson(s, keep_line, all, err, sizeof err));
	assert_non_null(strstr(all, "no lesson"));
	assert_non_null(strstr(err, "no lesson"));
	session_close(s);
}

int test_tell(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_story_goes_as_far_as_it_can),
		cmocka_unit_test(expectations_that_do_not_hold_are_said),
		cmocka_unit_test(without_a_lesson_that_is_said),
	};
	return cmocka_run_group_tests_name("tell", tests, NULL, NULL);
}
