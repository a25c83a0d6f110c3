/* SPDX-License-Identifier: MIT */
/*
 * A grid drawn into character cells: what the text view prints and the terminal shows.
 */
#ifndef VIEW_CELLS_H
#define VIEW_CELLS_H

#include "model/text.h"
#include "grid/grid.h"

struct cell {
	char utf8[GLYPH_MAX]; /* "": the second half of the glyph before */
	uint8_t role;
	int16_t owner;
	bool bold, reverse;
};

struct cells {
	int cols, rows;
	struct cell *at; /* cols * rows, row by row */
};

/* ascii: replace every character outside ASCII by one that says the same (model/ascii.c). */
void cells_draw(struct cells *c, const struct grid *grid, bool ascii);
void cells_free(struct cells *c);
/* Without trailing blanks, a line a row; caller frees. */
char *cells_text(const struct cells *c);

#endif
