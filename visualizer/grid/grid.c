/* SPDX-License-Identifier: MIT */
/*
 * A scene in character cells. Data flows one way:
 *
 *   things ─▶ layout ────▶ parts ──────────────▶ draw commands ─▶ cells, curses, pixels
 *             what goes    boxes, arrows,        clipped,
 *             where        report, narration     with ids
 *
 * Each grid is built whole: nothing is kept between two of them, so going back, jumping and
 * resizing need no care. What makes them calm to look at is that the layout does not depend on the
 * step (layout.c), words are counted from the top of their stack (window.c), arrows have fixed
 * lanes (arrows.c), and every command's id is that of the thing it shows.
 *
 * Commands lie on each other in order: boxes and words, then arrows, the focused M's last.
 */
#include "grid.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"

static void draw_picture(struct grid *grid, const struct scene *sc)
{
	struct picture p = {.grid = grid, .sc = sc};
	/* What no picture is without, and the parts do not ask about. */
	assert(thing_next(sc, TAG_TITLE, 0) >= 0 && thing_next(sc, TAG_TITLE_RIGHT, 0) >= 0);
	assert(thing_next(sc, TAG_STEP, 0) >= 0 && thing_next(sc, TAG_BAR, 0) >= 0);
	layout_screen(&p.l, sc, grid->cols, grid->rows);
	p.places = layout_places(&p.l, sc, &p.nplaces);
	draw_header(&p);
	draw_boxes(&p);
	draw_list(&p);
	draw_arrows(&p);
	draw_report(&p);
	draw_code(&p);
	draw_narration(&p);
	draw_keys(grid, sc, p.l.npanes == 1);
	free(p.places);
}

void grid_build(struct grid *grid, const struct scene *sc, int cols, int rows)
{
	grid->n = 0;
	grid->cols = cols;
	grid->rows = rows;
	if (cols < GRID_MIN_COLS || rows < GRID_MIN_ROWS)
		draw_too_small(grid);
	else if (page_is_lines(sc->at.page))
		draw_lines(grid, sc);
	else if (sc->at.page == PAGE_OUTPUT) {
		draw_output(grid, sc);
		draw_keys(grid, sc, false);
	} else {
		draw_picture(grid, sc);
	}
}

int grid_rows_wanted(const struct scene *sc)
{
	int most = 12;
	for (int i = thing_next(sc, TAG_STACK, 0); i >= 0; i = thing_next(sc, TAG_STACK, i + 1)) {
		int rows = window_wanted(sc, i);
		if (!(sc->things[i].is & IS_DEAD) && rows > most)
			most = rows;
	}
	/* What is not stacks takes 21 rows of a screen of 34 to 49. */
	return most + 21 < 34 ? 34 : most + 21 > 49 ? 49 : most + 21;
}

void grid_free(struct grid *grid)
{
	free(grid->draws);
	memset(grid, 0, sizeof *grid);
}
