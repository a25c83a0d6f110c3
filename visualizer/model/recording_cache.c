/* SPDX-License-Identifier: MIT */
/*
 * What is open of a recording: chunks and keys that were asked for last, as many as go into a fixed
 * amount of memory.
 */
#include <assert.h>
#include <stdlib.h>

#include "recording_parts.h"
#include "xalloc.h"

/* Whoever looks at two places at once has both. */
enum { OPEN_BYTES = 1 << 25, OPEN_MIN = 6 };

static size_t size_of(const struct chunk_at *at)
{
	size_t n = at->chunk ? chunk_size(at->chunk) : 0;
	if (at->opened)
		n += sizeof *at->opened + at->opened->bytes.cap +
		     at->opened->written.n * sizeof *at->opened->written.at;
	return n;
}

static void free_key(struct state_key *key)
{
	bytes_free(&key->bytes);
	written_free(&key->written);
	free(key);
}

static bool is_growing(const struct recording *r, const struct chunk_at *at)
{
	return r->growing && at == &r->at[r->nat - 1];
}

static void close_at(struct recording *r, struct chunk_at *at)
{
	r->open_size -= size_of(at);
	if (at->opened)
		free_key(at->opened);
	at->opened = NULL;
	chunk_free(at->chunk);
	at->chunk = NULL;
}

/* Close what was used longest ago, until the rest is small enough. */
static void make_room(struct recording *r)
{
	while (r->open_size > OPEN_BYTES) {
		struct chunk_at *oldest = NULL;
		size_t n = 0;
		for (size_t i = 0; i < r->nat; i++) {
			struct chunk_at *at = &r->at[i];
			if (is_growing(r, at) || (!at->chunk && !at->opened))
				continue;
			n++;
			if (!oldest || at->used < oldest->used)
				oldest = at;
		}
		if (n <= OPEN_MIN)
			return;
		close_at(r, oldest);
	}
}

void cache_key(struct recording *r, size_t i, struct state_key *key)
{
	struct chunk_at *at = &r->at[i];
	size_t was = size_of(at);
	at->opened = key;
	if (!is_growing(r, at))
		r->open_size += size_of(at) - was;
	make_room(r);
}

void cache_chunk(struct recording *r, size_t i, struct chunk *k)
{
	struct chunk_at *at = &r->at[i];
	size_t was = size_of(at);
	at->chunk = k;
	r->open_size += size_of(at) - was;
	make_room(r);
}

void cache_drop(struct recording *r, size_t i)
{
	close_at(r, &r->at[i]);
}

void cache_let_go(struct recording *r, size_t i)
{
	r->at[i].used = ++r->clock;
	r->open_size += size_of(&r->at[i]);
	make_room(r);
}

void cache_free(struct recording *r)
{
	for (size_t i = 0; i < r->nat; i++) {
		if (r->at[i].opened)
			free_key(r->at[i].opened);
		chunk_free(r->at[i].chunk);
	}
}
