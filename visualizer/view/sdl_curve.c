/* SPDX-License-Identifier: MIT */
/*
 * Curves: corners made round, cut into equal pieces, and laid as lines, dashes and
 * arrowheads.
 */
#include "sdl_curve.h"

#include <assert.h>
#include <math.h>

#include "scene/look.h"

/* ---- paths --------------------------------------------------------------- */

enum {
	CORNERS_MAX = LINK_POINTS_MAX,
	BEND_PIECES = 24,
	RAW_MAX = (CORNERS_MAX + 1) * (BEND_PIECES + 1)
};

struct raw {
	int n;
	struct spot at[RAW_MAX];
};

static struct spot mix(struct spot a, struct spot b, double t)
{
	return (struct spot){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
}

static double distance(struct spot a, struct spot b)
{
	return hypot(b.x - a.x, b.y - a.y);
}

static struct spot towards(struct spot from, struct spot to, double by)
{
	double d = distance(from, to);
	return d > 0 ? mix(from, to, fmin(1, by / d)) : from;
}

/* A cubic Bezier curve, without its first point. */
static void bend(struct raw *r, struct spot a, struct spot b, struct spot c, struct spot d)
{
	assert(r->n + BEND_PIECES <= RAW_MAX);
	for (int i = 1; i <= BEND_PIECES; i++) {
		double t = (double)i / BEND_PIECES;
		struct spot ab = mix(a, b, t), bc = mix(b, c, t), cd = mix(c, d, t);
		r->at[r->n++] = mix(mix(ab, bc, t), mix(bc, cd, t), t);
	}
}

/*
 * Two points: leave and arrive level, or bow out to the right where one is above the
 * other.
 */
static void lone_bend(struct raw *r, struct spot a, struct spot b, double radius)
{
	double pull = fmax(fabs(b.x - a.x) / 2, radius);
	if (fabs(b.x - a.x) < radius)
		bend(r, a, (struct spot){a.x + pull, a.y}, (struct spot){b.x + pull, b.y}, b);
	else if (b.x > a.x)
		bend(r, a, (struct spot){a.x + pull, a.y}, (struct spot){b.x - pull, b.y}, b);
	else
		bend(r, a, (struct spot){a.x - pull, a.y}, (struct spot){b.x + pull, b.y}, b);
}

/*
 * A corner is left out at most up to the middle between it and the next, so bends never
 * overlap.
 */
static void round_corners(struct raw *r, const struct spot *p, int n, double radius)
{
	for (int i = 1; i < n - 1; i++) {
		double before = distance(p[i - 1], p[i]) / (i == 1 ? 1 : 2);
		double after = distance(p[i], p[i + 1]) / (i == n - 2 ? 1 : 2);
		struct spot in = towards(p[i], p[i - 1], fmin(radius, before));
		struct spot out = towards(p[i], p[i + 1], fmin(radius, after));
		r->at[r->n++] = in;
		bend(r, in, mix(in, p[i], 0.6), mix(out, p[i], 0.6), out);
	}
	r->at[r->n++] = p[n - 1];
}

/* The same line as PATH_POINTS points at equal distances. */
static void resample(struct path *p, const struct raw *r)
{
	double length = 0, done = 0;
	for (int i = 1; i < r->n; i++)
		length += distance(r->at[i - 1], r->at[i]);
	p->n = PATH_POINTS;
	p->step = length / (PATH_POINTS - 1);
	for (int i = 0, piece = 1; i < PATH_POINTS; i++) {
		double want = p->step * i, d = 0;
		for (; piece < r->n; piece++, done += d) {
			d = distance(r->at[piece - 1], r->at[piece]);
			if (done + d >= want || piece == r->n - 1)
				break;
		}
		p->at[i] =
			mix(r->at[piece - 1], r->at[piece], d > 0 ? fmin(1, (want - done) / d) : 0);
	}
}

void path_make(struct path *p, const struct spot *corners, int n, double radius)
{
	assert(n >= 1 && n <= CORNERS_MAX);
	struct raw r = {.n = 1, .at = {corners[0]}};
	p->n = 1;
	p->step = 0;
	p->at[0] = corners[0];
	if (n < 2)
		return;
	if (n == 2)
		lone_bend(&r, corners[0], corners[1], radius);
	else
		round_corners(&r, corners, n, radius);
	resample(p, &r);
}

void path_blend(struct path *p, const struct path *was, double t)
{
	assert(was->n == 1 || was->n >= p->n);
	for (int i = 0; i < p->n; i++)
		p->at[i] = mix(was->at[was->n == 1 ? 0 : i], p->at[i], t);
	p->step += (was->step - p->step) * (1 - t);
}

struct spot path_at(const struct path *p, double share)
{
	double place = fmin(1, fmax(0, share)) * (p->n - 1);
	int i = (int)place;
	return i >= p->n - 1 ? p->at[p->n - 1] : mix(p->at[i], p->at[i + 1], place - i);
}

/* ---- what a link looks like ---------------------------------------------- */

/* Lengths in heights of a row. */
struct look {
	double width;   /* of the line */
	double on, off; /* dashes and gaps; off 0: unbroken */
	double gap;     /* cut out of the middle: two lines; 0: one */
};

static const struct look looks[LINK_COUNT] = {
	[LINK_CALL] = {0.08, 0, 0, 0},
	[LINK_TOP] = {0.08, 0, 0, 0},
	[LINK_SYSTEMSTACK] = {0.12, 0, 0, 0},
	[LINK_OWN] = {0.22, 0, 0, 0.09},
	[LINK_IDLE] = {0.12, 0.02, 0.26, 0},
	[LINK_FOREIGN] = {0.17, 0, 0, 0},
	[LINK_FREED] = {0.14, 0.50, 0.28, 0},
	[LINK_CYCLE] = {0.12, 0.80, 0.24, 0},
	[LINK_WILD] = {0.14, 0.16, 0.28, 0},
};

/* Lay the piece of a path between two distances from its start. */
static void lay_piece(
	struct canvas *c, const struct path *p, double from, double to, double width, enum lay lay)
{
	double length = p->step * (p->n - 1);
	if (length <= 0 || to <= from)
		return;
	struct spot last = path_at(p, from / length);
	for (int i = (int)(from / p->step) + 1; i < p->n && i * p->step < to; i++) {
		canvas_line(c, last, p->at[i], width, lay);
		last = p->at[i];
	}
	canvas_line(c, last, path_at(p, to / length), width, lay);
}

static void lay_line(
	struct canvas *c, const struct path *p, const struct look *l, double unit, double end)
{
	if (l->off == 0)
		lay_piece(c, p, 0, end, l->width * unit, LAY_ADD);
	else
		for (double s = 0; s < end; s += (l->on + l->off) * unit)
			lay_piece(c, p, s, fmin(end, s + l->on * unit), l->width * unit, LAY_ADD);
	if (l->gap > 0)
		lay_piece(c, p, 0, end, l->gap * unit, LAY_CUT);
}

/* A triangle with its tip at `tip`; by: how far its edges are moved inwards. */
static void lay_triangle(
	struct canvas *c, struct spot tip, struct spot dir, double length, double by, enum lay lay)
{
	double half = length * 0.42 - 1.35 * by;
	struct spot front = {tip.x - dir.x * 2.6 * by, tip.y - dir.y * 2.6 * by};
	struct spot back = {tip.x - dir.x * (length - by), tip.y - dir.y * (length - by)};
	struct spot p[3] = {
		front,
		{back.x - dir.y * half, back.y + dir.x * half},
		{back.x + dir.y * half, back.y - dir.x * half},
	};
	canvas_polygon(c, p, 3, lay);
}

static double head_length(enum link_head head, const struct look *l, double unit)
{
	return head == HEAD_DOT ? 0 : unit * (0.34 + 1.5 * l->width);
}

static void lay_head(struct canvas *c, const struct path *p, enum link_head head,
	const struct look *l, double unit)
{
	struct spot tip = p->at[p->n - 1];
	if (head == HEAD_DOT) {
		canvas_disc(c, tip, 0.20 * unit, LAY_ADD);
		return;
	}
	double length = head_length(head, l, unit), whole = p->step * (p->n - 1);
	struct spot base = path_at(p, whole > 0 ? 1 - length / whole : 0);
	double d = distance(base, tip);
	struct spot dir = d > 0 ? (struct spot){(tip.x - base.x) / d, (tip.y - base.y) / d}
				: (struct spot){1, 0};
	lay_triangle(c, tip, dir, length, 0, LAY_ADD);
	if (head == HEAD_HOLLOW)
		lay_triangle(c, tip, dir, length, 0.08 * unit, LAY_CUT);
}

void curve_draw(struct canvas *c, const struct path *p, enum link link, double unit, rgb ink,
	rgb halo, double alpha)
{
	const struct look *l = &looks[link];
	enum link_head head = link_look(link)->head;
	double end = p->step * (p->n - 1) - head_length(head, l, unit) * 0.85;
	if (p->n > 1) {
		lay_piece(c, p, 0, end, (l->width + 0.16) * unit, LAY_ADD);
		canvas_ink(c, halo, 0.75 * alpha);
		lay_line(c, p, l, unit, end);
	}
	lay_head(c, p, head, l, unit);
	canvas_ink(c, ink, alpha);
}
