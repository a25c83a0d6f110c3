/* SPDX-License-Identifier: MIT */
/*
 * The timeline: a run, a cursor in it, the runs that it was on before, and perhaps one beside it.
 *
 * Going forward inside the recording moves the cursor; at its end the stepper executes. Going
 * back is a seek. To leave the recorded path (another M than recorded, at a past step) or to switch
 * the policy is to go over to another run: one that is kept, if it goes the same way up to there;
 * it is run on from its own end, if that is before. Otherwise the program is run again along the
 * recorded schedule up to the cursor. The run that was left is kept, with all that it recorded.
 */
#ifndef ENGINE_TIMELINE_H
#define ENGINE_TIMELINE_H

#include "model/moment.h"
#include "model/schedule.h"
#include "runs.h"

struct timeline;

/* NULL on failure, with a sentence in err. */
struct timeline *timeline_open(const struct run_options *o, char *err, size_t nerr);
/* A recording without a stepper, and its twin, if it has one; owned from now on. */
struct timeline *timeline_replay(struct recording *r);
/* The policy that side 1 can be under: that of another run that is kept; NULL: there is none. */
const char *timeline_other_policy(const struct timeline *tl);
void timeline_close(struct timeline *tl);

bool timeline_is_live(const struct timeline *tl);
/* The executable's path; NULL: it is a recording. */
const char *timeline_program(const struct timeline *tl);
/* What whoever steps this program should know of it or of this run; "": nothing. */
const char *timeline_note(const struct timeline *tl);
/* As stepper_add_lacks. */
void timeline_add_lacks(const struct timeline *tl, char *sentence, size_t n);
/* Of the run that it is on: they hold until a step is executed, or it goes over to another. */
const struct recording *timeline_recording(const struct timeline *tl);
/* What that is a recording of; copied. */
void timeline_set_lesson(struct timeline *tl, const struct recording_lesson *lesson);
struct code *timeline_code(const struct timeline *tl);
const struct snapshot *timeline_now(struct timeline *tl);
struct moment timeline_moment(struct timeline *tl);
int64_t timeline_step(const struct timeline *tl);
int64_t timeline_last(const struct timeline *tl);
const char *timeline_policy(const struct timeline *tl);

/* Clamped to [0, last]. */
void timeline_seek(struct timeline *tl, int64_t step);

/* These turns are likely to be executed next, from the cursor on: see stepper_expect. */
void timeline_expect(struct timeline *tl, const struct turn *turns, size_t n);
/*
 * One step of M m. If the recorded next step is m's, the cursor moves; otherwise it is executed, in
 * another run where the cursor is not at the end. m < 0: the recorded next step; at the end
 * STEP_NO_M. A replay cannot execute: STEP_ENDED at its end and STEP_NO_M for another M than
 * recorded. err as elsewhere, set for every result but STEP_DONE: why not, and what to do.
 */
enum step_result timeline_forward(struct timeline *tl, int m, char *err, size_t nerr);
/*
 * The same of a step after something from outside: the cursor moves if the recorded one comes after
 * the same. (timeline_forward's comes after nothing, but for the recorded next step, m < 0.)
 */
enum step_result timeline_take(
	struct timeline *tl, const struct next *next, char *err, size_t nerr);

/*
 * At the end of a live recording, where all Ms are asleep: wait for one to wake, if any may without
 * another (run_options: wait_s). The id of an M that can execute now; -1: none can.
 */
int timeline_await(struct timeline *tl);
/*
 * "M0 is asleep in read, until …; M1 is asleep …", at the end of a live recording. Returns buf.
 * What timeline_now gave is valid no more.
 */
char *timeline_sleepers(struct timeline *tl, char *buf, size_t n);

/*
 * Run along a schedule from the cursor; stops early where it cannot be followed, and says so
 * in err (returns false).
 */
bool timeline_follow(struct timeline *tl, const struct schedule *s, char *err, size_t nerr);

/*
 * Go over to another policy along the same schedule, to the same step. False: err says why; the
 * timeline is as before, also where it was halted on the way (halt in run_options).
 */
bool timeline_set_policy(struct timeline *tl, const char *policy, char *err, size_t nerr);

/*
 * Undo: after whatever may have led to another run, the place from before is handed in, and kept if
 * it did. To undo is to be there again, where it was left the last time; false: nothing is kept to
 * go back to.
 */
struct visit timeline_visit(const struct timeline *tl);
void timeline_left(struct timeline *tl, struct visit from);
bool timeline_undo(struct timeline *tl);

/*
 * Paths: the runs that are kept, by number, in order of their beginning. Any can be gone back to,
 * where it was looked at last.
 */
struct path_taken {
	int number;
	const char *name; /* "": it has none */
	const struct recording *r;
	int64_t parts; /* after that step it goes another way than the one shown */
	bool shown;
};
int timeline_paths(const struct timeline *tl);
struct path_taken timeline_path(const struct timeline *tl, int i);
/* The i-th is shown now. */
void timeline_go_to_path(struct timeline *tl, int i);
/* Of the one that is shown; cut if it is too long. */
void timeline_name_path(struct timeline *tl, const char *name);
/* A run under another policy that has gone as far, along the same schedule; NULL: none is kept. */
const struct recording *timeline_twin(const struct timeline *tl);
/* As recording_set_bookmark, of the step that the cursor is at. */
bool timeline_bookmark(struct timeline *tl, const char *note);

/*
 * Two sides: the run that the timeline is on is side 0, and all else here is about that alone.
 * Side 1 is another run, beside it, under another policy at first. It goes along with the cursor:
 * to the same step as long as one schedule has led both, beyond that to the event of the same
 * number (recording_beside). Where the cursor is further on along that schedule than side 1 was
 * executed, it is executed so far; if it cannot be, it stays at its end. So it goes along another
 * path too, unless it was executed further on the old one. When the timeline goes over to the run
 * on side 1, or goes back to it, the two change places.
 */
enum { SIDES = 2 };
/* Open side 1, or open it anew. False: err says why, and the timeline is as before. */
bool timeline_open_beside(struct timeline *tl, const char *policy, char *err, size_t nerr);
/* The same with the i-th path, from where it parts on; false: it is the one that is shown. */
bool timeline_path_beside(struct timeline *tl, int i);
/* Its run is kept, like all that the timeline was on. */
void timeline_close_beside(struct timeline *tl);
/* 1 or 2. It is 1 again when the program was rebuilt and run anew on side 0. */
int timeline_sides(const struct timeline *tl);
/* What is to be seen on a side; of both sides at once. */
struct moment timeline_side(struct timeline *tl, int side);
/* Why side 1 is not as far as side 0, though it should be; "": it is. */
const char *timeline_stays(const struct timeline *tl);
/* Where side 0 parts from side 1 (parting.h); two sides are open. */
void timeline_difference(const struct timeline *tl, struct parting *p);

/*
 * The first step after the cursor, the last before it, that is looked for (search.h), in what is
 * recorded, and whether the cursor is at one.
 */
int64_t timeline_find(struct timeline *tl, bool back, int64_t most, const struct sight *what,
	const atomic_bool *stop);
bool timeline_is_at(struct timeline *tl, const struct sight *what);

/*
 * The first step recorded at which an M's chain has a foreign link; -1: none has, as far as was
 * looked: that is at `most` more steps each time, so that nobody waits for it.
 */
int64_t timeline_first_foreign(const struct timeline *tl, int64_t most);

/*
 * The first step at which what is recorded now is another than it once was along the same schedule,
 * and *what is another (parting.h); -1: none is, or it was never run before. "The same place" is
 * what is before that step, and nothing else.
 */
int64_t timeline_parting(const struct timeline *tl, const char **what);

#endif
