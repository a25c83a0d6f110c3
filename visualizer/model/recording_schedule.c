/* SPDX-License-Identifier: MIT */
/* The schedule of a recording, told from the Ms of its steps. */
#include <assert.h>
#include <stdlib.h>

#include "recording_parts.h"

size_t recording_turns(const struct recording *r, int64_t step)
{
	if (step < 1)
		return 0;
	size_t i = recording_chunk(r, step);
	const struct chunk *k = chunk_open(r, i, NULL, NULL);
	size_t n = (size_t)(step - r->at[i].first) + 1;
	return (size_t)(r->at[i].turns + turns_of(&r->at[i], k, n));
}

struct schedule recording_schedule(const struct recording *r, int64_t from, int64_t to)
{
	struct schedule s = {0};
	assert(from >= 0);
	for (int64_t step = from + 1; step <= to && step <= r->last; step++) {
		struct before before = recording_before(r, step);
		for (size_t i = 0; i < before.n; i++)
			schedule_precede(&s, &before.turns[i]);
		schedule_add(&s, recording_m(r, step), 1);
	}
	return s;
}

char *recording_schedule_text(const struct recording *r)
{
	struct schedule s = recording_schedule(r, 0, r->last);
	char *text = schedule_text(&s);
	schedule_clear(&s);
	return text;
}

char *recording_schedule_tail(const struct recording *r, int64_t step, size_t width, bool *whole)
{
	int64_t from = step;
	/* A turn takes three characters or more. */
	for (size_t turns = 0; from > 0 && turns <= width / 3 + 1; turns++) {
		size_t i = recording_chunk(r, from);
		const struct chunk *k = chunk_open(r, i, NULL, NULL);
		from = turn_begin(&r->at[i], k, (size_t)(from - r->at[i].first)) - 1;
	}
	struct schedule s = recording_schedule(r, from, step);
	char *text = schedule_tail(&s, step - from, width, whole);
	*whole &= from == 0;
	schedule_clear(&s);
	return text;
}
