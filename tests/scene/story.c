/* SPDX-License-Identifier: MIT */
/* A step in words. */
#include <stdlib.h>
#include <string.h>

#include "scene_tests.h"

static void tells(int64_t step, const char *want)
{
	struct session *s = moment_session(step);
	char *got = story_step(s);
	assert_string_equal(got, want);
	free(got);
	session_close(s);
}

static void the_moment_in_words(void **state)
{
	(void)state;
	tells(MOMENT_LAST,
		"step 7  M1: push %rbp wrote G1 …7f50: 0x7f1000047fa0 (was fp of "
		"mcall_keep's frame,\n"
		"   0x7f1000047f90) at paint (examples/stale_link.c:22)\n"
		"M0 on g0, curg none, gave up G1 4 steps ago: schedule+0x8 <- gosched_m+0x31 <- "
		"mcall_keep+0x49\n"
		"   <- [foreign: into G1, run by M1] repaint+0x1e <- work+0x52 <- worker+0x12 <- "
		"goexit_stub+0x1\n"
		"   CHIMERA\n"
		"M1 running G1: paint+0x1 <- work+0x52 <- worker+0x12 <- goexit_stub+0x1   "
		"VALID (one caller\n"
		"   missing: prologue, epilogue or leaf)\n");
}

static void events_have_a_line(void **state)
{
	(void)state;
	struct session *s = moment_session(3);
	char *got = story_step(s);
	assert_non_null(strstr(got, "\nevent: G1 goes from running to runnable\n"));
	assert_non_null(strstr(got, "[idle: into G1, runnable] mcall+0x15"));
	assert_non_null(strstr(got, "STALE\n"));
	free(got);
	session_close(s);
}

/* What it wrote before the step and in it; of much the end, and nothing that steers a terminal. */
static void the_output_is_told(void **state)
{
	(void)state;
	struct session *s = moment_session(MOMENT_LAST);
	struct recording *r = (struct recording *)timeline_recording(s->tl);
	for (int i = 0; i < 20; i++)
		recording_add_output(r, i == 0 ? "first\n" : "more\n", i == 0 ? 6 : 5);
	recording_add_output(r, "\033[2Jthe\tend", 11);
	char *got = story_step(s), *at = strstr(got, "written by this step:\n  ...\n  more\n");
	assert_non_null(at);
	assert_null(strstr(got, "first"));
	assert_null(strstr(got, "before this step"));
	assert_non_null(strstr(at, "  more\n  \\x1b[2Jthe      end\n"));
	free(got);
	session_close(s);
}

/* What was told was of a program that has been rebuilt since, and wrote more. */
static void more_was_told_than_is_written(void **state)
{
	(void)state;
	struct session *s = moment_lesson("keep");
	struct recording *r = (struct recording *)timeline_recording(s->tl);
	recording_add_output(r, "hello\n", 6);
	timeline_seek(s->tl, MOMENT_LAST);
	char *got = story_stop(s, 0, false, 100), *at = strstr(got, "the program has written:\n");
	assert_non_null(at);
	assert_non_null(strstr(at, "  hello\n"));
	free(got);
	session_close(s);
}

static void damage_has_a_line_each(void **state)
{
	(void)state;
	struct session *s = damaged_session();
	char *got = story_step(s);
	assert_non_null(strstr(got, "\ndamaged: allgs[1] is G1 again (and many more)\n"
				    "damaged: allm is a cycle at M0\n"
				    "damaged: G1000's stack from 0x10 to 0x8 can be none\n"));
	free(got);
	session_close(s);
}

int test_story(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_moment_in_words),
		cmocka_unit_test(events_have_a_line),
		cmocka_unit_test(the_output_is_told),
		cmocka_unit_test(more_was_told_than_is_written),
		cmocka_unit_test(damage_has_a_line_each),
	};
	return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
