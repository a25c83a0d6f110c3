/* SPDX-License-Identifier: MIT */
/*
 * The parts of a recording, for the files recording*.c and recfile*.c alone.
 *
 *   chunk 0            chunk 1             ...     one for each RECORDING_KEYFRAME steps
 *   ┌ keyframe ┐       ┌ keyframe ┐
 *   │ step 0   │       │ step 4096│               packed (delta.h), the whole state
 *   └──────────┘       └──────────┘
 *   facts: 1 … 4096    4097 … 8192                one struct a step: who, where, and offsets
 *   deltas, writes     deltas, writes             the rest, end to end
 */
#ifndef MODEL_RECORDING_PARTS_H
#define MODEL_RECORDING_PARTS_H

#include "addrmap.h"
#include "delta.h"
#include "recording.h"
#include "schedule.h"
#include "steps.h"

struct step_facts {
	uint64_t pc;
	uint64_t path;   /* its mark of that kind */
	uint32_t delta;  /* where its bytes begin in the chunk's deltas */
	uint32_t writes; /* the same in the chunk's writes */
	int32_t m;
	int32_t event; /* index into recording.events; -1: none */
};

/*
 * By what a step is compared with another recording's: which M executed, after what, and where;
 * what any policy must lead to, and all that is recorded under one policy (parting.h); what it
 * wrote.
 */
enum mark { MARK_TURN, MARK_PLACE, MARK_PATH, MARK_STATE, MARK_OUTPUT, NMARKS };

/* The marks of many steps, each kind mixed into one number. */
enum { MARKS_EVERY = 64 };
struct marks {
	uint64_t of[NMARKS];
};

struct chunk {
	struct bytes keyframe;
	struct bytes deltas;
	struct step_facts *facts;
	struct word_write *writes;
	size_t n, facts_cap;
	size_t nwrites, writes_cap;
};

struct event_at {
	int64_t step;
	struct event event;
};

/* The output from `start` on was written at a step. */
struct output_at {
	int64_t step;
	size_t end; /* how much output there was after it */
};

/* What came before a step: n turns of the schedule from `first` on. */
struct before_at {
	int64_t step;
	size_t first, n;
};

/* When an M departed, leaving which chain; until which step it was on g0 then, -1: it still is. */
struct departed {
	int64_t step, until;
	struct departure_chain chain;
};

/* All of these of one M. */
struct departures {
	int m;
	struct departed **at;
	size_t n, cap;
};

/* The steps of one M, or of any, that have an event. */
enum { ANY_M = -1 };
struct event_steps {
	int m;
	struct steps at;
};

struct recording {
	struct recording_info info;
	struct code *code;
	struct chunk *chunks;
	size_t nchunks, chunks_cap;
	int64_t last;        /* number of the last step */
	struct snapmem head; /* the state there */
	int cut; /* how often it was truncated: a cursor that has seen fewer starts anew */

	struct event_at *events;
	struct output_at *outputs;
	size_t nevents, events_cap, noutputs, outputs_cap;
	struct bytes output;
	struct event_steps *event_steps; /* of any M, and of each that had one */
	size_t nevent_steps, event_steps_cap;

	struct departures *departures; /* of each M that had any */
	size_t ndepartures, departures_cap;

	struct addrmap written; /* address -> 1 + index into write_lists */
	struct steps *write_lists;
	size_t nwrite_lists, write_lists_cap;

	uint64_t first_path; /* the mark of step 0 */
	struct marks mixed;  /* of all steps, and of those up to every MARKS_EVERY-th, from 0 on */
	struct marks *mixes;
	size_t nmixes, mixes_cap;

	struct schedule schedule;
	struct before_at *befores; /* of the steps that anything came before */
	size_t nbefores, befores_cap;
	enum run_end end;
	char *end_sentence;
};

/* recording_facts.c */
const struct step_facts *recording_facts(const struct recording *r, int64_t step);
struct reader recording_delta(const struct recording *r, int64_t step);

/*
 * recording_cursor.c: k holds the state before a step; make it the state after. And: the
 * state at a chunk's begin.
 */
void recording_advance(const struct recording *r, struct snapmem *k, int64_t step);
void recording_keyframe(const struct recording *r, struct snapmem *k, size_t chunk);

/* recording_history.c: what snapshots alone tell of how each M came to be where it is. */
int history_before(const struct recording *r, int m);
void history_after(
	struct recording *r, int m, int g_before, bool state_changed, struct bytes *delta);
void history_truncate(struct recording *r, int64_t n);
void history_free(struct recording *r);

/* recording_events.c: the index behind recording_next_event and _prev_event. */
void events_add(struct recording *r, int64_t step, int m);
void events_truncate(struct recording *r, int64_t n);
void events_free(struct recording *r);

/*
 * recording_marks.c: marks_begin with the head at step 0, marks_add with all of the last step there
 * but what it may still write. mark_of is the same from then on, MARK_OUTPUT from the next step on.
 */
void marks_begin(struct recording *r);
void marks_add(struct recording *r);
void marks_truncate(struct recording *r, int64_t n);
uint64_t mark_of(const struct recording *r, enum mark kind, int64_t step);
/*
 * The first step that both have and that has another mark of a kind; -1: none has. What the last
 * one that both have wrote is not looked at: more may come.
 */
int64_t marks_part(const struct recording *a, const struct recording *b, enum mark kind);
bool marks_same_policy(const struct recording *a, const struct recording *b);
/* All mcall_* have as many instructions, if not as many bytes: so they count as one place. */
uint64_t mark_pc(const struct recording *r, uint64_t pc);
/* Whether mcall may have decided a word: it is 0, or leads into a stack or into mcall_*. */
bool mark_is_of_mcall(const struct recording *r, const struct snapshot *now, uint64_t word);
uint64_t mark_event(const struct event *e); /* NULL: none */

/* recording_writes.c: the index behind recording_last_write. */
void writes_add(struct recording *r, int64_t step, const struct word_write *w, int n);
void writes_forget(struct recording *r, const struct word_write *w, int n);
void writes_free(struct recording *r);

#endif
