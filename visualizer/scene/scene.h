/* SPDX-License-Identifier: MIT */
/*
 * The scene: what is to be shown, as one list of draw commands in character cells. Backends
 * draw the list and add no fact: what the terminal knows, the window and the text view know.
 *
 * Text is UTF-8 as model/text.h shows it: whoever draws may send it to a terminal, each glyph to as
 * many cells as that says; a backend that cannot show one replaces it late (cells.c). Positions are
 * stable from step to step, and every command has an id that names the thing it shows, so that a
 * backend may move it from where it was.
 */
#ifndef SCENE_SCENE_H
#define SCENE_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/walk.h"
#include "session/session.h"

/*
 * What a thing is; a backend's theme turns it into a colour and attributes. Never colour
 * alone: the text says it too.
 */
enum role {
	ROLE_TEXT,
	ROLE_DIM,
	ROLE_TITLE,
	ROLE_FRAME,
	ROLE_NARRATION,
	ROLE_KEY,
	ROLE_ERROR,
	ROLE_OWNER, /* in the hue of M `owner` (-1: nobody's) */
	ROLE_SP,
	ROLE_FP,
	ROLE_WRITTEN, /* a word */
	ROLE_STEP,    /* the sentence about the step that wrote it */
	ROLE_PC,
	ROLE_LINK_SOUND,
	ROLE_LINK_OWN,
	ROLE_LINK_IDLE,
	ROLE_LINK_BAD,
	ROLE_LINK_TOP,
	ROLE_GOOD,
	ROLE_BAD,
	ROLE_UNSURE,
	ROLE_COUNT
};

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

struct mark {
	int16_t at; /* 0 … 1000 along the bar */
	char kind;  /* 'c' the cursor, 's' a lesson's stop reached, 'f' the first foreign link */
};

/*
 * Which thing a command shows, by what the thing is and where it is in the program, never by where
 * it is in a list: so it is the same in every scene, and one can tell from it what is shown. No two
 * commands of a scene have the same.
 */
struct thing_id {
	uint8_t tag;   /* enum tag: what sort of thing */
	uint8_t side;  /* of the timeline; 0: it has one */
	uint16_t part; /* which of the commands that show it */
	int id;        /* the M, P or G that it is or is judged for; 0 where there is none */
	int gen;       /* whose stack its address is in: goid, or a g0's M, as stacks are reused */
	uint64_t address; /* of the word; of what is no place in memory, a number; 0: a register */
};
/* As qsort wants it; 0: the same thing. */
int thing_compare(struct thing_id a, struct thing_id b);

struct draw {
	enum draw_kind kind;
	struct thing_id id;
	int16_t x, y, w, h;
	enum role role;
	int8_t owner; /* M id, for ROLE_OWNER and boxes; -1 */
	bool bold, reverse;
	uint8_t badge; /* cells at the start of a text that are a verdict's name */
	enum link link;
	/* A link begins, ends in the cell left of a box: 1; right of one: -1; neither: 0 */
	int8_t from_edge, to_edge;
	uint8_t npoints, nmarks;
	struct point points[LINK_POINTS_MAX];
	struct mark marks[BAR_MARKS_MAX];
	char text[DRAW_TEXT_MAX];
};

struct scene {
	int cols, rows;
	size_t n, cap;
	struct draw *draws;
};

enum { SCENE_MIN_COLS = 80, SCENE_MIN_ROWS = 24 };

/*
 * Build what the session shows now for a screen of cols x rows. Below the minimum it is a
 * sentence that says so.
 */
void scene_build(struct scene *sc, const struct session *s, int cols, int rows);
void scene_free(struct scene *sc);
/* While the session is not to be looked at: the last line of what was built says this instead. */
void scene_meanwhile(struct scene *sc, const char *words);
/*
 * Rows at which the picture shows all there is to show, for a page of text of a reasonable
 * length.
 */
int scene_rows_wanted(const struct session *s);

/*
 * A step as prose lines, links in words (text view; screen readers); caller frees. Verdicts
 * of all Ms.
 */
char *story_step(const struct session *s);
/*
 * The pieces that a lesson is told in, of the session as it stands, as prose lines; caller frees.
 * again: it was told before, under another policy, and what was said then is left out.
 */
char *story_opening(const struct session *s);
char *story_policy(const struct session *s, const char *before);
char *story_heading(const struct session *s, int stop, bool again);
/* At the stop. told: how many bytes of what the program wrote have been told already. */
char *story_stop(const struct session *s, int stop, bool again, size_t told);
/* That something the lesson promises does not hold. */
char *story_failure(const char *sentence);

/* What a lesson has shown under one policy. */
struct story_run {
	char policy[16];
	enum verdict *at_stop;        /* at each stop, of the M looked at */
	int64_t count[VERDICT_COUNT]; /* of every M at every step */
};
/* For it: the verdict on the M looked at; those on every M up to this step, counted. */
enum verdict story_verdict(const struct session *s);
void story_count(const struct session *s, int64_t count[VERDICT_COUNT]);
char *story_summary(const struct session *s, const struct story_run *run, int n);

#endif
