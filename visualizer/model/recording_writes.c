/* SPDX-License-Identifier: MIT */
/*
 * Which step wrote a word. In a chunk its writes are sorted; beyond it the tables beside the keys
 * say what was written in one chunk, in two, in four …, so most are not opened.
 */
#include "recording_parts.h"

/* How many of a chunk's writes are before (addr, step). */
static size_t upto(const struct chunk *k, const struct word_at *w, uint64_t addr, int64_t step)
{
	size_t lo = 0, hi = k->nwrites;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		bool before = w[mid].addr < addr || (w[mid].addr == addr && w[mid].step < step);
		if (before)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The last in a chunk up to a step, the first in it from a step on; 0: none. */
static int64_t last_in(const struct recording *r, size_t chunk, uint64_t addr, int64_t step)
{
	struct chunk *k = chunk_open(r, chunk, NULL, NULL);
	const struct word_at *w = chunk_by_addr(k);
	size_t n = upto(k, w, addr, step + 1);
	return n && w[n - 1].addr == addr ? w[n - 1].step : 0;
}

static int64_t first_in(const struct recording *r, size_t chunk, uint64_t addr, int64_t step)
{
	struct chunk *k = chunk_open(r, chunk, NULL, NULL);
	const struct word_at *w = chunk_by_addr(k);
	size_t n = upto(k, w, addr, step);
	return n < k->nwrites && w[n].addr == addr ? w[n].step : 0;
}

int64_t recording_last_write(const struct recording *r, int64_t step, uint64_t addr)
{
	step = step > r->last ? r->last : step;
	if (step < 1)
		return 0;
	size_t chunk = recording_chunk(r, step);
	int64_t last = last_in(r, chunk, addr, step);
	for (size_t i = chunk; !last && i; i = key_parent(i))
		last = written_by(&key_open(r, i)->written, addr);
	return last;
}

/*
 * The first chunk from `chunk` on that has written a word: over ever longer stretches that nobody
 * has, then into the one where somebody has. The last chunk is in no table.
 */
static size_t first_chunk(const struct recording *r, size_t chunk, uint64_t addr)
{
	size_t end = r->nat - 1;
	while (chunk < end) {
		size_t over = chunk, i = chunk + 1;
		/* Table i is of what is before chunk i, from `chunk` or an earlier one on. */
		for (; i <= end; over = i, i += i & -i)
			if (written_by(&key_open(r, i)->written, addr) >= r->at[chunk].first)
				break;
		if (i <= end && over == chunk)
			return chunk;
		if (i <= end)
			end = i - 1;
		chunk = over;
	}
	return chunk;
}

int64_t recording_next_write(const struct recording *r, int64_t step, uint64_t addr)
{
	step = step < 0 ? 0 : step;
	if (step >= r->last)
		return 0;
	size_t chunk = recording_chunk(r, step + 1);
	int64_t next = first_in(r, chunk, addr, step + 1);
	if (next || chunk + 1 == r->nat)
		return next;
	return first_in(r, first_chunk(r, chunk + 1, addr), addr, step + 1);
}
