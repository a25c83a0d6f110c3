/* SPDX-License-Identifier: MIT */
/* Small files that ask for much: what they are given is bounded by what they hold. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/bytes.h"
#include "model/delta.h"
#include "model/recfile.h"
#include "model_tests.h"

/*
 * How many bytes a byte of a file may cost, and what a recording of nothing does: a P is 1 KiB
 * of seven bytes, and the recording and a cursor have one each.
 */
enum { WORTH = 400, NOTHING = 64 << 10 };

static size_t allocated(void)
{
	struct mallinfo2 now = mallinfo2();
	return now.uordblks + now.hblkhd;
}

static void put_counts(struct bytes *b, int nms, int ngs, int nps, int nstacks)
{
	put_u8(b, 'N');
	put_uv(b, nms);
	put_uv(b, ngs);
	put_uv(b, nps);
	put_uv(b, nstacks);
}

/* A stack of 16 MiB, of which nothing is held. */
static void put_stack(struct bytes *b, int i, enum stack_kind kind)
{
	put_u8(b, 'S');
	put_uv(b, i);
	put_sv(b, kind);
	put_sv(b, 0);
	put_uv(b, (uint64_t)i << 24);
	put_uv(b, 1 << 24);
	put_uv(b, 0);
}

/* The file up to its steps; this becomes the state's blob. */
static struct bytes begin(struct bytes *state)
{
	struct bytes b = {0}, file = {0};
	put_text(&b, "program");
	put_text(&b, "keep");
	put_sv(&b, 1);
	put_uv(&b, 1);
	put_uv(&b, 0);
	put_text(&b, "amd64");
	put_uv(&b, 0);
	put_blob(&b, state->p, state->n);
	put_raw(&file, RECFILE_MAGIC, strlen(RECFILE_MAGIC));
	put_u8(&file, RECFILE_VERSION);
	put_blob(&file, b.p, b.n);
	free(b.p);
	free(state->p);
	*state = (struct bytes){0};
	return file;
}

/* A step of M0 after this turn, with this delta, which is emptied, and one write, if anywhere. */
#define NOWHERE UINT64_MAX
static void put_step_after(
	struct bytes *file, const struct turn *before, struct bytes *delta, uint64_t addr)
{
	struct bytes b = {0};
	put_u8(&b, BLOB_STEP);
	put_sv(&b, 0);
	put_uv(&b, 0);
	put_uv(&b, before != NULL);
	if (before) {
		put_sv(&b, before->kind);
		put_sv(&b, before->m);
		put_sv(&b, before->n);
	}
	put_blob(&b, delta->p, delta->n);
	put_uv(&b, addr != NOWHERE);
	if (addr != NOWHERE) {
		put_uv(&b, addr);
		put_uv(&b, 0);
		put_uv(&b, 1);
	}
	put_sv(&b, -1);
	put_uv(&b, 0);
	put_blob(file, b.p, b.n);
	free(b.p);
	delta->n = 0;
}

static void put_step(struct bytes *file, struct bytes *delta, uint64_t addr)
{
	put_step_after(file, NULL, delta, addr);
}

static void write_file(struct bytes *file)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(file->p, 1, file->n, f), file->n);
	fclose(f);
	free(file->p);
}

/* Load the file, which is freed, and build a state: no more than it is worth. */
static void assert_worth(struct bytes *file)
{
	char err[512];
	write_file(file);
	size_t n = file->n, before = allocated();
	struct recording *r = recording_load(path, err, sizeof err);
	struct cursor *c = r ? cursor_new(r) : NULL;
	if (c)
		cursor_seek(c, recording_last(r));
	size_t more = allocated() - before;
	if (more > NOTHING + WORTH * n)
		fail_msg("a file of %zu bytes takes %zu", n, more);
	cursor_free(c);
	recording_free(r);
}

/* Many that nothing more is said of, at the start and later. */
static void counts(void **state)
{
	(void)state;
	static const int many[][4] = {
		{4096, 1, 1, 1}, {1, 1 << 20, 1, 1}, {1, 1, 4096, 1}, {1, 1, 1, 1 << 20}};
	for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
		struct bytes b = {0};
		put_counts(&b, many[i][0], many[i][1], many[i][2], many[i][3]);
		struct bytes file = begin(&b);
		assert_worth(&file);
		put_counts(&b, 1, 0, 0, 1);
		put_stack(&b, 0, STACK_G0);
		file = begin(&b);
		put_counts(&b, many[i][0], many[i][1], many[i][2], many[i][3]);
		put_step(&file, &b, 8);
		free(b.p);
		assert_worth(&file);
	}
}

/* Large stacks, each written to at its lower end. */
static void deep_writes(void **state)
{
	(void)state;
	enum { STACKS = 64 };
	struct bytes b = {0};
	put_counts(&b, 1, 0, 0, STACKS);
	for (int i = 0; i < STACKS; i++)
		put_stack(&b, i, STACK_G0);
	struct bytes file = begin(&b);
	for (int i = 0; i < STACKS; i++)
		put_step(&file, &b, (uint64_t)i << 24);
	assert_worth(&file);
}

/* One stack that is another at each step, and is written to at its lower end. */
static void deep_again(void **state)
{
	(void)state;
	enum { STEPS = 64 };
	struct bytes b = {0};
	put_counts(&b, 1, 0, 0, 1);
	put_stack(&b, 0, STACK_G0);
	struct bytes file = begin(&b);
	for (int i = 0; i < STEPS; i++) {
		put_stack(&b, 0, STACK_G0);
		b.p[3] = 2 * (i % 2); /* whose it is */
		put_step(&file, &b, 0);
	}
	free(b.p);
	assert_worth(&file);
}

/* A stack's top word alone: its size is not what is taken. */
static void large_stacks(void **state)
{
	(void)state;
	enum { STACKS = 64 };
	struct bytes b = {0};
	put_counts(&b, 1, 0, 0, STACKS);
	for (int i = 0; i < STACKS; i++) {
		put_stack(&b, i, STACK_G0);
		b.p[b.n - 1] = 8;
		put_uv(&b, 77);
	}
	struct bytes file = begin(&b);
	assert_worth(&file);
}

/* Growing and shrinking is paid for each time. */
static void to_and_fro(void **state)
{
	(void)state;
	struct snapmem k;
	struct bytes b = {0};
	put_counts(&b, 0, 12, 0, 0);
	put_counts(&b, 0, 0, 0, 0);
	while (b.n < 12 * 7)
		put_counts(&b, 0, 0, 0, 0);
	snapmem_init(&k, arch_by_name("amd64"));
	assert_true(delta_apply(&k, reader_of(b.p, b.n)));
	put_counts(&b, 0, 12, 0, 0);
	assert_false(delta_apply(&k, reader_of(b.p, b.n)));
	free(b.p);
	snapmem_free(&k);
}

/* What comes before a step is something that can. */
static void before_a_step(void **state)
{
	(void)state;
	static const struct turn good[] = {{TURN_SIGNAL, 0, 0}, {TURN_TIME, 0, SCHEDULE_TIME_MAX}};
	static const struct turn bad[] = {{TURN_STEPS, 0, 1}, {TURN_TIME + 1, 0, 0},
		{TURN_SIGNAL, 1, 0}, {TURN_SIGNAL, -1, 0}, {TURN_SIGNAL, 0, 1}, {TURN_TIME, 0, 0},
		{TURN_TIME, 1, 5}, {TURN_TIME, 0, -5}, {TURN_TIME, 0, SCHEDULE_TIME_MAX + 1}};
	enum { GOOD = sizeof good / sizeof *good, ALL = GOOD + sizeof bad / sizeof *bad };
	for (int i = 0; i < ALL; i++) {
		char err[512];
		struct bytes b = {0};
		put_counts(&b, 1, 0, 0, 1);
		put_stack(&b, 0, STACK_G0);
		struct bytes file = begin(&b);
		put_step_after(&file, i < GOOD ? &good[i] : &bad[i - GOOD], &b, NOWHERE);
		free(b.p);
		write_file(&file);
		struct recording *r = recording_load(path, err, sizeof err);
		assert_non_null(r);
		assert_int_equal(recording_last(r), i < GOOD);
		recording_free(r);
	}
}

int test_hostile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(deep_writes),
		cmocka_unit_test(deep_again),
		cmocka_unit_test(large_stacks),
		cmocka_unit_test(to_and_fro),
		cmocka_unit_test(before_a_step),
	};
	return cmocka_run_group_tests_name("hostile", tests, make_path, remove_path);
}
