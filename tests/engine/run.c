/* SPDX-License-Identifier: MIT */
/* Runs beside each other: kept, run on along another's way, compared. */
#include "engine_tests.h"

#include <string.h>

#include "engine/run.h"
#include "model/say.h"

static struct run *open_run(const char *policy)
{
	char err[SENTENCE_MAX] = "";
	struct run_options o = {.program = example("01_stale_link"), .mcall = "keep"};
	struct run *run = run_open(&o, policy, err, sizeof err);
	if (!run)
		fail_msg("%s", err);
	return run;
}

static void steps(struct run *run, int m, int n)
{
	char err[SENTENCE_MAX] = "";
	while (n--)
		if (run_step(run, m, err, sizeof err) != STEP_DONE)
			fail_msg("%s", err);
}

static void along(struct run *run, const struct run *other, int64_t to)
{
	char err[SENTENCE_MAX] = "";
	if (run_along(run, other, to, err, sizeof err) != STEP_DONE)
		fail_msg("%s", err);
	assert_int_equal(run_last(run), to);
}

/* Each goes on from its own end, while the others stay as they are. */
static void test_side_by_side(void **state)
{
	(void)state;
	struct run *a = open_run(NULL), *b = open_run("clear"), *c = open_run(NULL);
	assert_string_equal(run_policy(a), "keep");
	assert_string_equal(run_policy(b), "clear");
	steps(a, 0, 300);
	along(b, a, 200);
	along(c, a, 100);
	along(b, a, 300);
	along(c, a, 300);
	assert_null(snapshots_differ(run_at(a, 300), run_at(c, 300)));
	assert_null(snapshots_differ(run_at(a, 150), run_at(c, 150)));
	along(c, a, 300);
	run_close(a);
	steps(b, 0, 1);
	steps(c, 0, 1);
	run_close(b);
	run_close(c);
}

/* How far two go the same way: by whose steps they are, under one policy by where too. */
static void test_common(void **state)
{
	(void)state;
	struct run *a = open_run(NULL), *b = open_run("clear"), *c = open_run(NULL);
	steps(a, 0, 100);
	assert_int_equal(run_common(a, b, 100), 0);
	along(b, a, 60);
	along(c, a, 60);
	assert_int_equal(run_common(a, b, 100), 60);
	assert_int_equal(run_common(c, a, 100), 60);
	assert_int_equal(run_common(c, a, 40), 40);
	run_close(a);
	run_close(b);
	run_close(c);
}

/* What cannot go on says so, and is what it was. */
static void test_refused(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "";
	struct run_options none = {.program = "/nowhere"};
	assert_null(run_open(&none, NULL, err, sizeof err));
	assert_true(*err != '\0');
	struct run *a = open_run(NULL), *b = open_run(NULL);
	steps(a, 0, 10);
	assert_int_equal(run_step(a, 7, err, sizeof err), STEP_NO_M);
	assert_non_null(strstr(err, "there is no M7"));
	assert_int_equal(run_last(a), 10);
	along(b, a, 10);
	run_close(a);
	run_close(b);
}

int test_run(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_common),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
