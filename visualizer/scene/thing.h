/* SPDX-License-Identifier: MIT */
/*
 * Things: what a scene is a list of. An M, a stack, a word of it, a link, a line of a report is one
 * each, with what is true of it, what it is called in words of several lengths, and how much it
 * matters that it is seen. Where on a screen it stands, and whether there is room for it, is for
 * those who lay it out (grid/); so there are no coordinates here, and nothing of a screen.
 */
#ifndef SCENE_THING_H
#define SCENE_THING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/walk.h"
#include "session/page.h"

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

struct style {
	enum role role;
	int16_t owner; /* M id, for ROLE_OWNER; -1 */
	bool bold, reverse;
	uint8_t badge; /* cells at the start that are a verdict's name */
};

#define STYLE(r) ((struct style){.role = (r), .owner = -1})
#define BOLD(r) ((struct style){.role = (r), .owner = -1, .bold = true})

/* What sort of thing. The comments say what makes the id, beside the tag. */
enum tag {
	TAG_TITLE,
	TAG_TITLE_RIGHT,
	TAG_M, /* an M */
	TAG_DAMAGE,
	TAG_STACK,    /* a stack's upper end */
	TAG_LISTED,   /* the same, where it has but a line of a list */
	TAG_LEFT,     /* the same: what is said where no register is */
	TAG_REGISTER, /* an M: its frame pointer */
	TAG_GOBUF,    /* a G: its gobuf.bp */
	TAG_MARK,     /* an M; part 0: of its SP, 1: of its frame pointer */
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
	TAG_G,       /* a G */
	TAG_TURN,    /* a turn of the schedule, by its number from 0 on */
	TAG_INSTANT, /* a step that the bar has a mark for; part: which mark */
	TAG_COUNT
};

/* Parts of what more than one text shows. */
enum { STACK_TITLE, STACK_LISTED };
enum { WORD_ADDRESS, WORD_VALUE, WORD_LABEL, WORD_NOTE };
/* GAP and REST: what is said, where they are laid out, of frames that have no room. */
enum { REPORT_FRAME, REPORT_ENTERED, REPORT_TITLE, REPORT_GAP, REPORT_REST };
enum { TRUTH_FRAME, TRUTH_ROOT, TRUTH_TITLE, TRUTH_REST, TRUTH_END };
enum { M_WORDS, M_VERDICT };
enum { KEY_NAMES, KEY_HINT };
enum { PAGE_TERM, PAGE_WORDS, PAGE_LINE };
enum { STEP_WORDS, STEP_EVENT };
enum { MARK_STOP, MARK_FOREIGN, MARK_CURSOR };
enum { CODE_HEAD, CODE_SOURCE, CODE_INSTRUCTION, CODE_FILE };

/*
 * Which thing it is, by what it is and where it is in the program, never by where it is in a list:
 * so it is the same in every scene, and one can tell from it what is shown. No two things of a
 * scene have the same, and no two texts of a thing the same part.
 */
struct thing_id {
	uint8_t tag;   /* enum tag */
	uint8_t side;  /* of the timeline; 0: it has one */
	uint16_t part; /* which of the texts that show it */
	int id;        /* the M, P or G that it is or is judged for; 0 where there is none */
	int gen;       /* whose stack its address is in: goid, or a g0's M, as stacks are reused */
	uint64_t address; /* of the word; of what is no place in memory, a number; 0: a register */
};
/* Of what is no place in the program: a line of text, a key. */
struct thing_id thing_numbered(enum tag tag, uint64_t number, unsigned part);
/* Of what is an M's, P's or G's. */
struct thing_id thing_of(enum tag tag, int id, unsigned part);
/* As qsort wants it; 0: the same thing. */
int thing_compare(struct thing_id a, struct thing_id b);

/* From the longest to the shortest. */
enum length { IN_FULL, SHORTER, SHORTEST, LENGTHS = 5 };

/* UTF-8 that may hold anything (model/text.h). Whoever has no room for a length takes the next. */
struct text {
	uint16_t part;
	struct style style;
	int importance;             /* more may take the room of less */
	const char *words[LENGTHS]; /* the last that differs is repeated */
};

/* So many words of a stack have a note at most. */
enum { NOTES_MAX = 4 };

/* What is true of a thing, beside what it says. */
enum {
	IS_G0 = 1,        /* a stack: an M's, g0 or for its signal handlers */
	IS_DEAD = 2,      /* a stack: of a G that has ended */
	IS_FOCUS = 4,     /* of the M that is looked at */
	IS_AT_HOME = 8,   /* a link: on a stack that its M is on; a mark: of the M that is on it */
	IS_LIVE = 16,     /* a word: in use, between the SP of its stack and the top */
	IS_FALSE = 32,    /* a reported frame: the truth does not have it */
	IS_HEADING = 64,  /* of what follows it */
	IS_HERE = 128,    /* an instruction: the one that comes next */
	IS_FALLBACK = 256 /* said only where all of the scene is shown already */
};

struct thing {
	struct thing_id id;
	unsigned is;
	int in; /* what it is a part of, as an index into this scene's things; -1: the scene */
	int from, to; /* a link: from where to where, likewise; to -1: nowhere that is known */
	enum link link;
	int importance;   /* more is to be seen first; 0: no more than any other of its sort */
	int64_t step;     /* TAG_INSTANT, TAG_BAR */
	int text, ntexts; /* which of the scene's texts, from there on */
};

/* Where one looks: as the session has it. */
struct looking {
	enum page page;
	int scroll; /* rows, per stack */
	int pane, help_page;
	bool registers;
	bool lesson; /* there is one */
};

/*
 * Things in the order in which they are told: what is in a thing comes after it. Zeroed it is an
 * empty one.
 */
struct scene {
	struct looking at;
	size_t n, cap;
	struct thing *things;
	size_t first[TAG_COUNT], end[TAG_COUNT]; /* where things with this tag are, if any is */
	size_t ntexts, texts_cap;
	struct text *texts;
	struct piece *pieces; /* what the texts point to */
};

/* The next thing with a tag, from index i on; -1: there is none. */
int thing_next(const struct scene *sc, enum tag tag, int i);
/* Those with a tag; how many of them are all that `is` says. */
int thing_count(const struct scene *sc, enum tag tag, unsigned is);
/* A part of what a thing says; NULL: it does not have it. */
const struct text *thing_text(const struct scene *sc, const struct thing *t, unsigned part);

/* For who builds a scene. What they return is good until the next call. */
void scene_clear(struct scene *sc);
struct thing *thing_add(struct scene *sc, struct thing_id id);
/* Another text of the thing that came last; or, in fewer words, what its last text says. */
struct text *thing_say(struct scene *sc, unsigned part, struct style st, const char *words);
void thing_say_shorter(struct scene *sc, enum length from, const char *words);
void thing_sayf(struct scene *sc, unsigned part, struct style st, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#endif
