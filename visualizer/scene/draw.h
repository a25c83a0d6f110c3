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
	uint8_t badge;
};

#define STYLE(r) ((struct style){.role = (r), .owner = -1})
#define BOLD(r) ((struct style){.role = (r), .owner = -1, .bold = true})

/* What a command shows, as thing_id has it. The comments say what else makes the id. */
enum tag {
	TAG_TITLE,
	TAG_TITLE_RIGHT,
	TAG_M, /* an M */
	TAG_DAMAGE,
	TAG_STACK,    /* a stack's upper end, as a box */
	TAG_LISTED,   /* the same, as a line of the list */
	TAG_LEFT,     /* the same: what is said where no register is */
	TAG_REGISTER, /* an M: its frame pointer */
	TAG_GOBUF,    /* a G: its gobuf.bp */
	TAG_MARK,     /* an M */
	TAG_WORD,     /* a word */
	TAG_GAP,      /* the first word left out */
	TAG_LIST,
	TAG_QUEUE, /* a P */
	TAG_QUEUE_GLOBAL,
	TAG_LINK,       /* the M it is judged for, and the word it starts from; 0: the register */
	TAG_GOBUF_LINK, /* the G, and the word; 0: gobuf.bp */
	TAG_LEGEND,
	TAG_REPORT,  /* an M, and the record's word; 0: where the M is */
	TAG_TRUTH,   /* an M, and the frame's CFA */
	TAG_VERDICT, /* an M */
	TAG_CODE,
	TAG_REGS, /* an M */
	TAG_STEP,
	TAG_NARRATION,
	TAG_BAR,
	TAG_KEYS,
	TAG_PAGE,
};

/* Parts of what more than one command shows. */
enum { WORD_ADDRESS, WORD_VALUE, WORD_LABEL, WORD_NOTE };
enum { REPORT_FRAME, REPORT_ENTERED, REPORT_TITLE, REPORT_GAP, REPORT_REST };
enum { TRUTH_FRAME, TRUTH_ROOT, TRUTH_TITLE, TRUTH_REST, TRUTH_GAVE_UP };

/* The id of what is no thing of the program's: a line of text, a key. */
struct thing_id draw_id(enum tag tag, uint64_t number, unsigned part);
/* Of what is an M's, P's or G's. */
struct thing_id draw_id_of(enum tag tag, int id, unsigned part);

/*
 * Text from x on, as it is shown (model/text.h), at most w cells of it; "…" ends what did not fit.
 * Returns the cell after it.
 */
int draw_text(
	struct scene *sc, struct thing_id id, struct rect at, struct style st, const char *text);
int draw_textf(struct scene *sc, struct thing_id id, struct rect at, struct style st,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void draw_box(
	struct scene *sc, struct thing_id id, struct rect at, struct style st, const char *title);
/* The way of an arrow; edges as in struct draw. */
struct route {
	int n;
	struct point at[LINK_POINTS_MAX];
	int8_t from_edge, to_edge;
};
/* An arrow, as its kind looks. dim: it is not what is looked at. */
void draw_link(
	struct scene *sc, struct thing_id id, enum link link, const struct route *way, bool dim);
void draw_bar(
	struct scene *sc, struct thing_id id, struct rect at, const struct mark *marks, int n);

/* One row of a rectangle, from a column on. */
struct rect rect_row(struct rect r, int row, int from);

/* Append to what buf holds already; "…" ends what did not fit. */
void append(char *buf, size_t n, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
