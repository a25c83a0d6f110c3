/* SPDX-License-Identifier: MIT */
/*
 * A grid as pixels: its cells laid over a canvas, and every command painted there.
 * Panels have a strip with their title where the terminal has the frame's upper line.
 */
#ifndef VIEW_SDL_DRAW_H
#define VIEW_SDL_DRAW_H

#include "sdl_motion.h"
#include "sdl_text.h"

struct paint {
	struct canvas canvas;
	struct type type;
	int cols, rows; /* cells that fit, what grid_build wants to know */
	double x0, y0;  /* of the first cell */
};

/*
 * For a picture of w x h pixels with type of px; smaller type where GRID_MIN_COLS x
 * GRID_MIN_ROWS cells would not fit. False: err.
 */
bool paint_open(struct paint *p, int w, int h, double px, char *err, size_t nerr);
/* For a picture of so many cells. */
bool paint_open_cells(struct paint *p, int cols, int rows, double px, char *err, size_t nerr);
void paint_close(struct paint *p);

void paint_frame(struct paint *p, const struct frame *f);
/* Whether a pixel is on the timeline, and at which share 0 … 1 of its length. */
bool paint_on_bar(const struct paint *p, const struct grid *grid, struct spot at, double *share);
/* A grid at rest. */
void paint_grid(struct paint *p, const struct grid *grid);

#endif
