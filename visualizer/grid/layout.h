/* SPDX-License-Identifier: MIT */
/*
 * Where things go on a screen of a given size, and which stacks get a box. Depends on the Ms
 * and Gs that there are and on the size, so that things stay where they are from step to
 * step.
 */
#ifndef GRID_LAYOUT_H
#define GRID_LAYOUT_H

#include "draw.h"
#include "scene/thing.h"

enum { ROWS_MAX = 128 };

enum row_kind { ROW_WORD, ROW_GAP, ROW_NOTE };

/* One line of a stack's window. */
struct row {
	enum row_kind kind;
	int word; /* its thing; GAP: that of the first word left out */
	int exit; /* the column where an arrow may leave the line */
};

/* A stack's place: a box with a window onto its words, or a line in the list beside them. */
struct place {
	int stack; /* its thing */
	int col;   /* of the boxes; layout.ncols: in the list */
	bool box;
	struct rect at;
	int exit;       /* as in struct row, for the line of the frame-pointer register */
	int nrows, top; /* the window's lines; the first one's y */
	struct row rows[ROWS_MAX];
};

/*
 * Which part of the picture fills the middle; Tab goes through those that a screen of this size
 * needs, of PANE_STACKS as many as have all stacks.
 */
enum pane { PANE_MAIN, PANE_STACKS, PANE_LESSON, PANE_CODE, PANE_LISTS, PANE_REPORT };

/* Parts with h == 0 are not shown. */
struct layout {
	struct rect title, ms, damage, stacks, list, legend, report, truth, verdict, code, regs,
		step, narration;
	struct rect bar, keys;
	int ncols, nrows; /* of boxes */
	int box_w, gutter, margin;
	bool channel; /* one row above the boxes for arrows to pass */
	int npanes;
	enum pane pane;
	int before_g0s, before_gs; /* stacks that have a box on a pane before this one */
};

void layout_screen(struct layout *l, const struct scene *sc, int cols, int rows);

/* Give each stack its place; *n of them, to be freed. */
struct place *layout_places(const struct layout *l, const struct scene *sc, int *n);

/* window.c: which words a box shows. */
void window_choose(struct place *p, const struct scene *sc);
/* How many lines a stack would fill if all its live words were shown. */
int window_wanted(const struct scene *sc, int stack);

#endif
