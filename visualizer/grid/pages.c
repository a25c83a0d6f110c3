/* SPDX-License-Identifier: MIT */
/*
 * The pages that are not the picture: lines to be read, what the program has written, and the
 * sentence for a screen that is too small.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "picture.h"
#include "scene/prose.h"

enum { TERM_W = 18 };

/* The lines of a page, and which of them are headings. */
struct page_lines {
	struct prose prose;
	size_t cap;
	bool *heading;
};

static void add_entry(struct page_lines *out, const struct scene *sc, const struct thing *t, int w)
{
	bool heading = t->is & IS_HEADING;
	const struct text *whole = thing_text(sc, t, PAGE_LINE);
	size_t from = out->prose.n;
	/* Two empty lines between sections. */
	if (heading && from)
		prose_add(&out->prose, "\n ", w, 0);
	size_t words = out->prose.n;
	if (whole) {
		prose_wrap(&out->prose, whole->words[IN_FULL], w, 0);
	} else {
		char *line =
			xasprintf("%-*s%s", TERM_W, thing_text(sc, t, PAGE_TERM)->words[IN_FULL],
				thing_text(sc, t, PAGE_WORDS)->words[IN_FULL]);
		prose_wrap(&out->prose, line, w, TERM_W);
		free(line);
	}
	out->heading = xgrow(out->heading, &out->cap, out->prose.n, sizeof *out->heading);
	for (size_t i = from; i < out->prose.n; i++)
		out->heading[i] = heading && i >= words;
}

void draw_lines(struct grid *grid, const struct scene *sc)
{
	int across = grid->cols >= 150 ? 2 : 1, w = (grid->cols - 2) / across - 2,
	    h = grid->rows - 1;
	struct page_lines lines = {0};
	for (int i = thing_next(sc, TAG_PAGE, 0); i >= 0; i = thing_next(sc, TAG_PAGE, i + 1))
		add_entry(&lines, sc, &sc->things[i], w);
	int n = (int)lines.prose.n, room = across * h, pages = (n + room - 1) / room;
	int page = sc->at.help_page % pages;
	for (int i = 0; i < room && page * room + i < n; i++) {
		int line = page * room + i;
		struct rect at = {1 + i / h * (w + 2), i % h, w, 1};
		draw_text(grid, thing_numbered(TAG_PAGE, line, 0), at,
			lines.heading[line] ? BOLD(ROLE_TITLE) : STYLE(ROLE_TEXT),
			lines.prose.line[line]);
	}
	if (thing_next(sc, TAG_KEYS, 0) >= 0)
		draw_keys(grid, sc, false);
	else
		draw_textf(grid, thing_numbered(TAG_KEYS, 0, 0),
			(struct rect){1, grid->rows - 1, grid->cols - 2, 1}, BOLD(ROLE_KEY),
			"page %d of %d · Space: the next page · %s", page + 1, pages,
			sc->at.page == PAGE_TWIN ? "keys go along as ever; Escape closes this"
						 : "any other key closes this");
	prose_free(&lines.prose);
	free(lines.heading);
}

/* The last lines that fit. */
void draw_output(struct grid *grid, const struct scene *sc)
{
	int h = grid->rows - 3, w = grid->cols - 2, row = 0;
	int skip = thing_count(sc, TAG_PAGE, 0) - 1 - h;
	for (int i = thing_next(sc, TAG_PAGE, 0); i >= 0; i = thing_next(sc, TAG_PAGE, i + 1)) {
		const struct thing *t = &sc->things[i];
		const struct text *line = thing_text(sc, t, PAGE_LINE);
		struct rect at = {1, 0, w, 1};
		if (!(t->is & IS_HEADING) && skip-- > 0)
			continue;
		if (!(t->is & IS_HEADING))
			at.y = 2 + row++;
		draw_text(grid, t->id, at, line->style, line->words[IN_FULL]);
	}
}

void draw_too_small(struct grid *grid)
{
	char words[128];
	struct prose lines = {0};
	snprintf(words, sizeof words,
		"g0scope needs %dx%d characters; this screen has %dx%d. Make it larger; q quits.",
		GRID_MIN_COLS, GRID_MIN_ROWS, grid->cols, grid->rows);
	prose_add(&lines, words, grid->cols > 8 ? grid->cols : 8, 0);
	for (size_t i = 0; i < lines.n; i++)
		draw_text(grid, thing_numbered(TAG_PAGE, i, 3), (struct rect){0, i, grid->cols, 1},
			STYLE(ROLE_ERROR), lines.line[i]);
	prose_free(&lines);
}
