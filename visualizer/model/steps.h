/* SPDX-License-Identifier: MIT */
/* The steps at which something is so, in order: looked up by halving, not one by one. */
#ifndef MODEL_STEPS_H
#define MODEL_STEPS_H

#include <stddef.h>
#include <stdint.h>

struct steps {
	int64_t *at;
	size_t n, cap;
};

void steps_add(struct steps *s, int64_t step);          /* after all that are in it */
size_t steps_upto(const struct steps *s, int64_t step); /* how many are not after it */
/* The first after a step, the last before it; -1: there is none. */
int64_t steps_next(const struct steps *s, int64_t step);
int64_t steps_prev(const struct steps *s, int64_t step);
void steps_truncate(struct steps *s, int64_t last); /* those after it are forgotten */
void steps_free(struct steps *s);

#endif
