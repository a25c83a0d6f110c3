/* SPDX-License-Identifier: MIT */
/*
 * Where things go. See layout.h.
 *
 *   title, Ms          one line each
 *   damage             a line, where there is any
 *   stacks             columns of boxes: g0s in the first, Gs in the others, gutters for arrows
 *                      between; on the right, where there is room, a list of what has no box
 *   legend
 *   report | truth | code      and the verdict below
 *   step, narration, bar, keys
 *
 * What a small screen has no room for becomes a pane of its own, in the place of stacks to
 * verdict.
 */
#include "layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

enum {
	BOX_GOOD_W = 40,
	BOX_MAX_W = 64,
	BOX_MIN_H = 13,
	LIST_W = 20,
	LIST_MAX_W = 52,
	SIDE_MIN_COLS = 110,
};

/* The lines from the bottom up and from the top down; what is left is for stacks and answers. */
static struct rect split_lines(struct layout *l, bool lesson, bool damage, int cols, int rows)
{
	int y = rows - 1, x = 1, w = cols - 2;
	l->keys = (struct rect){x, y, w, 1};
	if (rows >= 28)
		l->bar = (struct rect){x, --y, w, 1};
	int text = !lesson ? 0 : rows >= 50 ? 9 : rows >= 34 ? 6 : 2;
	if (text)
		l->narration = (struct rect){x, y -= text, w, text};
	int step = rows >= 34 ? 2 : 1;
	l->step = (struct rect){x, y -= step, w, step};
	l->title = (struct rect){x, 0, w, 1};
	l->ms = (struct rect){x, 1, w, 1};
	if (damage)
		l->damage = (struct rect){x, 2, w, 1};
	int top = damage ? 3 : 2;
	return (struct rect){0, top, cols, y - top};
}

/* The answers under the stacks: beside each other, the code too where the screen is wide enough. */
static void split_answers(struct layout *l, struct rect *middle, int rows)
{
	int h = rows >= 50   ? 14
		: rows >= 34 ? 10
			     : 7,
	    v = rows >= 34 ? 2 : 1, x = 1, w = middle->w - 2;
	int y = middle->y + middle->h - h;
	bool side = middle->w >= SIDE_MIN_COLS;
	int report = side ? (w >= 150 ? 54 : 48) : w / 2,
	    truth = side ? (w >= 150 ? 40 : 27) : w - report;
	l->report = (struct rect){x, y, report - 1, h - v};
	l->truth = (struct rect){x + report, y, truth - 1, h - v};
	l->verdict = (struct rect){x, y + h - v, side ? report + truth - 2 : w, v};
	middle->h -= h;
	if (!side)
		return;
	int left = w - report - truth;
	l->code = (struct rect){x + report + truth, y, left, h};
	if (left >= 90) {
		l->code.w = left - 54;
		l->regs = (struct rect){x + w - 52, y, 52, h};
	}
}

/* Gs that have not ended. */
static int living(const struct scene *sc)
{
	return thing_count(sc, TAG_G, 0) - thing_count(sc, TAG_G, IS_DEAD);
}

/* How many columns and rows of boxes. */
static void split_boxes(struct layout *l, const struct scene *sc, struct rect middle)
{
	bool side = middle.w >= SIDE_MIN_COLS;
	l->margin = 2;
	l->legend = (struct rect){1, middle.y + middle.h - 1, middle.w - 2, 1};
	l->stacks = (struct rect){0, middle.y, middle.w - (side ? LIST_W : 0) - 1, middle.h - 1};
	/* With the list there are three columns or more, and only the channel leads past one. */
	l->channel = side || l->stacks.h >= 14;
	if (l->channel) {
		l->stacks.y++;
		l->stacks.h--;
	}
	l->gutter = middle.w >= 100 ? 6 : 5;
	int room = l->stacks.w - l->margin + (side ? 0 : l->gutter);
	l->ncols = room / (BOX_GOOD_W + l->gutter);
	int gs = living(sc);
	l->nrows = l->stacks.h / BOX_MIN_H;
	if (l->nrows < 1)
		l->nrows = 1;
	/* Not more columns than there are stacks for. */
	int useful = 1 + (gs + l->nrows - 1) / l->nrows;
	if (l->ncols > useful)
		l->ncols = useful;
	if (l->ncols < 2)
		l->ncols = 2;
	l->box_w = room / l->ncols - l->gutter;
	if (l->box_w > BOX_MAX_W)
		l->box_w = BOX_MAX_W;
	assert(l->ncols >= 2 && l->nrows >= 1 && l->box_w > 0);
	if (!side)
		return;
	int x = l->margin + l->ncols * (l->box_w + l->gutter), w = middle.w - 1 - x;
	l->list = (struct rect){x, l->stacks.y, w < LIST_MAX_W ? w : LIST_MAX_W, l->stacks.h};
}

/* The pane in the middle of the screen, alone. */
static void show_pane(struct layout *l, const struct scene *sc, struct rect middle, int rows)
{
	struct rect inner = {1, middle.y, middle.w - 2, middle.h};
	switch (l->pane) {
	case PANE_MAIN:
		split_answers(l, &middle, rows);
		split_boxes(l, sc, middle);
		return;
	case PANE_STACKS: split_boxes(l, sc, middle); return;
	case PANE_REPORT:
		l->report = l->truth = inner;
		l->report.w = inner.w * 3 / 5 - 1;
		l->truth.x += inner.w * 3 / 5;
		l->truth.w -= inner.w * 3 / 5;
		return;
	case PANE_CODE:
		l->code = inner;
		l->regs = inner;
		l->code.w = inner.w > 100 ? 50 : inner.w / 2;
		l->regs.x += l->code.w;
		l->regs.w -= l->code.w;
		return;
	case PANE_LISTS: l->list = inner; return;
	case PANE_LESSON: l->narration = inner; return;
	}
}

/* How many boxes there are on a page, for g0s and for Gs. */
static int slots(const struct layout *l, bool g0)
{
	return l->nrows * (g0 ? 1 : l->ncols - 1);
}

static int stacks_of(const struct scene *sc, bool g0)
{
	int g0s = thing_count(sc, TAG_STACK, IS_G0);
	return g0 ? g0s : thing_count(sc, TAG_STACK, 0) - g0s;
}

/* Pages of boxes that all stacks of a kind need, after the first. */
static int more_pages(
	const struct layout *first, const struct layout *next, const struct scene *sc, bool g0)
{
	int left = stacks_of(sc, g0) - slots(first, g0), n = slots(next, g0);
	return left > 0 ? (left + n - 1) / n : 0;
}

/* Whether the report or the truth has more frames than lines. */
static bool is_cut(const struct layout *l, const struct scene *sc)
{
	return thing_count(sc, TAG_REPORT, 0) > l->report.h ||
	       thing_count(sc, TAG_TRUTH, 0) > l->truth.h;
}

/* What the main pane has no room for, in the order of Tab; returns how many. */
static int other_panes(const struct layout *l, const struct layout *main_pane,
	const struct scene *sc, enum pane *out)
{
	int n = 0;
	if (sc->at.lesson && l->narration.h < 9)
		out[n++] = PANE_LESSON;
	if (!main_pane->regs.h)
		out[n++] = PANE_CODE;
	if (!main_pane->list.h)
		out[n++] = PANE_LISTS;
	if (is_cut(main_pane, sc))
		out[n++] = PANE_REPORT;
	return n;
}

/* Which pane it is, of all that there are: the main one, more stacks, others. */
static void choose_pane(struct layout *l, const struct layout *main_pane, const struct scene *sc,
	struct rect middle)
{
	enum pane others[PANE_REPORT + 1];
	struct layout next = *l;
	split_boxes(&next, sc, middle);
	int g0s = more_pages(main_pane, &next, sc, true),
	    gs = more_pages(main_pane, &next, sc, false);
	int pages = g0s > gs ? g0s : gs;
	l->npanes = 1 + pages + other_panes(l, main_pane, sc, others);
	int at = (int)((unsigned)sc->at.pane % (unsigned)l->npanes);
	l->pane = at == 0 ? PANE_MAIN : at <= pages ? PANE_STACKS : others[at - 1 - pages];
	if (l->pane != PANE_STACKS)
		return;
	l->before_g0s = slots(main_pane, true) + (at - 1) * slots(&next, true);
	l->before_gs = slots(main_pane, false) + (at - 1) * slots(&next, false);
}

void layout_screen(struct layout *l, const struct scene *sc, int cols, int rows)
{
	memset(l, 0, sizeof *l);
	struct rect middle =
		split_lines(l, sc->at.lesson, thing_next(sc, TAG_DAMAGE, 0) >= 0, cols, rows);
	/* Lay the main picture out to see what it has no room for. */
	struct layout main_pane = *l;
	struct rect below = middle;
	split_answers(&main_pane, &below, rows);
	split_boxes(&main_pane, sc, below);
	choose_pane(l, &main_pane, sc, middle);
	if (l->pane == PANE_LESSON)
		l->narration.h = 0;
	show_pane(l, sc, middle, rows);
}

struct candidate {
	int stack, id, score;
};

static int by_score(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	return x->score != y->score ? y->score - x->score : x->id - y->id;
}

static int by_id(const void *a, const void *b)
{
	return ((const struct candidate *)a)->id - ((const struct candidate *)b)->id;
}

/*
 * The stacks of one kind, those that matter most first; but of those from `first` on n, which are
 * this page's, in order of their ids.
 */
static int in_order(const struct scene *sc, unsigned g0, int first, int n, struct candidate *out)
{
	int count = 0;
	for (int i = thing_next(sc, TAG_STACK, 0); i >= 0; i = thing_next(sc, TAG_STACK, i + 1)) {
		const struct thing *t = &sc->things[i];
		if ((t->is & IS_G0) == g0)
			out[count++] = (struct candidate){i, t->id.gen, t->importance};
	}
	qsort(out, count, sizeof *out, by_score);
	if (first < count)
		qsort(out + first, count - first < n ? count - first : n, sizeof *out, by_id);
	return count;
}

/* Boxes for this page's stacks of one kind, column by column; a column's boxes share its height. */
static void put_boxes(const struct layout *l, const struct candidate *c, int n, int col0, int ncols,
	struct place *out, int *nout)
{
	int first = col0 ? l->before_gs : l->before_g0s, room = ncols * l->nrows;
	int here = n - first < room ? n - first : room;
	for (int i = 0; i < here; i++) {
		int col = i / l->nrows, row = i % l->nrows;
		int rows = here - col * l->nrows < l->nrows ? here - col * l->nrows : l->nrows;
		int h = l->stacks.h / rows, y = l->stacks.y + row * h;
		struct place *p = &out[(*nout)++];
		p->stack = c[first + i].stack;
		p->col = col0 + col;
		p->box = true;
		p->at = (struct rect){l->margin + p->col * (l->box_w + l->gutter), y, l->box_w,
			row == rows - 1 ? l->stacks.y + l->stacks.h - y : h};
	}
}

struct place *layout_places(const struct layout *l, const struct scene *sc, int *n)
{
	int nstacks = thing_count(sc, TAG_STACK, 0);
	struct place *out = xcalloc(nstacks + 1, sizeof *out);
	struct candidate *c = xcalloc(nstacks + 1, sizeof *c);
	*n = 0;
	if (l->stacks.h) {
		int count = in_order(sc, IS_G0, l->before_g0s, slots(l, true), c);
		put_boxes(l, c, count, 0, 1, out, n);
		count = in_order(sc, 0, l->before_gs, slots(l, false), c);
		put_boxes(l, c, count, 1, l->ncols - 1, out, n);
	}
	for (int i = 0; i < *n; i++)
		window_choose(&out[i], sc);
	free(c);
	return out;
}
