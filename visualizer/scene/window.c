/* SPDX-License-Identifier: MIT */
/*
 * Which words of a stack its box shows. A window that must always hold what matters (both ends of
 * links that are no plain calls, the first false frame, SP, FP, records, what was just written) and
 * may leave out the rest: words are chosen in order of importance until the box is full, then put
 * in order of address with a "⋮" for each gap. The last line is the oldest frame's, so that words
 * do not move while SP does. Scrolled, it is simply the words from there on, with a
 * "⋮" for those before and after.
 */
#include <string.h>

#include "layout.h"

enum { NOTES_MAX = 4 };

struct window {
	const struct facts *f;
	const struct stack_image *st;
	int max; /* lines */
	int n;
	uint64_t addr[ROWS_MAX]; /* chosen, ascending */
	int nnotes;
	uint64_t note[NOTES_MAX]; /* words with a line of explanation below them */
};

static bool in_stack(const struct stack_image *st, uint64_t addr)
{
	return addr >= st->from && addr < st->hi;
}

/* Lines that the chosen words, the gaps between them and the notes take. */
static int lines(const struct window *w)
{
	int n = w->n;
	for (int i = 0; i < w->n; i++) {
		uint64_t next = i + 1 < w->n ? w->addr[i + 1] : w->st->hi;
		n += next > w->addr[i] + 8;
		for (int k = 0; k < w->nnotes; k++)
			n += w->note[k] == w->addr[i];
	}
	return n;
}

/* Choose one more word, if its line fits. */
static bool choose(struct window *w, uint64_t addr)
{
	if (!in_stack(w->st, addr))
		return true;
	int i = w->n;
	while (i > 0 && w->addr[i - 1] > addr)
		i--;
	if (i > 0 && w->addr[i - 1] == addr)
		return true;
	if (w->n == ROWS_MAX)
		return false;
	memmove(w->addr + i + 1, w->addr + i, (w->n - i) * sizeof *w->addr);
	w->addr[i] = addr;
	w->n++;
	if (lines(w) <= w->max)
		return true;
	w->n--;
	memmove(w->addr + i, w->addr + i + 1, (w->n - i) * sizeof *w->addr);
	return false;
}

/* The chain of a G that waits to be resumed: from gobuf.bp up its own stack. */
static void own_chain(struct place *p, const struct facts *f)
{
	const struct stack_image *st = &f->at.now->stacks[p->stack];
	const struct g_state *g = stack_g(f, p->stack);
	p->nown = 0;
	if (!g || stack_m(f, p->stack) || !gobuf_holds(f->at.now, f->answers, g))
		return;
	uint64_t fp = g->sched_bp, next;
	while (p->nown < OWN_MAX && in_stack(st, fp) && snap_read(f->at.now, fp, &next)) {
		p->own[p->nown++] = fp;
		if (next <= fp)
			break;
		fp = next;
	}
}

/* The word that a stale link of another stack leads to gets a line that says what it was. */
static void choose_note(struct window *w, uint64_t addr)
{
	char words[WORDS_MAX];
	if (w->nnotes == NOTES_MAX || !*note_words(w->f, addr, SHORTEST, words, sizeof words))
		return;
	w->note[w->nnotes++] = addr;
	if (!choose(w, addr) || lines(w) > w->max)
		w->nnotes--;
}

static void choose_notes(struct window *w, const struct place *p)
{
	for (int i = 0; i < w->f->at.now->nms; i++) {
		const struct chain *c = &w->f->answers[i].chain;
		for (int r = -1; r < c->n; r++) {
			enum link l = chain_link(c, r);
			uint64_t to;
			if (l != LINK_FOREIGN && l != LINK_IDLE && l != LINK_FREED)
				continue;
			if (link_target(w->f, c, r, &to) == p->stack)
				choose_note(w, to);
		}
	}
}

/* Where an M's links that are no plain calls start and end. */
static void choose_ends(struct window *w, const struct place *p, int m)
{
	const struct chain *c = &w->f->answers[m].chain;
	for (int r = -1; r < c->n; r++) {
		enum link l = chain_link(c, r);
		uint64_t to;
		if (l == LINK_CALL || l == LINK_TOP)
			continue;
		if (r >= 0 && c->rec[r].stack == p->stack)
			choose(w, c->rec[r].fp);
		if (link_target(w->f, c, r, &to) == p->stack)
			choose(w, to);
	}
}

/* The first frame of an M's report that is none of the truth's. */
static void choose_false(struct window *w, const struct place *p, int m)
{
	const struct chain *c = &w->f->answers[m].chain;
	int r = chain_first_false(c);
	if (r == c->n || c->rec[r].stack != p->stack)
		return;
	choose(w, c->rec[r].fp);
	choose(w, c->rec[r].fp + 8);
}

static void choose_registers(struct window *w, int m)
{
	choose(w, m_sp(w->f->at.now, &w->f->at.now->ms[m]));
	choose(w, m_fp(w->f->at.now, &w->f->at.now->ms[m]));
}

/* One word of each record of an M's chain. */
static void choose_records(struct window *w, const struct place *p, int m, int offset)
{
	const struct chain *c = &w->f->answers[m].chain;
	for (int r = 0; r < c->n; r++)
		if (c->rec[r].stack == p->stack)
			choose(w, c->rec[r].fp + offset);
}

static void choose_words(struct window *w, const struct place *p)
{
	const struct facts *f = w->f;
	uint64_t live = stack_live(f, p->stack);
	int nwrites = 0;
	const struct word_write *writes = moment_writes(&f->at, &nwrites);
	if (f->focus >= 0) {
		choose_ends(w, p, f->focus);
		choose_false(w, p, f->focus);
	}
	for (int i = 0; i < f->at.now->nms; i++) {
		choose_ends(w, p, i);
		choose_false(w, p, i);
	}
	for (int i = 0; i < f->at.now->nms; i++)
		choose_registers(w, i);
	choose_notes(w, p);
	if (f->focus >= 0)
		choose_records(w, p, f->focus, 0);
	for (int i = 0; i < w->nnotes; i++)
		choose(w, w->note[i] + 8);
	for (int i = 0; i < nwrites; i++)
		choose(w, writes[i].addr);
	for (int i = 0; i < f->at.now->nms; i++)
		choose_records(w, p, i, 0);
	if (f->focus >= 0)
		choose_records(w, p, f->focus, 8);
	for (int i = 0; i < f->at.now->nms; i++)
		choose_records(w, p, i, 8);
	for (int i = 0; i < p->nown; i++)
		choose(w, p->own[i]);
	for (int i = 0; i < p->nown; i++)
		choose(w, p->own[i] + 8);
	for (uint64_t a = live; a < w->st->hi && choose(w, a); a += 8)
		;
	/* What lies below SP is nobody's, but was somebody's a moment ago. */
	for (uint64_t a = live - 8; a >= w->st->from && a < w->st->hi && choose(w, a); a -= 8)
		;
}

static void add_row(struct place *p, enum row_kind kind, uint64_t addr)
{
	if (p->nrows < ROWS_MAX)
		p->rows[p->nrows++] = (struct row){kind, addr, 0};
}

/* The chosen words as lines, with the gaps between them. */
static void make_rows(const struct window *w, struct place *p)
{
	for (int i = 0; i < w->n && p->nrows < w->max; i++) {
		add_row(p, ROW_WORD, w->addr[i]);
		for (int k = 0; k < w->nnotes; k++)
			if (w->note[k] == w->addr[i] && p->nrows < w->max)
				add_row(p, ROW_NOTE, w->addr[i]);
		uint64_t next = i + 1 < w->n ? w->addr[i + 1] : w->st->hi;
		if (next == w->addr[i] + 16)
			add_row(p, ROW_WORD, w->addr[i] + 8);
		else if (next > w->addr[i] + 8)
			add_row(p, ROW_GAP, w->addr[i] + 8);
	}
	if (p->nrows > w->max)
		p->nrows = w->max;
}

/* Scrolled by some lines: the words from there on, none left out between the first and the last. */
static void scroll(const struct window *w, struct place *p, int by)
{
	int64_t words = (int64_t)(w->st->hi - w->st->from) / 8;
	int64_t first = (int64_t)(stack_live(w->f, p->stack) - w->st->from) / 8 + by;
	if (first > words - (w->max - 1))
		first = words - (w->max - 1);
	if (first < 0 || words <= w->max)
		first = 0;
	int64_t end = first + w->max - (first > 0);
	end = end < words ? end - 1 : words;
	if (first > 0)
		add_row(p, ROW_GAP, w->st->from);
	for (int64_t i = first; i < end; i++)
		add_row(p, ROW_WORD, w->st->from + i * 8);
	if (end < words)
		add_row(p, ROW_GAP, w->st->from + end * 8);
}

void window_choose(struct place *p, const struct facts *f)
{
	struct window w = {.f = f, .st = &f->at.now->stacks[p->stack]};
	/* Two lines are the frame, one is the frame-pointer register's. */
	w.max = p->at.h - 3 < ROWS_MAX - 8 ? p->at.h - 3 : ROWS_MAX - 8;
	p->nrows = 0;
	own_chain(p, f);
	if (w.max > 0 && f->s->scroll) {
		scroll(&w, p, f->s->scroll);
	} else if (w.max > 0) {
		choose_words(&w, p);
		make_rows(&w, p);
	}
	p->top = p->at.y + p->at.h - 1 - p->nrows;
}

int window_wanted(const struct facts *f, int stack)
{
	const struct stack_image *st = &f->at.now->stacks[stack];
	return (int)((st->hi - stack_live(f, stack)) / 8) + 5;
}
