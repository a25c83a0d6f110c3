/* SPDX-License-Identifier: MIT */
/*
 * What is true at the step shown, gathered once for a picture or a page of text, and the
 * words for it: the scene and the story say the same thing in the same words.
 */
#ifndef SCENE_FACTS_H
#define SCENE_FACTS_H

#include "session/session.h"
#include "thing.h"

struct facts {
	const struct session *s;
	struct moment at;
	int64_t last;
	int focus;              /* index into at.now->ms of the M looked at; -1: there is none */
	int *on_stack;          /* of each of at.now->ms: see m_stack */
	int *on_m;              /* of each of at.now->stacks an index into the Ms: see stack_m */
	struct answer *answers; /* one for each of at.now->ms */
};

void facts_gather(struct facts *f, const struct session *s);
void facts_free(struct facts *f);

/* Index of the stack that an M's SP is in; -1 if in none. */
int m_stack(const struct facts *f, const struct m_state *m);
/*
 * Index of the stack where a record's saved frame pointer, or (rec < 0) the register, leads;
 * -1: none known.
 */
int link_target(const struct facts *f, const struct chain *c, int rec, uint64_t *addr);
/* The M whose SP is in this stack, NULL if none's is. */
const struct m_state *stack_m(const struct facts *f, int stack);
/* From where on, up to its top, it is in use. */
uint64_t stack_live(const struct facts *f, int stack);
/* Whether anybody's chain leads into this stack. */
bool is_linked_to(const struct facts *f, int stack);
/* The G whose stack it is, NULL for a g0. */
const struct g_state *stack_g(const struct facts *f, int stack);
/* snap_has_registers. */
bool has_registers(const struct facts *f);
/* Whether it is an M's stack for its signal handlers. */
bool is_for_signals(const struct facts *f, int stack);

/* FILE_LINE_W: cells of these words in a sentence; FILE_LINE_MAX: their bytes in a title. */
enum { WORDS_MAX = 400, FILE_LINE_W = 56, FILE_LINE_MAX = 160 };

/* All of these fill buf and return it. */
char *tail_words(uint64_t addr, char *buf, size_t n); /* "…7f60" */
char *symbol_words(const struct facts *f, uint64_t pc, bool is_ret, char *buf, size_t n);
/* The function that frame i of a chain reports, up to c->n; frame 0 is where the M is. */
char *frame_words(const struct facts *f, const struct chain *c, int i, char *buf, size_t n);
char *where_words(const struct facts *f, const struct m_state *m, bool brief, char *buf, size_t n);
char *history_words(
	const struct facts *f, const struct m_state *m, bool brief, char *buf, size_t n);
char *owner_words(const struct facts *f, int stack, char *buf, size_t n); /* "G1 ─ owned by M1" */
char *link_words(const struct facts *f, enum link l, int target, char *buf, size_t n);
char *verdict_words(const struct answer *a, char *buf, size_t n); /* "VALID (one caller …)" */
char *policy_words(const struct facts *f, bool brief, char *buf, size_t n);
/*
 * "src/proc.c:86", or as much of the end of a longer path as goes into w cells ("…/src/proc.c:86"):
 * file and line are what one looks for. "" where no line is known.
 */
char *file_line_words(const struct code_line *l, int w, char *buf, size_t n);
char *step_words(const struct facts *f, char *buf, size_t n);
/* Whose frame word addr was part of when an M left the stack it is in; "" if nobody's. */
char *was_words(const struct facts *f, uint64_t addr, char *buf, size_t n);
/*
 * What a word that a stale link leads to was, and who has written it since; "" if there is no
 * more to say.
 */
/* brevity: IN_FULL, SHORTER or SHORTEST. */
char *note_words(const struct facts *f, uint64_t addr, enum length brevity, char *buf, size_t n);

/*
 * said.c: what the lesson says at a stop under the policy that there is; and what that tells of, if
 * it is not the step shown (" · said at step 449"), or not this policy (" · said under keep").
 * stop -1: the introduction.
 */
const char *said_prose(const struct session *s, int stop);
char *said_policy(const struct session *s, int stop, char *buf, size_t n);
char *said_where(const struct session *s, int stop, char *buf, size_t n);

#endif
