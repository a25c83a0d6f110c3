/* SPDX-License-Identifier: MIT */
/* What is found by halving, found one step after the other: the tests hold the two together. */
#ifndef TESTS_BY_STEPS_H
#define TESTS_BY_STEPS_H

#include "model/parting.h"

/* How many steps are the same Ms', after the same; places: and at the same pcs. */
static inline int64_t common_by_steps(
	const struct recording *a, const struct recording *b, bool places)
{
	int64_t n = 0;
	while (n < recording_last(a) && n < recording_last(b) &&
		recording_m(a, n + 1) == recording_m(b, n + 1) &&
		before_same(recording_before(a, n + 1), recording_before(b, n + 1)) &&
		(!places || recording_pc(a, n + 1) == recording_pc(b, n + 1)))
		n++;
	return n;
}

/* Where `is` parts from `was`; -1: nowhere. */
static inline int64_t parting_by_steps(const struct recording *was, const struct recording *is)
{
	struct trails *t = trails_new();
	struct trail *first = trail_new(t, was), *second = trail_new(t, is);
	trail_keep(first);
	int64_t step = trail_parts(second);
	trail_free(first);
	trail_free(second);
	trails_free(t);
	return step;
}

#endif
