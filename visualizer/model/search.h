/* SPDX-License-Identifier: MIT */
/*
 * Looking along a recording for a step at which something is so. Whether it is follows from the
 * moment before a step and the one after it alone: so whoever looks forward and whoever looks back
 * find the same steps, and the one way is the inverse of the other.
 */
#ifndef MODEL_SEARCH_H
#define MODEL_SEARCH_H

#include <stdatomic.h>

#include "moment.h"

/* Whether step is->now->step, of 1 or more, is looked for. was: the moment before it. */
typedef bool sight_fn(void *ctx, const struct moment *was, const struct moment *is);

struct sight {
	sight_fn *is;
	void *ctx;
};

struct search;
/* Of a recording, which must outlive it, and may grow meanwhile. */
struct search *search_new(const struct recording *r);
void search_free(struct search *s); /* NULL is fine */

bool search_at(struct search *s, int64_t step, const struct sight *what);
/*
 * The first such step after `from`, the last before it, among the next `most` ones; -1: there is
 * none, or it was to be given up: that is when *stop comes to be set (NULL: never).
 */
int64_t search_next(struct search *s, int64_t from, int64_t most, const struct sight *what,
	const atomic_bool *stop);
int64_t search_prev(struct search *s, int64_t from, int64_t most, const struct sight *what,
	const atomic_bool *stop);

#endif
