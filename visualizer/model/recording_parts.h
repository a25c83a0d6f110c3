/* SPDX-License-Identifier: MIT */
/*
 * The parts of a recording, for the files recording*.c and recfile*.c alone.
 *
 *   chunk 0        chunk 1        chunk 2        chunk 3        chunk 4 …     (chunk.h)
 *   steps 1…4096   4097…8192      …              …              …
 *   ▲              ▲              ▲              ▲              ▲
 *   key 0          key 1          key 2          key 3          key 4         the state before it
 *   from nothing   from key 0     from key 0     from key 2     from key 0
 *
 * A chunk and a key are a frame each (store.h). Key i says what differs from key i & (i - 1), which
 * is the last one that has fewer bits: so a state is reached over as many keys as i has bits, and
 * the keys of a long run are not much more than those of a short one. With it stands which step
 * wrote each word last that was written since that other key.
 *
 * Resident are a directory of the chunks, what was opened last (recording_cache.c), and the chunk
 * that grows. It is the same whether the frames lie in memory or in a file.
 */
#ifndef MODEL_RECORDING_PARTS_H
#define MODEL_RECORDING_PARTS_H

#include "chunk.h"
#include "recording.h"
#include "store.h"
#include "written.h"

/* A key that was opened. */
struct state_key {
	struct bytes bytes;
	struct reader delta;
	struct written written;
	bool broken;
};

struct chunk_at {
	int64_t first; /* number of its first step */
	size_t n;
	/* Before its first step: how many events, bytes of output, turns of the schedule. */
	int64_t events;
	uint64_t output;
	int64_t turns;
	/* The turn of the step before it: at which step it began, and whose it is; 0: none. */
	int64_t turn;
	int turn_m;
	uint64_t ms;           /* of which Ms it has events: bit m % 64 */
	size_t lines, sources; /* how much code was known when it ended */
	int key, steps, text;  /* frames; -1: not there yet, or none */
	/* What is open. */
	struct chunk *chunk;
	struct state_key *opened;
	uint64_t used; /* when it was last */
};

struct bookmarks {
	struct bookmark *at; /* in order of their steps; their notes are owned */
	int n;
};

struct recording {
	struct recording_info info;
	const struct arch_desc *arch;
	struct event_map events; /* of the file, where it comes from one */
	struct code *code;
	size_t lines, sources; /* how much of it was known at step 0 */
	struct store *store;
	struct chunk_at *at; /* the directory; the last one's chunk is the one that grows */
	size_t nat, at_cap;
	int64_t last; /* number of the last step */

	/* Where it grows: the state at the last step, and the states that keys are told by. */
	struct grower *growing; /* NULL: it comes from a file */

	uint64_t clock, open_size; /* of recording_cache.c */
	struct snapmem scratch;    /* for chunks that are opened without a cursor */

	struct bytes output; /* all of it, where it grows, or once it was asked for */
	bool has_output;

	struct marking *marking;         /* NULL: nobody has compared it */
	struct recording_lesson *lesson; /* NULL: it is of none */
	struct bookmarks bookmarks;
	struct recording *twin; /* that lay in the same file, and nobody has taken */
	enum run_end end;
	char *end_sentence;
};

/* ---- recording_grow.c ---- */
void grower_free(struct grower *g);
/* The chunk that is open, as frames are: its steps, and what they wrote. */
void pack_steps(const struct recording *r, struct bytes *out);
void pack_text(const struct recording *r, struct bytes *out);

/* ---- recording_directory.c ---- */
/* A place for the chunk behind the last one, which is `full` and counted; NULL: there is none. */
struct chunk_at *directory_add(struct recording *r, const struct chunk *full);
/* What a chunk counts in its place. */
void directory_count(struct chunk_at *at, const struct chunk *k);

/* The turns that a chunk's first n steps begin, what came before them among these. */
int64_t turns_of(const struct chunk_at *at, const struct chunk *k, size_t n);
/* At which step the turn of step number i of a chunk began. */
int64_t turn_begin(const struct chunk_at *at, const struct chunk *k, size_t i);
/* The chunk that a step is in. */
size_t recording_chunk(const struct recording *r, int64_t step);

/* ---- recording_cache.c ---- */
/* That was opened, and stays for a while. */
void cache_key(struct recording *r, size_t i, struct state_key *key);
void cache_chunk(struct recording *r, size_t i, struct chunk *k);
/* A chunk that was pinned, as it grew, is one like others. */
void cache_let_go(struct recording *r, size_t i);
/* Close what is open of it; not of one that grows. */
void cache_drop(struct recording *r, size_t i);
void cache_free(struct recording *r);

/* ---- recording_keys.c, recording_chunks.c ---- */
/* A key and a chunk, opened if they are not. They stay until others are asked for. */
const struct state_key *key_open(const struct recording *r, size_t i);
/* The M whose step led to where it is, as it says itself; -1: none did. */
int key_m(const struct recording *r, size_t i);
/* The state before a chunk. False: it cannot be read; state is sound. */
bool state_before(const struct recording *r, size_t chunk, struct snapmem *state);
/*
 * Whoever has the state at the chunk's begin hands it in, or NULL: if the chunk had to be opened
 * (*opened), that is the state at its end then.
 */
struct chunk *chunk_open(const struct recording *r, size_t i, struct snapmem *state, bool *opened);
/* The key that one says what differs from. */
static inline size_t key_parent(size_t i)
{
	return i & (i - 1);
}

/* ---- recording_facts.c ---- */
/* A step's facts, and where in its chunk it is. */
const struct step_facts *recording_facts(
	const struct recording *r, int64_t step, struct chunk **k, size_t *i);

/* ---- recording_marks.c ---- */
/*
 * By what a step is compared with another recording's: which M executed, after what, and where;
 * what any policy must lead to, and all that is recorded under one policy (parting.h); what it
 * wrote.
 */
enum mark { MARK_TURN, MARK_PLACE, MARK_PATH, MARK_STATE, MARK_OUTPUT, NMARKS };

/* The same from when the step is there on, MARK_OUTPUT from the next step on. */
uint64_t mark_of(const struct recording *r, enum mark kind, int64_t step);
/*
 * The first step that both have and that has another mark of a kind; -1: none has. What the last
 * one that both have wrote is not looked at: more may come.
 */
int64_t marks_part(const struct recording *a, const struct recording *b, enum mark kind);
bool marks_same_policy(const struct recording *a, const struct recording *b);
/* All mcall_* have as many instructions, if not as many bytes: so they count as one place. */
uint64_t mark_pc(const struct recording *r, uint64_t pc, int64_t step);
/* Whether mcall may have decided a word: it is 0, or leads into a stack or into mcall_*. */
bool mark_is_of_mcall(const struct recording *r, const struct snapshot *now, uint64_t word);
uint64_t mark_event(const struct event *e); /* NULL: none */
void marking_free(struct marking *m);

/* ---- recording_bookmarks.c ---- */
void bookmarks_free(struct bookmarks *all);

/* ---- recording_lesson.c ---- */
void lesson_copy_free(struct recording_lesson *l);

/* ---- recording_history.c: what snapshots alone tell of how each M came to be where it is. ---- */
int history_before(const struct snapshot *s, int m);
void history_after(
	struct snapshot *s, int m, int g_before, bool state_changed, struct bytes *delta);

#endif
