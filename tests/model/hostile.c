/* SPDX-License-Identifier: MIT */
/*
 * Small files that ask for much: whatever they say, what they are given is bounded, by what they
 * hold when unpacked and by what any file may ask for.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frames.h"
#include "model/chunk.h"
#include "model/recfile.h"
#include "model/store.h"
#include "model_tests.h"

/* How many bytes an unpacked byte may cost, and what a recording of nothing does. */
enum { WORTH = 400, NOTHING = 256 << 10 };

static size_t allocated(void)
{
	struct mallinfo2 now = mallinfo2();
	return now.uordblks + now.hblkhd;
}

static void put_counts(struct bytes *b, int nms, int ngs, int nps, int nstacks)
{
	put_u8(b, 'N');
	put_uv(b, 6);
	put_uv(b, 0);
	put_uv(b, 15);
	put_sv(b, nms);
	put_sv(b, ngs);
	put_sv(b, nps);
	put_sv(b, nstacks);
}

/* A stack of 16 MiB, of which `held` words are held. */
static void put_stack(struct bytes *b, int i, uint64_t held)
{
	put_u8(b, 'S');
	put_uv(b, 4);
	put_uv(b, (uint64_t)i);
	put_uv(b, 12);
	put_sv(b, (int64_t)i << 24);
	put_sv(b, 1 << 24);
	put_u8(b, 'D');
	put_uv(b, 2 + held);
	put_uv(b, (uint64_t)i);
	put_sv(b, (int64_t)held);
	while (held--)
		put_sv(b, 0);
}

/* A row of M0 with one write, `at` from its SP, which is 0. */
static void put_write(struct bytes *rows, uint64_t at)
{
	put_u8(rows, 1 | 1 << 4);
	put_sv(rows, 0);
	put_u8(rows, 0);
	put_sv(rows, (int64_t)at);
	put_sv(rows, 1);
}

/* Load the file and build its last state: no more than `unpacked` bytes are worth. */
static void assert_worth(struct frames *f, size_t unpacked, int64_t last)
{
	char err[512];
	frames_write(f);
	size_t before = allocated();
	struct recording *r = recording_load(path, err, sizeof err);
	struct cursor *c = r ? cursor_new(r) : NULL;
	assert_int_equal(r ? recording_last(r) : -1, last);
	if (c)
		cursor_seek(c, recording_last(r));
	size_t now = allocated();
	if (now > before + NOTHING + WORTH * unpacked)
		fail_msg("a file of %zu bytes, unpacked, takes %zu", unpacked, now - before);
	cursor_free(c);
	recording_free(r);
}

/* Many that nothing more is said of, at the start and later. */
static void counts(void **state)
{
	(void)state;
	static const int many[][4] = {{1, 1 << 20, 1, 1}, {1, 1, 1, 1 << 20}};
	for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
		struct frames f;
		struct bytes b = {0};
		frames_begin(&f);
		put_counts(&b, many[i][0], many[i][1], many[i][2], many[i][3]);
		frames_key(&f, &b);
		assert_worth(&f, 100, -1);
		frames_begin(&f);
		put_counts(&b, 1, 0, 0, 1);
		put_stack(&b, 0, 0);
		frames_key(&f, &b);
		put_u8(&b, 1), put_sv(&b, 0);
		put_counts(&b, many[i][0], many[i][1], many[i][2], many[i][3]);
		put_u8(&b, 0);
		frames_steps(&f, 1, 1, &b);
		free(b.p);
		assert_worth(&f, 200, 0);
	}
}

/* Many that are waited for, and nothing more is said of; then a list of many that come and go. */
static void waits(void **state)
{
	(void)state;
	enum { MANY = 60000 };
	struct frames f;
	struct bytes b = {0};
	frames_begin(&f);
	put_counts(&b, 1, 0, 0, 1);
	for (uint64_t i = 0; i < MANY; i++)
		put_u8(&b, 'O'), put_uv(&b, 3), put_sv(&b, 1), put_uv(&b, 0), put_uv(&b, i);
	put_u8(&b, 'L'), put_uv(&b, 4 + MANY), put_uv(&b, 0), put_uv(&b, 0), put_uv(&b, 0);
	put_uv(&b, MANY);
	for (int i = 0; i < MANY; i++)
		put_sv(&b, 1);
	size_t unpacked = b.n;
	frames_key(&f, &b);
	free(b.p);
	assert_worth(&f, unpacked, 0);
}

/* Large stacks, each written to where nothing is held. */
static void deep_writes(void **state)
{
	(void)state;
	struct frames f;
	struct bytes b = {0};
	frames_begin(&f);
	put_counts(&b, 1, 0, 0, 1);
	put_stack(&b, 0, 2);
	frames_key(&f, &b);
	put_write(&b, (1 << 24) - 8);
	put_write(&b, (1 << 24) - 16);
	frames_steps(&f, 1, 2, &b);
	put_write(&b, (1 << 24) - 24);
	frames_steps(&f, 3, 1, &b);
	free(b.p);
	assert_worth(&f, 500, 2);
}

/* A bomb: words that are held and are all 0 are packed to nothing. */
static void bombs(void **state)
{
	(void)state;
	enum { STACKS = 40 };
	struct frames f;
	struct bytes b = {0};
	frames_begin(&f);
	put_counts(&b, 1, 0, 0, STACKS);
	for (int i = 0; i < STACKS; i++)
		put_stack(&b, i, 1 << 20);
	assert_true(b.n < FRAME_MAX);
	size_t unpacked = b.n;
	frames_key(&f, &b);
	assert_true(f.file.n < 16 << 10);
	free(b.p);
	assert_worth(&f, unpacked, -1); /* more words than a file may ask for */
}

/* A frame that says it is larger than any; and one of which nothing says how large. */
static void too_large(void **state)
{
	(void)state;
	struct frames f;
	char err[512];
	frames_begin(&f);
	size_t run = f.file.n;
	struct bytes zeros = {.p = calloc(1, FRAME_MAX + 1), .n = FRAME_MAX};
	struct store *s = store_new();
	zeros.p[0] = FRAME_KEY;
	frame_pack(s, zeros.p, FRAME_MAX, &f.file);
	store_free(s);
	f.file.p[run + 5] |= 0xf0; /* in its head: of how many bytes it is */
	frames_write(&f);
	assert_null(recording_load(path, err, sizeof err));
	assert_non_null(strstr(err, "before step 0"));
	free(zeros.p);
}

/* What comes before a step is something that can. */
static void before_a_step(void **state)
{
	(void)state;
	static const struct turn good[] = {{TURN_SIGNAL, 0, 0}, {TURN_TIME, 0, SCHEDULE_TIME_MAX}};
	static const struct turn bad[] = {{TURN_STEPS, 0, 1}, {TURN_TIME + 1, 0, 0},
		{TURN_SIGNAL, 1, 0}, {TURN_SIGNAL, -1, 0}, {TURN_TIME, 0, 0}, {TURN_TIME, 1, -5},
		{TURN_TIME, 0, -5}, {TURN_TIME, 0, SCHEDULE_TIME_MAX + 1}};
	enum { GOOD = sizeof good / sizeof *good, ALL = GOOD + sizeof bad / sizeof *bad };
	for (int i = 0; i < ALL; i++) {
		const struct turn *t = i < GOOD ? &good[i] : &bad[i - GOOD];
		char err[512];
		struct frames f;
		struct bytes b = {0};
		frames_begin(&f);
		put_counts(&b, 1, 0, 0, 1);
		put_stack(&b, 0, 0);
		frames_key(&f, &b);
		put_u8(&b, 1 | 4), put_sv(&b, 0), put_uv(&b, 1);
		put_uv(&b, t->kind), put_sv(&b, t->m), put_sv(&b, t->n);
		put_u8(&b, 0);
		frames_steps(&f, 1, 1, &b);
		free(b.p);
		frames_write(&f);
		struct recording *r = recording_load(path, err, sizeof err);
		assert_non_null(r);
		assert_int_equal(recording_last(r), i < GOOD);
		recording_free(r);
	}
}

/* Chunks of which the steps are not what they say. */
static void odd_chunks(void **state)
{
	(void)state;
	static const struct {
		int64_t first;
		uint64_t n;
	} chunk[] = {
		{0, 1}, {2, 1}, {-1, 1}, {1, 0}, {1, 2}, {1, CHUNK_STEPS + 1}, {1, UINT64_MAX}};
	for (size_t i = 0; i < sizeof chunk / sizeof *chunk; i++) {
		char err[512];
		struct frames f;
		struct bytes b = {0};
		frames_begin(&f);
		put_counts(&b, 1, 0, 0, 1);
		put_stack(&b, 0, 0);
		frames_key(&f, &b);
		put_u8(&b, 1), put_sv(&b, 0), put_u8(&b, 0);
		frames_steps(&f, chunk[i].first, chunk[i].n, &b);
		free(b.p);
		frames_write(&f);
		struct recording *r = recording_load(path, err, sizeof err);
		assert_non_null(r);
		assert_int_equal(recording_last(r), 0);
		recording_free(r);
	}
}

/* Whose last step would have no number. */
static void no_last_step(void **state)
{
	(void)state;
	static const struct event_map no_events;
	struct bytes b = {0}, rows = {0};
	struct snapmem one;
	snapmem_init(&one, arch_by_name("amd64"));
	put_counts(&b, 1, 0, 0, 1);
	put_stack(&b, 0, 0);
	assert_true(delta_apply(&one, reader_of(b.p, b.n), DELTA_FORWARD));
	for (int64_t first = INT64_MAX; first > INT64_MAX - 2 * CHUNK_STEPS; first -= CHUNK_STEPS) {
		b.n = rows.n = 0;
		put_u8(&rows, 1), put_sv(&rows, 0), put_u8(&rows, 0);
		put_u8(&rows, 0), put_u8(&rows, 0);
		put_uv(&b, (uint64_t)first);
		put_uv(&b, 2);
		put_blob(&b, rows.p, rows.n);
		put_uv(&b, 0);
		struct chunk *k = chunk_unpack(reader_of(b.p, b.n), &no_events, &one);
		assert_int_equal(k != NULL, first != INT64_MAX);
		chunk_free(k);
	}
	bytes_free(&b);
	bytes_free(&rows);
	snapmem_free(&one);
}

/* A key says whose step led there: nobody's to step 0, else one's that is there. */
static void whose_step(void **state)
{
	(void)state;
	static const struct {
		int m[2];
		int64_t last;
	} says[] = {{{-1, 0}, 2}, {{-1, 1}, 1}, {{-1, -1}, 1}, {{0, 0}, -1}, {{-5, 0}, -1}};
	for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
		char err[512];
		struct frames f;
		struct bytes b = {0};
		frames_begin(&f);
		put_counts(&b, 1, 0, 0, 1);
		put_stack(&b, 0, 0);
		for (int64_t step = 0; step < 2; step++) {
			put_u8(&f.b, FRAME_KEY), put_uv(&f.b, (uint64_t)step);
			put_sv(&f.b, says[i].m[step]);
			put_blob(&f.b, b.p, b.n), put_uv(&f.b, 0);
			frames_add(&f);
			b.n = 0;
			put_u8(&b, 1), put_sv(&b, 0), put_u8(&b, 0);
			frames_steps(&f, step + 1, 1, &b);
		}
		free(b.p);
		frames_write(&f);
		struct recording *r = recording_load(path, err, sizeof err);
		assert_int_equal(r ? recording_last(r) : -1, says[i].last);
		recording_free(r);
	}
}

/* Much that is told of the code is kept, but not for ever. */
static void much_code(void **state)
{
	(void)state;
	enum { TEXT = FRAME_MAX - 100 };
	char err[512];
	char *text = memset(malloc(TEXT), ' ', TEXT);
	struct frames f;
	struct bytes b = {0};
	frames_begin(&f);
	put_counts(&b, 1, 0, 0, 1);
	put_stack(&b, 0, 0);
	frames_key(&f, &b);
	for (int i = 0; i < 3; i++) {
		put_u8(&f.b, FRAME_CODE), put_uv(&f.b, 0), put_uv(&f.b, 1);
		put_uv(&f.b, 1), put_blob(&f.b, "a.c", 3);
		put_blob(&f.b, text, TEXT);
		frames_add(&f);
	}
	put_u8(&b, 1), put_sv(&b, 0), put_u8(&b, 0);
	frames_steps(&f, 1, 1, &b);
	free(b.p);
	free(text);
	frames_write(&f);
	struct recording *r = recording_load(path, err, sizeof err);
	assert_non_null(r);
	assert_int_equal(recording_last(r), 0);
	recording_free(r);
}

/* However much of a file is behind them, frames are found, and large ones too. */
static void before_much(void **state)
{
	(void)state;
	enum { LARGE = 3 << 20, MUCH = 140 << 20 };
	char err[512];
	struct frames f;
	struct bytes b = {0};
	frames_begin(&f);
	put_u32(&f.file, SKIPPABLE_HEADER);
	put_u32(&f.file, LARGE);
	void *zeros = calloc(1, LARGE);
	put_raw(&f.file, zeros, LARGE);
	free(zeros);
	put_counts(&b, 1, 0, 0, 1);
	put_stack(&b, 0, 0);
	frames_key(&f, &b);
	free(b.p);
	assert_int_equal(truncate(path, (off_t)frames_write(&f) + MUCH), 0);
	struct recording *r = recording_load(path, err, sizeof err);
	if (!r)
		fail_msg("%s", err);
	recording_free(r);
}

int test_hostile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(waits),
		cmocka_unit_test(deep_writes),
		cmocka_unit_test(bombs),
		cmocka_unit_test(too_large),
		cmocka_unit_test(before_a_step),
		cmocka_unit_test(odd_chunks),
		cmocka_unit_test(no_last_step),
		cmocka_unit_test(whose_step),
		cmocka_unit_test(much_code),
		cmocka_unit_test(before_much),
	};
	return cmocka_run_group_tests_name("hostile", tests, make_path, remove_path);
}
