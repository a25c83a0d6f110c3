/* SPDX-License-Identifier: MIT */
/*
 * A recording: the state at step 0, and what each step changed. It is only ever added to. Steps lie
 * packed in chunks, in memory or in a file, with the state before each; going to a step is to take
 * that and apply what is between, or to take back what is. Never a reverse execution.
 *
 * Steps count from 0 (the state before the first instruction); step n is the state after
 * n instructions.
 *
 * What a getter returns a pointer to is valid until the next call about this recording: only a few
 * chunks are open at a time.
 */
#ifndef MODEL_RECORDING_H
#define MODEL_RECORDING_H

#include "code.h"
#include "event.h"
#include "schedule.h"
#include "snapshot.h"
#include "walk.h"

struct word_write {
	uint64_t addr, old, now;
};

/*
 * What an engine reports of one step. Pointers are only valid during the call that hands
 * it over.
 */
struct step {
	int m;       /* M id that executed */
	uint64_t pc; /* of the instruction executed */
	struct before before;
	int nwrites;
	const struct word_write *writes; /* in known stacks, in order of address */
	/* The whole state after it, in which the recording finds what has changed. */
	const struct snapshot *state;
	bool state_changed; /* false: only M m's registers and the words differ */
	struct event event;
	/* What the program wrote to stdout or stderr in this step; NULL: nothing. */
	const char *output;
	size_t noutput;
};

/* How a run ended, or that it has not. */
enum run_end { RUN_GOES_ON, RUN_EXITED, RUN_CRASHED, RUN_STUCK };

struct recording;

/* program, policy, procs and seed go into the header. first: the state at step 0, copied. */
struct recording_info {
	char program[256];
	char policy[8];
	int procs;
	uint64_t seed;
	char arch[8];
	uint64_t build; /* of the program: another build has another number; 0: not known */
	bool emulated;  /* no real CPU executed it */
	int nargs;      /* that it was given: strings in a row, as many as there is room for */
	char args[1024];
	int64_t after; /* of a part: so many steps of the recording that it is of were before */
};
struct recording *recording_new(const struct recording_info *info, const struct snapshot *first,
	struct code *code /* owned from now on */);
void recording_free(struct recording *r);
/*
 * Append the next step. Aborts on memory exhaustion. Words of a stack that come to be
 * held below those held before, and are not in `writes`, count as 0, and what a word was is what it
 * is here; the Ms' history in st->state is not looked at but made here.
 */
void recording_add(struct recording *r, const struct step *st);
/* More that the last step's M wrote: it was still in the kernel when the step was added. */
void recording_add_output(struct recording *r, const char *text, size_t n);
void recording_set_end(struct recording *r, enum run_end end, const char *sentence);

int64_t recording_last(const struct recording *r); /* number of the last step */
const struct recording_info *recording_info(const struct recording *r);
/* As snap_has_registers, of all its steps. */
bool recording_has_registers(const struct recording *r);
struct code *recording_code(const struct recording *r);
enum run_end recording_end(const struct recording *r, const char **sentence);

/*
 * A lesson that it is of: its name, its text, and at which step each stop that was told is, and the
 * M to look at there.
 */
struct recording_lesson {
	const char *name, *text;
	size_t len;
	int nstops;
	const int64_t *steps;
	const int *focus;
};
/* It is copied. NULL: none. */
void recording_set_lesson(struct recording *r, const struct recording_lesson *lesson);
const struct recording_lesson *recording_lesson(const struct recording *r);
/* The other run that lay in the same file, under another policy; the caller's from now on. */
struct recording *recording_take_twin(struct recording *r);

/* A step that somebody wants to find again, and why: "" where that is not said. */
enum { BOOKMARKS_MAX = 1 << 12 };
struct bookmark {
	int64_t step;
	const char *note;
};
/* In place of the one that is there; note NULL: none is any more. False: there are too many. */
bool recording_set_bookmark(struct recording *r, int64_t step, const char *note);
/* In order of their steps. */
const struct bookmark *recording_bookmarks(const struct recording *r, int *n);

/* Facts of a step without building its snapshot; step > 0. */
int recording_m(const struct recording *r, int64_t step);
uint64_t recording_pc(const struct recording *r, int64_t step);
/* What came over the program before it, from outside; nothing before a step that is not there. */
struct before recording_before(const struct recording *r, int64_t step);
const struct event *recording_event(const struct recording *r, int64_t step); /* NULL: none */
const struct word_write *recording_writes(const struct recording *r, int64_t step, int *n);
/* Everything the program wrote up to and including a step. */
const char *recording_output(const struct recording *r, int64_t step, size_t *n);
/* What was written in one step; in the first, with what was written before. */
const char *recording_written(const struct recording *r, int64_t step, size_t *n);
/*
 * The same two as text: a character counts to the step that wrote its last byte, so that those that
 * go over from one step into another are whole, and all steps' texts in a row are all there is.
 */
const char *recording_text(const struct recording *r, int64_t step, size_t *n);
const char *recording_written_text(const struct recording *r, int64_t step, size_t *n);
/* The last step <= `step` that wrote this word, and the first after it; 0 if none did. */
int64_t recording_last_write(const struct recording *r, int64_t step, uint64_t addr);
int64_t recording_next_write(const struct recording *r, int64_t step, uint64_t addr);
/* The first step after `step`, the last before it, with an event of M m (-1: of any); -1: none. */
int64_t recording_next_event(const struct recording *r, int64_t step, int m);
int64_t recording_prev_event(const struct recording *r, int64_t step, int m);
/* How many events there were up to a step; the step of the n-th from 1 on, -1: there is none. */
int64_t recording_count_events(const struct recording *r, int64_t step);
int64_t recording_nth_event(const struct recording *r, int64_t n);

/*
 * How many steps from the first on are the same in two recordings: the same M's, after the same
 * from outside, and under one policy at the same place in the program. What they did there may be
 * another: see parting.h. That is found by halving, whatever their length.
 */
int64_t recording_common(const struct recording *a, const struct recording *b);
/* The same without the place: how long one schedule has led both. */
int64_t recording_common_schedule(const struct recording *a, const struct recording *b);
/*
 * The step of `of` that stands beside a step of `with`: the same one as long as one schedule has
 * led both; beyond that the one with the event of the same number, or the last, if it has not come
 * to that.
 */
int64_t recording_beside(const struct recording *of, const struct recording *with, int64_t step);

/* The schedule of the steps after `from`, up to `to` or the last; caller clears. */
struct schedule recording_schedule(const struct recording *r, int64_t from, int64_t to);
/* All of it, as text; caller frees. */
char *recording_schedule_text(const struct recording *r);
/* How many turns there are up to a step, what comes before steps among them. */
size_t recording_turns(const struct recording *r, int64_t step);
/*
 * The last turns up to a step, as many as go into `width` characters; *whole: those are all. Caller
 * frees.
 */
char *recording_schedule_tail(const struct recording *r, int64_t step, size_t width, bool *whole);

/*
 * A cursor builds snapshots. Moving it to the next step or the one before costs little, and
 * anywhere else what a chunk does. What a file has lost is shown as damage of the snapshot.
 */
struct cursor;
struct cursor *cursor_new(const struct recording *r);
void cursor_free(struct cursor *c);
const struct snapshot *cursor_seek(
	struct cursor *c, int64_t step); /* valid until the next seek; step is clamped */

/*
 * File: docs/recording.md. Errors: NULL / false, with a sentence that says what to do in err. A
 * file that is cut short opens up to its last whole chunk: then err says so too, else it is "".
 *
 * A recording grows into a file as it is made: begun, then told after each step, in the end what
 * is left and why the run was not followed further (`why`, which counts where it has not ended).
 * A crash costs the last chunk. Once begun it is to be ended, also when something could not be
 * written, which is said once. Ended with another recording than it was begun with, that one may be
 * gone, and the file is of the other; with NULL it goes as far as was told. A recording whose file
 * can be read keeps its frames there from then on.
 */
struct recsaver;
struct recsaver *recording_save_begin(
	const struct recording *r, const char *path, char *err, size_t nerr);
bool recording_save_more(struct recsaver *s, char *err, size_t nerr);
bool recording_save_end(
	struct recsaver *s, const struct recording *r, const char *why, char *err, size_t nerr);
/* The same, with another run beside it: its twin, which opens with it. NULL: none. */
bool recording_save_end_twins(struct recsaver *s, const struct recording *r,
	const struct recording *twin, const char *why, char *err, size_t nerr);
/* All at once. */
bool recording_save(const struct recording *r, const char *path, char *err, size_t nerr);
bool recording_save_twins(const struct recording *r, const struct recording *twin, const char *path,
	char *err, size_t nerr);
struct recording *recording_load(const char *path, char *err, size_t nerr);
/* Whether all of it can be read, and is consistent; that takes a while. err says what is not. */
bool recording_verify(const struct recording *r, char *err, size_t nerr);
/*
 * Its steps from `from` up to `to` as a recording of its own, where they count from 0. What was
 * left before `from` is known no more (moment_departure); a lesson stays where that is 0.
 */
struct recording *recording_excerpt(const struct recording *r, int64_t from, int64_t to);
/* How many chunks it is made of, and bytes these are. */
size_t recording_chunks(const struct recording *r, uint64_t *bytes);
/* Whether there is a recording at path, whole or not: by what it begins with, not by its name. */
bool recording_is(const char *path);

#endif
