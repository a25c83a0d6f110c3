/* SPDX-License-Identifier: MIT */
/* Runs beside each other: kept, run on along another's way, compared. */
#include "engine_tests.h"

#include <stdlib.h>
#include <string.h>

#include "by_steps.h"
#include "engine/run.h"
#include "model/say.h"

static struct run *open_example(const char *name, const char *policy)
{
	char err[SENTENCE_MAX] = "";
	struct run_options o = {.program = example(name), .mcall = "keep"};
	struct run *run = run_open(&o, policy, err, sizeof err);
	if (!run)
		fail_msg("%s", err);
	return run;
}

static struct run *open_run(const char *policy)
{
	return open_example("01_stale_link", policy);
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

/* On by one M or the other, some steps each, for so many or up to the end. */
static void go_anywhere(struct run *run, unsigned seed, int64_t steps)
{
	char err[SENTENCE_MAX] = "";
	int64_t to = run_last(run) + steps;
	while (run_last(run) < to) {
		int m = rand_r(&seed) / 7 % 2, n = 1 + rand_r(&seed) / 7 % 40;
		if (run_step(run, m, err, sizeof err) != STEP_DONE &&
			run_step(run, m = !m, err, sizeof err) != STEP_DONE)
			return;
		while (run_last(run) < to && n-- && run_step(run, m, err, sizeof err) == STEP_DONE)
			;
	}
}

/* As run_common counts, one step after the other. */
static int64_t count_common(const struct run *a, const struct run *b, int64_t steps)
{
	bool places = strcmp(run_policy(a), run_policy(b)) == 0;
	int64_t n = common_by_steps(run_recording(a), run_recording(b), places);
	return n < steps ? n : steps;
}

/* Returns how far they go the same way. */
static int64_t check_common(const struct run *a, const struct run *b)
{
	int64_t same = count_common(a, b, INT64_MAX);
	for (int64_t steps = 0; steps <= run_last(a); steps += 97)
		assert_int_equal(run_common(a, b, steps), count_common(a, b, steps));
	assert_int_equal(run_common(a, b, INT64_MAX), same);
	assert_int_equal(run_common(b, a, INT64_MAX), same);
	return same;
}

/* Nowhere on that way does the one do anything else than the other. */
static void assert_agree(const struct run *a, const struct run *b)
{
	struct parting p;
	parting_find(&p, run_recording(a), run_recording(b));
	if (p.step >= 0)
		fail_msg("step %lld: %s", (long long)p.step, p.what);
}

/* Under one policy and under another, along one way and away from it again. */
static void beside(const char *name, int64_t steps)
{
	struct run *run[4];
	for (int i = 0; i < 4; i++)
		run[i] = open_example(name, i % 2 ? "clear" : "keep");
	go_anywhere(run[0], 1, steps);
	for (int i = 1; i < 4; i++) {
		int64_t to = i == 1 ? run_last(run[0]) : run_last(run[0]) / 2;
		along(run[i], run[0], to);
		assert_int_equal(check_common(run[0], run[i]), to);
	}
	go_anywhere(run[2], 2, steps / 3);
	go_anywhere(run[3], 3, steps / 3);
	for (int i = 0; i < 16; i++) {
		int64_t same = check_common(run[i / 4], run[i % 4]);
		assert_true(same >= run_last(run[0]) / 2);
		assert_agree(run[i / 4], run[i % 4]);
	}
	assert_true(run_common(run[0], run[2], INT64_MAX) < run_last(run[0]));
	for (int i = 0; i < 4; i++)
		run_close(run[i]);
}

static void test_beside(void **state)
{
	(void)state;
	beside("01_stale_link", 2000);
	beside("03_ping_pong", 4000);
	beside("12_mergesort", 5000);
	beside("15_select", 4000);
	beside("20_timer_wheel", 9000);
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
		cmocka_unit_test(test_beside),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
