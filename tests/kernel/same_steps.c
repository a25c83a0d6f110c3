/* SPDX-License-Identifier: MIT */
/*
 * same_steps A.g0r B.g0r [SHIFT]: whether two machines did the same at every step: each register of
 * each M, each word of each stack, what was executed, and all else that is recorded. SHIFT: by so
 * much lower the kernel gave memory away where B was made.
 */
#include <stdio.h>
#include <stdlib.h>

#include "model/recording.h"
#include "model/say.h"
#include "model/xalloc.h"

static int64_t lower;

/*
 * In a system call the kernel shows something of its own in arm64's x7, and of an M that has ended
 * there nobody learns what it was.
 */
static void even_out(const struct snapshot *a, const struct snapshot *b)
{
	enum { X7 = 7 };
	for (int i = 0; i < a->nms && i < b->nms; i++)
		if (a->ms[i].exited && b->ms[i].exited)
			a->ms[i].regs[X7] = b->ms[i].regs[X7];
}

/* Where arm64 Linux gives memory away, and has the first stack above. */
static const uint64_t given_lo = 0xffff80000000, given_hi = 0xfffffff00000;

/* But for a heap of a thread's, which malloc has begin at a multiple of its largest size. */
static bool is_in_heap(uint64_t addr)
{
	enum { LARGEST = 64 << 20, BEGINS_WITH = 132 << 10 };
	return addr % LARGEST < BEGINS_WITH;
}

/* What has been shifted, to have it as it was. */
static uint64_t **shifted;
static size_t nshifted, shifted_cap;

static void shift(uint64_t *value)
{
	if (*value < given_lo || *value >= given_hi || is_in_heap(*value))
		return;
	*value += (uint64_t)lower;
	shifted = xgrow(shifted, &shifted_cap, nshifted + 1, sizeof *shifted);
	shifted[nshifted++] = value;
}

static void shift_back(void)
{
	while (nshifted > 0)
		*shifted[--nshifted] -= (uint64_t)lower;
}

/* All addresses there. */
static void shift_all(const struct snapshot *s)
{
	for (int i = 0; i < s->nms; i++)
		for (int r = 0; r < s->arch->nregs; r++)
			shift(&s->ms[i].regs[r]);
	for (int i = 0; i < s->nstacks; i++) {
		struct stack_image *st = &s->stacks[i];
		for (uint64_t at = 0; at < (st->hi - st->from) / sizeof *st->words; at++)
			shift(&st->words[at]);
		shift(&st->lo);
		shift(&st->hi);
		shift(&st->from);
	}
	for (int i = 0; i < s->waits.n; i++) {
		struct wait_object *o = &s->waits.object[i];
		shift(&o->addr);
		if (o->kind == WAIT_TIMER)
			shift(&o->number[TIMER_ARG]);
	}
}

/* What is another after a step; false: nothing is. */
static bool differs(const struct recording *a, const struct recording *b, struct cursor *in_a,
	struct cursor *in_b, int64_t step, char *words, size_t n)
{
	const struct snapshot *sa = cursor_seek(in_a, step), *sb = cursor_seek(in_b, step);
	if (step && recording_m(a, step) != recording_m(b, step))
		snprintf(words, n, "another M executed it");
	else if (step && recording_pc(a, step) != recording_pc(b, step))
		snprintf(words, n, "another instruction was executed");
	else {
		even_out(sa, sb);
		shift_all(sb);
		bool other = snap_differs(sa, sb, words, n);
		shift_back();
		return other;
	}
	return true;
}

/* The first step that is another; -1: none is. */
static int64_t first_other(
	const struct recording *a, const struct recording *b, char *words, size_t n)
{
	int64_t step = 0, last = recording_last(a);
	struct cursor *in_a = cursor_new(a), *in_b = cursor_new(b);
	while (step <= last && !differs(a, b, in_a, in_b, step, words, n))
		step++;
	cursor_free(in_a);
	cursor_free(in_b);
	return step <= last ? step : -1;
}

static struct recording *load(const char *path)
{
	char err[SENTENCE_MAX];
	struct recording *r = recording_load(path, err, sizeof err);
	if (!r)
		fprintf(stderr, "%s\n", err);
	return r;
}

static int compare(const struct recording *a, const struct recording *b)
{
	char words[256] = "";
	int64_t na = recording_last(a), nb = recording_last(b), step;
	if (na != nb) {
		printf("%lld and %lld steps\n", (long long)na, (long long)nb);
		a = na < nb ? a : b;
		b = na < nb ? b : a;
	}
	step = first_other(a, b, words, sizeof words);
	if (step >= 0)
		printf("step %lld: %s\n", (long long)step, words);
	else
		printf("%lld steps are the same\n", (long long)recording_last(a));
	return step >= 0 || na != nb;
}

int main(int argc, char **argv)
{
	struct recording *a = argc >= 3 ? load(argv[1]) : NULL, *b = a ? load(argv[2]) : NULL;
	lower = argc > 3 ? strtoll(argv[3], NULL, 0) : 0;
	int status = b ? compare(a, b) : 2;
	if (a)
		recording_free(a);
	if (b)
		recording_free(b);
	free(shifted);
	return status;
}
