/* SPDX-License-Identifier: MIT */
/*
 * A canvas of pixels in memory, and smooth shapes on it.
 *
 * Shapes are laid into a mask of coverage first, added to it or cut out of it, and then
 * inked all at once: overlapping pieces of one figure (the joints of a curve, its
 * arrowhead) do not darken each other when it is half transparent.
 *
 * Why not SDL's renderer: its software version, which is what runs without a display,
 * puts vertices on whole pixels and has no antialiasing, and a picture must come out the
 * same with and without a graphics card. The window shows the canvas as one texture.
 */
#ifndef VIEW_SDL_CANVAS_H
#define VIEW_SDL_CANVAS_H

#include <SDL.h>

#include "sdl_theme.h"

/* In pixels, y down; a pixel's centre is at .5. */
struct spot {
	double x, y;
};

struct area {
	double x, y, w, h;
};

enum lay { LAY_ADD, LAY_CUT };

struct canvas {
	SDL_Surface *surface;
	int w, h;
	uint8_t *mask;      /* w * h; all 0 outside the dirty rectangle */
	int x0, y0, x1, y1; /* the dirty rectangle; empty: x0 >= x1 */
};

/* False: SDL_GetError() says why. */
bool canvas_open(struct canvas *c, int w, int h);
void canvas_close(struct canvas *c);
void canvas_clear(struct canvas *c, rgb color);

/* Lay a figure into the mask. Polygons are convex, their points clockwise on the screen. */
void canvas_round(struct canvas *c, struct area a, double radius, enum lay lay);
void canvas_disc(struct canvas *c, struct spot at, double radius, enum lay lay);
void canvas_line(struct canvas *c, struct spot a, struct spot b, double width, enum lay lay);
void canvas_polygon(struct canvas *c, const struct spot *p, int n, enum lay lay);
/* Ink what was laid, and begin with an empty mask. */
void canvas_ink(struct canvas *c, rgb color, double alpha);

/* A ready mask, such as a glyph, at whole pixels. */
void canvas_stamp(
	struct canvas *c, int x, int y, const uint8_t *mask, int w, int h, rgb color, double alpha);

#endif
