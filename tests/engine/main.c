/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/engine. */
#include "engine_tests.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/emulated.h"
#include "model/event.h"

/*
 * A program as it was built beside this binary, or, if this has a sanitizer in it, without one
 * in a directory of its own.
 */
const char *built(const char *relative)
{
	static char paths[4][4096];
	static int next;
	char here[2048];
	ssize_t n = readlink("/proc/self/exe", here, sizeof here - 1);
	if (n < 0)
		fail_msg("cannot find myself in /proc");
	here[n] = '\0';
	char *path = paths[next++ % 4], *dir = dirname(dirname(here));
	snprintf(path, sizeof paths[0], "%s/plain/%s", dir, relative);
	if (access(path, X_OK) != 0)
		snprintf(path, sizeof paths[0], "%s/%s", dir, relative);
	return path;
}

const char *example(const char *name)
{
	char relative[256];
	snprintf(relative, sizeof relative, "examples/%s", name);
	return built(relative);
}

const char *subject(void)
{
	return built("tests/programs/subject");
}

const char *damage(void)
{
	return built("tests/programs/damage");
}

static bool emulated;

int on_emulated(void **state)
{
	(void)state;
	emulated = true;
	return 0;
}

int on_real(void **state)
{
	(void)state;
	emulated = false;
	return 0;
}

struct timeline *open_on(int procs, const char *program, const char *mode, const char *policy)
{
	static char *args[2];
	char err[1024] = "";
	args[0] = (char *)mode;
	struct run_options o = {.program = program,
		.mcall = policy,
		.procs = procs,
		.args = args,
		.emulated = emulated};
	if (emulated && !emulated_is_there(err, sizeof err))
		skip();
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	if (!tl)
		fail_msg("%s", err);
	return tl;
}

struct timeline *open_program(const char *program, const char *mode, const char *policy)
{
	return open_on(2, program, mode, policy);
}

int64_t steps_asked;

/* No step beyond so many. */
static const char *halt_at(void *ctx, const struct recording *r)
{
	steps_asked++;
	return ctx && recording_last(r) >= *(const int64_t *)ctx ? "that is enough" : NULL;
}

struct timeline *open_counted(const char *program, const char *mark, const int64_t *most)
{
	static char *args[2];
	char err[1024] = "";
	args[0] = (char *)mark;
	struct run_options o = {.program = program,
		.mcall = "keep",
		.args = args,
		.halt = halt_at,
		.halt_ctx = (void *)most};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	if (!tl)
		fail_msg("%s", err);
	return tl;
}

void switch_to(struct timeline *tl, const char *policy)
{
	char err[1024] = "";
	int64_t at = timeline_step(tl);
	if (!timeline_set_policy(tl, policy, err, sizeof err))
		fail_msg("%s: %s", policy, err);
	assert_string_equal(timeline_policy(tl), policy);
	assert_int_equal(timeline_step(tl), at);
}

int64_t fork_of(struct timeline *tl, int64_t from)
{
	for (timeline_seek(tl, from); timeline_step(tl) < timeline_last(tl);
		timeline_seek(tl, timeline_step(tl) + 1)) {
		const struct m_state *m = snap_m(timeline_now(tl), 1);
		if (m && !m->asleep &&
			recording_m(timeline_recording(tl), timeline_step(tl) + 1) == 0)
			return timeline_step(tl);
	}
	fail_msg("M1 never could go on");
	return -1;
}

void step(struct timeline *tl, int m)
{
	char err[1024] = "";
	if (timeline_forward(tl, m, err, sizeof err) != STEP_DONE)
		fail_msg("step %lld: %s", (long long)timeline_step(tl), err);
}

const char *function_of(struct timeline *tl, int m)
{
	const struct snapshot *s = timeline_now(tl);
	const struct m_state *mp = snap_m(s, m);
	const struct code_line *l = mp ? code_at(timeline_code(tl), m_pc(s, mp)) : NULL;
	return l && l->sym ? l->sym : "";
}

enum { TIRED = 20000 };

void step_to(struct timeline *tl, int m, const char *sym)
{
	for (int i = 0; i < TIRED && strcmp(function_of(tl, m), sym) != 0; i++)
		step(tl, m);
	assert_string_equal(function_of(tl, m), sym);
}

void step_to_event(struct timeline *tl, int m, const char *event)
{
	for (int i = 0; i < TIRED; i++) {
		step(tl, m);
		const struct event *e = recording_event(timeline_recording(tl), timeline_step(tl));
		if (e && e->id == event_by_name(event))
			return;
	}
	fail_msg("M%d never came to %s", m, event);
}

const char *output_of(const struct timeline *tl)
{
	static char text[4096];
	size_t n;
	const char *out = recording_output(timeline_recording(tl), timeline_last(tl), &n);
	snprintf(text, sizeof text, "%.*s", (int)n, out);
	return text;
}

const char *snapshots_differ(const struct snapshot *a, const struct snapshot *b)
{
	static char words[160];
	return snap_differs(a, b, words, sizeof words) ? words : NULL;
}

struct stepper *open_stepper(const char *program, char *const *args, int procs, bool by_emulator)
{
	char err[SENTENCE_MAX];
	struct run_options o = {.program = program,
		.args = args,
		.mcall = "keep",
		.procs = procs,
		.emulated = by_emulator};
	struct stepper *st = stepper_open(&o, err, sizeof err);
	if (!st)
		fail_msg("%s", err);
	return st;
}

void close_stepper(struct stepper *st)
{
	struct code *code = stepper_code(st);
	stepper_close(st);
	code_free(code);
}

uint64_t draw(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

int main(void)
{
	int failed = 0;
	failed += test_file();
	failed += test_corrupted();
	failed += test_memory();
	failed += test_stepper();
	failed += test_ends();
	failed += test_same();
	failed += test_run();
	failed += test_timeline();
	failed += test_poison();
	failed += test_unruly();
	failed += test_damage();
	failed += test_noteless();
	failed += test_parting();
	failed += test_sides();
	failed += test_toy();
	failed += test_witness();
	failed += test_ahead();
	failed += test_kept_machine();
	failed += test_outside();
	failed += test_frame_vars();
	failed += test_frame_vars_emulated();
	failed += test_waits();
	failed += test_flight();
	return failed != 0;
}
