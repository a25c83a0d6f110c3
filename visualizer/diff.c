/* SPDX-License-Identifier: MIT */
/*
 * g0scope diff: two runs on one step, or a run and its twin. How long one schedule led both, where
 * they part, and the words that are others at the first step where any is, or at that asked for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "export/jsonw.h"
#include "model/other_words.h"
#include "model/parting.h"

/* What there is to be told of two runs. */
struct comparison {
	const struct recording *a, *b;
	struct parting parting; /* beyond what mcall decides, where that is another */
	int64_t common;         /* one schedule leads both so far */
	int64_t step;           /* the words are of; -1: none is another */
	const struct snapshot *at[2];
};

static void tell_nothing(void *ctx, const struct other_word *w)
{
	(void)ctx;
	(void)w;
}

/* The first step of those that one schedule leads to at which a word is another; -1: at none. */
static int64_t first_other_word(struct comparison *c, struct cursor *a, struct cursor *b)
{
	for (int64_t step = 0; step <= c->common; step++) {
		int na, nb;
		if (step) {
			recording_writes(c->a, step, &na);
			recording_writes(c->b, step, &nb);
		}
		if (step && !na && !nb)
			continue;
		c->at[0] = cursor_seek(a, step);
		c->at[1] = cursor_seek(b, step);
		if (other_words(c->at[0], c->at[1], 0, tell_nothing, NULL))
			return step;
	}
	return -1;
}

/* ---- in words ---- */

enum { WORDS_TOLD = 40 };

static void say_word(void *ctx, const struct other_word *w)
{
	(void)ctx;
	say_line(stdout, "  %-8s 0x%" PRIx64 "  0x%-16" PRIx64 " 0x%" PRIx64, w->stack, w->addr,
		w->a, w->b);
}

static void say_comparison(const struct comparison *c)
{
	const struct recording_info *a = recording_info(c->a), *b = recording_info(c->b);
	char under[2][32];
	if (a->after != b->after)
		say_line(stdout,
			"they begin after %" PRId64 " and after %" PRId64
			" steps of their runs: nothing of one stands beside the same of the other",
			a->after, b->after);
	say_line(stdout, "one schedule leads both up to step %" PRId64 ": %s%s, %s%s", c->common,
		a->program, under_words(a, under[0], sizeof under[0]), b->program,
		under_words(b, under[1], sizeof under[1]));
	if (c->parting.step >= 0)
		say_line(stdout, "they part at step %" PRId64 ": %s", c->parting.step,
			c->parting.what);
	else
		say_line(stdout, "they are the same%s",
			strcmp(a->policy, b->policy) ? " but for what mcall decides" : "");
	if (c->step < 0) {
		say_line(stdout, "no word is another");
		return;
	}
	say_line(stdout,
		"words that are others at step %" PRId64 " (stack, address, %s, %s):", c->step,
		a->policy, b->policy);
	int n = other_words(c->at[0], c->at[1], WORDS_TOLD, say_word, NULL);
	if (n == 0)
		say_line(stdout, "  none");
	if (n > WORDS_TOLD)
		say_line(stdout, "  and %d more", n - WORDS_TOLD);
}

/* ---- as JSON ---- */

static void json_word(void *ctx, const struct other_word *w)
{
	struct jsonw *j = ctx;
	json_open(j, '{');
	json_key(j, "stack");
	json_str(j, w->stack);
	json_key(j, "addr");
	json_hex(j, w->addr);
	json_key(j, "a");
	json_hex(j, w->a);
	json_key(j, "b");
	json_hex(j, w->b);
	json_close(j, '}');
}

static void json_comparison(const struct comparison *c)
{
	struct jsonw j = {.f = stdout};
	bool parts = c->parting.step >= 0;
	json_open(&j, '{');
	json_key(&j, "policies");
	json_open(&j, '[');
	json_str(&j, recording_info(c->a)->policy);
	json_str(&j, recording_info(c->b)->policy);
	json_close(&j, ']');
	json_key(&j, "common");
	json_int(&j, c->common);
	json_key(&j, "parts");
	if (parts)
		json_int(&j, c->parting.step);
	else
		json_null(&j);
	json_key(&j, "what");
	json_str(&j, parts ? c->parting.what : NULL);
	json_key(&j, "step");
	if (c->step >= 0)
		json_int(&j, c->step);
	else
		json_null(&j);
	json_key(&j, "words");
	json_open(&j, '[');
	if (c->step >= 0)
		other_words(c->at[0], c->at[1], INT32_MAX, json_word, &j);
	json_close(&j, ']');
	json_close(&j, '}');
	putchar('\n');
}

/* ---- the command ---- */

static void compare(const struct options *o, struct comparison *c)
{
	struct cursor *a = cursor_new(c->a), *b = cursor_new(c->b);
	c->common = recording_common_schedule(c->a, c->b);
	parting_find(&c->parting, c->a, c->b);
	c->step = o->step >= 0 ? o->step : first_other_word(c, a, b);
	if (c->step >= 0) {
		c->at[0] = cursor_seek(a, c->step);
		c->at[1] = cursor_seek(b, c->step);
	}
	(o->json ? json_comparison : say_comparison)(c);
	cursor_free(a);
	cursor_free(b);
}

int diff(const struct options *o)
{
	char err[SENTENCE_MAX];
	int status = 1;
	struct recording *a = load_recording(o->names[0]);
	struct recording *b = !a               ? NULL
			      : o->nnames == 2 ? load_recording(o->names[1])
					       : recording_take_twin(a);
	if (a && o->nnames == 1 && !b) {
		say(err, sizeof err,
			"%s: holds one run alone; name another recording, or make it with --twin",
			o->names[0]);
		fail(err);
	}
	if (a && b && strcmp(recording_info(a)->arch, recording_info(b)->arch) != 0)
		fail("the two are of different architectures: no word of one is comparable");
	else if (a && b && has_step(o, recording_last(a)) && has_step(o, recording_last(b))) {
		struct comparison c = {.a = a, .b = b};
		compare(o, &c);
		status = 0;
	}
	recording_free(b);
	recording_free(a);
	return status;
}
