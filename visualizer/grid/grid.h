/* SPDX-License-Identifier: MIT */
/*
 * The scene on a screen of a size: one list of draw commands in character cells. Backends draw the
 * list and add no fact: what the terminal knows, the window and the text view know.
 *
 * Text is UTF-8 as model/text.h shows it: whoever draws may send it to a terminal, each glyph to as
 * many cells as that says; a backend that cannot show one replaces it late (cells.c). Positions are
 * stable from step to step, and every command has the id of the thing it shows, so that a
 * backend may move it from where it was.
 */
#ifndef GRID_GRID_H
#define GRID_GRID_H

#include "scene/thing.h"

enum draw_kind {
	DRAW_BOX,  /* a frame x, y, w, h with text as its title */
	DRAW_TEXT, /* text at x, y; w is its width in cells */
	DRAW_LINK, /* an arrow along points; link says its kind; text is its label, "" none */
	DRAW_BAR,  /* the timeline: x, y, w; marks in 0..1000 */
};

struct point {
	int16_t x, y;
};
enum { LINK_POINTS_MAX = 6, BAR_MARKS_MAX = 48, DRAW_TEXT_MAX = 512 };

struct bar_mark {
	int16_t at; /* 0 … 1000 along the bar */
	char kind;  /* 'c' the cursor, 's' a lesson's stop reached, 'f' the first foreign link */
};

struct draw {
	enum draw_kind kind;
	struct thing_id id;
	int16_t x, y, w, h;
	enum role role;
	int16_t owner; /* M id, for ROLE_OWNER and boxes; -1 */
	bool bold, reverse;
	uint8_t badge; /* cells at the start of a text that are a verdict's name */
	enum link link;
	/* A link begins, ends in the cell left of a box: 1; right of one: -1; neither: 0 */
	int8_t from_edge, to_edge;
	uint8_t npoints, nmarks;
	struct point points[LINK_POINTS_MAX];
	struct bar_mark marks[BAR_MARKS_MAX];
	char text[DRAW_TEXT_MAX];
};

struct grid {
	int cols, rows;
	size_t n, cap;
	struct draw *draws;
};

enum { GRID_MIN_COLS = 80, GRID_MIN_ROWS = 24 };

/*
 * Lay a scene out on a screen of cols x rows. Below the minimum it is a sentence that says so. grid
 * is zeroed before the first time, and used again after that; it points to nothing of the scene.
 */
void grid_build(struct grid *grid, const struct scene *sc, int cols, int rows);
void grid_free(struct grid *grid);
/* While the session is not to be looked at: the last line of what was drawn says this instead. */
void grid_meanwhile(struct grid *grid, const char *words);
/*
 * Rows at which the picture shows all there is to show, for a page of text of a reasonable
 * length.
 */
int grid_rows_wanted(const struct scene *sc);

#endif
