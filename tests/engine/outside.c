/* SPDX-License-Identifier: MIT */
/* What comes over a program from outside: the signal that preempts a G, and time. */
#include "engine_tests.h"

#include <stdlib.h>
#include <string.h>

#include "model/event.h"
#include "model/walk.h"

/* With one P, so that others get nowhere while one G spins. */
static struct timeline *open_spinning(const char *program, const char *policy)
{
	char err[1024] = "";
	struct run_options o = {.program = program, .mcall = policy, .procs = 1};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	if (!tl)
		fail_msg("%s", err);
	return tl;
}

static bool try_follow(struct timeline *tl, const char *text, char *err, size_t nerr)
{
	struct schedule s = {0};
	bool ok = schedule_parse(&s, text, err, nerr) == 0 && timeline_follow(tl, &s, err, nerr);
	schedule_clear(&s);
	return ok;
}

static void follow(struct timeline *tl, const char *text)
{
	char err[1024] = "";
	if (!try_follow(tl, text, err, sizeof err))
		fail_msg("%s: %s", text, err);
}

static void assert_schedule(struct timeline *tl, const char *want)
{
	char *text = recording_schedule_text(timeline_recording(tl));
	assert_string_equal(text, want);
	free(text);
}

static struct timeline *open_hog(const char *policy)
{
	return open_spinning(example("22_hog"), policy);
}

/* Up to where M0 executes the body of spin. */
static void spin(struct timeline *tl)
{
	step_to(tl, 0, "spin");
	follow(tl, "M0*50");
}

/* Which step that is. */
static int64_t until_event(struct timeline *tl, const char *event)
{
	step_to_event(tl, 0, event);
	return timeline_last(tl);
}

static int64_t first_event_after(struct timeline *tl, const char *event, int64_t step)
{
	const struct recording *r = timeline_recording(tl);
	while ((step = recording_next_event(r, step, -1)) >= 0)
		if (strcmp(event_names[recording_event(r, step)->id], event) == 0)
			return step;
	return -1;
}

static const char *stack_of(struct timeline *tl, int m, char name[16])
{
	const struct snapshot *now = timeline_now(tl);
	return snap_stack_name(now, snap_stack_of_sp(now, m_sp(now, snap_m(now, m))), name);
}

static enum verdict verdict_of(struct timeline *tl, int m, struct answer *a)
{
	struct moment at = timeline_moment(tl);
	moment_judge(&at, m, a);
	return a->verdict;
}

/* A G that was preempted, and has its flags back from the stack, is preempted again. */
static void again_and_again(void **state)
{
	(void)state;
	struct timeline *tl = open_spinning(built("tests/programs/busy"), "clear");
	follow(tl, "M0*1500 !M0 M0*1500 !M0 M0*1500 !M0 M0*1500 !M0 M0*1500");
	assert_int_equal(timeline_last(tl), 7500);
	timeline_close(tl);
}

/* G1 yields to G2, and gets the M back: with all its registers, or it would not end. */
static void the_hog_is_preempted(void **state)
{
	(void)state;
	char name[16], err[1024];
	struct answer a;
	struct timeline *tl = open_hog("clear");
	spin(tl);
	follow(tl, "!M0 M0*2");
	assert_string_equal(stack_of(tl, 0, name), "M0.gsignal");
	assert_int_equal(verdict_of(tl, 0, &a), VERDICT_VALID);
	assert_int_equal(a.chain.rec[0].link, LINK_OWN);
	assert_int_equal(a.interrupted, 1);
	assert_true(a.truth.whole);
	until_event(tl, "preemptone");
	until_event(tl, "gopreempt");
	const struct snapshot *now = timeline_now(tl);
	assert_int_equal(snap_g(now, 1)->status, GS_RUNNABLE);
	assert_int_equal(snap_g(now, 1)->m, -1);
	until_event(tl, "execute");
	assert_int_equal(snap_g(timeline_now(tl), 2)->status, GS_RUNNING);
	while (timeline_forward(tl, 0, err, sizeof err) == STEP_DONE)
		assert_true(timeline_last(tl) < 20000);
	const char *how;
	assert_int_equal(recording_end(timeline_recording(tl), &how), RUN_EXITED);
	assert_string_equal(how, "the program ended with status 0");
	timeline_close(tl);
}

/* Each step in the handler, and on either machine's memory there is nothing unknown. */
static void the_handler_is_judged(void **state)
{
	(void)state;
	struct answer a;
	char name[16];
	int in_handler = 0;
	struct timeline *tl = open_hog("keep");
	spin(tl);
	follow(tl, "!M0 M0");
	for (; strcmp(stack_of(tl, 0, name), "M0.gsignal") == 0; in_handler++) {
		assert_int_equal(verdict_of(tl, 0, &a), VERDICT_VALID);
		assert_true(a.truth.n > 3 && a.truth.whole);
		step(tl, 0);
	}
	assert_true(in_handler > 20);
	assert_string_equal(name, "G1");
	timeline_close(tl);
}

/* In the runtime nobody is preempted; what was asked for is seen on the way out. */
static void not_in_the_runtime(void **state)
{
	(void)state;
	char name[16];
	struct timeline *tl = open_hog("clear");
	step_to(tl, 0, "newproc");
	follow(tl, "!M0 M0");
	while (strcmp(stack_of(tl, 0, name), "M0.gsignal") == 0)
		step(tl, 0);
	assert_string_equal(name, "G1");
	assert_string_equal(function_of(tl, 0), "newproc");
	until_event(tl, "gopreempt");
	assert_true(recording_next_event(timeline_recording(tl), 0, 0) > 0);
	timeline_close(tl);
}

/* In the handler another one waits, and comes when that is over; two before one step are one. */
static void signals_wait(void **state)
{
	(void)state;
	int asked = 0;
	struct timeline *tl = open_hog("clear");
	spin(tl);
	follow(tl, "!M0 !M0 M0*5");
	uint64_t pc = m_pc(timeline_now(tl), snap_m(timeline_now(tl), 0));
	follow(tl, "!M0 M0");
	/* Nothing was executed for it. */
	assert_true(recording_pc(timeline_recording(tl), timeline_last(tl)) == pc);
	int64_t from = timeline_step(tl), to = until_event(tl, "gopreempt");
	while ((from = first_event_after(tl, "preemptone", from)) >= 0 && from < to)
		asked++;
	assert_int_equal(asked, 2);
	timeline_close(tl);
}

/* One that sleeps until a signal comes, which nobody else sends. */
static void a_sleeper_is_woken(void **state)
{
	(void)state;
	char err[1024] = "", name[16];
	const char *how;
	struct timeline *tl = open_program(built("tests/programs/waits"), "pauses", "clear");
	while (timeline_forward(tl, 0, err, sizeof err) == STEP_DONE)
		;
	assert_true(snap_m(timeline_now(tl), 0)->asleep);
	follow(tl, "!M0 M0*2");
	assert_string_equal(stack_of(tl, 0, name), "M0.gsignal");
	while (timeline_forward(tl, 0, err, sizeof err) == STEP_DONE)
		;
	assert_int_equal(recording_end(timeline_recording(tl), &how), RUN_EXITED);
	timeline_close(tl);
}

static void assert_refused(struct timeline *tl, const char *text, const char *why)
{
	char err[1024] = "";
	int64_t last = timeline_last(tl);
	assert_false(try_follow(tl, text, err, sizeof err));
	if (!strstr(err, why))
		fail_msg("%s: %s", text, err);
	assert_int_equal(timeline_last(tl), last);
}

static void hostile(void **state)
{
	(void)state;
	struct timeline *tl = open_hog("clear");
	follow(tl, "M0*100");
	assert_refused(tl, "!M7 M0", "there is no M7 here to be sent a signal");
	assert_refused(tl, "!M0", "a step that this comes before");
	/* The step cannot be: what came is of the next one, whosever. */
	assert_refused(tl, "!M0 @1us M5", "there is no M5 here, only M0");
	follow(tl, "M0*3");
	assert_schedule(tl, "M0*100 !M0 @1us M0*3");
	timeline_close(tl);
}

/* A run along the same schedule has it too; another policy; another way; and back. */
static void all_that_repeats_a_schedule(void **state)
{
	(void)state;
	char before[16], name[16];
	struct timeline *tl = open_hog("clear");
	spin(tl);
	int64_t at = timeline_step(tl);
	follow(tl, "!M0 @3ms M0*40");
	switch_to(tl, "keep");
	assert_string_equal(stack_of(tl, 0, before), "M0.gsignal");
	assert_int_equal(timeline_parting(tl, NULL), -1);
	assert_int_equal(recording_before(timeline_recording(tl), at + 1).n, 2);
	/* The same M's step without it is another. */
	struct visit here = timeline_visit(tl);
	timeline_seek(tl, at);
	step(tl, 0);
	timeline_left(tl, here);
	assert_string_equal(stack_of(tl, 0, name), "G1");
	assert_int_equal(timeline_last(tl), at + 1);
	assert_int_equal(timeline_parting(tl, NULL), -1);
	assert_true(timeline_undo(tl));
	timeline_seek(tl, at);
	/* The recorded one is taken where it is the same. */
	follow(tl, "!M0 @3ms M0*2");
	assert_int_equal(timeline_last(tl), at + 40);
	timeline_close(tl);
}

/* A timer is due by then, and goes off before all Ms sleep. */
static void time_passes(void **state)
{
	(void)state;
	char err[1024] = "";
	struct run_options o = {.program = example("20_timer_wheel"), .mcall = "clear", .procs = 1};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	assert_non_null(tl);
	until_event(tl, "timerstart");
	int64_t at = timeline_step(tl);
	follow(tl, "M0*1500");
	int64_t jump = first_event_after(tl, "timejump", at),
		fire = first_event_after(tl, "timerfire", at);
	assert_true(jump > at && fire > jump);
	timeline_seek(tl, at);
	follow(tl, "@1ms M0*900");
	jump = first_event_after(tl, "timejump", at);
	int64_t sooner = first_event_after(tl, "timerfire", at);
	assert_true(sooner > at && sooner < fire && (jump < 0 || jump > sooner));
	timeline_close(tl);
}

int test_outside(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(again_and_again),
		cmocka_unit_test(the_hog_is_preempted),
		cmocka_unit_test(the_handler_is_judged),
		cmocka_unit_test(not_in_the_runtime),
		cmocka_unit_test(signals_wait),
		cmocka_unit_test(a_sleeper_is_woken),
		cmocka_unit_test(hostile),
		cmocka_unit_test(all_that_repeats_a_schedule),
		cmocka_unit_test(time_passes),
	};
	return cmocka_run_group_tests_name("outside", tests, NULL, NULL);
}
