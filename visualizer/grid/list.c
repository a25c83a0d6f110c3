/* SPDX-License-Identifier: MIT */
/*
 * What waits where: the run queues, and one line for each stack that has no box. On a wide
 * screen beside the boxes, on a small one a page of its own.
 */
#include <string.h>

#include "picture.h"
#include "scene/prose.h"

/* One more line of the list; false when it is full. */
static bool put(struct picture *p, int *row, struct thing_id id, struct style st, const char *text)
{
	if (*row >= p->l.list.h - 2)
		return false;
	struct rect inner = {p->l.list.x + 2, p->l.list.y + 1, p->l.list.w - 3, p->l.list.h - 2};
	draw_text(p->grid, id, rect_row(inner, (*row)++, 0), st, text);
	return true;
}

/* The queues with a tag, each on as many lines as it needs. */
static void put_queues(struct picture *p, int *row, enum tag tag)
{
	const struct scene *sc = p->sc;
	for (int i = thing_next(sc, tag, 0); i >= 0; i = thing_next(sc, tag, i + 1)) {
		const struct text *text = thing_text(sc, &sc->things[i], 0);
		struct thing_id id = sc->things[i].id;
		struct prose lines = {0};
		prose_wrap(&lines, text->words[IN_FULL], p->l.list.w - 4, 2);
		for (size_t k = 0; k < lines.n; k++, id.part++)
			put(p, row, id, text->style, lines.line[k]);
		prose_free(&lines);
	}
}

static bool has_box(const struct picture *p, int stack)
{
	for (int i = 0; i < p->nplaces; i++)
		if (p->places[i].stack == stack)
			return true;
	return false;
}

/* A line for a stack, to which arrows may lead like to a box. */
static void put_stack(struct picture *p, int *row, int stack)
{
	const struct thing *t = &p->sc->things[stack];
	const struct text *text = thing_text(p->sc, t, STACK_LISTED);
	struct thing_id id = t->id;
	struct place *pl = &p->places[p->nplaces];
	id.tag = TAG_LISTED;
	memset(pl, 0, sizeof *pl);
	pl->stack = stack;
	pl->col = p->l.ncols;
	pl->at = (struct rect){p->l.list.x, p->l.list.y + 1 + *row, p->l.list.w, 1};
	const char *words = text->words[length_that_fits(text, p->l.list.w - 3)];
	if (put(p, row, id, text->style, words) && p->l.stacks.h)
		p->nplaces++;
}

/* All stacks are in it only where there are no boxes beside it. */
static void draw_frame(struct picture *p)
{
	int i = thing_next(p->sc, TAG_LIST, 0);
	if (i < 0)
		return;
	const struct thing *t = &p->sc->things[i];
	const struct text *title = thing_text(p->sc, t, 0);
	draw_box(p->grid, t->id, p->l.list, title->style,
		title->words[p->l.stacks.h ? SHORTER : IN_FULL]);
}

void draw_list(struct picture *p)
{
	const struct scene *sc = p->sc;
	int row = 0;
	if (!p->l.list.h)
		return;
	draw_frame(p);
	put_queues(p, &row, TAG_QUEUE);
	put_queues(p, &row, TAG_QUEUE_GLOBAL);
	row++;
	for (int i = thing_next(sc, TAG_STACK, 0); i >= 0; i = thing_next(sc, TAG_STACK, i + 1))
		if (!has_box(p, i))
			put_stack(p, &row, i);
}
