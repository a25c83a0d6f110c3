/* SPDX-License-Identifier: MIT */
/*
 * Stacks as boxes of words. A line of a box, from the left:
 *
 *   SP FP├┼▶…7f60* 0x00007f1000047f90 fp into G1 ────
 *   │    │││      │                  │           └ a link to another stack leaves (arrows.c)
 *   │    │││      │                  └ what the word is
 *   │    │││      └ written by the last step
 *   │    ││└ where a link inside the box arrives
 *   │    └┴ lanes of such links: of Ms that are elsewhere, and of the one that is here
 *   └ marks of the M that is here; another M's frame pointer is named: M0:FP
 *
 * The first line stands for the frame-pointer register, or for gobuf.bp where no M is on the
 * stack: a chain begins there. Addresses grow downwards, the oldest frame is at the bottom.
 */
#include "picture.h"

enum { MARK_W = 5, FP_X = 3, ADDR_X = 8, VALUE_X = 15 };

/* How much of a word there is room for. */
static enum length length_of(const struct place *pl)
{
	return pl->at.w >= 52 ? IN_FULL : pl->at.w >= 40 ? SHORTER : SHORTEST;
}

/* SP and FP of the M on this stack, or the frame pointer of another that leads here. */
static void draw_marks(struct picture *p, int word, struct rect at)
{
	const struct scene *sc = p->sc;
	for (int i = thing_next(sc, TAG_MARK, 0); i >= 0; i = thing_next(sc, TAG_MARK, i + 1)) {
		const struct thing *t = &sc->things[i];
		bool home = t->is & IS_AT_HOME;
		struct rect here = rect_row(at, 0, home && t->id.part == 1 ? FP_X : 0);
		if (t->in != word)
			continue;
		here.w = home ? 2 : MARK_W;
		draw_thing(p, t, t->id.part, here, IN_FULL);
	}
}

/* Where there is not room for both, what matters less is left out. */
static bool yields(const struct text *value, const struct text *label, enum length l, int room)
{
	return value && label && value->importance < label->importance &&
	       text_width(value->words[l]) + 1 + text_width(label->words[l]) > room;
}

/* Value and label, from VALUE_X of a line on; returns the cell after them. */
static int draw_values(struct picture *p, const struct thing *t, struct rect at, enum length l)
{
	const struct text *value = thing_text(p->sc, t, WORD_VALUE);
	struct rect label = rect_row(at, 0, VALUE_X);
	int end = at.x + at.w, x = label.x;
	if (!yields(value, thing_text(p->sc, t, WORD_LABEL), l, label.w))
		x = draw_thing(p, t, WORD_VALUE, label, l);
	if (x > label.x && x < end) {
		label.x = x + 1;
		label.w = end - label.x;
	}
	return draw_thing(p, t, WORD_LABEL, label, l);
}

static void draw_word(struct picture *p, const struct place *pl, struct row *row, struct rect at)
{
	const struct thing *t = &p->sc->things[row->word];
	draw_marks(p, row->word, at);
	draw_thing(p, t, WORD_ADDRESS, rect_row(at, 0, ADDR_X), IN_FULL);
	row->exit = draw_values(p, t, at, length_of(pl));
}

/* Not a line for the story of a word, but for its past: what it was when the arrow was made. */
static void draw_note(struct picture *p, const struct row *row, struct rect at)
{
	const struct thing *t = &p->sc->things[row->word];
	const struct text *note = thing_text(p->sc, t, WORD_NOTE);
	draw_thing(p, t, WORD_NOTE, rect_row(at, 0, ADDR_X), length_that_fits(note, at.w - ADDR_X));
}

static void draw_gap(struct picture *p, const struct row *row, struct rect at)
{
	struct thing_id id = p->sc->things[row->word].id;
	id.tag = TAG_GAP;
	draw_text(p->grid, id, rect_row(at, 0, ADDR_X + 2), STYLE(ROLE_DIM), "⋮");
}

/* The register that a chain begins with, or gobuf.bp; or what there is to say in its place. */
static void draw_register(struct picture *p, struct place *pl, struct rect at)
{
	const struct thing *t = &p->sc->things[pl->stack + 1];
	draw_thing(p, t, WORD_ADDRESS, rect_row(at, 0, ADDR_X), IN_FULL);
	if (thing_text(p->sc, t, WORD_VALUE))
		pl->exit = draw_values(p, t, at, length_of(pl));
}

static void draw_box_of(struct picture *p, struct place *pl)
{
	const struct thing *t = &p->sc->things[pl->stack];
	const struct text *title = thing_text(p->sc, t, STACK_TITLE);
	draw_box(p->grid, t->id, pl->at, title->style, title->words[IN_FULL]);
	struct rect at = {pl->at.x + 1, pl->at.y + 1, pl->at.w - 2, 1};
	draw_register(p, pl, at);
	for (int i = 0; i < pl->nrows; i++) {
		struct row *row = &pl->rows[i];
		at.y = pl->top + i;
		if (row->kind == ROW_WORD)
			draw_word(p, pl, row, at);
		else if (row->kind == ROW_NOTE)
			draw_note(p, row, at);
		else
			draw_gap(p, row, at);
	}
}

void draw_boxes(struct picture *p)
{
	for (int i = 0; i < p->nplaces; i++)
		if (p->places[i].box)
			draw_box_of(p, &p->places[i]);
}
