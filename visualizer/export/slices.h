/* SPDX-License-Identifier: MIT */
/*
 * What each M executes, as slices in slices: the stack that it is on ("G3", "g0"), the functions
 * that have really called one another there, the stack that these have gone over to, and so on; in
 * the end "asleep" where it is. A slice lasts as long as all that is true, over however many steps.
 */
#ifndef EXPORT_SLICES_H
#define EXPORT_SLICES_H

#include "handover.h"

struct slices;

struct slices *slices_new(struct trace *t, struct handovers *h);
void slices_free(struct slices *s);
/* The slices of an M after a step. */
void slices_show(
	struct slices *s, const struct moment *at, const struct m_state *m, const struct truth *t);
/* Those that are still open end there. */
void slices_end(struct slices *s, int64_t step);

#endif
