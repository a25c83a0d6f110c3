/* SPDX-License-Identifier: MIT */
/* What each word of the stacks is, and how much it matters that it is seen. */
#ifndef SCENE_WORTH_H
#define SCENE_WORTH_H

#include "facts.h"
#include "thing.h"

enum meaning { MEANS_OTHER, MEANS_FP, MEANS_RET };

/*
 * importance: more first; 0: as any other. note: the same of the line that says what the word was
 * when a stale link was made that leads to it; 0: there is none.
 */
struct word_worth {
	enum meaning means;
	int m, rec; /* whose chain says so, index into the Ms; -1: the G's own, from gobuf */
	bool written;
	uint16_t importance, note;
};

enum { OWN_MAX = 24 };

/* The chain of a G that waits to be resumed: from gobuf.bp up its own stack; at most OWN_MAX. */
int own_chain(const struct facts *f, int stack, uint64_t own[OWN_MAX]);

/* For each stack one for each of its words, from its lowest up. */
struct word_worth **worth_of_words(const struct facts *f);
void worth_free(struct word_worth **w, const struct facts *f);

#endif
