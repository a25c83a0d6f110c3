/* SPDX-License-Identifier: MIT */
/*
 * Who has no room for all words of a stack is to show first what the picture is about: both ends
 * of links that are no plain calls, the first false frame, SP, FP; then records, what was just
 * written, return addresses. So there is one order for all words, and importance is the place in
 * it. Between others the focused M's come first.
 */
#include "worth.h"

#include <stdlib.h>

#include "model/xalloc.h"

struct order {
	const struct facts *f;
	struct word_worth **words;
	uint16_t left; /* what the next in order gets; more is said of what came before */
};

static struct word_worth *word_at(struct word_worth **words, const struct facts *f, uint64_t addr)
{
	int stack = snap_stack_at(f->at.now, addr);
	const struct stack_image *st = stack < 0 ? NULL : &f->at.now->stacks[stack];
	if (!st || addr % 8 || addr < st->from)
		return NULL;
	return &words[stack][(addr - st->from) / 8];
}

static void next(struct order *o, uint64_t addr)
{
	struct word_worth *w = word_at(o->words, o->f, addr);
	if (w && !w->importance && o->left > 1)
		w->importance = o->left--;
}

/* The M at place i of an order that begins with the focused one. */
static int in_turn(const struct facts *f, int i)
{
	if (f->focus < 0)
		return i;
	return i == 0 ? f->focus : i <= f->focus ? i - 1 : i;
}

/* Where an M's links that are no plain calls start and end. */
static void ends(struct order *o, const struct chain *c)
{
	for (int r = -1; r < c->n; r++) {
		enum link l = chain_link(c, r);
		uint64_t to;
		if (l == LINK_CALL || l == LINK_TOP)
			continue;
		if (r >= 0)
			next(o, c->rec[r].fp);
		if (link_target(o->f, c, r, &to) >= 0)
			next(o, to);
	}
}

/* The first frame of an M's report that is none of the truth's. */
static void first_false(struct order *o, const struct chain *c)
{
	int r = chain_first_false(c);
	if (r == c->n)
		return;
	next(o, c->rec[r].fp);
	next(o, c->rec[r].fp + 8);
}

/* One word of each record. */
static void records(struct order *o, const struct chain *c, int offset)
{
	for (int r = 0; r < c->n; r++)
		next(o, c->rec[r].fp + offset);
}

/* The word that a stale link of another stack leads to has a line that says what it was. */
static void note(struct order *o, uint64_t addr, int *nnotes)
{
	char words[WORDS_MAX];
	struct word_worth *w = word_at(o->words, o->f, addr);
	if (!w || w->note || *nnotes == NOTES_MAX || o->left <= 1 ||
		!*note_words(o->f, addr, SHORTEST, words, sizeof words))
		return;
	w->note = o->left--;
	++*nnotes;
}

static void notes(struct order *o)
{
	int *nnotes = xcalloc(o->f->at.now->nstacks + 1, sizeof *nnotes);
	for (int i = 0; i < o->f->at.now->nms; i++) {
		const struct chain *c = &o->f->answers[i].chain;
		for (int r = -1; r < c->n; r++) {
			enum link l = chain_link(c, r);
			uint64_t to;
			if (l != LINK_FOREIGN && l != LINK_IDLE && l != LINK_FREED)
				continue;
			int stack = link_target(o->f, c, r, &to);
			if (stack >= 0)
				note(o, to, &nnotes[stack]);
		}
	}
	free(nnotes);
}

/* The return address beside what a note is about. */
static void beside_notes(struct order *o)
{
	for (int i = 0; i < o->f->at.now->nstacks; i++) {
		const struct stack_image *st = &o->f->at.now->stacks[i];
		for (uint64_t a = st->from; a < st->hi; a += 8)
			if (o->words[i][(a - st->from) / 8].note)
				next(o, a + 8);
	}
}

static void registers(struct order *o)
{
	const struct snapshot *now = o->f->at.now;
	for (int i = 0; i < now->nms; i++) {
		next(o, m_sp(now, &now->ms[i]));
		next(o, m_fp(now, &now->ms[i]));
	}
}

static void own_chains(struct order *o)
{
	uint64_t own[OWN_MAX];
	for (int i = 0; i < o->f->at.now->nstacks; i++) {
		int n = own_chain(o->f, i, own);
		for (int k = 0; k < n; k++)
			next(o, own[k]);
		for (int k = 0; k < n; k++)
			next(o, own[k] + 8);
	}
}

static void rank(struct order *o)
{
	const struct facts *f = o->f;
	int nwrites = 0, nms = f->at.now->nms;
	const struct word_write *writes = moment_writes(&f->at, &nwrites);
	for (int i = 0; i < nms; i++) {
		ends(o, &f->answers[in_turn(f, i)].chain);
		first_false(o, &f->answers[in_turn(f, i)].chain);
	}
	registers(o);
	notes(o);
	if (f->focus >= 0)
		records(o, &f->answers[f->focus].chain, 0);
	beside_notes(o);
	for (int i = 0; i < nwrites; i++)
		next(o, writes[i].addr);
	for (int offset = 0; offset <= 8; offset += 8)
		for (int i = 0; i < nms; i++)
			records(o, &f->answers[in_turn(f, i)].chain, offset);
	own_chains(o);
}

static void means(struct word_worth **words, const struct facts *f, uint64_t addr,
	enum meaning what, int m, int rec)
{
	struct word_worth *w = word_at(words, f, addr);
	if (!w || w->means)
		return;
	w->means = what;
	w->m = m;
	w->rec = rec;
}

/* The focused M's chain is asked first. */
static void say_meanings(struct word_worth **words, const struct facts *f)
{
	uint64_t own[OWN_MAX];
	for (int i = 0; i < f->at.now->nms; i++) {
		const struct chain *c = &f->answers[in_turn(f, i)].chain;
		for (int r = 0; r < c->n; r++) {
			means(words, f, c->rec[r].fp, MEANS_FP, in_turn(f, i), r);
			means(words, f, c->rec[r].fp + 8, MEANS_RET, in_turn(f, i), r);
		}
	}
	for (int i = 0; i < f->at.now->nstacks; i++) {
		int n = own_chain(f, i, own);
		for (int k = 0; k < n; k++) {
			means(words, f, own[k], MEANS_FP, -1, k);
			means(words, f, own[k] + 8, MEANS_RET, -1, k);
		}
	}
}

int own_chain(const struct facts *f, int stack, uint64_t own[OWN_MAX])
{
	const struct stack_image *st = &f->at.now->stacks[stack];
	const struct g_state *g = stack_g(f, stack);
	int n = 0;
	if (!g || stack_m(f, stack) || !gobuf_holds(f->at.now, f->answers, g))
		return 0;
	uint64_t fp = g->sched_bp, up;
	while (n < OWN_MAX && fp >= st->from && fp < st->hi && snap_read(f->at.now, fp, &up)) {
		own[n++] = fp;
		if (up <= fp)
			break;
		fp = up;
	}
	return n;
}

struct word_worth **worth_of_words(const struct facts *f)
{
	const struct snapshot *now = f->at.now;
	struct word_worth **words = xcalloc(now->nstacks + 1, sizeof *words);
	for (int i = 0; i < now->nstacks; i++)
		words[i] = xcalloc(
			(now->stacks[i].hi - now->stacks[i].from) / 8 + 1, sizeof *words[i]);
	int nwrites = 0;
	const struct word_write *writes = moment_writes(&f->at, &nwrites);
	for (int i = 0; i < nwrites; i++) {
		struct word_worth *w = word_at(words, f, writes[i].addr);
		if (w)
			w->written = true;
	}
	say_meanings(words, f);
	rank(&(struct order){.f = f, .words = words, .left = UINT16_MAX});
	return words;
}

void worth_free(struct word_worth **w, const struct facts *f)
{
	for (int i = 0; i < f->at.now->nstacks; i++)
		free(w[i]);
	free(w);
}
