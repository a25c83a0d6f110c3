/* SPDX-License-Identifier: MIT */
/* Two runs side by side: what the second does while the cursor moves in the first. */
#include "engine_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LAST = 2000 };

static void open_beside(struct timeline *tl, const char *policy)
{
	char err[SENTENCE_MAX] = "";
	if (!timeline_open_beside(tl, policy, err, sizeof err))
		fail_msg("%s: %s", policy, err);
	assert_int_equal(timeline_sides(tl), 2);
	assert_string_equal(recording_info(timeline_side(tl, 1).r)->policy, policy);
}

static void not_beside(struct timeline *tl, const char *policy, const char *why)
{
	char err[SENTENCE_MAX] = "";
	int sides = timeline_sides(tl);
	assert_false(timeline_open_beside(tl, policy, err, sizeof err));
	if (!strstr(err, why))
		fail_msg("\"%s\" does not say \"%s\"", err, why);
	assert_int_equal(timeline_sides(tl), sides);
}

static int64_t step_on(struct timeline *tl, int side)
{
	struct moment at = timeline_side(tl, side);
	assert_true(at.now->step <= recording_last(at.r));
	return at.now->step;
}

static int64_t last_on(struct timeline *tl, int side)
{
	return recording_last(timeline_side(tl, side).r);
}

/* Executed as the scheduler likes, the cursor at 0, and clear beside keep. */
static struct timeline *open_two(const int64_t *most)
{
	struct timeline *tl = open_counted(example("01_stale_link"), NULL, most);
	assert_int_equal(timeline_sides(tl), 1);
	drive(tl, 1, LAST);
	timeline_seek(tl, 0);
	open_beside(tl, "clear");
	return tl;
}

/* Of the Ms on a side, how many get another verdict than VALID. */
static int fooled(struct timeline *tl, int side)
{
	int n = 0;
	struct answer answer;
	struct moment at = timeline_side(tl, side);
	for (int i = 0; i < at.now->nms; i++) {
		moment_judge(&at, at.now->ms[i].id, &answer);
		n += answer.verdict != VERDICT_VALID && answer.verdict != VERDICT_NOFP;
	}
	return n;
}

/* The same steps on both, each with its own state, both to be looked at in one go. */
static void test_along(void **state)
{
	(void)state;
	int kept = 0;
	struct timeline *tl = open_two(NULL);
	for (int64_t s = 0; s <= LAST; s += 3) {
		timeline_seek(tl, s);
		struct moment on = timeline_side(tl, 0), beside = timeline_side(tl, 1);
		assert_int_equal(on.now->step, s);
		assert_int_equal(beside.now->step, s);
		assert_ptr_equal(on.r, timeline_recording(tl));
		assert_string_equal(recording_info(on.r)->policy, "keep");
		kept += fooled(tl, 0);
		assert_int_equal(fooled(tl, 1), 0);
	}
	assert_true(kept > 0);
	timeline_close(tl);
}

/* It is executed as far as the cursor has come, and each step once. */
static void test_as_needed(void **state)
{
	(void)state;
	struct timeline *tl = open_two(NULL);
	steps_asked = 0;
	timeline_seek(tl, 300);
	assert_int_equal(last_on(tl, 1), 300);
	timeline_seek(tl, 100);
	assert_int_equal(step_on(tl, 1), 100);
	timeline_seek(tl, 300);
	assert_int_equal(steps_asked, 300);
	step(tl, -1);
	assert_int_equal(steps_asked, 301);
	/* At the end a step is two, one on each side. */
	timeline_seek(tl, LAST);
	assert_int_equal(steps_asked, LAST);
	drive(tl, 2, LAST + 5);
	assert_int_equal(last_on(tl, 0), LAST + 5);
	assert_int_equal(last_on(tl, 1), LAST + 5);
	assert_string_equal(timeline_stays(tl), "");
	/* What is closed is kept. */
	timeline_close_beside(tl);
	assert_int_equal(timeline_sides(tl), 1);
	steps_asked = 0;
	timeline_seek(tl, 7);
	open_beside(tl, "clear");
	assert_int_equal(last_on(tl, 1), LAST + 5);
	assert_int_equal(steps_asked, 0);
	timeline_close(tl);
}

/* Side 0 leaves the path: side 1 does not, and shows the event of the same number. */
static void test_another_way(void **state)
{
	(void)state;
	struct timeline *tl = open_two(NULL);
	timeline_seek(tl, LAST);
	int64_t at = fork_of(tl, 0);
	struct visit left = timeline_visit(tl);
	const struct recording *beside = timeline_side(tl, 1).r;
	step(tl, 1);
	timeline_left(tl, left);
	drive(tl, 3, at + 400);
	assert_ptr_equal(timeline_side(tl, 1).r, beside);
	assert_int_equal(recording_last(beside), LAST);
	for (int64_t s = 0; s <= timeline_last(tl); s++) {
		timeline_seek(tl, s);
		assert_int_equal(
			step_on(tl, 1), recording_beside(beside, timeline_recording(tl), s));
	}
	assert_true(timeline_undo(tl));
	timeline_seek(tl, LAST - 1);
	assert_int_equal(step_on(tl, 1), LAST - 1);
	timeline_close(tl);
}

/* Where the timeline goes over to what is beside, the two change places; and back again. */
static void test_change_places(void **state)
{
	(void)state;
	struct timeline *tl = open_two(NULL);
	timeline_seek(tl, 500);
	const struct recording *keep = timeline_side(tl, 0).r, *clear = timeline_side(tl, 1).r;
	steps_asked = 0;
	struct visit left = timeline_visit(tl);
	switch_to(tl, "clear");
	timeline_left(tl, left);
	assert_ptr_equal(timeline_side(tl, 0).r, clear);
	assert_ptr_equal(timeline_side(tl, 1).r, keep);
	timeline_seek(tl, 200);
	assert_int_equal(step_on(tl, 1), 200);
	/* To a third: what is beside stays. */
	switch_to(tl, "g0bp");
	assert_ptr_equal(timeline_side(tl, 1).r, keep);
	assert_int_equal(steps_asked, 200);
	switch_to(tl, "clear");
	assert_true(timeline_undo(tl));
	assert_ptr_equal(timeline_side(tl, 0).r, keep);
	assert_ptr_equal(timeline_side(tl, 1).r, clear);
	assert_int_equal(step_on(tl, 1), 500);
	timeline_close(tl);
}

/* However many other ways are gone, what is beside stays, and no more programs run. */
static void test_stays_kept(void **state)
{
	(void)state;
	char mark[32];
	snprintf(mark, sizeof mark, "sides-%d", getpid());
	struct timeline *tl = open_counted(example("01_stale_link"), mark, NULL);
	drive(tl, 1, LAST);
	open_beside(tl, "clear");
	const struct recording *beside = timeline_side(tl, 1).r;
	for (int i = 0; i < RUNS_LIVE + 2; i++) {
		fork_of(tl, 0);
		step(tl, 1);
		drive(tl, 2 + (uint64_t)i, LAST);
	}
	assert_ptr_equal(timeline_side(tl, 1).r, beside);
	assert_int_equal(last_on(tl, 1), LAST);
	assert_int_equal(running_with(mark), RUNS_LIVE);
	timeline_close(tl);
	assert_int_equal(running_with(mark), 0);
}

/* Closed, it is the first of those that are kept, and not the first to go. */
static void test_closed(void **state)
{
	(void)state;
	struct timeline *tl = open_two(NULL);
	timeline_seek(tl, LAST);
	for (int i = 0; i < RUNS_LIVE + 1; i++) {
		fork_of(tl, 0);
		step(tl, 1);
		drive(tl, 2 + (uint64_t)i, LAST);
		if (i == RUNS_LIVE - 1)
			timeline_close_beside(tl);
	}
	timeline_seek(tl, 300);
	steps_asked = 0;
	open_beside(tl, "clear");
	assert_int_equal(steps_asked, 0);
	timeline_close(tl);
}

/* Halted on the way it stays there, and says why; it goes on when the cursor moves again. */
static void test_halted(void **state)
{
	(void)state;
	int64_t most = LAST;
	struct timeline *tl = open_two(&most);
	most = 60;
	timeline_seek(tl, 100);
	assert_int_equal(timeline_step(tl), 100);
	assert_int_equal(step_on(tl, 1), 60);
	assert_string_equal(timeline_stays(tl), "that is enough");
	timeline_seek(tl, 50);
	assert_string_equal(timeline_stays(tl), "");
	most = LAST;
	timeline_seek(tl, 100);
	assert_int_equal(step_on(tl, 1), 100);
	assert_string_equal(timeline_stays(tl), "");
	timeline_close(tl);
}

/* What is halted on the way to another policy has taken side 1 further, and that is seen. */
static void test_halted_elsewhere(void **state)
{
	(void)state;
	char err[SENTENCE_MAX];
	int64_t most = LAST;
	struct timeline *tl = open_two(&most);
	most = 60;
	timeline_seek(tl, 1000);
	most = 80;
	assert_false(timeline_set_policy(tl, "clear", err, sizeof err));
	assert_int_equal(step_on(tl, 1), 80);
	most = 90;
	not_beside(tl, "clear", "that is enough");
	assert_int_equal(step_on(tl, 1), 90);
	assert_string_equal(timeline_stays(tl), "that is enough");
	timeline_close(tl);
}

/* A sleeper that was not waited for goes on later, when it has woken. */
static void test_asleep(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "", *args[] = {"sleeps", NULL};
	atomic_bool hurry = false;
	struct run_options o = {.program = built("tests/programs/waits"),
		.mcall = "keep",
		.args = args,
		.hurry = &hurry};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	assert_non_null(tl);
	int64_t last = drive(tl, 1, LAST);
	timeline_seek(tl, 0);
	open_beside(tl, "clear");
	hurry = true;
	timeline_seek(tl, last);
	for (int i = 0; i < 20000 && step_on(tl, 1) < last; i++) {
		assert_non_null(strstr(timeline_stays(tl), "asleep"));
		usleep(1000);
		timeline_seek(tl, last);
	}
	assert_int_equal(step_on(tl, 1), last);
	assert_string_equal(timeline_stays(tl), "");
	timeline_close(tl);
}

/*
 * What it was executed to is there, though its program is gone in the midst of its last step; it is
 * not tried again and again.
 */
static void test_refused(void **state)
{
	(void)state;
	char mark[32];
	snprintf(mark, sizeof mark, "refused-%d", getpid());
	struct timeline *tl = open_counted(example("01_stale_link"), mark, NULL);
	drive(tl, 1, LAST);
	timeline_seek(tl, 100);
	open_beside(tl, "clear");
	kill_with(mark);
	steps_asked = 0;
	for (int64_t s = 90; s <= LAST; s++) {
		timeline_seek(tl, s);
		assert_int_equal(timeline_step(tl), s);
		assert_int_equal(step_on(tl, 1), s < 101 ? s : 101);
		assert_int_equal(strstr(timeline_stays(tl), "SIGKILL") != NULL, s > 101);
	}
	assert_int_equal(steps_asked, 2);
	/* Opened anew it is another program, which lives. */
	open_beside(tl, "clear");
	assert_int_equal(step_on(tl, 1), LAST);
	timeline_close(tl);
}

static void test_not_opened(void **state)
{
	(void)state;
	struct timeline *tl = open_counted(example("01_stale_link"), NULL, NULL);
	drive(tl, 1, 100);
	not_beside(tl, "keep", "choose another policy");
	not_beside(tl, "wrong", "did not come to its scheduler");
	open_beside(tl, "clear");
	not_beside(tl, "wrong", "did not come to its scheduler");
	assert_string_equal(recording_info(timeline_side(tl, 1).r)->policy, "clear");
	open_beside(tl, "cycle");
	assert_int_equal(last_on(tl, 1), 100);
	timeline_close(tl);
}

/* Policies do not part in what mcall does not decide. */
static void test_difference(void **state)
{
	(void)state;
	struct parting p;
	struct timeline *tl = open_two(NULL);
	timeline_seek(tl, LAST);
	timeline_difference(tl, &p);
	assert_int_equal(p.step, -1);
	timeline_close(tl);
}

int test_sides(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_along),
		cmocka_unit_test(test_as_needed),
		cmocka_unit_test(test_another_way),
		cmocka_unit_test(test_change_places),
		cmocka_unit_test(test_stays_kept),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_halted),
		cmocka_unit_test(test_halted_elsewhere),
		cmocka_unit_test(test_asleep),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_not_opened),
		cmocka_unit_test(test_difference),
	};
	return cmocka_run_group_tests_name("sides", tests, NULL, NULL);
}
