/* SPDX-License-Identifier: MIT */
/*
 * Links as arrows.
 *
 * Up the same stack: inside the box, in the lane left of the addresses:   ┌─ …d900
 *                                                                         └▶ …d930
 * To another stack: out of the box on the right, down or up a lane of the gutter, and in
 * again on the left of the other box. Where that box is not the next one to the right the
 * arrow passes along the channel, a row kept free above all boxes:
 *
 *        ┌──────channel──────┐          from   the line of the record
 *   ┌────┼──┐  ┌───────┐  ┌──┼────┐     lane   of the gutter right of the source
 *   │ from ─┘  │       │  └─▶│ to │     lane   of the gutter left of the target
 *   └───────┘  └───────┘     └────┘
 *
 * Right of the list, and of the last box of a narrow screen, there is no gutter, on a low screen
 * no channel. What cannot go that way back leaves on the left:   ┌────┐    ┌──────┐
 *                                                                │ to │◀─┐ │      │
 *                                                                └────┘  └─┤ from │
 *
 * At most six points, and no search: rejected a maze router, whose arrows would jump from
 * step to step. The focused M's arrows are drawn last, on top.
 */
#include <assert.h>
#include <string.h>

#include "picture.h"

enum { LANES_MAX = 16 };

struct router {
	struct picture *p;
	int used[LANES_MAX]; /* lanes taken in each gutter; [0] is left of the first column */
};

/* Where the stack is that a thing is, or is in; NULL: nowhere on this screen. */
static const struct place *place_of(const struct picture *p, int thing)
{
	int stack = thing < 0                                  ? -1
		    : p->sc->things[thing].id.tag == TAG_STACK ? thing
							       : p->sc->things[thing].in;
	for (int i = 0; i < p->nplaces; i++)
		if (p->places[i].stack == stack)
			return &p->places[i];
	return NULL;
}

static bool is_register(const struct place *pl, int thing)
{
	return thing == pl->stack + 1;
}

static const struct row *row_of(const struct place *pl, int word)
{
	for (int i = 0; i < pl->nrows; i++)
		if (pl->rows[i].kind == ROW_WORD && pl->rows[i].word == word)
			return &pl->rows[i];
	return NULL;
}

/* The line that shows a thing, or the gap that it is in, or the list's; -1: none does. */
static int line_of(const struct place *pl, int thing)
{
	const struct row *row = row_of(pl, thing);
	int y = pl->box ? -1 : pl->at.y;
	if (pl->box && is_register(pl, thing))
		return pl->at.y + 1;
	if (row)
		return pl->top + (int)(row - pl->rows);
	for (int i = 0; i < pl->nrows && pl->rows[i].word <= thing; i++)
		y = pl->rows[i].kind == ROW_GAP ? pl->top + i : -1;
	return y;
}

/* Where an arrow out of a thing begins; false: nowhere, as its line is not shown. */
static bool exit_of(const struct place *pl, int thing, struct point *from)
{
	bool reg = is_register(pl, thing);
	const struct row *row = reg || !pl->box ? NULL : row_of(pl, thing);
	if (!pl->box)
		*from = (struct point){pl->at.x - 1, pl->at.y};
	else if (reg)
		*from = (struct point){pl->exit + 1, pl->at.y + 1};
	else if (row)
		*from = (struct point){row->exit + 1, pl->top + (int)(row - pl->rows)};
	return reg || !pl->box || row;
}

static void draw_arrow(struct picture *p, const struct thing *t, const struct route *way)
{
	const struct text *mark = thing_text(p->sc, t, 0);
	draw_link(p->grid, t->id, t->link, way, mark->style, mark->words[IN_FULL]);
}

/* A free lane of the gutter left of column col; when all are taken they are shared. */
static int lane(struct router *r, int col)
{
	const struct layout *l = &r->p->l;
	int width = col == 0 ? l->margin : l->gutter,
	    left = l->margin + col * (l->box_w + l->gutter) - width;
	int lanes = col == 0 ? 1 : width - 2;
	assert(col >= 0 && lanes > 0);
	int k = r->used[col % LANES_MAX]++ % lanes;
	return left + (col == 0 ? 0 : 1) + k;
}

/* Inside one box. */
static void draw_inside(
	struct picture *p, const struct place *pl, const struct thing *t, int y0, int y1)
{
	int x = pl->at.x + (t->is & IS_AT_HOME ? 7 : 6), tip = pl->at.x + 8;
	struct route way = {4, {{tip, y0}, {x, y0}, {x, y1}, {tip, y1}}, 0, 0};
	if (pl->box && y0 >= 0 && y1 >= 0 && y0 != y1)
		draw_arrow(p, t, &way);
}

/* A way that goes straight needs no corners. */
static struct route straightened(struct route way)
{
	if (way.at[0].y == way.at[3].y) {
		way.at[1] = way.at[3];
		way.n = 2;
	}
	return way;
}

/* To the next column on the right: out on the right, in on the left. */
static struct route forth(
	struct router *r, struct point from, const struct place *a, const struct place *b, int y)
{
	int out = lane(r, a->col + 1), tip = b->at.x - 1;
	return straightened((struct route){4, {from, {out, from.y}, {out, y}, {tip, y}}, 0, 1});
}

/* To the same column or the one before it, out on the left. */
static struct route back(
	struct router *r, struct point from, const struct place *a, const struct place *b, int y)
{
	int out = lane(r, a->col), start = a->at.x - 1;
	struct route way = {4, {{start, from.y}, {out, from.y}, {out, y}, {start, y}}, 1, 1};
	if (b->col == a->col)
		return way;
	way.at[3].x = b->at.x + b->at.w;
	way.to_edge = -1;
	return straightened(way);
}

/* Along the channel: up a lane on the side where there is one, and in on the left. */
static struct route round_by_channel(
	struct router *r, struct point from, const struct place *a, const struct place *b, int y)
{
	int top = r->p->l.stacks.y - 1, out = lane(r, a->box ? a->col + 1 : a->col),
	    in = lane(r, b->col);
	return (struct route){6,
		{from, {out, from.y}, {out, top}, {in, top}, {in, y}, {b->at.x - 1, y}},
		a->box ? 0 : 1, 1};
}

/* Out of one box into another. */
static struct route across(
	struct router *r, struct point from, const struct place *a, const struct place *b, int y)
{
	const struct layout *lay = &r->p->l;
	bool way_right = a->box && a->at.x + a->at.w + lay->gutter <= r->p->grid->cols;
	bool near = b->col == a->col || b->col == a->col - 1;
	if (b->col == a->col + 1)
		return forth(r, from, a, b, y);
	if (near && !(lay->channel && way_right))
		return back(r, from, a, b, y);
	return round_by_channel(r, from, a, b, y);
}

static void draw_one(struct router *r, const struct thing *t)
{
	struct picture *p = r->p;
	const struct place *a = place_of(p, t->from), *b = t->to < 0 ? NULL : place_of(p, t->to);
	struct point from;
	if (a && b == a)
		draw_inside(p, a, t, line_of(a, t->from), line_of(a, t->to));
	if (!a || b == a || !exit_of(a, t->from, &from))
		return;
	if (b) {
		struct route way = across(r, from, a, b, line_of(b, t->to));
		draw_arrow(p, t, &way);
	} else if (a->box) {
		struct route way = {2, {from, {lane(r, a->col + 1), from.y}}, 0, 0};
		draw_arrow(p, t, &way);
	}
}

/* The links of Ms: those that are looked at, or the others. */
static void draw_links_of(struct router *r, bool focus)
{
	const struct scene *sc = r->p->sc;
	for (int i = thing_next(sc, TAG_LINK, 0); i >= 0; i = thing_next(sc, TAG_LINK, i + 1))
		if (focus == !!(sc->things[i].is & IS_FOCUS))
			draw_one(r, &sc->things[i]);
}

/* The chain that a G which waits to be resumed has of its own. */
static void draw_own(struct picture *p, const struct place *pl)
{
	const struct scene *sc = p->sc;
	for (int i = thing_next(sc, TAG_GOBUF_LINK, 0); i >= 0;
		i = thing_next(sc, TAG_GOBUF_LINK, i + 1)) {
		const struct thing *t = &sc->things[i];
		if (t->to >= 0 && sc->things[t->to].in == pl->stack)
			draw_inside(p, pl, t, line_of(pl, t->from), line_of(pl, t->to));
	}
}

/* How many arrows the focused M has that are no plain calls: each may want a lane of its own. */
static int reserved(const struct scene *sc)
{
	int n = 0;
	for (int i = thing_next(sc, TAG_LINK, 0); i >= 0; i = thing_next(sc, TAG_LINK, i + 1))
		n += (sc->things[i].is & IS_FOCUS) && sc->things[i].link != LINK_CALL;
	return n;
}

void draw_arrows(struct picture *p)
{
	struct router r = {.p = p};
	for (int i = 0; i < p->nplaces; i++)
		if (p->places[i].box)
			draw_own(p, &p->places[i]);
	/* The focused M takes its lanes first but is drawn last. */
	for (int i = 0; i < LANES_MAX; i++)
		r.used[i] = reserved(p->sc);
	draw_links_of(&r, false);
	memset(r.used, 0, sizeof r.used);
	draw_links_of(&r, true);
}
