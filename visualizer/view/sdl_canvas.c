/* SPDX-License-Identifier: MIT */
/* The canvas: coverage by signed distance to the figure's edge, a pixel wide. */
#include "sdl_canvas.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "model/xalloc.h"

bool canvas_open(struct canvas *c, int w, int h)
{
	memset(c, 0, sizeof(*c));
	c->surface = SDL_CreateRGBSurfaceWithFormat(0, w, h, 32, SDL_PIXELFORMAT_ARGB8888);
	if (!c->surface)
		return false;
	c->w = w;
	c->h = h;
	c->mask = xcalloc((size_t)w * (size_t)h, 1);
	return true;
}

void canvas_close(struct canvas *c)
{
	SDL_FreeSurface(c->surface);
	free(c->mask);
	memset(c, 0, sizeof(*c));
}

static uint32_t *pixel_row(struct canvas *c, int y)
{
	return (uint32_t *)((char *)c->surface->pixels + (size_t)y * (size_t)c->surface->pitch);
}

void canvas_clear(struct canvas *c, rgb color)
{
	assert(c->x0 >= c->x1); /* all that was laid is inked */
	SDL_FillRect(c->surface, NULL, 0xff000000 | color);
}

/* alpha 0 … 255 of color over what is there; always opaque. */
static void blend(uint32_t *px, rgb color, uint32_t alpha)
{
	uint32_t inverse = 255 - alpha, under = *px, mixed = 0;
	for (int shift = 0; shift < 24; shift += 8) {
		uint32_t v = (color >> shift & 0xff) * alpha + (under >> shift & 0xff) * inverse;
		mixed |= (v + 127) / 255 << shift;
	}
	*px = 0xff000000 | mixed;
}

/* ---- laying figures ------------------------------------------------------ */

struct extent {
	int x0, y0, x1, y1;
};

/*
 * The pixels that a figure within these bounds may touch, and that exist; they become
 * part of the dirty rectangle.
 */
static struct extent touch(struct canvas *c, double x0, double y0, double x1, double y1)
{
	struct extent e = {
		.x0 = (int)fmax(0, floor(x0 - 1)),
		.y0 = (int)fmax(0, floor(y0 - 1)),
		.x1 = (int)fmin(c->w, ceil(x1 + 1)),
		.y1 = (int)fmin(c->h, ceil(y1 + 1)),
	};
	if (e.x0 >= e.x1 || e.y0 >= e.y1)
		return (struct extent){0, 0, 0, 0};
	bool empty = c->x0 >= c->x1;
	c->x0 = empty ? e.x0 : SDL_min(c->x0, e.x0);
	c->y0 = empty ? e.y0 : SDL_min(c->y0, e.y0);
	c->x1 = empty ? e.x1 : SDL_max(c->x1, e.x1);
	c->y1 = empty ? e.y1 : SDL_max(c->y1, e.y1);
	assert(c->x0 >= 0 && c->y0 >= 0 && c->x1 <= c->w && c->y1 <= c->h);
	return e;
}

/* distance: from the figure's edge, negative within. */
static void lay_pixel(uint8_t *mask, double distance, enum lay lay)
{
	if (distance >= 0.5)
		return;
	uint8_t cover = distance <= -0.5 ? 255 : (uint8_t)((0.5 - distance) * 255 + 0.5);
	if (lay == LAY_ADD)
		*mask = SDL_max(*mask, cover);
	else
		*mask = SDL_min(*mask, 255 - cover);
}

/* Many pixels at one distance. */
static void lay_span(uint8_t *mask, int n, double distance, enum lay lay)
{
	if (distance <= -0.5)
		memset(mask, lay == LAY_ADD ? 255 : 0, (size_t)n);
	else
		for (int i = 0; i < n; i++)
			lay_pixel(mask + i, distance, lay);
}

/*
 * Pixels x0 to x1 of a row of a round figure. dy: how far the row is beyond where its
 * corner begins.
 */
static void lay_ends(
	uint8_t *row, int x0, int x1, struct area a, double radius, double dy, enum lay lay)
{
	double cx = a.x + a.w / 2, straight = a.w / 2 - radius;
	for (int x = x0; x < x1; x++) {
		double dx = fabs(x + 0.5 - cx) - straight;
		double d = dx > 0 && dy > 0 ? sqrt(dx * dx + dy * dy) : fmax(dx, dy);
		lay_pixel(row + x, d - radius, lay);
	}
}

/*
 * Between its corners a row is at one distance from the edge all along: most of a panel
 * is that.
 */
void canvas_round(struct canvas *c, struct area a, double radius, enum lay lay)
{
	struct extent e = touch(c, a.x, a.y, a.x + a.w, a.y + a.h);
	radius = fmin(radius, fmin(a.w, a.h) / 2);
	int from = SDL_clamp((int)ceil(a.x + radius + 1), e.x0, e.x1);
	int to = SDL_clamp((int)floor(a.x + a.w - radius - 1), from, e.x1);
	for (int y = e.y0; y < e.y1; y++) {
		uint8_t *row = c->mask + (size_t)y * (size_t)c->w;
		double dy = fabs(y + 0.5 - a.y - a.h / 2) - (a.h / 2 - radius);
		lay_ends(row, e.x0, from, a, radius, dy, lay);
		lay_span(row + from, to - from, fmax(-1, dy) - radius, lay);
		lay_ends(row, to, e.x1, a, radius, dy, lay);
	}
}

void canvas_disc(struct canvas *c, struct spot at, double radius, enum lay lay)
{
	canvas_round(c, (struct area){at.x - radius, at.y - radius, 2 * radius, 2 * radius}, radius,
		lay);
}

/* A line with round ends. */
void canvas_line(struct canvas *c, struct spot a, struct spot b, double width, enum lay lay)
{
	double r = width / 2, dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
	struct extent e = touch(
		c, fmin(a.x, b.x) - r, fmin(a.y, b.y) - r, fmax(a.x, b.x) + r, fmax(a.y, b.y) + r);
	for (int y = e.y0; y < e.y1; y++) {
		uint8_t *row = c->mask + (size_t)y * (size_t)c->w;
		for (int x = e.x0; x < e.x1; x++) {
			double px = x + 0.5 - a.x, py = y + 0.5 - a.y;
			double along = length2 > 0 ? (px * dx + py * dy) / length2 : 0;
			along = fmin(1, fmax(0, along));
			lay_pixel(row + x, hypot(px - along * dx, py - along * dy) - r, lay);
		}
	}
}

/*
 * How far a pixel lies outside the edge of a convex polygon that it is furthest outside
 * of.
 */
static double outside(const struct spot *p, int n, double x, double y)
{
	double worst = -1e9;
	for (int i = 0; i < n; i++) {
		const struct spot *a = &p[i], *b = &p[(i + 1) % n];
		double ex = b->x - a->x, ey = b->y - a->y, length = hypot(ex, ey);
		if (length > 0)
			worst = fmax(worst, ((x - a->x) * ey - (y - a->y) * ex) / length);
	}
	return worst;
}

void canvas_polygon(struct canvas *c, const struct spot *p, int n, enum lay lay)
{
	assert(n >= 3);
	double x0 = p[0].x, y0 = p[0].y, x1 = x0, y1 = y0;
	for (int i = 1; i < n; i++) {
		x0 = fmin(x0, p[i].x);
		y0 = fmin(y0, p[i].y);
		x1 = fmax(x1, p[i].x);
		y1 = fmax(y1, p[i].y);
	}
	struct extent e = touch(c, x0, y0, x1, y1);
	for (int y = e.y0; y < e.y1; y++) {
		uint8_t *row = c->mask + (size_t)y * (size_t)c->w;
		for (int x = e.x0; x < e.x1; x++)
			lay_pixel(row + x, outside(p, n, x + 0.5, y + 0.5), lay);
	}
}

/* ---- ink ----------------------------------------------------------------- */

void canvas_ink(struct canvas *c, rgb color, double alpha)
{
	uint32_t a = (uint32_t)lround(fmin(1, fmax(0, alpha)) * 255);
	for (int y = c->y0; y < c->y1; y++) {
		uint8_t *mask = c->mask + (size_t)y * (size_t)c->w;
		uint32_t *px = pixel_row(c, y);
		for (int x = c->x0; x < c->x1; x++) {
			uint32_t cover = (mask[x] * a + 127) / 255;
			if (cover == 255)
				px[x] = 0xff000000 | color;
			else if (cover)
				blend(px + x, color, cover);
		}
		memset(mask + c->x0, 0, (size_t)SDL_max(0, c->x1 - c->x0));
	}
	c->x0 = c->y0 = c->x1 = c->y1 = 0;
}

void canvas_stamp(
	struct canvas *c, int x, int y, const uint8_t *mask, int w, int h, rgb color, double alpha)
{
	uint32_t a = (uint32_t)lround(fmin(1, fmax(0, alpha)) * 255);
	for (int j = SDL_max(0, -y); j < h && y + j < c->h; j++) {
		uint32_t *px = pixel_row(c, y + j);
		for (int i = SDL_max(0, -x); i < w && x + i < c->w; i++) {
			uint32_t cover = (mask[j * w + i] * a + 127) / 255;
			if (cover)
				blend(px + x + i, color, cover);
		}
	}
}
