/* SPDX-License-Identifier: MIT */
/*
 * Which words of a stack its box shows. A window that must always hold what matters (both ends of
 * links that are no plain calls, the first false frame, SP, FP, records, what was just written) and
 * may leave out the rest: words are chosen in order of importance until the box is full, then put
 * in order of address with a "⋮" for each gap. The last line is the oldest frame's, so that words
 * do not move while SP does. Scrolled, it is simply the words from there on, with a
 * "⋮" for those before and after.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "model/xalloc.h"

/* Words are told by their things, which are in order of address. */
struct choice {
	const struct scene *sc;
	int first, end, live; /* the stack's; the lowest one in use */
	int max;              /* lines */
	int n;
	int word[ROWS_MAX]; /* chosen, ascending */
	int nnotes;
	int note[NOTES_MAX]; /* words with a line of explanation below them */
};

static struct choice choice_of(const struct scene *sc, int stack)
{
	/* The register's thing comes between. */
	assert(sc->things[stack].id.tag == TAG_STACK && stack + 2 <= (int)sc->n);
	struct choice w = {.sc = sc, .first = stack + 2};
	for (w.end = w.first; w.end < (int)sc->n && sc->things[w.end].id.tag == TAG_WORD; w.end++)
		;
	for (w.live = w.first; w.live < w.end && !(sc->things[w.live].is & IS_LIVE); w.live++)
		;
	return w;
}

/* Lines that the chosen words, the gaps between them and the notes take. */
static int lines(const struct choice *w)
{
	int n = w->n;
	for (int i = 0; i < w->n; i++) {
		int next = i + 1 < w->n ? w->word[i + 1] : w->end;
		n += next > w->word[i] + 1;
		for (int k = 0; k < w->nnotes; k++)
			n += w->note[k] == w->word[i];
	}
	return n;
}

/* Choose one more word, if its line fits. */
static bool choose(struct choice *w, int word)
{
	int i = w->n;
	while (i > 0 && w->word[i - 1] > word)
		i--;
	if (i > 0 && w->word[i - 1] == word)
		return true;
	if (w->n == ROWS_MAX)
		return false;
	memmove(w->word + i + 1, w->word + i, (w->n - i) * sizeof *w->word);
	w->word[i] = word;
	w->n++;
	if (lines(w) <= w->max)
		return true;
	w->n--;
	memmove(w->word + i, w->word + i + 1, (w->n - i) * sizeof *w->word);
	return false;
}

static void choose_note(struct choice *w, int word)
{
	if (w->nnotes == NOTES_MAX)
		return;
	w->note[w->nnotes++] = word;
	if (!choose(w, word) || lines(w) > w->max)
		w->nnotes--;
}

/* A word, or what is said of it, that matters more than others. */
struct claim {
	int importance, word;
	bool note;
};

static int by_importance(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	return y->importance - x->importance;
}

static void choose_what_matters(struct choice *w)
{
	struct claim *claims = xcalloc(2 * (w->end - w->first) + 1, sizeof *claims);
	int n = 0;
	for (int i = w->first; i < w->end; i++) {
		const struct text *note = thing_text(w->sc, &w->sc->things[i], WORD_NOTE);
		if (w->sc->things[i].importance)
			claims[n++] = (struct claim){w->sc->things[i].importance, i, false};
		if (note)
			claims[n++] = (struct claim){note->importance, i, true};
	}
	qsort(claims, n, sizeof *claims, by_importance);
	for (int i = 0; i < n; i++)
		if (claims[i].note)
			choose_note(w, claims[i].word);
		else
			choose(w, claims[i].word);
	free(claims);
}

static void choose_words(struct choice *w)
{
	choose_what_matters(w);
	for (int i = w->live; i < w->end && choose(w, i); i++)
		;
	/* What lies below SP is nobody's, but was somebody's a moment ago. */
	for (int i = w->live - 1; i >= w->first && choose(w, i); i--)
		;
}

static void add_row(struct place *p, enum row_kind kind, int word)
{
	if (p->nrows < ROWS_MAX)
		p->rows[p->nrows++] = (struct row){kind, word, 0};
}

/* The chosen words as lines, with the gaps between them. */
static void make_rows(const struct choice *w, struct place *p)
{
	for (int i = 0; i < w->n && p->nrows < w->max; i++) {
		add_row(p, ROW_WORD, w->word[i]);
		for (int k = 0; k < w->nnotes; k++)
			if (w->note[k] == w->word[i] && p->nrows < w->max)
				add_row(p, ROW_NOTE, w->word[i]);
		int next = i + 1 < w->n ? w->word[i + 1] : w->end;
		if (next == w->word[i] + 2)
			add_row(p, ROW_WORD, w->word[i] + 1);
		else if (next > w->word[i] + 1)
			add_row(p, ROW_GAP, w->word[i] + 1);
	}
	if (p->nrows > w->max)
		p->nrows = w->max;
}

/* Scrolled by some lines: the words from there on, none left out between the first and the last. */
static void scroll(const struct choice *w, struct place *p, int by)
{
	int words = w->end - w->first, first = w->live - w->first + by;
	if (first > words - (w->max - 1))
		first = words - (w->max - 1);
	if (first < 0 || words <= w->max)
		first = 0;
	int end = first + w->max - (first > 0);
	end = end < words ? end - 1 : words;
	if (first > 0)
		add_row(p, ROW_GAP, w->first);
	for (int i = first; i < end; i++)
		add_row(p, ROW_WORD, w->first + i);
	if (end < words)
		add_row(p, ROW_GAP, w->first + end);
}

void window_choose(struct place *p, const struct scene *sc)
{
	struct choice w = choice_of(sc, p->stack);
	/* Two lines are the frame, one is the frame-pointer register's. */
	w.max = p->at.h - 3 < ROWS_MAX - 8 ? p->at.h - 3 : ROWS_MAX - 8;
	p->nrows = 0;
	if (w.max > 0 && sc->at.scroll) {
		scroll(&w, p, sc->at.scroll);
	} else if (w.max > 0) {
		choose_words(&w);
		make_rows(&w, p);
	}
	assert(p->nrows <= (w.max > 0 ? w.max : 0));
	p->top = p->at.y + p->at.h - 1 - p->nrows;
}

int window_wanted(const struct scene *sc, int stack)
{
	struct choice w = choice_of(sc, stack);
	return w.end - w.live + 5;
}
