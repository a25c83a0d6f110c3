/* SPDX-License-Identifier: MIT */
/*
 * The state before a chunk, by the keys that lead there. That a recording is asked does not change
 * it, be it that something is opened: so it is const to those who ask, and not here.
 */
#include <stdlib.h>

#include "recfile.h"
#include "recording_parts.h"
#include "xalloc.h"

static bool unpack_key(const struct chunk_at *at, struct state_key *key)
{
	struct reader in = reader_of(key->bytes.p, key->bytes.n);
	size_t n;
	if (get_u8(&in) != FRAME_KEY || get_uv(&in) != (uint64_t)at->first - 1)
		return false;
	get_sv(&in); /* whose step it was */
	const void *delta = get_blob(&in, &n);
	key->delta = reader_of(delta, n);
	return !in.bad && written_get(&key->written, at->first, &in);
}

const struct state_key *key_open(const struct recording *asked, size_t i)
{
	struct recording *r = (struct recording *)asked;
	struct chunk_at *at = &r->at[i];
	at->used = ++r->clock;
	if (at->opened)
		return at->opened;
	struct state_key *key = xcalloc(1, sizeof *key);
	key->broken =
		at->key < 0 || !store_get(r->store, at->key, &key->bytes) || !unpack_key(at, key);
	if (key->broken) {
		written_free(&key->written);
		key->delta = (struct reader){.bad = true};
	}
	cache_key(r, i, key);
	return key;
}

int key_m(const struct recording *r, size_t i)
{
	const struct state_key *key = key_open(r, i);
	struct reader in = reader_of(key->bytes.p, key->bytes.n);
	get_u8(&in);
	get_uv(&in);
	return (int)get_in(&in, INT32_MIN, INT32_MAX);
}

/* Whether it can be: an M that is there, or none before step 1. */
static bool is_m(const struct snapmem *state, size_t key)
{
	int m = state->s.last_m;
	return key ? snap_m(&state->s, m) != NULL : m == -1;
}

bool state_before(const struct recording *r, size_t chunk, struct snapmem *state)
{
	size_t way[64], n = 0;
	for (size_t i = chunk; i; i = key_parent(i))
		way[n++] = i;
	way[n++] = 0;
	snapmem_free(state);
	if (!r->growing)
		state->words_max = SNAP_WORDS_MAX;
	while (n--) {
		const struct state_key *key = key_open(r, way[n]);
		if (!delta_apply(state, key->delta, DELTA_FORWARD) || !state->s.nms)
			return false;
		state->s.last_m = key_m(r, way[n]);
		if (!is_m(state, way[n]))
			return false;
	}
	state->s.step = r->at[chunk].first - 1;
	return true;
}
