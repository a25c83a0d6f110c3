/* SPDX-License-Identifier: MIT */
/*
 * Draw commands, made: each is clipped to the screen, so that nobody who lays out has to.
 */
#ifndef SCENE_DRAW_H
#define SCENE_DRAW_H

#include "look.h"
#include "model/text.h"
#include "scene.h"

struct rect {
	int x, y, w, h;
};

struct style {
	enum role role;
	int8_t owner;
	bool bold, reverse;
};

#define STYLE(r) ((struct style){.role = (r), .owner = -1})
#define BOLD(r) ((struct style){.role = (r), .owner = -1, .bold = true})

/* What a command shows; with up to two numbers more it makes the id. */
enum tag {
	TAG_TITLE,
	TAG_TITLE_RIGHT,
	TAG_M,
	TAG_DAMAGE,
	TAG_STACK,
	TAG_MARK,
	TAG_ADDR,
	TAG_VALUE,
	TAG_LABEL,
	TAG_REGISTER,
	TAG_GAP,
	TAG_NOTE,
	TAG_LIST,
	TAG_LINK,
	TAG_GOBUF_LINK,
	TAG_LEGEND,
	TAG_REPORT,
	TAG_TRUTH,
	TAG_VERDICT,
	TAG_CODE,
	TAG_REGS,
	TAG_STEP,
	TAG_NARRATION,
	TAG_BAR,
	TAG_KEYS,
	TAG_PAGE,
};
uint32_t draw_id(enum tag tag, uint64_t a, uint64_t b);

/*
 * Text from x on, as it is shown (model/text.h), at most w cells of it; "…" ends what did not fit.
 * Returns the cell after it.
 */
int draw_text(struct scene *sc, uint32_t id, struct rect at, struct style st, const char *text);
int draw_textf(struct scene *sc, uint32_t id, struct rect at, struct style st, const char *format,
	...) __attribute__((format(printf, 5, 6)));
void draw_box(struct scene *sc, uint32_t id, struct rect at, struct style st, const char *title);
/* An arrow along points, as its kind looks. dim: it is not what is looked at. */
void draw_link(
	struct scene *sc, uint32_t id, enum link link, const struct point *p, int n, bool dim);
void draw_bar(struct scene *sc, uint32_t id, struct rect at, const struct mark *marks, int n);

/* One row of a rectangle, from a column on. */
struct rect rect_row(struct rect r, int row, int from);

/* Append to what buf holds already; "…" ends what did not fit. */
void append(char *buf, size_t n, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
