/* SPDX-License-Identifier: MIT */
/*
 * A run: a program that is stepped, or was, with all that has been recorded of it and how it was
 * started. A value: it can be kept for later, run on from its end, run again along the way that it
 * has gone, and compared with another.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "model/search.h"
#include "stepper.h"

struct run;

/*
 * Start a program, at step 0; policy: in place of the one in the options, NULL: that one. The
 * options are copied, what they point to must stay. NULL: err says why.
 */
struct run *run_open(const struct run_options *o, const char *policy, char *err, size_t nerr);
/* A recording without a stepper; owned from now on. */
struct run *run_replay(struct recording *r);
/* Ends the program too. */
void run_close(struct run *run);

/* The program is ended; what is recorded of it stays, as a replay. */
void run_let_go(struct run *run);

bool run_is_live(const struct run *run);
/* What whoever steps it should know of the program, or of this run; "": nothing. */
const char *run_note(const struct run *run);
void run_add_lacks(const struct run *run, char *sentence, size_t n);
const struct recording *run_recording(const struct run *run);
/* As recording_set_lesson. */
void run_set_lesson(struct run *run, const struct recording_lesson *lesson);
/* As recording_set_bookmark. */
bool run_bookmark(struct run *run, int64_t step, const char *note);
const char *run_policy(const struct run *run);
int64_t run_last(const struct run *run);
/* The state at a step; valid until another is asked for. */
const struct snapshot *run_at(struct run *run, int64_t step);
/* See foreign.h. */
int64_t run_first_foreign(const struct run *run, int64_t most);
/* Looks along its recording; it stays the run's. */
struct search *run_search(struct run *run);
uint64_t run_build(const struct run *run);
/* Of the program's file as it is now; as it was, if it cannot be read. */
uint64_t run_build_now(const struct run *run);

/* A step that is to be executed: of an M, after what from outside. */
struct next {
	int m; /* -1: none */
	struct before before;
};
/* The one that was recorded there. */
struct next run_next(const struct run *run, int64_t step);

/* That there is no M m among those of a snapshot, and which there are. */
void run_say_no_m(const struct snapshot *s, int m, char *err, size_t nerr);
/* These turns are likely to be stepped next, at the end: see stepper_expect. */
void run_expect(struct run *run, const struct turn *turns, size_t n);
/*
 * Execute a step of M m at the end. Of a replay STEP_ENDED. err is set for every result but
 * STEP_DONE: why not, and what to do.
 */
enum step_result run_step(struct run *run, int m, char *err, size_t nerr);
/*
 * The same after something from outside. If no step can be executed then, that comes before the one
 * that is executed next (run_is_between).
 */
enum step_result run_take(struct run *run, const struct next *next, char *err, size_t nerr);
bool run_is_between(const struct run *run);
/*
 * Where all Ms are asleep: wait for one to wake, if any may without another (run_options: wait_s).
 * The id of an M that can execute now; -1: none can.
 */
int run_await(struct run *run);
/* Whether M m is not asleep, at the end, without waiting for it. */
bool run_is_awake(struct run *run, int m);
/* "M0 is asleep in read, until …; M1 is asleep …", at the end. Returns buf. */
char *run_sleepers(struct run *run, char *buf, size_t n);

/*
 * How many of the first `steps` steps of two runs are the same, as recording_common counts them; of
 * two builds, by whose they are alone.
 */
int64_t run_common(const struct run *a, const struct run *b, int64_t steps);
/*
 * Go on from the end as another run did, up to its step `to`. Under the same policy it must do the
 * same. err as for run_step.
 */
enum step_result run_along(
	struct run *run, const struct run *other, int64_t to, char *err, size_t nerr);

#endif
