/* SPDX-License-Identifier: MIT */
/*
 * The variables of a frame at a step, and what they hold as far as the snapshot knows: of memory
 * the stacks, of registers those of the M, which for a frame that has called are its frame pointer
 * and no other.
 */
#ifndef MODEL_FRAME_VARS_H
#define MODEL_FRAME_VARS_H

#include "code.h"
#include "snapshot.h"
#include "walk.h"

/* The i-th frame of an M's truth. */
struct frame_at {
	const struct snapshot *s;
	const struct code *code;
	const struct m_state *m;
	const struct truth *truth;
	int i;
};

/* Those that are seen from where the frame is, as code_vars_at has them. */
size_t frame_vars(const struct frame_at *at, struct var_seen *seen, size_t max);
/* Where one of them is. */
struct var_location frame_var_place(const struct frame_at *at, const struct variable *var);
/*
 * One of them in words (var_format), with so many structs in each other, into buf of at least 16
 * bytes; returns buf. Until the prologue has stored it, what is said of an argument is not it, and
 * of a local nothing that was ever stored.
 */
char *frame_var_words(
	const struct frame_at *at, const struct variable *var, int depth, char *buf, size_t n);

#endif
