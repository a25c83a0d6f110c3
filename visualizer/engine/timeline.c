/* SPDX-License-Identifier: MIT */
/*
 * One mechanism for everything that leaves the recorded path: run the program again from the
 * start, along a schedule, into a recording of its own; and only when that has come to where
 * it should, put it in the place of the old one.
 */
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

#include "model/parting.h"
#include "model/xalloc.h"
#include "run.h"

struct timeline {
	struct run *run;
	struct run_options options;
	int64_t step; /* where the cursor stands */
	/* Live: what has been run before, the recording held against that, where they part. */
	struct trails *trails;
	struct trail *trail;
	struct parting parting;
};

/* ---- open and close ---- */

static void adopt(struct timeline *tl, struct run *run)
{
	tl->run = run;
	tl->parting.step = -1;
	if (run_is_live(run))
		tl->trail = trail_new(tl->trails, run_recording(run));
}

struct timeline *timeline_open(const struct run_options *o, char *err, size_t nerr)
{
	struct run *run = run_open(o, NULL, err, nerr);
	if (!run)
		return NULL;
	struct timeline *tl = xcalloc(1, sizeof *tl);
	tl->options = *o;
	tl->trails = trails_new();
	adopt(tl, run);
	return tl;
}

struct timeline *timeline_replay(struct recording *r)
{
	struct timeline *tl = xcalloc(1, sizeof *tl);
	adopt(tl, run_replay(r));
	return tl;
}

static void abandon(struct timeline *tl)
{
	trail_free(tl->trail);
	run_close(tl->run);
}

void timeline_close(struct timeline *tl)
{
	abandon(tl);
	trails_free(tl->trails);
	free(tl);
}

/* ---- where it stands ---- */

bool timeline_is_live(const struct timeline *tl)
{
	return run_is_live(tl->run);
}

const char *timeline_note(const struct timeline *tl)
{
	return run_note(tl->run);
}

const struct recording *timeline_recording(const struct timeline *tl)
{
	return run_recording(tl->run);
}

struct code *timeline_code(const struct timeline *tl)
{
	return recording_code(run_recording(tl->run));
}

const struct snapshot *timeline_now(struct timeline *tl)
{
	return run_at(tl->run, tl->step);
}

int64_t timeline_step(const struct timeline *tl)
{
	return tl->step;
}

int64_t timeline_last(const struct timeline *tl)
{
	return run_last(tl->run);
}

const char *timeline_policy(const struct timeline *tl)
{
	return run_policy(tl->run);
}

void timeline_seek(struct timeline *tl, int64_t step)
{
	int64_t last = timeline_last(tl);
	tl->step = step < 0 ? 0 : step > last ? last : step;
}

int64_t timeline_next_event(const struct timeline *tl, int64_t from, int m)
{
	const struct recording *r = run_recording(tl->run);
	for (int64_t s = from < 0 ? 1 : from + 1; s <= recording_last(r); s++)
		if (recording_event(r, s) && (m < 0 || recording_m(r, s) == m))
			return s;
	return -1;
}

int64_t timeline_prev_event(const struct timeline *tl, int64_t from, int m)
{
	const struct recording *r = run_recording(tl->run);
	for (int64_t s = from > recording_last(r) + 1 ? recording_last(r) : from - 1; s > 0; s--)
		if (recording_event(r, s) && (m < 0 || recording_m(r, s) == m))
			return s;
	return -1;
}

/* What was executed is held against what was there before; was: the last of that, if at hand. */
static void compare(struct timeline *tl, const struct recording *was)
{
	if (tl->parting.step >= 0)
		return;
	int64_t step = trail_parts(tl->trail);
	if (step >= 0)
		parting_tell(&tl->parting, was, run_recording(tl->run), step);
}

int64_t timeline_parting(const struct timeline *tl, const char **what)
{
	if (what)
		*what = tl->parting.what;
	return tl->parting.step;
}

struct moment timeline_moment(struct timeline *tl)
{
	return (struct moment){run_recording(tl->run), timeline_now(tl)};
}

int64_t timeline_first_foreign(const struct timeline *tl)
{
	return run_first_foreign(tl->run);
}

/* ---- again ---- */

/*
 * A run takes the place of the one before. What a program did before it was rebuilt is held against
 * nothing any more.
 */
static void replace(struct timeline *tl, struct run *run)
{
	struct timeline was = *tl;
	const struct recording *r = run_recording(was.run);
	bool rebuilt = recording_info(run_recording(run))->build != recording_info(r)->build;
	if (rebuilt)
		tl->trails = trails_new();
	else
		trail_keep(tl->trail);
	adopt(tl, run);
	if (rebuilt)
		tl->parting = (struct parting){0, "the program has been rebuilt since"};
	compare(tl, r);
	abandon(&was);
	if (rebuilt)
		trails_free(was.trails);
	tl->step = timeline_last(tl);
}

/*
 * Run again, under this policy, up to the cursor, and then a step of M m (-1: none). If all could
 * be done, or it was halted on the way, the new run takes the old one's place; if not, nothing has
 * changed.
 */
static enum step_result run_again(
	struct timeline *tl, const char *policy, int m, char *err, size_t nerr)
{
	struct run *run = run_open(&tl->options, policy, err, nerr);
	if (!run)
		return STEP_ENDED;
	enum step_result result = run_along(run, tl->run, tl->step, err, nerr);
	if (result == STEP_DONE && m >= 0)
		result = run_step(run, m, err, nerr);
	if (result != STEP_DONE && result != STEP_HALTED) {
		run_close(run);
		return result;
	}
	replace(tl, run);
	return result;
}

bool timeline_set_policy(struct timeline *tl, const char *policy, char *err, size_t nerr)
{
	if (!run_is_live(tl->run)) {
		say(err, nerr,
			"a recording cannot be run again; "
			"open the program itself to switch the policy");
		return false;
	}
	return run_again(tl, policy, -1, err, nerr) == STEP_DONE;
}

/* ---- forward ---- */

/* Execute a step of m at the cursor, whose recorded future, if any, is another. */
static enum step_result execute(struct timeline *tl, int m, char *err, size_t nerr)
{
	bool recorded = tl->step < timeline_last(tl);
	if (recorded && !run_is_live(tl->run)) {
		say(err, nerr,
			"in the recording another M goes on here; open the program itself "
			"to follow this one");
		return STEP_NO_M;
	}
	if (recorded && !snap_m(timeline_now(tl), m)) {
		say(err, nerr, "there is no M%d here; choose one of those on the screen", m);
		return STEP_NO_M;
	}
	if (recorded)
		return run_again(tl, timeline_policy(tl), m, err, nerr);
	enum step_result result = run_step(tl->run, m, err, nerr);
	if (result == STEP_DONE)
		tl->step = timeline_last(tl);
	if (tl->trail)
		compare(tl, NULL);
	return result;
}

enum step_result timeline_forward(struct timeline *tl, int m, char *err, size_t nerr)
{
	bool recorded = tl->step < timeline_last(tl);
	if (recorded && (m < 0 || recording_m(run_recording(tl->run), tl->step + 1) == m)) {
		tl->step++;
		return STEP_DONE;
	}
	if (m < 0) {
		say(err, nerr, "this is the last step; choose the M that goes on");
		return STEP_NO_M;
	}
	return execute(tl, m, err, nerr);
}

int timeline_await(struct timeline *tl)
{
	return tl->step < timeline_last(tl) ? -1 : run_await(tl->run);
}

char *timeline_sleepers(struct timeline *tl, char *buf, size_t n)
{
	return run_sleepers(tl->run, buf, n);
}

bool timeline_follow(struct timeline *tl, const struct schedule *s, char *err, size_t nerr)
{
	for (size_t i = 0; i < s->n; i++)
		for (int64_t n = 0; n < s->turns[i].n; n++)
			if (timeline_forward(tl, s->turns[i].m, err, nerr) != STEP_DONE)
				return false;
	return true;
}
