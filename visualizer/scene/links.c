/* SPDX-License-Identifier: MIT */
/*
 * The chains as arrows, from the frame-pointer register of each M (and gobuf.bp of each G
 * that no M is on), record by record.
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
#include <string.h>

#include "picture.h"

enum { LANES_MAX = 16 };

struct router {
	struct picture *p;
	int used[LANES_MAX]; /* lanes taken in each gutter; [0] is left of the first column */
};

static const struct place *place_of(const struct picture *p, int stack)
{
	for (int i = 0; i < p->nplaces; i++)
		if (p->places[i].stack == stack)
			return &p->places[i];
	return NULL;
}

static const struct row *row_of(const struct place *pl, uint64_t addr)
{
	for (int i = 0; i < pl->nrows; i++)
		if (pl->rows[i].kind == ROW_WORD && pl->rows[i].addr == addr)
			return &pl->rows[i];
	return NULL;
}

/* The line that shows a word, or the gap that it is in, or the list's; -1: none does. */
static int line_of(const struct place *pl, uint64_t addr)
{
	const struct row *row = row_of(pl, addr);
	int y = pl->box ? -1 : pl->at.y;
	if (row)
		return pl->top + (int)(row - pl->rows);
	for (int i = 0; i < pl->nrows && pl->rows[i].addr <= addr; i++)
		y = pl->rows[i].kind == ROW_GAP ? pl->top + i : -1;
	return y;
}

/* Where an arrow out of a record begins; false: nowhere, as its line is not shown. */
static bool exit_of(const struct place *pl, uint64_t addr, bool reg, struct point *from)
{
	const struct row *row = reg || !pl->box ? NULL : row_of(pl, addr);
	if (!pl->box)
		*from = (struct point){pl->at.x - 1, pl->at.y};
	else if (reg)
		*from = (struct point){pl->exit + 1, pl->at.y + 1};
	else if (row)
		*from = (struct point){row->exit + 1, pl->top + (int)(row - pl->rows)};
	return reg || !pl->box || row;
}

/* A free lane of the gutter left of column col; when all are taken they are shared. */
static int lane(struct router *r, int col)
{
	const struct layout *l = &r->p->l;
	int width = col == 0 ? l->margin : l->gutter,
	    left = l->margin + col * (l->box_w + l->gutter) - width;
	int lanes = col == 0 ? 1 : width - 2, k = r->used[col % LANES_MAX]++ % lanes;
	return left + (col == 0 ? 0 : 1) + k;
}

/* Inside one box. owner: the chain is that of the M whose stack it is. */
static void draw_inside(struct picture *p, const struct place *pl, struct thing_id id, enum link l,
	int y0, int y1, bool owner, bool dim)
{
	int x = pl->at.x + (owner ? 7 : 6), tip = pl->at.x + 8;
	struct route way = {4, {{tip, y0}, {x, y0}, {x, y1}, {tip, y1}}, 0, 0};
	if (pl->box && y0 >= 0 && y1 >= 0 && y0 != y1)
		draw_link(p->sc, id, l, &way, dim);
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
	bool way_right = a->box && a->at.x + a->at.w + lay->gutter <= r->p->sc->cols;
	bool near = b->col == a->col || b->col == a->col - 1;
	if (b->col == a->col + 1)
		return forth(r, from, a, b, y);
	if (near && !(lay->channel && way_right))
		return back(r, from, a, b, y);
	return round_by_channel(r, from, a, b, y);
}

/* One link of an M's chain: rec < 0 is the register's. */
static void draw_one(struct router *r, int m, int rec)
{
	struct picture *p = r->p;
	const struct facts *f = &p->f;
	const struct m_state *ms = &f->at.now->ms[m];
	const struct chain *c = &f->answers[m].chain;
	enum link l = chain_link(c, rec);
	int here = rec < 0 ? m_stack(f, ms) : c->rec[rec].stack;
	uint64_t to = 0, at = rec < 0 ? 0 : c->rec[rec].fp;
	struct thing_id id = record_id(f, TAG_LINK, m, rec, 0);
	const struct place *a = place_of(p, here), *b = NULL;
	int there = link_target(f, c, rec, &to);
	struct point from;
	if (!a || l == LINK_TOP || !exit_of(a, at, rec < 0, &from))
		return;
	bool dim = m != f->focus;
	if (there >= 0)
		b = place_of(p, there);
	if (b == a) {
		draw_inside(p, a, id, l, from.y, line_of(a, to), m_stack(f, ms) == here, dim);
	} else if (b) {
		struct route way = across(r, from, a, b, line_of(b, to));
		draw_link(p->sc, id, l, &way, dim);
	} else if (a->box) {
		struct route way = {2, {from, {lane(r, a->col + 1), from.y}}, 0, 0};
		draw_link(p->sc, id, l, &way, dim);
	}
}

static void draw_chain(struct router *r, int m)
{
	const struct facts *f = &r->p->f;
	if (f->at.now->ms[m].exited || m_stack(f, &f->at.now->ms[m]) < 0)
		return;
	for (int rec = -1; rec < f->answers[m].chain.n; rec++)
		draw_one(r, m, rec);
}

/* The chain that a G which waits to be resumed has of its own. */
static void draw_own(struct picture *p, const struct place *pl)
{
	const struct g_state *g = stack_g(&p->f, pl->stack);
	int y = pl->at.y + 1;
	for (int i = 0; i < pl->nown; i++) {
		int next = line_of(pl, pl->own[i]);
		struct thing_id id = draw_id_of(TAG_GOBUF_LINK, g->id, 0);
		id.address = i ? pl->own[i - 1] : 0;
		draw_inside(p, pl, id, LINK_CALL, y, next, true, true);
		y = next;
	}
}

void draw_links(struct picture *p)
{
	struct router r = {.p = p};
	for (int i = 0; i < p->nplaces; i++)
		if (p->places[i].box)
			draw_own(p, &p->places[i]);
	/* The focused M takes its lanes first but is drawn last. */
	int reserved = 0;
	if (p->f.focus >= 0) {
		const struct chain *c = &p->f.answers[p->f.focus].chain;
		for (int rec = -1; rec < c->n; rec++)
			reserved +=
				chain_link(c, rec) != LINK_CALL && chain_link(c, rec) != LINK_TOP;
	}
	for (int i = 0; i < LANES_MAX; i++)
		r.used[i] = reserved;
	for (int m = 0; m < p->f.at.now->nms; m++)
		if (m != p->f.focus)
			draw_chain(&r, m);
	memset(r.used, 0, sizeof r.used);
	if (p->f.focus >= 0)
		draw_chain(&r, p->f.focus);
}
