/* SPDX-License-Identifier: MIT */
/*
 * The directory of a recording: what is before each chunk, so that nobody opens one to count.
 */
#include <assert.h>

#include "recording_parts.h"
#include "xalloc.h"

/* ---- turns ---- */

/* Whether a turn begins with a step of a chunk. */
static bool is_turn(const struct chunk_at *at, const struct chunk *k, size_t i)
{
	if (chunk_before(k, i).n)
		return true;
	if (i)
		return k->facts[i].m != k->facts[i - 1].m;
	return !at->turn || k->facts[0].m != at->turn_m;
}

int64_t turns_of(const struct chunk_at *at, const struct chunk *k, size_t n)
{
	int64_t turns = 0;
	for (size_t i = 0; i < n; i++)
		turns += is_turn(at, k, i) + (int64_t)chunk_before(k, i).n;
	return turns;
}

int64_t turn_begin(const struct chunk_at *at, const struct chunk *k, size_t i)
{
	while (i && !is_turn(at, k, i))
		i--;
	return i || is_turn(at, k, 0) ? at->first + (int64_t)i : at->turn;
}

/* ---- the directory ---- */

struct chunk_at *directory_add(struct recording *r, const struct chunk *full)
{
	struct chunk_at at = {.first = 1, .key = -1, .steps = -1, .text = -1};
	if (full) {
		const struct chunk_at *was = &r->at[r->nat - 1];
		at.first = was->first + (int64_t)full->n;
		at.events = was->events + (int64_t)full->nevents;
		at.output = was->output + full->output;
		at.turns = was->turns + turns_of(was, full, full->n);
		at.turn = turn_begin(was, full, full->n - 1);
		at.turn_m = full->facts[full->n - 1].m;
	}
	r->at = xgrow(r->at, &r->at_cap, r->nat + 1, sizeof *r->at);
	r->at[r->nat] = at;
	return &r->at[r->nat++];
}

void directory_count(struct chunk_at *at, const struct chunk *k)
{
	at->n = k->n;
	at->ms = 0;
	for (size_t i = 0; i < k->n; i++)
		if (k->facts[i].event >= 0)
			at->ms |= UINT64_C(1) << (unsigned)k->facts[i].m % 64;
}

size_t recording_chunk(const struct recording *r, int64_t step)
{
	size_t lo = (size_t)(step - 1) / CHUNK_STEPS, hi = r->nat;
	assert(step > 0 && step <= r->last);
	if (lo < hi && r->at[lo].first > step)
		hi = lo, lo = 0; /* none has more than CHUNK_STEPS: it cannot be before that */
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;
		if (r->at[mid].first <= step)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}
