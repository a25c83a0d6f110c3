/* SPDX-License-Identifier: MIT */
/* Lessons told on the real program, stepped by the real engine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/until.h"
#include "lesson_tests.h"

/* A lesson and a timeline that it is told on. */
struct show {
	struct lesson *l;
	struct timeline *tl;
	struct telling *t;
	int focus;
	char err[1024];
};

static void show_open(struct show *s, struct lesson *l, const char *policy)
{
	struct run_options o = {
		.program = l->program, .mcall = policy, .procs = l->procs, .seed = l->seed};

	s->l = l;
	s->tl = timeline_open(&o, s->err, sizeof s->err);
	if (!s->tl)
		fail_msg("%s", s->err);
	s->t = telling_new(l, s->tl);
	s->err[0] = 0;
}

/* A lesson by name, out of examples/. */
static void show_named(struct show *s, const char *name, const char *policy)
{
	struct lesson_entry e;
	struct lesson *l = NULL;

	if (lesson_find(name, &e, s->err, sizeof s->err))
		l = lesson_load(e.path, s->err, sizeof s->err);
	lesson_entry_free(&e);
	if (!l)
		fail_msg("%s", s->err);
	show_open(s, l, policy ? policy : l->mcall);
}

/* A lesson on stale_link, of one stop with this text. */
static void show_stop(struct show *s, const char *stop)
{
	char text[1024];
	int n = snprintf(text, sizeof text,
		"---\ntitle: A test\nprogram: stale_link\nmcall: keep\n---\n## S\n%s", stop);
	struct lesson *l = lesson_parse("t.md", text, (size_t)n, s->err, sizeof s->err);

	if (!l)
		fail_msg("%s", s->err);
	show_open(s, l, l->mcall);
}

static void show_close(struct show *s)
{
	telling_free(s->t);
	timeline_close(s->tl);
	lesson_free(s->l);
}

static void show_goto(struct show *s, int stop)
{
	if (!telling_goto(s->t, stop, &s->focus, s->err, sizeof s->err))
		fail_msg("%s", s->err);
	assert_int_equal(timeline_step(s->tl), telling_step(s->t, stop));
	assert_int_equal(telling_stop(s->t), stop);
}

/* Every stop in turn, with its expectations. */
static void show_all(struct show *s)
{
	for (int i = 0; i < s->l->nstops; i++) {
		show_goto(s, i);
		if (!telling_check(s->t, i, s->err, sizeof s->err))
			fail_msg("%s", s->err);
	}
}

static void every_lesson_holds(void **state)
{
	struct lesson_entry *list;
	int n = lesson_list(&list), told = 0;

	(void)state;
	for (int i = 0; i < n; i++) {
		struct show s;
		if (!list[i].path)
			continue;
		show_named(&s, list[i].name, NULL);
		show_all(&s);
		assert_true(timeline_set_policy(s.tl, "clear", s.err, sizeof s.err));
		show_all(&s);
		show_close(&s);
		told++;
	}
	lesson_list_free(list, n);
	assert_true(told >= 3);
}

static void back_and_forth(void **state)
{
	struct show s;
	int64_t third;

	(void)state;
	show_named(&s, "stale_link", NULL);
	assert_int_equal(telling_stop(s.t), -1);
	assert_int_equal(telling_step(s.t, 0), -1);
	show_goto(&s, 3);
	third = telling_step(s.t, 3);
	show_goto(&s, 1);
	assert_int_equal(s.focus, 0);
	timeline_seek(s.tl, third - 1);
	assert_int_equal(telling_stop(s.t), 2);
	timeline_seek(s.tl, 0);
	assert_int_equal(telling_stop(s.t), -1);
	show_goto(&s, 3);
	assert_int_equal(telling_step(s.t, 3), third);
	show_close(&s);
}

/* The learner runs another M from a stop on; the lesson takes them back to its own path. */
static void off_the_path_and_back(void **state)
{
	struct show s;
	int64_t last;

	(void)state;
	show_named(&s, "stale_link", NULL);
	show_goto(&s, 4);
	last = telling_step(s.t, 4);
	show_goto(&s, 2);
	for (int i = 0; i < 50; i++)
		assert_int_equal(timeline_forward(s.tl, 1, s.err, sizeof s.err), STEP_DONE);
	assert_int_equal(telling_stop(s.t), 2);
	for (int64_t i = timeline_step(s.tl); i <= last; i++)
		assert_int_equal(timeline_forward(s.tl, 0, s.err, sizeof s.err), STEP_DONE);
	assert_int_equal(telling_stop(s.t), 2); /* not 3 or 4, though their steps have passed */
	show_all(&s);
	assert_int_equal(telling_step(s.t, 4), last);
	show_close(&s);
}

/* A fact is waited for until it is another, from step to step. */
static void until_it_changes(void **state)
{
	static const char *const facts[] = {
		"chain of M0", "verdict of M0", "status of G1", "link of M0"};

	(void)state;
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		char stop[128];
		struct show s;
		int64_t first;

		snprintf(stop, sizeof stop,
			"```do\nrun M0 until %s changes\nrun M0 until %s changes\n```\n", facts[i],
			facts[i]);
		show_stop(&s, stop);
		show_goto(&s, 0);
		first = timeline_step(s.tl);
		snprintf(stop, sizeof stop, "%s changes", facts[i]);
		struct cond *c = until_parse(stop, s.err, sizeof s.err);
		struct sight sight = {until_comes, c};
		assert_non_null(c);
		assert_true(timeline_is_at(s.tl, &sight));
		timeline_seek(s.tl, 0);
		/* It is the second such step. */
		timeline_seek(s.tl, timeline_find(s.tl, false, first, &sight, NULL));
		assert_true(timeline_step(s.tl) < first);
		assert_int_equal(timeline_find(s.tl, false, first, &sight, NULL), first);
		until_free(c);
		show_close(&s);
	}
}

/*
 * Where the timeline runs under clear from the start, the stops are found under keep all
 * the same.
 */
static void another_policy_from_the_start(void **state)
{
	struct show keep, clear;

	(void)state;
	show_named(&keep, "stale_link", NULL);
	show_named(&clear, "stale_link", "clear");
	show_goto(&keep, 5);
	show_goto(&clear, 5);
	assert_string_equal(timeline_policy(clear.tl), "clear");
	for (int i = 0; i <= 5; i++)
		assert_int_equal(telling_step(keep.t, i), telling_step(clear.t, i));
	show_close(&keep);
	show_close(&clear);
}

static void answers_come_from_memory(void **state)
{
	struct show s;
	char *value;
	int right;

	(void)state;
	show_named(&s, "stale_link", NULL);
	show_goto(&s, 5);
	right = telling_right(s.t, 5, &value);
	assert_string_equal(value, "repaint");
	free(value);
	assert_int_equal(strncmp(s.l->stops[5].options[right], "repaint", 7), 0);
	assert_true(timeline_set_policy(s.tl, "clear", s.err, sizeof s.err));
	right = telling_right(s.t, 5, &value);
	assert_string_equal(value, "nothing");
	free(value);
	assert_int_equal(strncmp(s.l->stops[5].options[right], "nothing", 7), 0);
	show_close(&s);
}

/*
 * What is said where a stop cannot be reached; the line of "t.md" is counted with the front
 * matter.
 */
static const struct {
	const char *stop, *says[3];
} dead_ends[] = {
	{"```do\nrun M7 until asleep\n```\n",
		{"t.md:8: `run M7 until asleep`: ", "M7", "M0 can run"}},
	{"```do\nrun M0 until at no_such_function\n```\n",
		{"t.md:8: ", "there is no function `no_such_function` in the program", ""}},
	{"```do\nrun M0 until at gosched_mm\n```\n", {"t.md:8: ", "did you mean `gosched_m`?", ""}},
	{"```do\nrun M0 until at gosched_m+0x4000\n```\n",
		{"t.md:8: ", "`gosched_m` ends after 0x", " bytes"}},
	{"```do\nrun all until status of G9 is waiting\n```\n", {"t.md:8: ", "", ""}},
};

static void dead_ends_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof dead_ends / sizeof *dead_ends; i++) {
		struct show s;

		show_stop(&s, dead_ends[i].stop);
		assert_false(telling_goto(s.t, 0, &s.focus, s.err, sizeof s.err));
		for (int k = 0; k < 3; k++)
			assert_non_null(strstr(s.err, dead_ends[i].says[k]));
		assert_int_equal(telling_step(s.t, 0), -1);
		show_close(&s);
	}
}

/* Expectations that do not hold, and what is said of them. */
static const struct {
	const char *stop, *says[2];
} unmet[] = {
	{"```expect\nverdict of M0 is STALE\n```\n",
		{"t.md:8: under keep expected `verdict of M0 is STALE`", "it is VALID"}},
	{"```expect\nstatus of G9 is running\n```\n", {"`status of G9 is running`", "it is none"}},
	{"```expect\nevent is exit\n```\n", {"t.md:8: ", "there is none at this step"}},
	{"```do\nrun M0 until verdict of M0 is STALE\nrun M0 until verdict of M0 is VALID\n```\n"
	 "```expect\nnever verdict is unsound\n```\n",
		{"t.md:12: under keep expected `never verdict is unsound`", "of M0 is STALE"}},
	{"```ask\nWho?\n- M7\n- nobody\nanswer: status of G1\n```\n",
		{"t.md:11: under keep the answer is ", "no option"}},
};

static void unmet_expectations_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unmet / sizeof *unmet; i++) {
		struct show s;

		show_stop(&s, unmet[i].stop);
		show_goto(&s, 0);
		assert_false(telling_check(s.t, 0, s.err, sizeof s.err));
		for (int k = 0; k < 2; k++)
			if (!strstr(s.err, unmet[i].says[k]))
				fail_msg("%s: lacks %s", s.err, unmet[i].says[k]);
		show_close(&s);
	}
}

int test_tell(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_lesson_holds),
		cmocka_unit_test(back_and_forth),
		cmocka_unit_test(off_the_path_and_back),
		cmocka_unit_test(until_it_changes),
		cmocka_unit_test(another_policy_from_the_start),
		cmocka_unit_test(answers_come_from_memory),
		cmocka_unit_test(dead_ends_are_named),
		cmocka_unit_test(unmet_expectations_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
