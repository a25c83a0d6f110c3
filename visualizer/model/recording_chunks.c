/* SPDX-License-Identifier: MIT */
/* A chunk that was packed is opened again. As with keys, to ask is not to change the recording. */
#include <stdlib.h>

#include "recfile.h"
#include "recording_parts.h"

/* The steps that lie there, if they are what the directory says. */
static struct chunk *unpack(struct recording *r, size_t i, struct snapmem *state)
{
	const struct chunk_at *at = &r->at[i];
	struct bytes b = {0};
	struct chunk *k = NULL;
	if (at->steps >= 0 && store_get(r->store, at->steps, &b)) {
		struct reader in = reader_of(b.p, b.n);
		if (get_u8(&in) == FRAME_STEPS)
			k = chunk_unpack(in, &r->events, state);
	}
	bytes_free(&b);
	bool last = i + 1 == r->nat;
	if (k && k->first == at->first && k->n == at->n &&
		(last || at->output + k->output == at[1].output))
		return k;
	chunk_free(k);
	return NULL;
}

/* The state a chunk begins in, and then the chunk. */
static struct chunk *open_from(struct recording *r, size_t i, struct snapmem *state, bool known)
{
	const struct chunk_at *at = &r->at[i];
	struct chunk *k = known || state_before(r, i, state) ? unpack(r, i, state) : NULL;
	return k ? k : chunk_broken(at->first, at->n, state->s.nms ? state->s.ms[0].id : 0);
}

struct chunk *chunk_open(
	const struct recording *asked, size_t i, struct snapmem *state, bool *opened)
{
	struct recording *r = (struct recording *)asked;
	struct chunk_at *at = &r->at[i];
	at->used = ++r->clock;
	if (opened)
		*opened = !at->chunk;
	if (at->chunk)
		return at->chunk;
	struct chunk *k = open_from(r, i, state ? state : &r->scratch, state != NULL);
	cache_chunk(r, i, k);
	return k;
}
