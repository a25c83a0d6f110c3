/* SPDX-License-Identifier: MIT */
/* A program is run again: is it the same run? What may be another is noticed, and where. */
#include "engine_tests.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "by_steps.h"

static char path[64];

static void write_file(const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int make_file(void **state)
{
	(void)state;
	strcpy(path, "/tmp/g0-engine-XXXXXX");
	int fd = mkstemp(path);
	return fd < 0 || close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return remove(path);
}

static struct timeline *open_with(const char *program, char **args)
{
	char err[512] = "";
	struct run_options o = {.program = program, .mcall = "keep", .args = args};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	if (!tl)
		fail_msg("%s", err);
	return tl;
}

/* The program of chance, run up to its end. */
static struct timeline *ask(char *what, bool decides)
{
	static char *args[4];
	args[0] = what;
	args[1] = path;
	args[2] = decides ? "goes" : NULL;
	struct timeline *tl = open_with(built("tests/programs/chance"), args);
	drive(tl, 1, 20000);
	assert_int_equal(timeline_parting(tl, NULL), -1);
	/* The kernel ends one thread after another, and others may go on for a step or two. */
	timeline_seek(tl, timeline_last(tl) - 20);
	return tl;
}

/* Under whatever policy, one schedule leads through the same program. */
static void agrees(const char *program, char *arg, uint64_t seed, int64_t steps)
{
	static const char *const policies[] = {"clear", "g0bp", "cycle", "keep"};
	char *args[] = {arg, NULL};
	const char *what;
	struct timeline *tl = open_with(program, args);
	drive(tl, seed, steps);
	for (int i = 0; i < 4; i++) {
		switch_to(tl, policies[i]);
		if (timeline_parting(tl, &what) >= 0)
			fail_msg("%s under %s: parts at step %lld: %s", program, policies[i],
				(long long)timeline_parting(tl, NULL), what);
	}
	timeline_close(tl);
}

static void test_policies_agree(void **state)
{
	(void)state;
	agrees(example("01_stale_link"), NULL, 1, 3000);
	agrees(example("03_ping_pong"), NULL, 2, 5000);
	agrees(example("06_callback"), NULL, 3, 3000);
	agrees(example("12_mergesort"), NULL, 4, 8000);
	agrees(example("15_select"), NULL, 5, 5000);
	agrees(example("20_timer_wheel"), NULL, 6, 5000);
	agrees(subject(), "crowd", 7, 5000);
	agrees(subject(), "callback", 8, 5000);
}

/* It parts where the function `in` is executed, and that is said so; behind it all is compared. */
static void assert_parts(struct timeline *tl, const char *in, const char *said)
{
	const char *what;
	int64_t step = timeline_parting(tl, &what);
	assert_true(step > 0);
	const struct code_line *l =
		code_at(timeline_code(tl), recording_pc(timeline_recording(tl), step));
	if (strcmp(l->sym, in) != 0 || !strstr(what, said))
		fail_msg("in %s, \"%s\" at step %lld", l->sym, what, (long long)step);
}

/* A word that is another is noticed, though the program does the same with it. */
static void test_words(void **state)
{
	(void)state;
	static const char *const policies[] = {"clear", "keep", "g0bp"};
	static char *const whats[] = {"random", "counter"};
	for (int i = 0; i < 2; i++) {
		struct timeline *tl = ask(whats[i], false);
		for (int k = 0; k < 3; k++) {
			switch_to(tl, policies[k]);
			assert_parts(tl, "ask", "G1's word …");
		}
		timeline_close(tl);
	}
}

/* With the same in the file it is the same run; with other bytes it is not. */
static void test_changed_file(void **state)
{
	(void)state;
	const char *what;
	write_file("the same");
	struct timeline *tl = ask("file", false);
	switch_to(tl, "clear");
	assert_int_equal(timeline_parting(tl, NULL), -1);
	write_file("another.");
	switch_to(tl, "keep");
	assert_int_equal(timeline_parting(tl, NULL), -1);
	switch_to(tl, "g0bp");
	assert_parts(tl, "ask", " is 0x2e726568746f6e61, and was 0x656d617320656874");
	/* Before that step it is the same place, and a run that ends there is the same run. */
	int64_t parts = timeline_parting(tl, &what);
	timeline_seek(tl, parts - 1);
	switch_to(tl, "cycle");
	assert_int_equal(timeline_parting(tl, NULL), -1);
	/* What a run that was kept has recorded behind it is another than in one after that. */
	switch_to(tl, "clear");
	assert_int_equal(timeline_parting(tl, NULL), parts);
	timeline_close(tl);
}

/* The first step that writes this word. */
static int64_t step_that_writes(const struct recording *r, uint64_t word)
{
	for (int64_t s = 1; s <= recording_last(r); s++) {
		int n;
		const struct word_write *w = recording_writes(r, s, &n);
		for (int i = 0; i < n; i++)
			if (w[i].now == word)
				return s;
	}
	fail_msg("no step writes 0x%llx", (unsigned long long)word);
	return -1;
}

/* Where it goes somewhere else, another policy's run is said to part; the same one is not taken. */
static void test_another_way(void **state)
{
	(void)state;
	char err[512] = "";
	const char *what;
	write_file("the same");
	struct timeline *tl = ask("file", true);
	write_file("another.");
	int64_t last = timeline_last(tl);
	timeline_seek(tl, last - 1);
	const struct recording *was = timeline_recording(tl);
	int other = !recording_m(was, last);
	assert_int_equal(timeline_forward(tl, other, err, sizeof err), STEP_NO_M);
	assert_non_null(strstr(err, "does not lead there again: at step "));
	assert_ptr_equal(timeline_recording(tl), was);
	assert_int_equal(timeline_parting(tl, &what), -1);
	/* Before the way that it goes, so that the schedule can be followed. */
	timeline_seek(tl, step_that_writes(was, 0x656d617320656874) + 1);
	switch_to(tl, "clear");
	assert_parts(tl, "ask", "G1's word …");
	timeline_close(tl);
}

/* Two recordings part first in a word, and later, at the same Ms' steps, in what is executed. */
static void test_two_recordings(void **state)
{
	(void)state;
	struct parting p;
	write_file("the same");
	struct timeline *a = ask("file", true);
	write_file("another.");
	struct timeline *b = ask("file", true);
	const struct recording *was = timeline_recording(a), *is = timeline_recording(b);
	parting_find(&p, was, is);
	assert_int_equal(p.step, step_that_writes(is, 0x2e726568746f6e61));
	assert_int_equal(p.step, parting_by_steps(was, is));
	int64_t common = recording_common(was, is);
	assert_int_equal(common, common_by_steps(was, is, true));
	assert_true(p.step < common && common + 1 < recording_last(is));
	assert_int_equal(recording_m(was, common + 1), recording_m(is, common + 1));
	timeline_close(a);
	timeline_close(b);
}

/* What comes back from a file is the run that was recorded, in everything. */
static void test_loaded(void **state)
{
	(void)state;
	static const char *const names[] = {"01_stale_link", "06_callback", "15_select"};
	char err[512] = "", *args[] = {NULL};
	for (int i = 0; i < 3; i++) {
		struct parting p;
		struct timeline *tl = open_with(example(names[i]), args);
		drive(tl, 1, 5000);
		const struct recording *was = timeline_recording(tl);
		assert_true(recording_save(was, path, err, sizeof err));
		struct recording *is = recording_load(path, err, sizeof err);
		assert_non_null(is);
		parting_find(&p, was, is);
		if (p.step >= 0)
			fail_msg("%s: step %lld: %s", names[i], (long long)p.step, p.what);
		assert_int_equal(recording_common(is, was), recording_last(was));
		recording_free(is);
		timeline_close(tl);
	}
}

/* Another way than recorded, from the next step on at which M1 could go on instead of M0. */
static void leave_path(struct timeline *tl)
{
	char err[512] = "";
	for (int64_t at = 1; at < timeline_last(tl); at++) {
		timeline_seek(tl, at);
		const struct m_state *m = snap_m(timeline_now(tl), 1);
		if (recording_m(timeline_recording(tl), at + 1) != 0 || !m || m->asleep)
			continue;
		assert_int_equal(timeline_forward(tl, 1, err, sizeof err), STEP_DONE);
		drive(tl, 1, timeline_step(tl) + 10);
		return;
	}
	fail_msg("M1 never could go on");
}

/*
 * Off the path and back: what is kept is the path itself, and when that is no longer, what is
 * executed there again is held against what was there.
 */
static void test_back_on_the_path(void **state)
{
	(void)state;
	char err[512] = "";
	struct timeline *tl = ask("random", false);
	int64_t last = timeline_step(tl);
	struct schedule path_again = recording_schedule(timeline_recording(tl), 0, last);
	const struct recording *first = timeline_recording(tl);
	leave_path(tl);
	timeline_seek(tl, 0);
	assert_true(timeline_follow(tl, &path_again, err, sizeof err));
	assert_ptr_equal(timeline_recording(tl), first);
	for (int i = 0; i < RUNS_KEPT; i++)
		leave_path(tl);
	assert_int_equal(timeline_parting(tl, NULL), -1);
	timeline_seek(tl, 0);
	if (!timeline_follow(tl, &path_again, err, sizeof err))
		fail_msg("%s", err);
	assert_int_equal(timeline_last(tl), last);
	assert_parts(tl, "ask", "M");
	schedule_clear(&path_again);
	timeline_close(tl);
}

/* Another program of that name: nothing that the first one did is claimed of it. */
static void test_rebuilt(void **state)
{
	(void)state;
	char copy[96], command[512];
	const char *what;
	snprintf(copy, sizeof copy, "%s.program", path);
	snprintf(command, sizeof command, "cp %s %s", example("01_stale_link"), copy);
	assert_int_equal(system(command), 0);
	uint64_t build = stepper_build_of(copy);
	char *args[] = {NULL};
	struct timeline *tl = open_with(copy, args);
	drive(tl, 1, 200);
	assert_true(recording_info(timeline_recording(tl))->build == build);
	switch_to(tl, "clear");
	assert_int_equal(timeline_parting(tl, NULL), -1);
	snprintf(command, sizeof command, "cp --remove-destination %s %s", example("03_ping_pong"),
		copy);
	assert_int_equal(system(command), 0);
	assert_true(stepper_build_of(copy) != build);
	switch_to(tl, "keep");
	assert_int_equal(timeline_parting(tl, &what), 0);
	assert_non_null(strstr(what, "rebuilt"));
	switch_to(tl, "clear");
	assert_int_equal(timeline_parting(tl, NULL), -1);
	/* What is not loaded, such as lines and comments, makes no other program. */
	snprintf(command, sizeof command, "strip -g -o %s.g %s", copy, copy);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof command, "%s.g", copy);
	assert_true(stepper_build_of(command) == stepper_build_of(copy));
	unlink(command);
	unlink(copy);
	assert_int_equal(stepper_build_of(copy), 0);
	timeline_close(tl);
}

int test_parting(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_changed_file),
		cmocka_unit_test(test_another_way),
		cmocka_unit_test(test_two_recordings),
		cmocka_unit_test(test_loaded),
		cmocka_unit_test(test_back_on_the_path),
		cmocka_unit_test(test_rebuilt),
		cmocka_unit_test(test_policies_agree),
	};
	return cmocka_run_group_tests_name("parting", tests, make_file, remove_file);
}
