/* SPDX-License-Identifier: MIT */
/* From two snapshots to bytes. The way back into a snapshot is delta_apply.c. */
#include "delta.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "delta_parts.h"
#include "xalloc.h"

/* What is not there is as it would be when it comes: all zero. */
static const struct m_state no_m = {.departure = {.step = -1, .gave_up = -1}};
static const struct g_state no_g;
static const struct p_state no_p;
static const struct stack_image no_stack;

/* ---- items ---- */

static void begin(struct bytes *out, char letter, size_t n)
{
	put_u8(out, (uint8_t)letter);
	put_uv(out, n);
}

/* The fields of thing number i that have grown, and by how much; if any has. */
static void put_fields(struct bytes *out, char letter, int i, const uint64_t *was,
	const uint64_t *now, int nfields)
{
	uint64_t which = 0;
	for (int k = 0; k < nfields; k++)
		which |= (uint64_t)(was[k] != now[k]) << k;
	if (!which)
		return;
	begin(out, letter, 2 + (size_t)__builtin_popcountll(which));
	put_uv(out, (uint64_t)i);
	put_uv(out, which);
	for (int k = 0; k < nfields; k++)
		if (which >> k & 1)
			put_sv(out, (int64_t)(now[k] - was[k]));
}

static bool same_words(const uint64_t *was, const uint64_t *now, size_t n)
{
	return memcmp(was, now, n * sizeof *now) == 0;
}

/*
 * Words of thing number i that have changed, in runs: where the first is, and by how much each
 * grew. A run goes on over what has not changed if that is shorter than to begin another.
 */
static void put_words(
	struct bytes *out, char letter, int i, const uint64_t *was, const uint64_t *now, size_t n)
{
	enum { GAP = 4 };
	for (size_t at = 0, end, last; at < n; at = end) {
		end = at + 1;
		if (was[at] == now[at])
			continue;
		for (last = at; end < n && end - last <= GAP; end++)
			if (was[end] != now[end])
				last = end;
		end = last + 1;
		begin(out, letter, 2 + end - at);
		put_uv(out, (uint64_t)i);
		put_uv(out, at);
		for (; at < end; at++)
			put_sv(out, (int64_t)(now[at] - was[at]));
	}
}

/* ---- things ---- */

void delta_regs(struct bytes *out, const struct snapshot *was, const struct snapshot *now, int i)
{
	const uint64_t *old = i < was->nms ? was->ms[i].regs : no_m.regs;
	assert(i >= 0 && i < now->nms);
	put_fields(out, ITEM_REGS, i, old, now->ms[i].regs, now->arch->nregs);
}

void delta_history(
	struct bytes *out, int i, const struct departure *was, const struct departure *now)
{
	uint64_t a[FIELDS_MAX], b[FIELDS_MAX];
	history_numbers(was, a);
	history_numbers(now, b);
	put_fields(out, ITEM_HISTORY, i, a, b, HISTORY_FIELDS);
	put_words(out, ITEM_CHAIN, i, &was->chain.rec[0].fp, &now->chain.rec[0].fp, CHAIN_WORDS);
}

static void put_m(struct bytes *out, int i, const struct m_state *was, const struct m_state *now)
{
	uint64_t a[FIELDS_MAX], b[FIELDS_MAX];
	m_numbers(was, a);
	m_numbers(now, b);
	put_fields(out, ITEM_M, i, a, b, M_FIELDS);
}

static void put_g(struct bytes *out, int i, const struct g_state *was, const struct g_state *now)
{
	uint64_t a[FIELDS_MAX], b[FIELDS_MAX];
	if (memcmp(was, now, sizeof *now) == 0)
		return; /* what lies between the fields may be another, but seldom is */
	g_numbers(was, a);
	g_numbers(now, b);
	put_fields(out, ITEM_G, i, a, b, G_FIELDS);
}

/* ---- lists ---- */

/* What was in a list, and what is; the first `left` have gone, and all that stay begin it now. */
struct lists {
	const uint64_t *was, *now;
	int nwas, nnow, left;
};

static void find_left(struct lists *l)
{
	l->left = l->nwas > l->nnow ? l->nwas - l->nnow : 0;
	while (l->left < l->nwas &&
		!same_words(l->was + l->left, l->now, (size_t)(l->nwas - l->left)))
		l->left++;
}

/* How many have left at its head, and these; how many have come at its tail, and these. */
static void put_change(struct bytes *out, const struct lists *l)
{
	int stay = l->nwas - l->left;
	put_uv(out, (uint64_t)l->left);
	for (int k = 0; k < l->left; k++)
		put_sv(out, (int64_t)l->was[k]);
	put_uv(out, (uint64_t)(l->nnow - stay));
	for (int k = stay; k < l->nnow; k++)
		put_sv(out, (int64_t)l->now[k]);
}

static size_t change_numbers(const struct lists *l)
{
	return 2 + (size_t)(l->left + l->nnow - (l->nwas - l->left));
}

static uint64_t *ids_as_numbers(const int *ids, int n)
{
	uint64_t *as = xmalloc(((size_t)n + 1) * sizeof *as);
	for (int k = 0; k < n; k++)
		as[k] = (uint64_t)(int64_t)ids[k];
	return as;
}

static void put_queue(struct bytes *out, int i, const int *was, int nwas, const int *now, int nnow)
{
	if (nwas == nnow && (!nnow || memcmp(was, now, (size_t)nnow * sizeof *now) == 0))
		return;
	uint64_t *a = ids_as_numbers(was, nwas), *b = ids_as_numbers(now, nnow);
	struct lists l = {.was = a, .now = b, .nwas = nwas, .nnow = nnow};
	find_left(&l);
	begin(out, ITEM_QUEUE, 1 + change_numbers(&l));
	put_uv(out, (uint64_t)i);
	put_change(out, &l);
	free(a);
	free(b);
}

static void put_p(struct bytes *out, int i, const struct p_state *was, const struct p_state *now)
{
	uint64_t a[FIELDS_MAX], b[FIELDS_MAX];
	p_numbers(was, a);
	p_numbers(now, b);
	put_fields(out, ITEM_P, i, a, b, P_FIELDS);
	put_queue(out, 1 + i, was->q, was->nq, now->q, now->nq);
}

/* Words from the lowest held on: so many more are held, sign 1, or fewer, sign -1. */
static void put_hold(struct bytes *out, int i, const struct stack_image *st, int sign)
{
	size_t n = (st->hi - st->from) / 8;
	if (!n)
		return;
	begin(out, ITEM_HOLD, 2 + n);
	put_uv(out, (uint64_t)i);
	put_sv(out, sign * (int64_t)n);
	for (size_t k = 0; k < n; k++)
		put_sv(out, (int64_t)(sign < 0 ? 0 - st->words[k] : st->words[k]));
}

void delta_hold(struct bytes *out, const struct snapshot *now, int i, uint64_t from)
{
	size_t n = (now->stacks[i].from - from) / 8;
	assert(from % 8 == 0 && from < now->stacks[i].from);
	begin(out, ITEM_HOLD, 2 + n);
	put_uv(out, (uint64_t)i);
	put_sv(out, (int64_t)n);
	while (n--)
		put_sv(out, 0);
}

static bool is_same_stack(const struct stack_image *a, const struct stack_image *b)
{
	return a->kind == b->kind && a->id == b->id && a->lo == b->lo && a->hi == b->hi &&
	       b->from <= a->from;
}

/* Another stack in its place, with all its words. */
static void put_stack(
	struct bytes *out, int i, const struct stack_image *was, const struct stack_image *now)
{
	uint64_t a[FIELDS_MAX], b[FIELDS_MAX];
	if (is_same_stack(was, now))
		return;
	stack_numbers(was, a);
	stack_numbers(now, b);
	put_hold(out, i, was, -1);
	put_fields(out, ITEM_STACK, i, a, b, STACK_FIELDS);
	put_hold(out, i, now, 1);
}

/* A stack that is the same: words are others, and more of it is held. */
static void put_stack_words(
	struct bytes *out, int i, const struct stack_image *was, const struct stack_image *now)
{
	size_t more = (was->from - now->from) / 8, n = (was->hi - was->from) / 8;
	if (n && !same_words(was->words, now->words + more, n))
		put_words(out, ITEM_WORDS, i, was->words, now->words + more, n);
	if (more) {
		begin(out, ITEM_HOLD, 2 + more);
		put_uv(out, (uint64_t)i);
		put_sv(out, (int64_t)more);
		for (size_t k = 0; k < more; k++)
			put_sv(out, (int64_t)now->words[k]);
	}
}

/* ---- what Gs wait for ---- */

/* At its place: what one, that is the same now as it was, has of numbers and lists. */
static void put_wait(struct bytes *out, int place, const struct waits *was,
	const struct wait_object *a, const struct waits *now, const struct wait_object *b)
{
	uint64_t x[FIELDS_MAX], y[FIELDS_MAX];
	wait_numbers(a, x);
	wait_numbers(b, y);
	put_fields(out, ITEM_NUMBERS, place, x, y, WAIT_FIELDS);
	for (int i = 0; i < WAIT_LISTS; i++) {
		if (wait_list_same(was, a, now, b, i))
			continue;
		struct lists l = {wait_list(was, a, i), wait_list(now, b, i), a->n[i], b->n[i], 0};
		find_left(&l);
		begin(out, ITEM_LIST, 2 + change_numbers(&l));
		put_uv(out, (uint64_t)place);
		put_uv(out, (uint64_t)i);
		put_change(out, &l);
	}
}

/* It comes, 1, or goes, -1; it has nothing then. */
static void put_wait_there(struct bytes *out, int sign, const struct wait_object *o)
{
	begin(out, ITEM_WAIT, 3);
	put_sv(out, sign);
	put_uv(out, o->kind);
	put_uv(out, o->addr);
}

/* Both are in order. A place is one in the list as it is by then: up to there as it is now. */
static void put_waits(struct bytes *out, const struct waits *was, const struct waits *now)
{
	static const struct wait_object nothing;
	if (waits_same(was, now))
		return;
	for (int i = 0, place = 0; i < was->n || place < now->n;) {
		const struct wait_object *a = i < was->n ? &was->object[i] : NULL;
		const struct wait_object *b = place < now->n ? &now->object[place] : NULL;
		int order = !a ? 1 : !b ? -1 : wait_order(a, b);
		if (order < 0) {
			put_wait(out, place, was, a, now, &nothing);
			put_wait_there(out, -1, a);
		} else {
			if (order > 0)
				put_wait_there(out, 1, b);
			put_wait(out, place, was, order > 0 ? &nothing : a, now, b);
		}
		i += order <= 0;
		place += order >= 0;
	}
}

/* ---- damage ---- */

static bool damage_same(const struct snapshot *a, const struct snapshot *b)
{
	bool same = a->ndamage == b->ndamage;
	for (int i = 0; same && i < a->ndamage; i++)
		same = !strcmp(a->damage[i], b->damage[i]);
	return same;
}

/* A list of sentences: how many, and the letters of each up to a 0. */
static void put_sentences(struct bytes *out, const struct snapshot *s, size_t *count)
{
	put_uv(out, (uint64_t)s->ndamage);
	++*count;
	for (int i = 0; i < s->ndamage; i++)
		for (const char *c = s->damage[i];; c++) {
			put_uv(out, (uint8_t)*c);
			++*count;
			if (!*c)
				break;
		}
}

static void put_damage(struct bytes *out, const struct snapshot *was, const struct snapshot *now)
{
	struct bytes sentences = {0};
	size_t n = 0;
	if (damage_same(was, now))
		return;
	put_sentences(&sentences, was, &n);
	put_sentences(&sentences, now, &n);
	begin(out, ITEM_DAMAGE, n);
	put_raw(out, sentences.p, sentences.n);
	bytes_free(&sentences);
}

/* ---- snapshots ---- */

static int larger(int a, int b)
{
	return a > b ? a : b;
}

/* From so many of each to so many. */
static void put_counts(struct bytes *out, const uint64_t *was, const uint64_t *now)
{
	put_fields(out, ITEM_COUNTS, 0, was, now, COUNT_FIELDS);
}

/* What is not there any more becomes all zero before it goes. */
static void put_gone(struct bytes *out, const struct snapshot *was, const struct snapshot *now)
{
	for (int i = now->nms; i < was->nms; i++) {
		put_m(out, i, &was->ms[i], &no_m);
		put_fields(out, ITEM_REGS, i, was->ms[i].regs, no_m.regs, now->arch->nregs);
		delta_history(out, i, &was->ms[i].departure, &no_m.departure);
	}
	for (int i = now->ngs; i < was->ngs; i++)
		put_g(out, i, &was->gs[i], &no_g);
	for (int i = now->nps; i < was->nps; i++)
		put_p(out, i, &was->ps[i], &no_p);
	for (int i = now->nstacks; i < was->nstacks; i++)
		put_stack(out, i, &was->stacks[i], &no_stack);
}

void delta_state(struct bytes *out, const struct snapshot *was, const struct snapshot *now)
{
	const struct snapshot most = {.nms = larger(was->nms, now->nms),
		.ngs = larger(was->ngs, now->ngs),
		.nps = larger(was->nps, now->nps),
		.nstacks = larger(was->nstacks, now->nstacks)};
	uint64_t before[FIELDS_MAX], meanwhile[FIELDS_MAX], after[FIELDS_MAX];
	assert(was->arch == now->arch); /* registers are told by number */
	count_numbers(was, before);
	count_numbers(&most, meanwhile);
	count_numbers(now, after);
	put_counts(out, before, meanwhile);
	for (int i = 0; i < now->nstacks; i++)
		put_stack(out, i, i < was->nstacks ? &was->stacks[i] : &no_stack, &now->stacks[i]);
	for (int i = 0; i < now->nms; i++) {
		put_m(out, i, i < was->nms ? &was->ms[i] : &no_m, &now->ms[i]);
		delta_regs(out, was, now, i);
	}
	for (int i = 0; i < now->ngs; i++)
		put_g(out, i, i < was->ngs ? &was->gs[i] : &no_g, &now->gs[i]);
	for (int i = 0; i < now->nps; i++)
		put_p(out, i, i < was->nps ? &was->ps[i] : &no_p, &now->ps[i]);
	put_queue(out, 0, was->global, was->nglobal, now->global, now->nglobal);
	put_waits(out, &was->waits, &now->waits);
	put_damage(out, was, now);
	put_gone(out, was, now);
	put_counts(out, meanwhile, after);
}

void delta_all(struct bytes *out, const struct snapshot *was, const struct snapshot *now)
{
	delta_state(out, was, now);
	for (int i = 0; i < now->nms; i++)
		delta_history(out, i, i < was->nms ? &was->ms[i].departure : &no_m.departure,
			&now->ms[i].departure);
	for (int i = 0; i < now->nstacks && i < was->nstacks; i++)
		if (is_same_stack(&was->stacks[i], &now->stacks[i]))
			put_stack_words(out, i, &was->stacks[i], &now->stacks[i]);
}

/* ---- where one ends ---- */

void delta_end(struct bytes *out)
{
	put_u8(out, ITEM_END);
}
