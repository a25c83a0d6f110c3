/* SPDX-License-Identifier: MIT */
/*
 * Draw commands, made: each is clipped to the screen, so that nobody who lays out has to.
 */
#ifndef GRID_DRAW_H
#define GRID_DRAW_H

#include "model/text.h"
#include "grid.h"

struct rect {
	int x, y, w, h;
};

/*
 * Text from x on, as it is shown (model/text.h), at most w cells of it; "…" ends what did not fit.
 * Returns the cell after it.
 */
int draw_text(
	struct grid *grid, struct thing_id id, struct rect at, struct style st, const char *text);
int draw_textf(struct grid *grid, struct thing_id id, struct rect at, struct style st,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void draw_box(
	struct grid *grid, struct thing_id id, struct rect at, struct style st, const char *title);
/* The way of an arrow; edges as in struct draw. */
struct route {
	int n;
	struct point at[LINK_POINTS_MAX];
	int8_t from_edge, to_edge;
};
/* An arrow; its kind says how it looks, the mark stands on it. */
void draw_link(struct grid *grid, struct thing_id id, enum link link, const struct route *way,
	struct style st, const char *mark);
void draw_bar(
	struct grid *grid, struct thing_id id, struct rect at, const struct bar_mark *marks, int n);

/* One row of a rectangle, from a column on. */
struct rect rect_row(struct rect r, int row, int from);

#endif
