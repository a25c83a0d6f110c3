/* SPDX-License-Identifier: MIT */
/* The words of stacks that are others in one state than in another. */
#ifndef MODEL_OTHER_WORDS_H
#define MODEL_OTHER_WORDS_H

#include "snapshot.h"

struct other_word {
	const char *stack; /* its name in a */
	uint64_t addr, a, b;
};

/* Tell of each, up to `most`; returns how many there are. What one of them does not hold is 0. */
int other_words(const struct snapshot *a, const struct snapshot *b, int most,
	void (*tell)(void *ctx, const struct other_word *w), void *ctx);

#endif
