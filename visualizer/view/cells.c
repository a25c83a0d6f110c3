/* SPDX-License-Identifier: MIT */
/*
 * A grid drawn into character cells. Lines are kept as the directions in which each cell is
 * connected, and how (light or double), until all is drawn: where two cross or meet, the
 * character is the one that has both. What is not ASCII is replaced last, so that everything
 * above speaks of one set of characters.
 */
#include "cells.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "scene/look.h"

/* Two bits for each direction of a cell: 0 no line, 1 light, 2 double. */
enum { UP = 0, RIGHT = 2, DOWN = 4, LEFT = 6, TIP = 0xff };

struct painter {
	struct cells *c;
	uint8_t *joint; /* of each cell; 0: not a line; TIP: an arrow's, not to be covered */
};

static struct cell *cell_at(struct cells *c, int x, int y)
{
	return x < 0 || y < 0 || x >= c->cols || y >= c->rows ? NULL : &c->at[y * c->cols + x];
}

static void style(struct cell *cell, const struct draw *d)
{
	cell->role = d->role;
	cell->owner = d->owner;
	cell->bold = d->bold;
	cell->reverse = d->reverse;
}

/* A cell that gets something else: the other half of what was two cells wide is a blank. */
static struct cell *clear_cell(struct cells *c, int x, int y)
{
	struct cell *cell = cell_at(c, x, y), *left = cell_at(c, x - 1, y);
	struct cell *right = cell_at(c, x + 1, y);
	if (cell && !*cell->utf8 && left)
		strcpy(left->utf8, " ");
	if (cell && right && !*right->utf8)
		strcpy(right->utf8, " ");
	return cell;
}

static void put(struct painter *p, int x, int y, const struct draw *d, const char *utf8)
{
	struct cell *cell = clear_cell(p->c, x, y);
	if (!cell)
		return;
	strcpy(cell->utf8, utf8);
	style(cell, d);
	p->joint[y * p->c->cols + x] = 0;
}

/* In w cells; the second of a glyph that is two wide holds nothing. */
static void put_text(struct painter *p, int x, int y, const struct draw *d, const char *s, int w)
{
	struct glyph g;
	for (; *s && w > 0; x += g.cells, w -= g.cells) {
		s += glyph_next(s, strnlen(s, GLYPH_MAX), &g);
		if (g.cells > w)
			return;
		for (int i = 0; i < g.cells; i++)
			put(p, x + i, y, d, i ? "" : g.utf8);
	}
}

/*
 * The character for a joint. One has a weight up and down and one across: the heavier of its
 * two.
 */
static void joint_char(uint8_t joint, char utf8[5])
{
	/*
	 * By weight down and across; in each, by up 1, right 2, down 4, left 8. Three bytes
	 * each.
	 */
	static const char *const sets[2][2] = {
		{"─│─└││┌├─┘─┴┐┤┬┼", "═│═╘││╒╞═╛═╧╕╡╤╪"},
		{"─║─╙║║╓╟─╜─╨╖╢╥╫", "═║═╚║║╔╠═╝═╩╗╣╦╬"},
	};
	int up = joint >> UP & 3, right = joint >> RIGHT & 3;
	int down = joint >> DOWN & 3, left = joint >> LEFT & 3;
	int i = (up > 0) | (right > 0) << 1 | (down > 0) << 2 | (left > 0) << 3;
	memcpy(utf8, sets[up > 1 || down > 1][left > 1 || right > 1] + 3 * i, 3);
	utf8[3] = '\0';
}

/* Connect a cell in one direction. */
static void connect(
	struct painter *p, int x, int y, int direction, int weight, const struct draw *d)
{
	struct cell *cell = clear_cell(p->c, x, y);
	if (!cell)
		return;
	uint8_t *j = &p->joint[y * p->c->cols + x];
	if (*j == TIP)
		return;
	*j = (uint8_t)((*j & ~(3 << direction)) | weight << direction);
	style(cell, d);
	joint_char(*j, cell->utf8);
}

/* A straight piece; both its ends are connected towards each other. */
static void line(
	struct painter *p, struct point a, struct point b, int weight, const struct draw *d)
{
	int dx = (b.x > a.x) - (b.x < a.x), dy = (b.y > a.y) - (b.y < a.y);
	int forth = dx ? (dx > 0 ? RIGHT : LEFT) : dy > 0 ? DOWN : UP;
	int back = dx ? (dx > 0 ? LEFT : RIGHT) : dy > 0 ? UP : DOWN;
	for (int x = a.x, y = a.y; x != b.x || y != b.y; x += dx, y += dy) {
		connect(p, x, y, forth, weight, d);
		connect(p, x + dx, y + dy, back, weight, d);
		if (dx && dy)
			return;
	}
}

static void draw_box(struct painter *p, const struct draw *d)
{
	struct point a = {d->x, d->y}, b = {d->x + d->w - 1, d->y};
	struct point c = {d->x + d->w - 1, d->y + d->h - 1}, e = {d->x, d->y + d->h - 1};
	for (int y = d->y; y < d->y + d->h; y++)
		for (int x = d->x; x < d->x + d->w; x++)
			put(p, x, y, d, " ");
	line(p, a, b, 1, d);
	line(p, b, c, 1, d);
	line(p, c, e, 1, d);
	line(p, e, a, 1, d);
	if (!*d->text)
		return;
	put(p, d->x + 1, d->y, d, " ");
	put_text(p, d->x + 2, d->y, d, d->text, d->w - 4);
	int end = d->x + 2, w = text_width(d->text);
	put(p, end + (w < d->w - 4 ? w : d->w - 4), d->y, d, " ");
}

/* Dashes where a straight piece of a dashed link is alone. */
static void dash(struct painter *p, struct point a, struct point b, const struct draw *d)
{
	int dx = (b.x > a.x) - (b.x < a.x), dy = (b.y > a.y) - (b.y < a.y);
	for (int x = a.x, y = a.y; x != b.x || y != b.y; x += dx, y += dy) {
		struct cell *cell = cell_at(p->c, x, y);
		if (cell && strcmp(cell->utf8, "─") == 0)
			put(p, x, y, d, "┄");
		else if (cell && strcmp(cell->utf8, "│") == 0)
			put(p, x, y, d, "┆");
	}
}

static const char *arrow_head(struct point from, struct point to, enum link l)
{
	bool hollow = link_look(l)->head == HEAD_HOLLOW;
	if (to.x > from.x)
		return hollow ? "▷" : "▶";
	if (to.x < from.x)
		return hollow ? "◁" : "◀";
	return to.y > from.y ? (hollow ? "▽" : "▼") : hollow ? "△" : "▲";
}

static void put_head(struct painter *p, struct point from, struct point to, const struct draw *d)
{
	put(p, to.x, to.y, d, arrow_head(from, to, d->link));
	if (cell_at(p->c, to.x, to.y))
		p->joint[to.y * p->c->cols + to.x] = TIP;
}

/* The mark goes onto the longest level piece, where it is not on a crossing. */
static void put_mark(struct painter *p, const struct draw *d)
{
	int best = -1, longest = 0;
	for (int i = 0; i + 1 < d->npoints; i++) {
		int len = abs(d->points[i + 1].x - d->points[i].x);
		if (len > longest) {
			longest = len;
			best = i;
		}
	}
	if (best < 0 || longest < 2)
		return;
	struct point a = d->points[best], b = d->points[best + 1];
	int step = b.x > a.x ? 1 : -1;
	/* From the middle outwards, on a cell that is just this line. */
	for (int k = 0; k < longest; k++) {
		int x = (a.x + b.x) / 2 + (k % 2 ? -1 : 1) * (k + 1) / 2 * step;
		struct cell *cell = cell_at(p->c, x, a.y);
		if (cell && x != a.x && x != b.x &&
			(strcmp(cell->utf8, "═") == 0 || strcmp(cell->utf8, "─") == 0)) {
			put_text(p, x, a.y, d, d->text, 1);
			return;
		}
	}
}

static void draw_link(struct painter *p, const struct draw *d)
{
	enum link_line kind = link_look(d->link)->line;
	int weight = kind == LINE_DOUBLE ? 2 : 1, n = d->npoints;
	for (int i = 0; i + 1 < n; i++)
		line(p, d->points[i], d->points[i + 1], weight, d);
	if (kind == LINE_DASHED)
		for (int i = 0; i + 1 < n; i++)
			dash(p, d->points[i], d->points[i + 1], d);
	if (n >= 2)
		put_head(p, d->points[n - 2], d->points[n - 1], d);
	if (*d->text)
		put_mark(p, d);
}

static void draw_bar(struct painter *p, const struct draw *d)
{
	const struct {
		char kind;
		const char *s;
	} glyph[] = {{'s', "◆"}, {'f', link_look(LINK_FOREIGN)->mark}, {'c', "●"}};
	int inner = d->w - 2, cursor = 0;
	for (int i = 0; i < d->nmarks; i++) {
		assert(d->marks[i].at >= 0 && d->marks[i].at <= 1000);
		if (d->marks[i].kind == 'c')
			cursor = d->marks[i].at * (inner - 1) / 1000;
	}
	put(p, d->x, d->y, d, "├");
	put(p, d->x + d->w - 1, d->y, d, "┤");
	for (int i = 0; i < inner; i++)
		put(p, d->x + 1 + i, d->y, d, i < cursor ? "━" : "─");
	for (size_t k = 0; k < sizeof glyph / sizeof *glyph; k++)
		for (int i = 0; i < d->nmarks; i++)
			if (d->marks[i].kind == glyph[k].kind)
				put(p, d->x + 1 + d->marks[i].at * (inner - 1) / 1000, d->y, d,
					glyph[k].s);
}

void cells_draw(struct cells *c, const struct grid *grid, bool ascii)
{
	size_t n = (size_t)grid->cols * grid->rows;
	struct painter p = {.c = c, .joint = xcalloc(n + 1, 1)};
	c->cols = grid->cols;
	c->rows = grid->rows;
	c->at = xrealloc(c->at, (n + 1) * sizeof *c->at);
	for (size_t i = 0; i < n; i++)
		c->at[i] = (struct cell){.utf8 = " ", .role = ROLE_TEXT, .owner = -1};
	for (size_t i = 0; i < grid->n; i++) {
		const struct draw *d = &grid->draws[i];
		switch (d->kind) {
		case DRAW_BOX: draw_box(&p, d); break;
		case DRAW_TEXT: put_text(&p, d->x, d->y, d, d->text, d->w); break;
		case DRAW_LINK: draw_link(&p, d); break;
		case DRAW_BAR: draw_bar(&p, d); break;
		}
	}
	for (size_t i = 0; ascii && i < n; i++) {
		char *utf8 = c->at[i].utf8;
		*utf8 = *utf8 ? text_ascii(utf8) : ' ';
		utf8[1] = '\0';
	}
	free(p.joint);
}

void cells_free(struct cells *c)
{
	free(c->at);
	memset(c, 0, sizeof *c);
}

char *cells_text(const struct cells *c)
{
	size_t size = (size_t)c->rows * (c->cols * GLYPH_MAX + 1) + 1;
	char *out = xmalloc(size), *to = out;
	for (int y = 0; y < c->rows; y++) {
		const struct cell *row = &c->at[y * c->cols];
		int w = c->cols;
		while (w > 0 && strcmp(row[w - 1].utf8, " ") == 0)
			w--;
		for (int x = 0; x < w; x++)
			to = stpcpy(to, row[x].utf8);
		*to++ = '\n';
	}
	assert((size_t)(to - out) < size);
	*to = '\0';
	return out;
}
