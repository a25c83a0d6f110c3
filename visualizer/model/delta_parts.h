/* SPDX-License-Identifier: MIT */
/* The items of a delta, for delta*.c alone: their letters, and the numbers that a thing is. */
#ifndef MODEL_DELTA_PARTS_H
#define MODEL_DELTA_PARTS_H

#include "snapmem.h"

enum {
	ITEM_END = 0,
	ITEM_COUNTS = 'N', /* 0, fields */
	ITEM_REGS = 'R',   /* an M's index, fields: its registers */
	ITEM_M = 'M',      /* index, fields */
	ITEM_G = 'G',
	ITEM_P = 'P',
	ITEM_HISTORY = 'H', /* an M's index, fields */
	ITEM_CHAIN = 'C',   /* an M's index, from which word on of the chain it left, growths */
	ITEM_QUEUE = 'Q',   /* 0: global, or 1 + a P's index; how many left, who; how many came */
	ITEM_STACK = 'S',   /* index, fields; it holds no word then */
	ITEM_HOLD = 'D',    /* a stack's index, how many more words down are held, growths */
	ITEM_WORDS = 'W',   /* a stack's index, from which word on of those held, growths */
	ITEM_WAIT = 'O',    /* 1: it comes, -1: it goes; kind, address; else all is 0 and empty */
	ITEM_NUMBERS = 'V', /* its place among those, fields */
	ITEM_LIST = 'L',    /* its place, which list; how many left, who; how many came */
	ITEM_DAMAGE = 'X',  /* what was wrong, and what is: how many, letters up to a 0 each */
};

/* Fields: a number whose bits tell which have grown, then by how much each of these did. */
enum {
	COUNT_FIELDS = 4,
	M_FIELDS = 6,
	G_FIELDS = 12,
	P_FIELDS = 4,
	HISTORY_FIELDS = 5,
	STACK_FIELDS = 4,
	WAIT_FIELDS = WAIT_NUMBERS,
	FIELDS_MAX = SNAP_NREGS_MAX,
	CHAIN_WORDS = 2 * WALK_MAX
};

/* A thing's fields as numbers, in the order of those bits. */
void count_numbers(const struct snapshot *s, uint64_t *v);
void m_numbers(const struct m_state *m, uint64_t *v);
void g_numbers(const struct g_state *g, uint64_t *v);
void p_numbers(const struct p_state *p, uint64_t *v);
void history_numbers(const struct departure *d, uint64_t *v);
void stack_numbers(const struct stack_image *st, uint64_t *v);
void wait_numbers(const struct wait_object *o, uint64_t *v);

/*
 * And back. False: they are no such thing's, or point to what is not there. What is there then is
 * still sound.
 */
bool take_counts(struct snapmem *to, const uint64_t *v);
bool take_m(struct snapmem *to, int i, const uint64_t *v);
bool take_g(struct snapmem *to, int i, const uint64_t *v);
bool take_p(struct snapmem *to, int i, const uint64_t *v);
bool take_history(struct snapmem *to, int i, const uint64_t *v);
bool take_stack(struct snapmem *to, int i, const uint64_t *v);
bool take_wait(struct snapmem *to, int i, const uint64_t *v);

#endif
