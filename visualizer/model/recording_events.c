/* SPDX-License-Identifier: MIT */
/* Which steps have events: the directory counts them, and says in which chunk an M has any. */
#include "recording_parts.h"

/* Whether step number i of a chunk has an event, of M m, or if that is < 0 of any. */
static bool has(const struct chunk *k, int64_t i, int m)
{
	return k->facts[i].event >= 0 && (m < 0 || k->facts[i].m == m);
}

static bool may_have(const struct chunk_at *at, int m)
{
	return m < 0 ? at->ms != 0 : at->ms >> (unsigned)m % 64 & 1;
}

int64_t recording_next_event(const struct recording *r, int64_t step, int m)
{
	step = step < 0 ? 0 : step;
	if (step >= r->last)
		return -1;
	for (size_t c = recording_chunk(r, step + 1); c < r->nat; c++) {
		if (!may_have(&r->at[c], m))
			continue;
		const struct chunk *k = chunk_open(r, c, NULL, NULL);
		int64_t i = step + 1 > k->first ? step + 1 - k->first : 0;
		for (; i < (int64_t)k->n; i++)
			if (has(k, i, m))
				return k->first + i;
	}
	return -1;
}

int64_t recording_prev_event(const struct recording *r, int64_t step, int m)
{
	step = step > r->last ? r->last + 1 : step;
	if (step <= 1)
		return -1;
	for (size_t c = recording_chunk(r, step - 1) + 1; c--;) {
		if (!may_have(&r->at[c], m))
			continue;
		const struct chunk *k = chunk_open(r, c, NULL, NULL);
		int64_t last = k->first + (int64_t)k->n - 1;
		for (int64_t i = (step - 1 < last ? step - 1 : last) - k->first; i >= 0; i--)
			if (has(k, i, m))
				return k->first + i;
	}
	return -1;
}

int64_t recording_count_events(const struct recording *r, int64_t step)
{
	if (step < 1)
		return 0;
	size_t c = recording_chunk(r, step);
	const struct chunk *k = chunk_open(r, c, NULL, NULL);
	int64_t n = r->at[c].events;
	for (int64_t i = 0; i <= step - k->first; i++)
		n += has(k, i, -1);
	return n;
}

int64_t recording_nth_event(const struct recording *r, int64_t n)
{
	size_t lo = 0, hi = r->nat;
	if (n < 1 || !r->last)
		return -1;
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;
		if (r->at[mid].events < n)
			lo = mid;
		else
			hi = mid;
	}
	const struct chunk *k = chunk_open(r, lo, NULL, NULL);
	int64_t more = n - r->at[lo].events;
	for (int64_t i = 0; i < (int64_t)k->n; i++)
		if (has(k, i, -1) && --more == 0)
			return k->first + i;
	return -1;
}
