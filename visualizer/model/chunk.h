/* SPDX-License-Identifier: MIT */
/*
 * A chunk of a recording: steps in a row. What is kept of one is its rows, as they lie in a file;
 * what is asked of steps is found in it by number, so a chunk that is opened again is read through
 * once, along with the state that it begins in.
 */
#ifndef MODEL_CHUNK_H
#define MODEL_CHUNK_H

#include "delta.h"
#include "recording.h"

/* No more steps than this are in one, and none is added to one with so many bytes. */
enum { CHUNK_STEPS = 4096, CHUNK_BYTES = 1 << 22 };

struct step_facts {
	uint64_t pc;
	uint32_t delta, ndelta; /* where its bytes are in the rows */
	uint32_t writes, turns; /* where its own begin in the chunk's */
	uint64_t output;        /* how many bytes the chunk had written before it */
	int32_t m;
	int32_t event; /* index into the chunk's; -1: none */
};

struct chunk {
	int64_t first; /* number of its first step */
	size_t n;
	struct bytes rows;
	struct step_facts *facts;
	struct word_write *writes;
	struct event *events;
	struct turn *turns; /* what came before steps */
	uint64_t output;    /* how many bytes all its steps wrote, what came before step 1 too */
	size_t facts_cap, nwrites, writes_cap, nevents, events_cap, nturns, turns_cap;
	struct word_at *by_addr; /* its writes, by address and step; NULL: not made yet */
	bool broken;             /* what lies there cannot be read */
};

struct word_at {
	uint64_t addr;
	int64_t step;
};

struct chunk *chunk_new(int64_t first);
void chunk_free(struct chunk *k);
bool chunk_is_full(const struct chunk *k);
/* How much memory it takes, about. */
size_t chunk_size(const struct chunk *k);

/*
 * The next step, of an M that stood at pc `stood`. delta: all that it changed but words; w: those,
 * all in words that are held.
 */
void chunk_add(struct chunk *k, const struct step *st, uint64_t stood, struct bytes delta,
	const struct word_write *w, int nw);
/* The last step, or if there is none, what is before step 1, wrote so much more. */
void chunk_add_output(struct chunk *k, size_t n);

/* Which of our events one of a file's is, by number; those that we do not know are none. */
struct event_map {
	int n;
	int16_t to[256]; /* -1: none */
};

/*
 * As bytes, and back, where state is that before its first step and becomes that after its last.
 * NULL: those bytes are no chunk that begins there; the state is sound all the same.
 */
void chunk_pack(const struct chunk *k, struct bytes *out);
struct chunk *chunk_unpack(struct reader in, const struct event_map *map, struct snapmem *state);
/* One of n steps of which nothing is known, all of M m. */
struct chunk *chunk_broken(int64_t first, size_t n, int m);

/* Facts of its step number i from 0 on. */
struct reader chunk_delta(const struct chunk *k, size_t i);
const struct word_write *chunk_writes(const struct chunk *k, size_t i, int *n);
struct before chunk_before(const struct chunk *k, size_t i);
/* How much it had written after that step. */
uint64_t chunk_output(const struct chunk *k, size_t i);
/* The state before a step becomes that after it, or the other way round. */
bool chunk_apply(const struct chunk *k, size_t i, struct snapmem *state);
bool chunk_take_back(const struct chunk *k, size_t i, struct snapmem *state);

/* Its writes in order of address, then of step. */
const struct word_at *chunk_by_addr(struct chunk *k);

#endif
