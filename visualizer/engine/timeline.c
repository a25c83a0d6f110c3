/* SPDX-License-Identifier: MIT */
/*
 * One mechanism for everything that leaves the recorded path: look for a kept run that goes where
 * it should, or else run the program again from the start, along a schedule, into a recording of
 * its own; and only when that has come there, look at it in place of the old one.
 */
#include "timeline_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

/* ---- open and close ---- */

struct timeline *timeline_open(const struct run_options *o, char *err, size_t nerr)
{
	struct run *run = run_open(o, NULL, err, nerr);
	if (!run)
		return NULL;
	struct timeline *tl = xcalloc(1, sizeof *tl);
	tl->options = *o;
	runs_add(&tl->runs, run);
	return tl;
}

struct timeline *timeline_replay(struct recording *r)
{
	struct timeline *tl = xcalloc(1, sizeof *tl);
	struct recording *twin = recording_take_twin(r);
	runs_add(&tl->runs, run_replay(r));
	if (twin)
		runs_add(&tl->runs, run_replay(twin));
	return tl;
}

void timeline_close(struct timeline *tl)
{
	runs_free(&tl->runs);
	free(tl);
}

/* ---- where it stands ---- */

bool timeline_is_live(const struct timeline *tl)
{
	return tl->options.program != NULL;
}

const char *timeline_program(const struct timeline *tl)
{
	return timeline_is_live(tl) ? tl->options.program : NULL;
}

void timeline_add_lacks(const struct timeline *tl, char *sentence, size_t n)
{
	run_add_lacks(run_of(tl), sentence, n);
}

const char *timeline_note(const struct timeline *tl)
{
	return run_note(run_of(tl));
}

const struct recording *timeline_recording(const struct timeline *tl)
{
	return run_recording(run_of(tl));
}

void timeline_set_lesson(struct timeline *tl, const struct recording_lesson *lesson)
{
	run_set_lesson(run_of(tl), lesson);
}

struct code *timeline_code(const struct timeline *tl)
{
	return recording_code(run_recording(run_of(tl)));
}

const struct snapshot *timeline_now(struct timeline *tl)
{
	return run_at(run_of(tl), tl->step);
}

int64_t timeline_step(const struct timeline *tl)
{
	return tl->step;
}

int64_t timeline_last(const struct timeline *tl)
{
	return run_last(run_of(tl));
}

const char *timeline_policy(const struct timeline *tl)
{
	return run_policy(run_of(tl));
}

int64_t timeline_parting(const struct timeline *tl, const char **what)
{
	const struct parting *p = &tl->runs.at[0].parting;
	if (what)
		*what = p->what;
	return p->step;
}

struct moment timeline_moment(struct timeline *tl)
{
	return timeline_side(tl, 0);
}

int64_t timeline_first_foreign(const struct timeline *tl, int64_t most)
{
	return run_first_foreign(run_of(tl), most);
}

int64_t timeline_find(struct timeline *tl, bool back, int64_t most, const struct sight *what,
	const atomic_bool *stop)
{
	struct search *s = run_search(run_of(tl));
	return back ? search_prev(s, tl->step, most, what, stop)
		    : search_next(s, tl->step, most, what, stop);
}

bool timeline_is_at(struct timeline *tl, const struct sight *what)
{
	return tl->step > 0 && search_at(run_search(run_of(tl)), tl->step, what);
}

void timeline_seek(struct timeline *tl, int64_t step)
{
	int64_t last = timeline_last(tl);
	tl->step = step < 0 ? 0 : step > last ? last : step;
	side_follow(tl);
}

/* ---- again ---- */

void timeline_turn_to(struct timeline *tl, struct run *to, int64_t step)
{
	uint64_t build = recording_info(timeline_recording(tl))->build;
	tl->runs.at[0].step = tl->step;
	runs_turn_to(&tl->runs, to);
	assert(step >= 0 && step <= run_last(to));
	tl->step = step;
	if (recording_info(run_recording(to))->build != build)
		runs_forget_others(&tl->runs, "the program has been rebuilt since");
	side_follow_anew(tl);
}

/* Only a program can be run again. */
static bool can_run_again(const struct timeline *tl, const char *policy, char *err, size_t nerr)
{
	const char *other = timeline_other_policy(tl);
	if (!timeline_is_live(tl) && other)
		say(err, nerr,
			"this recording is of runs under %s and %s; open the program itself to see "
			"mcall_%s",
			timeline_policy(tl), other, policy);
	else if (!timeline_is_live(tl))
		say(err, nerr,
			"a recording cannot be run again; "
			"open the program itself to switch the policy");
	return timeline_is_live(tl);
}

/* Another run of the same steps, as far as it goes: what somebody wants to find is in it, too. */
static void take_bookmarks(struct run *to, const struct run *from)
{
	int n;
	const struct bookmark *b = recording_bookmarks(run_recording(from), &n);
	for (int i = 0; i < n && b[i].step <= run_last(to); i++)
		run_bookmark(to, b[i].step, b[i].note);
}

/*
 * A run under that policy that has come to the cursor along the same schedule, and to the next
 * step (m -1: to none); what has not been executed yet of that is. *to is kept then, also if it was
 * halted on the way, to go on later.
 */
static enum step_result reach(struct timeline *tl, const char *policy, const struct next *next,
	struct run **to, char *err, size_t nerr)
{
	struct run *now = run_of(tl);
	*to = runs_find(&tl->runs, run_build_now(now), policy, tl->step, next);
	bool fresh = !*to;
	if (fresh && !can_run_again(tl, policy, err, nerr))
		return STEP_ENDED;
	if (fresh)
		*to = run_open(&tl->options, policy, err, nerr);
	if (!*to)
		return STEP_ENDED;
	enum step_result result = run_along(*to, now, tl->step, err, nerr);
	if (fresh)
		take_bookmarks(*to, now);
	if (result == STEP_DONE && next->m >= 0 && run_last(*to) == tl->step)
		result = run_take(*to, next, err, nerr);
	if (fresh && (result == STEP_DONE || result == STEP_HALTED))
		runs_add(&tl->runs, *to);
	else if (fresh)
		run_close(*to);
	else if (*to == tl->runs.beside)
		side_came(tl, result, err);
	return result;
}

/* Go over to it. If all could be done, the timeline is on that run; if not, it is as before. */
static enum step_result go_over(
	struct timeline *tl, const char *policy, const struct next *next, char *err, size_t nerr)
{
	struct run *to;
	enum step_result result = reach(tl, policy, next, &to, err, nerr);
	if (result == STEP_DONE)
		timeline_turn_to(tl, to, tl->step + (next->m >= 0));
	else
		side_stand(tl);
	return result;
}

static const struct next no_next = {.m = -1};

bool timeline_set_policy(struct timeline *tl, const char *policy, char *err, size_t nerr)
{
	return go_over(tl, policy, &no_next, err, nerr) == STEP_DONE;
}

const char *timeline_other_policy(const struct timeline *tl)
{
	for (int i = 1; i < tl->runs.n; i++)
		if (strcmp(run_policy(tl->runs.at[i].run), timeline_policy(tl)) != 0)
			return run_policy(tl->runs.at[i].run);
	return NULL;
}

bool timeline_open_beside(struct timeline *tl, const char *policy, char *err, size_t nerr)
{
	struct run *to;
	if (strcmp(policy, timeline_policy(tl)) == 0) {
		say(err, nerr, "this is under mcall_%s; choose another policy for beside it",
			policy);
		return false;
	}
	if (run_build_now(run_of(tl)) != run_build(run_of(tl))) {
		say(err, nerr, "the program has been rebuilt since; open it again");
		return false;
	}
	if (reach(tl, policy, &no_next, &to, err, nerr) != STEP_DONE) {
		side_stand(tl);
		return false;
	}
	assert(to != run_of(tl));
	tl->runs.beside = to;
	side_follow_anew(tl);
	return true;
}

struct visit timeline_visit(const struct timeline *tl)
{
	return (struct visit){run_of(tl), tl->runs.at[0].number, tl->step};
}

void timeline_left(struct timeline *tl, struct visit from)
{
	if (from.run != run_of(tl))
		runs_push(&tl->runs, from);
}

bool timeline_undo(struct timeline *tl)
{
	struct visit back;
	if (!runs_pop(&tl->runs, &back))
		return false;
	timeline_turn_to(tl, back.run, back.step);
	return true;
}

/* ---- forward ---- */

/*
 * Its program was ended, as others were looked at (runs.h): run it again, up to where that was.
 * False: err says why it cannot.
 */
static bool revive(struct timeline *tl, char *err, size_t nerr)
{
	struct run *was = run_of(tl);
	if (run_is_live(was) || !timeline_is_live(tl))
		return true;
	struct run *run = run_open(&tl->options, run_policy(was), err, nerr);
	if (run && run_along(run, was, run_last(was), err, nerr) == STEP_DONE) {
		take_bookmarks(run, was);
		runs_replace(&tl->runs, run);
		return true;
	}
	if (run)
		run_close(run);
	return false;
}

/* Execute a step at the cursor, whose recorded future, if any, is another. */
static enum step_result execute(
	struct timeline *tl, const struct next *next, char *err, size_t nerr)
{
	bool recorded = tl->step < timeline_last(tl);
	if (recorded && !timeline_is_live(tl)) {
		say(err, nerr,
			"in the recording another M goes on here; open the program itself "
			"to follow this one");
		return STEP_NO_M;
	}
	if (recorded && !snap_m(timeline_now(tl), next->m)) {
		run_say_no_m(timeline_now(tl), next->m, err, nerr);
		return STEP_NO_M;
	}
	if (recorded)
		return go_over(tl, timeline_policy(tl), next, err, nerr);
	if (!revive(tl, err, nerr))
		return STEP_ENDED;
	enum step_result result = run_take(run_of(tl), next, err, nerr);
	runs_compare(&tl->runs);
	if (result == STEP_DONE)
		timeline_seek(tl, timeline_last(tl));
	return result;
}

void timeline_expect(struct timeline *tl, const struct turn *turns, size_t n)
{
	if (tl->step == timeline_last(tl))
		run_expect(run_of(tl), turns, n);
}

/* Whether that is what is recorded to come next. */
static bool is_recorded(const struct timeline *tl, const struct next *next)
{
	if (tl->step == timeline_last(tl))
		return false;
	struct next recorded = run_next(run_of(tl), tl->step + 1);
	return next->m < 0 || (recorded.m == next->m && before_same(recorded.before, next->before));
}

enum step_result timeline_take(struct timeline *tl, const struct next *next, char *err, size_t nerr)
{
	assert(tl->step >= 0 && tl->step <= timeline_last(tl));
	if (is_recorded(tl, next)) {
		timeline_seek(tl, tl->step + 1);
		return STEP_DONE;
	}
	if (next->m < 0) {
		say(err, nerr, "this is the last step; choose the M that goes on");
		return STEP_NO_M;
	}
	return execute(tl, next, err, nerr);
}

enum step_result timeline_forward(struct timeline *tl, int m, char *err, size_t nerr)
{
	return timeline_take(tl, &(struct next){.m = m}, err, nerr);
}

int timeline_await(struct timeline *tl)
{
	char err[SENTENCE_MAX];
	if (tl->step < timeline_last(tl) || !revive(tl, err, sizeof err))
		return -1;
	return run_await(run_of(tl));
}

char *timeline_sleepers(struct timeline *tl, char *buf, size_t n)
{
	return run_sleepers(run_of(tl), buf, n);
}

/* Where in a schedule that was: it may be long. */
static void say_where(int64_t done, char *err, size_t nerr)
{
	if (done > 0)
		say_more(err, nerr, ", %lld steps into the schedule", (long long)done);
}

bool timeline_follow(struct timeline *tl, const struct schedule *s, char *err, size_t nerr)
{
	enum { TURNS = 128 };
	struct next next = {0};
	int64_t done = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct turn *t = &s->turns[i];
		bool after_other = i > 0 && t[-1].kind != TURN_STEPS;
		if (t->kind != TURN_STEPS && next.before.n++ == 0)
			next.before.turns = t;
		if (i % TURNS == 0 || after_other)
			timeline_expect(tl, t, s->n - i);
		next.m = t->m;
		for (int64_t n = 0; t->kind == TURN_STEPS && n < t->n; n++, done++) {
			enum step_result result = timeline_take(tl, &next, err, nerr);
			if (result != STEP_DONE && result != STEP_HALTED)
				say_where(done, err, nerr);
			if (result != STEP_DONE)
				return false;
			next.before.n = 0;
		}
	}
	return true;
}
