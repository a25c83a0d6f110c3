/* SPDX-License-Identifier: MIT */
#include "steps.h"

#include <assert.h>
#include <stdlib.h>

#include "xalloc.h"

void steps_add(struct steps *s, int64_t step)
{
	assert(!s->n || s->at[s->n - 1] <= step);
	s->at = xgrow(s->at, &s->cap, s->n + 1, sizeof *s->at);
	s->at[s->n++] = step;
}

size_t steps_upto(const struct steps *s, int64_t step)
{
	size_t lo = 0, hi = s->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (s->at[mid] <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int64_t steps_next(const struct steps *s, int64_t step)
{
	size_t i = steps_upto(s, step);
	return i < s->n ? s->at[i] : -1;
}

int64_t steps_prev(const struct steps *s, int64_t step)
{
	size_t n = steps_upto(s, step - 1);
	return n ? s->at[n - 1] : -1;
}

void steps_truncate(struct steps *s, int64_t last)
{
	s->n = steps_upto(s, last);
}

void steps_free(struct steps *s)
{
	free(s->at);
	*s = (struct steps){0};
}
