/* SPDX-License-Identifier: MIT */
#include "ansi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "term_theme.h"

/* Where the terminal is while a picture is sent. */
struct pen {
	int x, y; /* its cursor; -1: not known */
	struct term_style style;
	bool has_style;
};

static void put(struct ansi *a, const char *bytes)
{
	put_raw(&a->out, bytes, strlen(bytes));
}

/* The cursor is not to be seen, a full line is no reason to go on in the next; all is empty. */
static void clear(struct ansi *a, const struct cells *c)
{
	size_t n = (size_t)c->cols * c->rows;
	put(a, "\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J");
	a->cols = c->cols;
	a->rows = c->rows;
	a->sent = xrealloc(a->sent, n * sizeof *a->sent);
	for (size_t i = 0; i < n; i++)
		a->sent[i] = (struct cell){.utf8 = " ", .role = ROLE_TEXT, .owner = -1};
}

static void move_to(struct ansi *a, struct pen *p, int x, int y)
{
	char to[32];
	if (p->x == x && p->y == y)
		return;
	snprintf(to, sizeof to, "\x1b[%d;%dH", y + 1, x + 1);
	put(a, to);
	p->x = x;
	p->y = y;
}

static void set_style(struct ansi *a, struct pen *p, struct term_style s)
{
	char color[16] = "", to[48];
	if (p->has_style && p->style.hue == s.hue && p->style.attrs == s.attrs)
		return;
	if (s.hue != HUE_OWN)
		snprintf(color, sizeof color, ";38;5;%d", term_hues[s.hue].of_256);
	snprintf(to, sizeof to, "\x1b[0%s%s%s%sm", s.attrs & TERM_BOLD ? ";1" : "",
		s.attrs & TERM_UNDERLINE ? ";4" : "", s.attrs & TERM_REVERSE ? ";7" : "", color);
	put(a, to);
	p->style = s;
	p->has_style = true;
}

static bool is_same(const struct ansi *a, const struct cell *was, const struct cell *is)
{
	struct term_style x = term_style(was, a->colored), y = term_style(is, a->colored);
	return x.hue == y.hue && x.attrs == y.attrs && strcmp(was->utf8, is->utf8) == 0;
}

/* A glyph, which is sent where it was another. Returns how many cells it has. */
static int draw_glyph(struct ansi *a, struct pen *p, const struct cells *c, int x, int y)
{
	const struct cell *is = &c->at[y * c->cols + x], *was = &a->sent[y * c->cols + x];
	int cells = x + 1 < c->cols && !*is[1].utf8 ? 2 : 1;
	if (is_same(a, was, is))
		return cells;
	move_to(a, p, x, y);
	set_style(a, p, term_style(is, a->colored));
	put(a, is->utf8);
	p->x += cells;
	return cells;
}

void ansi_draw(struct ansi *a, const struct cells *c)
{
	struct pen p = {.x = -1, .y = -1};
	a->out.n = 0;
	if (a->cols != c->cols || a->rows != c->rows)
		clear(a, c);
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->cols;)
			x += draw_glyph(a, &p, c, x, y);
	memcpy(a->sent, c->at, (size_t)c->cols * c->rows * sizeof *c->at);
}

void ansi_free(struct ansi *a)
{
	free(a->sent);
	free(a->out.p);
	memset(a, 0, sizeof *a);
}
