/* SPDX-License-Identifier: MIT */
/* Moving in time: forward, back, another way, and along a schedule. */
#include "engine_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/sights.h"

/* There and back, the states are the same. */
static void test_back(void **state)
{
	(void)state;
	char err[1024] = "";
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	drive(tl, 1, 600);
	uint64_t pc[3];
	for (int i = 0; i < 3; i++) {
		timeline_seek(tl, 200 * i);
		pc[i] = m_pc(timeline_now(tl), snap_m(timeline_now(tl), 0));
	}
	for (int i = 2; i >= 0; i--) {
		timeline_seek(tl, 200 * i);
		assert_true(pc[i] == m_pc(timeline_now(tl), snap_m(timeline_now(tl), 0)));
	}
	timeline_seek(tl, -5);
	assert_int_equal(timeline_step(tl), 0);
	timeline_seek(tl, 1 << 20);
	assert_int_equal(timeline_step(tl), 600);
	assert_int_equal(timeline_forward(tl, -1, err, sizeof err), STEP_NO_M);
	assert_true(*err != '\0');
	timeline_seek(tl, 10);
	assert_int_equal(timeline_forward(tl, -1, err, sizeof err), STEP_DONE);
	assert_int_equal(timeline_step(tl), 11);
	assert_int_equal(timeline_last(tl), 600);
	timeline_close(tl);
}

/* At a past step the other M is stepped: that is where the recording goes on from now. */
static void test_another_way(void **state)
{
	(void)state;
	char err[1024] = "";
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	drive(tl, 1, 2000);
	const struct recording *r = timeline_recording(tl);
	int64_t at = timeline_last(tl) - 100;
	while (at > 0 && recording_m(r, at) != 1)
		at--;
	assert_true(at > 0);
	int other = 0;
	timeline_seek(tl, at - 1);
	struct schedule before = recording_schedule(r, 0, at - 1);
	assert_int_equal(timeline_forward(tl, other, err, sizeof err), STEP_DONE);
	assert_int_equal(timeline_step(tl), at);
	assert_int_equal(timeline_last(tl), at);
	assert_int_equal(recording_m(timeline_recording(tl), at), other);
	struct schedule now = recording_schedule(timeline_recording(tl), 0, at - 1);
	assert_true(schedule_same(&before, &now, at - 1));
	schedule_clear(&now);
	schedule_clear(&before);
	step(tl, other);
	timeline_close(tl);
}

/* What cannot be executed leaves everything as it was. */
static void test_refused(void **state)
{
	(void)state;
	char err[1024] = "";
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	drive(tl, 1, 600);
	timeline_seek(tl, 100);
	const struct recording *before = timeline_recording(tl);
	assert_int_equal(timeline_forward(tl, 9, err, sizeof err), STEP_NO_M);
	assert_non_null(strstr(err, "M9"));
	assert_false(timeline_set_policy(tl, "wrong", err, sizeof err));
	assert_non_null(strstr(err, "did not come to its scheduler"));
	assert_string_equal(timeline_policy(tl), "keep");
	assert_ptr_equal(timeline_recording(tl), before);
	assert_int_equal(timeline_step(tl), 100);
	assert_int_equal(timeline_last(tl), 600);
	timeline_close(tl);
}

static void test_follow(void **state)
{
	(void)state;
	char err[1024] = "";
	struct schedule s = {0};
	struct timeline *a = open_program(example("01_stale_link"), NULL, "keep");
	drive(a, 3, 2000);
	char *text = recording_schedule_text(timeline_recording(a));
	assert_int_equal(schedule_parse(&s, text, err, sizeof err), 0);
	struct timeline *b = open_program(example("01_stale_link"), NULL, "keep");
	assert_true(timeline_follow(b, &s, err, sizeof err));
	assert_int_equal(timeline_step(b), 2000);
	timeline_seek(a, 2000);
	assert_null(snapshots_differ(timeline_now(a), timeline_now(b)));
	schedule_clear(&s);
	schedule_add(&s, 8, 1);
	assert_false(timeline_follow(b, &s, err, sizeof err));
	assert_non_null(strstr(err, "M8"));
	schedule_clear(&s);
	free(text);
	timeline_close(a);
	timeline_close(b);
}

/* A recording alone: it can be looked at, and says so when it is asked for more. */
static void test_replay(void **state)
{
	(void)state;
	char err[1024] = "", path[] = "/tmp/g0-engine-XXXXXX";
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	drive(tl, 1, 300);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_true(recording_save(timeline_recording(tl), path, err, sizeof err));
	struct recording *r = recording_load(path, err, sizeof err);
	assert_non_null(r);
	unlink(path);
	close(fd);
	struct timeline *again = timeline_replay(r);
	assert_false(timeline_is_live(again));
	assert_int_equal(timeline_last(again), 300);
	assert_int_equal(timeline_forward(again, 1, err, sizeof err), STEP_NO_M);
	timeline_seek(again, 300);
	timeline_seek(tl, 300);
	assert_null(snapshots_differ(timeline_now(tl), timeline_now(again)));
	assert_int_equal(timeline_forward(again, 0, err, sizeof err), STEP_ENDED);
	assert_false(timeline_set_policy(again, "clear", err, sizeof err));
	timeline_close(again);
	timeline_close(tl);
}

/* Halted, it stays as it is; and what has been run again by then need not be once more. */
static void test_halt(void **state)
{
	(void)state;
	char err[1024] = "";
	int64_t most = 100;
	struct timeline *tl = open_counted(example("01_stale_link"), NULL, &most);
	assert_int_equal(drive(tl, 1, 2000), 100);
	int m = recording_m(timeline_recording(tl), 100);
	assert_int_equal(timeline_forward(tl, m, err, sizeof err), STEP_HALTED);
	assert_string_equal(err, "that is enough");
	assert_int_equal(timeline_last(tl), 100);
	most = 60;
	assert_false(timeline_set_policy(tl, "clear", err, sizeof err));
	assert_string_equal(err, "that is enough");
	assert_int_equal(timeline_last(tl), 100);
	assert_int_equal(timeline_step(tl), 100);
	assert_string_equal(timeline_policy(tl), "keep");
	most = 101;
	steps_asked = 0;
	assert_true(timeline_set_policy(tl, "clear", err, sizeof err));
	assert_int_equal(steps_asked, 40);
	assert_string_equal(timeline_policy(tl), "clear");
	assert_int_equal(timeline_step(tl), 100);
	step(tl, recording_m(timeline_recording(tl), 100));
	timeline_close(tl);
}

/* Back and forth between policies nothing is executed, but what the other has not come to yet. */
static void test_kept(void **state)
{
	(void)state;
	struct timeline *tl = open_counted(example("01_stale_link"), NULL, NULL);
	int64_t last = drive(tl, 1, 2000), at = fork_of(tl, 0);
	switch_to(tl, "clear");
	assert_int_equal(timeline_last(tl), at);
	steps_asked = 0;
	switch_to(tl, "keep");
	assert_int_equal(timeline_last(tl), last);
	timeline_seek(tl, at / 2);
	switch_to(tl, "clear");
	assert_int_equal(timeline_last(tl), at);
	switch_to(tl, "clear");
	assert_int_equal(steps_asked, 0);
	switch_to(tl, "keep");
	timeline_seek(tl, at + 1);
	switch_to(tl, "clear");
	assert_int_equal(steps_asked, 1);
	/* Where it has gone another way by then, that is another run. */
	timeline_seek(tl, at);
	step(tl, 1);
	steps_asked = 0;
	switch_to(tl, "keep");
	assert_int_equal(timeline_last(tl), at + 1);
	assert_int_equal(steps_asked, at + 1);
	timeline_close(tl);
}

/* Another way, and then the old one again: it is there, as it was, with what comes after. */
static void test_undo(void **state)
{
	(void)state;
	struct timeline *tl = open_counted(example("01_stale_link"), NULL, NULL);
	int64_t last = drive(tl, 1, 2000);
	assert_false(timeline_undo(tl));
	const struct recording *first = timeline_recording(tl);
	int64_t at = fork_of(tl, 0);
	struct visit left = timeline_visit(tl);
	step(tl, 1);
	assert_int_equal(timeline_last(tl), at + 1);
	timeline_left(tl, left);
	left = timeline_visit(tl);
	switch_to(tl, "clear");
	timeline_left(tl, left);
	left = timeline_visit(tl);
	step(tl, 1);
	timeline_left(tl, left); /* the same run: nothing was left */
	steps_asked = 0;
	assert_true(timeline_undo(tl));
	assert_string_equal(timeline_policy(tl), "keep");
	assert_int_equal(timeline_step(tl), at + 1);
	assert_true(timeline_undo(tl));
	assert_ptr_equal(timeline_recording(tl), first);
	assert_int_equal(timeline_step(tl), at);
	assert_int_equal(timeline_last(tl), last);
	assert_false(timeline_undo(tl));
	/* The other way is not executed again, nor is what was recorded. */
	step(tl, 1);
	assert_int_equal(timeline_last(tl), at + 1);
	timeline_seek(tl, at);
	step(tl, 0);
	assert_ptr_equal(timeline_recording(tl), first);
	assert_int_equal(steps_asked, 0);
	timeline_close(tl);
}

/*
 * Of many ways the oldest programs are gone, but nothing that they did; none stays at the end. One
 * that is gone back to is run again where it is to go on.
 */
static void test_bound(void **state)
{
	(void)state;
	char mark[32];
	snprintf(mark, sizeof mark, "bound-%d", getpid());
	struct timeline *tl = open_counted(example("01_stale_link"), mark, NULL);
	drive(tl, 1, 2000);
	for (int i = 0; i < RUNS_LIVE + 1; i++) {
		fork_of(tl, 0);
		struct visit left = timeline_visit(tl);
		step(tl, 1);
		timeline_left(tl, left);
		drive(tl, 2 + (uint64_t)i, 2000);
		int n = running_with(mark);
		if (n != (i + 2 < RUNS_LIVE ? i + 2 : RUNS_LIVE))
			fail_msg("%d ways, %d programs", i + 2, n);
	}
	int undone = 0;
	while (timeline_undo(tl))
		undone++;
	assert_int_equal(undone, RUNS_LIVE + 1);
	assert_int_equal(timeline_paths(tl), RUNS_LIVE + 2);
	int64_t last = timeline_last(tl);
	timeline_seek(tl, last);
	steps_asked = 0;
	step(tl, 0);
	assert_int_equal(timeline_last(tl), last + 1);
	assert_int_equal(steps_asked, last + 1);
	assert_int_equal(timeline_parting(tl, NULL), -1);
	assert_int_equal(timeline_paths(tl), RUNS_LIVE + 2);
	assert_int_equal(running_with(mark), RUNS_LIVE);
	timeline_close(tl);
	assert_int_equal(running_with(mark), 0);
}

/* Of a program that was rebuilt, too, what was halted on the way goes on from there. */
static void test_rebuilt_and_halted(void **state)
{
	(void)state;
	char copy[] = "/tmp/g0-engine-XXXXXX", command[512], err[1024];
	int fd = mkstemp(copy);
	assert_true(fd >= 0);
	close(fd);
	snprintf(command, sizeof command, "cp --remove-destination %s %s", example("01_stale_link"),
		copy);
	assert_int_equal(system(command), 0);
	int64_t most = 300;
	struct timeline *tl = open_counted(copy, NULL, &most);
	assert_int_equal(drive(tl, 1, 300), 300);
	snprintf(command, sizeof command, "cp --remove-destination %s %s", example("03_ping_pong"),
		copy);
	assert_int_equal(system(command), 0);
	steps_asked = 0;
	for (most = 100; most <= 200; most += 50)
		assert_false(timeline_set_policy(tl, "clear", err, sizeof err));
	most = 300;
	switch_to(tl, "clear");
	/* And once more each time that it was halted. */
	assert_int_equal(steps_asked, 300 + 3);
	unlink(copy);
	timeline_close(tl);
}

/* The profiler's answer at the cursor: always sound under clear. */
static void test_judge(void **state)
{
	(void)state;
	struct answer answer;
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "clear");
	int64_t last = drive(tl, 1, 1500);
	for (int64_t s = 0; s <= last; s += 7) {
		timeline_seek(tl, s);
		struct moment at = timeline_moment(tl);
		for (int i = 0; i < at.now->nms; i++) {
			int m = at.now->ms[i].id;
			moment_judge(&at, m, &answer);
			if (answer.verdict != VERDICT_VALID && answer.verdict != VERDICT_NOFP)
				fail_msg("step %lld, M%d: %s", (long long)s, m,
					verdict_name(answer.verdict));
		}
	}
	timeline_close(tl);
}

/* Where the verdict on M0 changes: a step before it was another, and none between two such is. */
static void test_verdict_changes(void **state)
{
	(void)state;
	struct answer answer;
	int changes = 0, was = VERDICT_VALID, m0 = 0;
	const struct sight change = {sight_verdict, &m0};
	int64_t next = 0;
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "keep");
	drive(tl, 1, 1500);
	for (int64_t s = 0; s <= timeline_last(tl); s++) {
		timeline_seek(tl, s);
		struct moment at = timeline_moment(tl);
		moment_judge(&at, 0, &answer);
		if ((int)answer.verdict == was)
			continue;
		assert_true(timeline_is_at(tl, &change));
		assert_int_equal(timeline_find(tl, true, s, &change, NULL), changes ? next : -1);
		timeline_seek(tl, next);
		assert_int_equal(timeline_find(tl, false, s, &change, NULL), s);
		was = (int)answer.verdict;
		next = s;
		changes++;
	}
	assert_true(changes > 2);
	timeline_seek(tl, next);
	assert_int_equal(timeline_find(tl, false, INT64_MAX, &change, NULL), -1);
	switch_to(tl, "clear");
	timeline_seek(tl, 0);
	assert_int_equal(timeline_find(tl, false, INT64_MAX, &change, NULL), -1);
	timeline_close(tl);
}

int test_timeline(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back),
		cmocka_unit_test(test_another_way),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_halt),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_undo),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_rebuilt_and_halted),
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_verdict_changes),
	};
	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
