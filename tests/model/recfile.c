/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frames.h"
#include "model/chunk.h"
#include "model/event.h"
#include "model/moment.h"
#include "model/parting.h"
#include "model/recfile.h"
#include "model/xalloc.h"
#include "model_tests.h"
#include "packed.h"

static char err[512];

static char *slurp(size_t *n)
{
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	*n = ftell(f);
	rewind(f);
	char *p = xmalloc(*n);
	assert_int_equal(fread(p, 1, *n, f), *n);
	fclose(f);
	return p;
}

static void spit(const char *p, size_t n)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	fclose(f);
}

static struct sim *recorded(int64_t steps)
{
	struct sim *s = sim_new("keep");
	code_add_source(s->code, "src/sim.c", "line 1\nline 2\n", 14);
	drive(s, 6, steps);
	struct step st = {
		.m = 1,
		.pc = 7,
		.before = {(const struct turn[]){
				   {TURN_SIGNAL, 1, 0}, {TURN_TIME, 0, 1500}, {TURN_SIGNAL, 0, 0}},
			3},
		.state = &s->k.s,
		.output = "hello\n",
		.noutput = 6,
		.event = {.id = 2,
			.nargs = 2,
			.arg = {-1, INT64_MAX},
			.string = "to wait \"there\""},
	};
	recording_add(s->r, &st);
	recording_set_end(s->r, RUN_EXITED, "the program has ended with status 0");
	return s;
}

/* Snapshots, facts and what is derived from them, at some steps. */
static void assert_same_recording(const struct recording *a, const struct recording *b)
{
	struct cursor *ca = cursor_new(a), *cb = cursor_new(b);
	assert_int_equal(recording_last(a), recording_last(b));
	for (int64_t i = 0; i <= recording_last(a); i += 37) {
		struct bytes x = packed(cursor_seek(ca, i));
		assert_packed(cursor_seek(cb, i), &x);
		free(x.p);
		assert_int_equal(departed_at(a, i, 0), departed_at(b, i, 0));
	}
	cursor_free(ca);
	cursor_free(cb);
}

static void there_and_back(void **state)
{
	(void)state;
	struct sim *s = recorded(CHUNK_STEPS + 500);
	assert_true(recording_save(s->r, path, err, sizeof err));
	struct recording *r = recording_load(path, err, sizeof err);
	assert_non_null(r);
	assert_string_equal(err, "");
	assert_same_recording(s->r, r);
	struct parting p;
	parting_find(&p, s->r, r);
	assert_int_equal(p.step, -1);

	int64_t last = recording_last(r);
	const char *end;
	size_t n;
	int nw;
	assert_string_equal(recording_info(r)->policy, "keep");
	assert_string_equal(recording_info(r)->arch, "amd64");
	assert_int_equal(recording_info(r)->seed, 1);
	assert_int_equal(recording_end(r, &end), RUN_EXITED);
	assert_string_equal(end, "the program has ended with status 0");
	assert_int_equal(recording_event(r, last)->arg[0], -1);
	assert_string_equal(recording_event(r, last)->string, "to wait \"there\"");
	assert_memory_equal(recording_output(r, last, &n), "hello\n", 6);
	assert_int_equal(recording_pc(r, last), 7);
	assert_non_null(recording_writes(r, last, &nw));
	assert_true(before_same(recording_before(r, last), recording_before(s->r, last)));
	assert_int_equal(recording_before(r, last).n, 3);
	assert_int_equal(recording_before(r, last - 1).n, 0);
	struct schedule turns = recording_schedule(r, 0, last);
	char *schedule = recording_schedule_text(r), *was = recording_schedule_text(s->r);
	assert_non_null(strstr(schedule, " !M1 @1500 !M0 M1"));
	assert_string_equal(schedule, was);
	assert_int_equal(recording_turns(r, last), turns.n);
	assert_int_equal(recording_turns(s->r, last), turns.n);
	free(schedule);
	free(was);
	schedule_clear(&turns);
	const struct code *c = recording_code(r);
	assert_int_equal(code_count(c), code_count(s->code));
	assert_string_equal(code_at(c, sim_addr("red"))->text, "push %rbp");
	assert_string_equal(code_at(c, sim_addr("red"))->file, "src/sim.c");
	assert_true(code_at(c, sim_addr("library"))->library);
	assert_int_equal(code_at(c, sim_addr("red") + BODY)->cfi.ra_off, -8);
	assert_false(code_at(c, sim_addr("red"))->cfi.signal);
	assert_true(code_at(c, sim_addr("sigreturn"))->cfi.signal);
	assert_true(code_at(c, sim_addr("sigreturn"))->cfi.cfa_is_word);
	assert_memory_equal(code_source_line(c, "src/sim.c", 2, &n), "line 2", 6);
	recording_free(r);
	sim_free(s);
}

/* The file of a loaded file is the same file. */
static void the_same_bytes(void **state)
{
	(void)state;
	struct sim *s = recorded(2 * CHUNK_STEPS + 300);
	size_t n, again;
	assert_true(recording_save(s->r, path, err, sizeof err));
	char *first = slurp(&n);
	struct recording *r = recording_load(path, err, sizeof err);
	/* Not over itself: it is still read from. */
	assert_false(recording_save(r, path, err, sizeof err));
	assert_non_null(strstr(err, "is the recording that is open; give another name"));
	recording_free(r);
	char other[64];
	snprintf(other, sizeof other, "%s.other", path);
	assert_int_equal(rename(path, other), 0);
	r = recording_load(other, err, sizeof err);
	assert_true(recording_save(r, path, err, sizeof err));
	unlink(other);
	char *second = slurp(&again);
	assert_int_equal(n, again);
	assert_memory_equal(first, second, n);
	free(first);
	free(second);
	recording_free(r);
	sim_free(s);
}

/*
 * Load what lies at path; walk through it if there is something. Returns its last step,
 * -1: none.
 */
static int64_t load_and_use(void)
{
	struct recording *r = recording_load(path, err, sizeof err);
	if (!r) {
		assert_true(strlen(err) > strlen(path));
		return -1;
	}
	int64_t last = recording_last(r);
	struct cursor *c = cursor_new(r);
	struct answer a;
	for (int64_t i = 0; i <= last; i++) {
		const struct snapshot *s = cursor_seek(c, i);
		const struct moment at = {r, s};
		for (int m = 0; m < s->nms; m++)
			moment_judge(&at, s->ms[m].id, &a);
	}
	cursor_free(c);
	recording_free(r);
	return last;
}

/* Cut there: the steps that are left; less than before they cannot be. */
static int64_t cut_to(const char *file, size_t n, int64_t before)
{
	spit(file, n);
	int64_t now = load_and_use();
	assert_true(now >= before);
	assert_non_null(strstr(err, now >= 0                  ? "is cut short at step"
				    : n < 8 + (size_t)file[4] ? "not a recording"
							      : "record it again"));
	return now;
}

static void cut_anywhere(void **state)
{
	(void)state;
	struct sim *s = recorded(30);
	int64_t last = recording_last(s->r), reached = -1;
	size_t n;
	assert_true(recording_save(s->r, path, err, sizeof err));
	char *file = slurp(&n);
	for (size_t i = 0; i < n; i++)
		reached = cut_to(file, i, reached);
	assert_int_equal(reached, last);
	spit(file, n);
	assert_int_equal(load_and_use(), last);
	assert_string_equal(err, "");
	free(file);
	sim_free(s);
}

/* At most a chunk is lost. */
static void cut_among_chunks(void **state)
{
	(void)state;
	enum { CUTS = 60 };
	struct sim *s = recorded(2 * CHUNK_STEPS + 30);
	int64_t reached = -1;
	size_t n;
	assert_true(recording_save(s->r, path, err, sizeof err));
	char *file = slurp(&n);
	for (size_t i = 0; i < CUTS; i++) {
		int64_t now = cut_to(file, n * i / CUTS, reached);
		assert_true(now < 0 || now % CHUNK_STEPS == 0 || now == recording_last(s->r));
		assert_true(now - reached <= CHUNK_STEPS);
		reached = now;
	}
	assert_int_equal(cut_to(file, n - 1, reached), recording_last(s->r));
	free(file);
	sim_free(s);
}

/* Where a frame begins, by the seek table. */
static size_t frame_at(const char *file, size_t n, uint32_t frame)
{
	uint32_t nframes = 0, packed;
	size_t at = 0;
	memcpy(&nframes, file + n - 9, 4);
	for (uint32_t i = 0; i < frame; i++, at += packed)
		memcpy(&packed, file + n - 9 - 8 * (size_t)nframes + 8 * (size_t)i, 4);
	return at;
}

/* What cannot be read of a whole file is said there, and all else is as it was. */
static void a_damaged_chunk(void **state)
{
	(void)state;
	struct sim *s = recorded(3 * CHUNK_STEPS);
	size_t n;
	assert_true(recording_save(s->r, path, err, sizeof err));
	char *file = slurp(&n);
	/* Header, run, key 0, code, steps, key 1, steps: 7 is their end. */
	file[frame_at(file, n, 7) - 20] ^= 1;
	spit(file, n);
	struct recording *r = recording_load(path, err, sizeof err);
	assert_non_null(r);
	struct cursor *c = cursor_new(r), *was = cursor_new(s->r);
	int64_t last = recording_last(r);
	assert_int_equal(last, recording_last(s->r));
	const int64_t whole[] = {last, 5, CHUNK_STEPS, 2 * CHUNK_STEPS + 1, 0};
	for (int i = 0; i < 5; i++) {
		const int64_t lost = CHUNK_STEPS + 1 + 7 * i;
		const struct snapshot *at = cursor_seek(c, lost);
		assert_int_equal(at->step, lost);
		assert_int_equal(at->ndamage, 1);
		assert_string_equal(at->damage[0],
			"the recording is damaged: steps 4097 to 8192 cannot be read");
		assert_null(recording_event(r, lost));
		struct bytes b = packed(cursor_seek(was, whole[i]));
		assert_packed(cursor_seek(c, whole[i]), &b);
		free(b.p);
	}
	cursor_free(c);
	cursor_free(was);
	recording_free(r);
	free(file);
	sim_free(s);
}

/* Whatever comes of it, nothing is read that is not there: this test is for the sanitizers. */
static void damaged_anywhere(void **state)
{
	(void)state;
	struct sim *s = recorded(30);
	size_t n;
	assert_true(recording_save(s->r, path, err, sizeof err));
	char *file = slurp(&n);
	for (size_t i = 0; i < n; i++) {
		char was = file[i];
		file[i] ^= i % 3 == 0 ? 0xff : 1 << i % 8;
		spit(file, n);
		load_and_use();
		file[i] = was;
	}
	free(file);
	sim_free(s);
}

static void not_a_recording(void **state)
{
	(void)state;
	assert_null(recording_load("/nonexistent/x.g0r", err, sizeof err));
	assert_non_null(strstr(err, "/nonexistent/x.g0r: No such file"));
	assert_null(recording_load("/tmp", err, sizeof err));
	assert_non_null(strstr(err, "/tmp: "));
	spit("#!/bin/sh\nexit 1 and more\n", 26);
	assert_null(recording_load(path, err, sizeof err));
	assert_non_null(strstr(err, "is not a recording"));
	spit(RECFILE_FORMAT "\n\x7f", strlen(RECFILE_FORMAT) + 2);
	assert_null(recording_load(path, err, sizeof err));
	assert_non_null(strstr(err, "older g0scope"));
	struct frames f = {0};
	frames_header(&f, "{\"format\":\"g0scope recording\",\"version\":13,\"minor\":3}");
	frames_write(&f);
	assert_true(recording_is(path));
	assert_null(recording_load(path, err, sizeof err));
	assert_non_null(strstr(err, "is a recording of version 13.3, and this g0scope reads"));
	f = (struct frames){0};
	frames_header(&f, "{\"format\":\"another one\",\"version\":12}");
	frames_write(&f);
	assert_false(recording_is(path));
	assert_null(recording_load(path, err, sizeof err));
	assert_non_null(strstr(err, "is not a recording"));
	struct sim *s = sim_new("keep");
	assert_false(recording_save(s->r, "/nonexistent/x.g0r", err, sizeof err));
	assert_non_null(strstr(err, "/nonexistent/x.g0r could not be written: No such file"));
	sim_free(s);
}

/* Each event there is can be in a file; one that we do not know is none. */
static void every_event(void **state)
{
	(void)state;
	struct sim *s = sim_new("keep");
	for (int id = 0; id <= EVENT_COUNT; id++)
		recording_add(s->r, &(struct step){.state = &s->k.s, .event = {.id = id}});
	assert_true(recording_save(s->r, path, err, sizeof err));
	struct recording *r = recording_load(path, err, sizeof err);
	assert_int_equal(recording_last(r), EVENT_COUNT + 1);
	for (int id = 0; id < EVENT_COUNT; id++)
		assert_int_equal(recording_event(r, 1 + id)->id, id);
	assert_null(recording_event(r, EVENT_COUNT + 1));
	recording_free(r);
	sim_free(s);
}

/* Another step, and now and then something new about the code. */
static void one_more(struct sim *s)
{
	int64_t n = recording_last(s->r) + 1;
	recording_add(s->r, &(struct step){.pc = n, .state = &s->k.s, .event = {.id = -1}});
	if (n % 500 == 0)
		code_add(
			s->code, &(struct code_line){.pc = 50000 - n, .sym = "new", .text = "nop"});
	if (n % 1000 == 0)
		code_add_source(s->code, n == 1000 ? "a.c" : "b.c", "line 1\n", 7);
}

enum { GROWN = 2 * CHUNK_STEPS + 300 };

/* A recording that grows into the file, and is loaded from there on the way, or not. */
static char *grown(bool looked_at, size_t *n)
{
	struct sim *s = sim_new("keep");
	struct recsaver *saver = recording_save_begin(s->r, path, err, sizeof err);
	assert_non_null(saver);
	for (int i = 0; i < GROWN; i++) {
		one_more(s);
		assert_true(recording_save_more(saver, err, sizeof err));
		if (!looked_at || i % 300)
			continue;
		struct recording *r = recording_load(path, err, sizeof err);
		const char *sentence;
		assert_int_equal(recording_last(r), i / CHUNK_STEPS * CHUNK_STEPS);
		assert_int_equal(recording_end(r, &sentence), RUN_GOES_ON);
		assert_string_equal(sentence, "the recording is cut short there");
		assert_non_null(strstr(err, "is cut short at step"));
		recording_free(r);
	}
	recording_add_output(s->r, "late", 4);
	assert_true(recording_save_end(saver, s->r, "enough was seen", err, sizeof err));
	sim_free(s);
	return slurp(n);
}

/* It is valid as far as it goes, and in the end does not depend on the time it took. */
static void grows(void **state)
{
	(void)state;
	size_t n, again;
	const char *sentence;
	char *first = grown(false, &n), *second = grown(true, &again);
	assert_int_equal(n, again);
	assert_memory_equal(first, second, n);
	struct recording *r = recording_load(path, err, sizeof err);
	assert_string_equal(err, "");
	assert_int_equal(recording_last(r), GROWN);
	assert_int_equal(recording_end(r, &sentence), RUN_GOES_ON);
	assert_string_equal(sentence, "enough was seen");
	assert_memory_equal(recording_written(r, GROWN, &n), "late", 4);
	assert_string_equal(code_at(recording_code(r), 49500)->sym, "new");
	assert_non_null(code_source_line(recording_code(r), "b.c", 1, &n));
	recording_free(r);
	free(first);
	free(second);
}

/* As soon as a chunk is full it is there, and what was told stays when the recording is gone. */
static void holds_a_chunk_back(void **state)
{
	(void)state;
	enum { MANY = 20000 };
	struct sim *s = sim_new("keep");
	struct recsaver *saver = recording_save_begin(s->r, path, err, sizeof err);
	for (int i = 0; i < MANY; i++) {
		one_more(s);
		assert_true(recording_save_more(saver, err, sizeof err));
	}
	struct recording *r = recording_load(path, err, sizeof err);
	assert_int_equal(recording_last(r), MANY / CHUNK_STEPS * CHUNK_STEPS);
	recording_free(r);
	/* The one that grows reads its past from the file now. */
	struct cursor *c = cursor_new(s->r);
	struct bytes early = packed(cursor_seek(c, 777));
	cursor_free(c);
	sim_free(s);
	assert_true(recording_save_end(saver, NULL, "lost", err, sizeof err));
	r = recording_load(path, err, sizeof err);
	assert_non_null(strstr(err, "is cut short at step 16384"));
	c = cursor_new(r);
	assert_packed(cursor_seek(c, 777), &early);
	free(early.p);
	cursor_free(c);
	recording_free(r);
}

/* Ended with another recording, the file is of that one. */
static void ends_with_another(void **state)
{
	(void)state;
	struct sim *s = recorded(50), *other = recorded(CHUNK_STEPS + 1);
	struct recsaver *saver = recording_save_begin(s->r, path, err, sizeof err);
	sim_free(s);
	assert_true(recording_save_end(saver, other->r, NULL, err, sizeof err));
	struct recording *r = recording_load(path, err, sizeof err);
	assert_string_equal(err, "");
	assert_same_recording(other->r, r);
	recording_free(r);
	sim_free(other);
}

int test_recfile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(the_same_bytes),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(cut_among_chunks),
		cmocka_unit_test(a_damaged_chunk),
		cmocka_unit_test(damaged_anywhere),
		cmocka_unit_test(not_a_recording),
		cmocka_unit_test(every_event),
		cmocka_unit_test(grows),
		cmocka_unit_test(holds_a_chunk_back),
		cmocka_unit_test(ends_with_another),
	};
	return cmocka_run_group_tests_name("recfile", tests, make_path, remove_path);
}
