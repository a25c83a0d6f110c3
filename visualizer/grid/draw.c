/* SPDX-License-Identifier: MIT */
/*
 * Draw commands, made and clipped. See draw.h.
 */
#include "draw.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/xalloc.h"

static struct draw *next_draw(
	struct grid *grid, enum draw_kind kind, struct thing_id id, struct style st)
{
	grid->draws = xgrow(grid->draws, &grid->cap, grid->n + 1, sizeof *grid->draws);
	struct draw *d = &grid->draws[grid->n++];
	memset(d, 0, sizeof *d);
	d->kind = kind;
	d->id = id;
	d->role = st.role;
	d->owner = st.owner;
	d->bold = st.bold;
	d->reverse = st.reverse;
	d->badge = st.badge;
	return d;
}

/* Copy as much of the text, as it is shown, as w cells and the command's buffer hold. */
static int fit(char *to, size_t n, const char *text, int w)
{
	static const char dots[] = "…";
	struct glyph g;
	size_t used = 0, cut = 0, bytes;
	int cells = 0, cut_cells = 0;
	for (; *text && (bytes = glyph_next(text, strnlen(text, GLYPH_MAX), &g)); text += bytes) {
		size_t len = strlen(g.utf8);
		if (cells < w && used + sizeof dots <= n) {
			cut = used;
			cut_cells = cells;
		}
		if (cells + g.cells > w || used + len >= n) {
			strcpy(to + cut, dots);
			return cut_cells + 1;
		}
		memcpy(to + used, g.utf8, len);
		used += len;
		cells += g.cells;
	}
	to[used] = '\0';
	return cells;
}

int draw_text(
	struct grid *grid, struct thing_id id, struct rect at, struct style st, const char *text)
{
	int w = at.x + at.w > grid->cols ? grid->cols - at.x : at.w;
	if (at.x < 0 || at.y < 0 || at.y >= grid->rows || at.h < 1 || w < 1 || !*text)
		return at.x;
	struct draw *d = next_draw(grid, DRAW_TEXT, id, st);
	d->x = at.x;
	d->y = at.y;
	d->h = 1;
	d->w = fit(d->text, sizeof d->text, text, w);
	assert(d->w <= w);
	/* Of a name that is cut, what comes before the dots. */
	if (d->badge >= d->w && text_width(text) > d->w)
		d->badge = d->w - 1;
	return at.x + d->w;
}

int draw_textf(struct grid *grid, struct thing_id id, struct rect at, struct style st,
	const char *format, ...)
{
	char text[2 * DRAW_TEXT_MAX] = "";
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	return draw_text(grid, id, at, st, text);
}

void draw_box(
	struct grid *grid, struct thing_id id, struct rect at, struct style st, const char *title)
{
	if (at.w < 2 || at.h < 2 || at.x < 0 || at.y < 0 || at.x + at.w > grid->cols ||
		at.y + at.h > grid->rows)
		return;
	struct draw *d = next_draw(grid, DRAW_BOX, id, st);
	d->x = at.x;
	d->y = at.y;
	d->w = at.w;
	d->h = at.h;
	fit(d->text, sizeof d->text, title, at.w - 4);
}

void draw_link(struct grid *grid, struct thing_id id, enum link link, const struct route *way,
	struct style st, const char *mark)
{
	assert(way->n >= 2 && way->n <= LINK_POINTS_MAX);
	for (int i = 0; i < way->n; i++) {
		struct point at = way->at[i];
		if (at.x < 0 || at.y < 0 || at.x >= grid->cols || at.y >= grid->rows)
			return;
	}
	struct draw *d = next_draw(grid, DRAW_LINK, id, st);
	d->link = link;
	d->npoints = way->n;
	d->from_edge = way->from_edge;
	d->to_edge = way->to_edge;
	memcpy(d->points, way->at, way->n * sizeof *way->at);
	snprintf(d->text, sizeof d->text, "%s", mark);
}

void draw_bar(
	struct grid *grid, struct thing_id id, struct rect at, const struct bar_mark *marks, int n)
{
	if (at.w < 3 || at.h < 1 || at.x < 0 || at.y < 0 || at.x + at.w > grid->cols ||
		at.y >= grid->rows)
		return;
	struct draw *d = next_draw(grid, DRAW_BAR, id, STYLE(ROLE_FRAME));
	d->x = at.x;
	d->y = at.y;
	d->w = at.w;
	d->h = 1;
	d->nmarks = n < BAR_MARKS_MAX ? n : BAR_MARKS_MAX;
	memcpy(d->marks, marks, d->nmarks * sizeof *marks);
}

struct rect rect_row(struct rect r, int row, int from)
{
	if (row >= r.h || from >= r.w)
		return (struct rect){r.x, r.y, 0, 0};
	return (struct rect){r.x + from, r.y + row, r.w - from, 1};
}
