/* SPDX-License-Identifier: MIT */
/* Painting a frame, command by command. All lengths follow from the size of a cell. */
#include "sdl_draw.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "model/say.h"
#include "model/text.h"
#include "scene/look.h"
#include "sdl_curve.h"

enum { TYPE_MIN = 7 };
static const double panel_inset = 0.2; /* of a panel from its first cell's edge, in cells */
static const double faint = 0.7; /* size of the strokes of a link that is not what is looked at */

/* ---- the grid ------------------------------------------------------------ */

/* The margin around the grid, of which the window's edge would otherwise cut panels. */
static int margin(const struct type *t)
{
	return t->cw / 2;
}

static bool take_canvas(struct paint *p, int w, int h, char *err, size_t nerr)
{
	if (canvas_open(&p->canvas, w, h))
		return true;
	say(err, nerr, "a picture of %dx%d pixels cannot be made: %s", w, h, SDL_GetError());
	type_close(&p->type);
	return false;
}

bool paint_open(struct paint *p, int w, int h, double px, char *err, size_t nerr)
{
	memset(p, 0, sizeof(*p));
	for (px = fmax(px, TYPE_MIN);; px = fmax(TYPE_MIN, floor(px - 0.5))) {
		if (!type_open(&p->type, px, err, nerr))
			return false;
		int inner_w = w - 2 * margin(&p->type), inner_h = h - 2 * margin(&p->type);
		p->cols = SDL_max(1, inner_w / p->type.cw);
		p->rows = SDL_max(1, inner_h / p->type.ch);
		if (px <= TYPE_MIN || (p->cols >= GRID_MIN_COLS && p->rows >= GRID_MIN_ROWS))
			break;
		type_close(&p->type);
	}
	p->x0 = floor((w - p->cols * p->type.cw) / 2.0);
	p->y0 = floor((h - p->rows * p->type.ch) / 2.0);
	return take_canvas(p, w, h, err, nerr);
}

bool paint_open_cells(struct paint *p, int cols, int rows, double px, char *err, size_t nerr)
{
	memset(p, 0, sizeof(*p));
	if (!type_open(&p->type, fmax(px, TYPE_MIN), err, nerr))
		return false;
	int edge = margin(&p->type);
	p->cols = cols;
	p->rows = rows;
	p->x0 = p->y0 = edge;
	return take_canvas(
		p, cols * p->type.cw + 2 * edge, rows * p->type.ch + 2 * edge, err, nerr);
}

void paint_close(struct paint *p)
{
	canvas_close(&p->canvas);
	type_close(&p->type);
	memset(p, 0, sizeof(*p));
}

/* A part of the grid in pixels; cells may be fractions. */
static struct area cells(const struct paint *p, double x, double y, double w, double h)
{
	return (struct area){
		p->x0 + x * p->type.cw, p->y0 + y * p->type.ch, w * p->type.cw, h * p->type.ch};
}

static struct spot cell_centre(const struct paint *p, struct point at)
{
	return (struct spot){p->x0 + (at.x + 0.5) * p->type.cw, p->y0 + (at.y + 0.5) * p->type.ch};
}

/* A filled figure with round corners. */
static void fill(struct paint *p, struct area a, double radius, rgb color, double alpha)
{
	canvas_round(&p->canvas, a, radius, LAY_ADD);
	canvas_ink(&p->canvas, color, alpha);
}

static struct area inset(struct area a, double by)
{
	return (struct area){a.x + by, a.y + by, a.w - 2 * by, a.h - 2 * by};
}

/* ---- boxes --------------------------------------------------------------- */

/* The strip at the top of a panel: the panel's own shape, cut off under the first row. */
static void paint_header(
	struct paint *p, struct area a, double radius, const struct draw *d, double alpha)
{
	double h = p->type.ch;
	canvas_round(&p->canvas, a, radius, LAY_ADD);
	canvas_round(&p->canvas, (struct area){a.x - 1, a.y + h, a.w + 2, a.h}, 0, LAY_CUT);
	canvas_ink(&p->canvas, theme_header(d->owner), alpha);
	struct text_style title = {theme_ink(ROLE_TITLE, -1), alpha, true};
	type_draw(&p->type, &p->canvas, a.x + 1.6 * p->type.cw, a.y, d->text, title);
}

/* A frame that speaks of more than its owner (an error, a choice) says so in its line. */
static rgb border_color(const struct draw *d)
{
	bool plain = d->role == ROLE_FRAME || d->role == ROLE_OWNER || d->role == ROLE_TEXT ||
		     d->role == ROLE_TITLE;
	return plain || d->role == ROLE_DIM ? theme_border(d->owner) : theme_ink(d->role, d->owner);
}

static void paint_box(struct paint *p, const struct sprite *s)
{
	const struct draw *d = s->now, *was = s->was ? s->was : d;
	double x = sprite_at(s, was->x, d->x), y = sprite_at(s, was->y, d->y);
	double w = sprite_at(s, was->w, d->w), h = sprite_at(s, was->h, d->h);
	struct area a = cells(p, x + panel_inset, y, w - 2 * panel_inset, h - 0.3);
	double radius = 0.34 * p->type.ch,
	       line = fmax(1, round(p->type.ch * (d->bold ? 0.09 : 0.05)));
	canvas_round(&p->canvas, a, radius, LAY_ADD);
	canvas_ink(&p->canvas, border_color(d), s->alpha);
	a = inset(a, line);
	fill(p, a, radius - line, theme_panel(d->owner), s->alpha);
	if (*d->text)
		paint_header(p, a, radius - line, d, s->alpha);
}

/* ---- text ---------------------------------------------------------------- */

/* What lies behind the first cells of a text. */
static void paint_ground(struct paint *p, struct area at, int n, rgb color, double alpha)
{
	double pad = 0.4 * p->type.cw;
	struct area ground = {
		at.x - pad, at.y + 0.06 * at.h, n * p->type.cw + 2 * pad, 0.88 * at.h};
	fill(p, ground, 0.26 * at.h, color, alpha);
}

/*
 * A verdict as a badge; the rest of its sentence goes on in the same colour, the colon
 * has become the badge's edge.
 */
static void paint_verdict(
	struct paint *p, struct area at, const char *text, int n, struct text_style style)
{
	struct text_style word = {theme_on_ink(), style.alpha, true};
	char name[sizeof(((struct draw *)0)->text)];
	assert((size_t)n <= strlen(text)); /* names of verdicts are ASCII */
	snprintf(name, sizeof(name), "%.*s", n, text);
	paint_ground(p, at, n, style.color, style.alpha);
	type_draw(&p->type, &p->canvas, at.x, at.y, name, word);
	n += text[n] == ':';
	type_draw(&p->type, &p->canvas, at.x + n * p->type.cw, at.y, text + n, style);
}

static void paint_text(struct paint *p, const struct sprite *s)
{
	const struct draw *d = s->now, *was = s->was ? s->was : d;
	double x = sprite_at(s, was->x, d->x), y = sprite_at(s, was->y, d->y);
	struct text_style style = {theme_ink(d->role, d->owner), s->alpha, d->bold};
	struct area at = cells(p, x, y, 1, 1);
	int n = text_width(d->text);
	double wash = theme_wash(d->role, n);
	if (d->badge) {
		paint_verdict(p, at, d->text, d->badge, style);
		return;
	}
	if (d->reverse) {
		paint_ground(p, at, n, style.color, s->alpha);
		style.color = theme_on_ink();
	} else if (wash > 0) {
		paint_ground(p, at, n, style.color, wash * s->alpha);
	}
	type_draw(&p->type, &p->canvas, at.x, at.y, d->text, style);
}

/* ---- links --------------------------------------------------------------- */

/*
 * Through the middles of its cells; where it begins or ends in the cell beside a panel, from or on
 * to the panel.
 */
static void link_path(const struct paint *p, const struct draw *d, struct path *path)
{
	struct spot corners[LINK_POINTS_MAX];
	int n = d->npoints;
	double to_panel = (0.5 + panel_inset) * p->type.cw;
	for (int i = 0; i < n; i++)
		corners[i] = cell_centre(p, d->points[i]);
	corners[0].x += d->from_edge * to_panel;
	corners[n - 1].x += d->to_edge * to_panel;
	path_make(path, corners, n, 2.2 * p->type.ch);
}

/* Text on a filled disc or pill whose middle is at `at`. */
static void paint_badge(struct paint *p, struct spot at, const char *text, rgb ink, double alpha)
{
	int n = text_width(text);
	double h = p->type.ch, w = n == 1 ? h : n * p->type.cw + 0.8 * h;
	struct area a = {at.x - w / 2, at.y - h / 2, w, h};
	fill(p, inset(a, -0.08 * h), h, theme_window(), alpha);
	fill(p, a, h / 2, ink, alpha);
	struct text_style style = {theme_on_ink(), alpha, true};
	type_draw(&p->type, &p->canvas, at.x - n * p->type.cw / 2.0, at.y - h / 2, text, style);
}

static void paint_link(struct paint *p, const struct sprite *s)
{
	const struct draw *d = s->now;
	struct path path, old;
	if (d->npoints < 1)
		return;
	link_path(p, d, &path);
	if (s->was && s->was->npoints > 0) {
		link_path(p, s->was, &old);
		path_blend(&path, &old, s->t);
	}
	rgb ink = theme_ink(d->role, d->owner);
	double unit = d->bold ? p->type.ch : faint * p->type.ch;
	curve_draw(&p->canvas, &path, d->link, unit, ink, theme_window(), s->alpha);
	if (*d->text)
		paint_badge(p, path_at(&path, 0.5), d->text, ink, s->alpha);
}

/* ---- the timeline -------------------------------------------------------- */

static void lay_diamond(struct canvas *c, struct spot at, double r)
{
	struct spot p[4] = {{at.x, at.y - r}, {at.x + r, at.y}, {at.x, at.y + r}, {at.x - r, at.y}};
	canvas_polygon(c, p, 4, LAY_ADD);
}

/* Where the cursor is, 0 … 1000; -1: the bar has none. */
static double cursor_of(const struct draw *d)
{
	for (int i = 0; i < d->nmarks; i++)
		if (d->marks[i].kind == 'c')
			return d->marks[i].at;
	return -1;
}

static void paint_mark(struct paint *p, struct spot at, char kind, double alpha)
{
	double h = p->type.ch;
	struct canvas *c = &p->canvas;
	if (kind == 'f') {
		const struct link_look *look = link_look(LINK_FOREIGN);
		paint_badge(p, at, look->mark, theme_ink(look->role, -1), alpha);
	} else if (kind == 's') {
		lay_diamond(c, at, 0.36 * h);
		canvas_ink(c, theme_window(), alpha);
		lay_diamond(c, at, 0.26 * h);
		canvas_ink(c, theme_ink(ROLE_NARRATION, -1), alpha);
	} else {
		canvas_disc(c, at, 0.40 * h, LAY_ADD);
		canvas_ink(c, theme_window(), alpha);
		canvas_disc(c, at, 0.32 * h, LAY_ADD);
		canvas_ink(c, theme_ink(ROLE_TITLE, -1), alpha);
	}
}

/* The bar's line. */
static struct area bar_area(const struct paint *p, const struct draw *d)
{
	return cells(p, d->x + 0.5, d->y + 0.42, d->w - 1, 0.16);
}

bool paint_on_bar(const struct paint *p, const struct grid *grid, struct spot at, double *share)
{
	for (size_t i = 0; i < grid->n; i++) {
		const struct draw *d = &grid->draws[i];
		struct area row = cells(p, d->x, d->y, d->w, 1), line = bar_area(p, d);
		if (d->kind != DRAW_BAR || at.x < row.x || at.x >= row.x + row.w || at.y < row.y ||
			at.y >= row.y + row.h)
			continue;
		*share = fmin(1, fmax(0, (at.x - line.x) / line.w));
		return true;
	}
	return false;
}

static void paint_bar(struct paint *p, const struct sprite *s)
{
	const struct draw *d = s->now;
	struct area a = bar_area(p, d);
	struct spot at = {a.x, a.y + a.h / 2};
	double cursor = cursor_of(d), was = s->was ? cursor_of(s->was) : -1;
	if (cursor >= 0 && was >= 0)
		cursor = sprite_at(s, was, cursor);
	fill(p, a, a.h / 2, theme_border(-1), s->alpha);
	if (cursor > 0)
		fill(p, (struct area){a.x, a.y, a.w * cursor / 1000, a.h}, a.h / 2,
			theme_ink(ROLE_DIM, -1), s->alpha);
	for (int i = 0; i < d->nmarks; i++) {
		at.x = a.x + a.w * d->marks[i].at / 1000;
		if (d->marks[i].kind != 'c')
			paint_mark(p, at, d->marks[i].kind, s->alpha);
	}
	at.x = a.x + a.w * cursor / 1000;
	if (cursor >= 0)
		paint_mark(p, at, 'c', s->alpha);
}

/* ---- all ----------------------------------------------------------------- */

void paint_frame(struct paint *p, const struct frame *f)
{
	canvas_clear(&p->canvas, theme_window());
	for (size_t i = 0; i < f->n; i++) {
		const struct sprite *s = &f->sprites[i];
		switch (s->now->kind) {
		case DRAW_BOX: paint_box(p, s); break;
		case DRAW_TEXT: paint_text(p, s); break;
		case DRAW_LINK: paint_link(p, s); break;
		case DRAW_BAR: paint_bar(p, s); break;
		}
	}
}

void paint_grid(struct paint *p, const struct grid *grid)
{
	struct frame f = {0};
	frame_between(&f, NULL, grid, 1);
	paint_frame(p, &f);
	frame_free(&f);
}
