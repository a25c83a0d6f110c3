/* SPDX-License-Identifier: MIT */
/*
 * One mechanism for everything that leaves the recorded path: run the program again from the
 * start, along a schedule, into a recording of its own; and only when that has come to where
 * it should, put it in the place of the old one.
 */
#include "timeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/foreign.h"
#include "model/parting.h"
#include "model/policy.h"
#include "model/say.h"
#include "model/xalloc.h"

struct timeline {
	struct recording *recording;
	struct cursor *cursor;
	struct foreign *foreign; /* the recording's first such link */
	struct stepper *stepper; /* at the recording's last step; NULL: a replay */
	struct run_options options;
	char policy[8]; /* options.mcall, if it was switched */
	int64_t step;   /* where the cursor stands */
	/* Live: what has been run before, the recording held against that, where they part. */
	struct trails *trails;
	struct trail *trail;
	struct parting parting;
};

/* ---- a run: a stepper and what it has recorded ---- */

struct run {
	struct stepper *stepper;
	struct recording *recording;
	const struct run_options *options;
};

static bool run_open(struct run *run, const struct run_options *o, char *err, size_t nerr)
{
	run->options = o;
	run->stepper = stepper_open(o, err, nerr);
	if (!run->stepper)
		return false;
	const struct snapshot *first = stepper_state(run->stepper);
	struct recording_info info = {.procs = o->procs > 0 ? o->procs : 2,
		.seed = o->seed,
		.build = stepper_build(run->stepper)};
	const char *slash = strrchr(o->program, '/');
	snprintf(info.program, sizeof info.program, "%s", slash ? slash + 1 : o->program);
	snprintf(info.policy, sizeof info.policy, "%s", o->mcall ? o->mcall : policy_names[0]);
	snprintf(info.arch, sizeof info.arch, "%s", first->arch->name);
	run->recording = recording_new(&info, first, stepper_code(run->stepper));
	return true;
}

static void run_close(struct run *run)
{
	if (run->stepper)
		stepper_close(run->stepper);
	recording_free(run->recording);
}

/* If the program has ended, the recording knows how. */
static void keep_end(struct run *run)
{
	const char *sentence;
	enum run_end end = stepper_end(run->stepper, &sentence);
	if (end != RUN_GOES_ON)
		recording_set_end(run->recording, end, sentence);
}

/* Whether the run is not to go on; err then says why. */
static bool is_halted(const struct run *run, char *err, size_t nerr)
{
	const struct run_options *o = run->options;
	const char *sentence = o->halt ? o->halt(o->halt_ctx, run->recording) : NULL;
	if (sentence)
		say(err, nerr, "%s", sentence);
	return sentence != NULL;
}

/* err is set if it is halted. */
static enum step_result run_step(struct run *run, int m, char *err, size_t nerr)
{
	struct step st;
	enum step_result result;
	int64_t since = 0;
	do {
		if (is_halted(run, err, nerr))
			return STEP_HALTED;
		result = stepper_step(run->stepper, m, &st);
		if (result == STEP_DONE)
			recording_add(run->recording, &st);
		else
			recording_add_output(run->recording, st.output, st.noutput);
		keep_end(run);
	} while (result == STEP_ASLEEP && stepper_doze(run->stepper, m, &since));
	return result;
}

static void say_why_not(
	const struct run *run, enum step_result result, int m, char *err, size_t nerr)
{
	const char *sentence;
	char how[80];
	if (result == STEP_DONE || result == STEP_HALTED)
		return;
	if (result == STEP_ASLEEP)
		say(err, nerr, "M%d is asleep %s", m,
			stepper_sleeps(run->stepper, m, how, sizeof how));
	else if (result == STEP_NO_M)
		say(err, nerr, "there is no M%d here; choose one of those on the screen", m);
	else if (stepper_end(run->stepper, &sentence) != RUN_GOES_ON)
		say(err, nerr, "%s", sentence);
}

/* ---- open and close ---- */

static void adopt(struct timeline *tl, const struct run *run)
{
	tl->recording = run->recording;
	tl->stepper = run->stepper;
	tl->cursor = cursor_new(tl->recording);
	tl->foreign = foreign_new(tl->recording);
	tl->parting.step = -1;
	if (tl->stepper)
		tl->trail = trail_new(tl->trails, tl->recording);
}

struct timeline *timeline_open(const struct run_options *o, char *err, size_t nerr)
{
	struct run run;
	if (!run_open(&run, o, err, nerr))
		return NULL;
	struct timeline *tl = xcalloc(1, sizeof *tl);
	tl->options = *o;
	tl->trails = trails_new();
	adopt(tl, &run);
	return tl;
}

struct timeline *timeline_replay(struct recording *r)
{
	struct timeline *tl = xcalloc(1, sizeof *tl);
	adopt(tl, &(struct run){.recording = r});
	return tl;
}

static void abandon(struct timeline *tl)
{
	cursor_free(tl->cursor);
	foreign_free(tl->foreign);
	trail_free(tl->trail);
	run_close(&(struct run){tl->stepper, tl->recording, &tl->options});
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
	return tl->stepper != NULL;
}

const char *timeline_note(const struct timeline *tl)
{
	return tl->stepper ? stepper_note(tl->stepper) : "";
}

const struct recording *timeline_recording(const struct timeline *tl)
{
	return tl->recording;
}

struct code *timeline_code(const struct timeline *tl)
{
	return recording_code(tl->recording);
}

const struct snapshot *timeline_now(struct timeline *tl)
{
	return cursor_seek(tl->cursor, tl->step);
}

int64_t timeline_step(const struct timeline *tl)
{
	return tl->step;
}

int64_t timeline_last(const struct timeline *tl)
{
	return recording_last(tl->recording);
}

const char *timeline_policy(const struct timeline *tl)
{
	return recording_info(tl->recording)->policy;
}

void timeline_seek(struct timeline *tl, int64_t step)
{
	int64_t last = timeline_last(tl);
	tl->step = step < 0 ? 0 : step > last ? last : step;
}

int64_t timeline_next_event(const struct timeline *tl, int64_t from, int m)
{
	const struct recording *r = tl->recording;
	for (int64_t s = from < 0 ? 1 : from + 1; s <= recording_last(r); s++)
		if (recording_event(r, s) && (m < 0 || recording_m(r, s) == m))
			return s;
	return -1;
}

int64_t timeline_prev_event(const struct timeline *tl, int64_t from, int m)
{
	const struct recording *r = tl->recording;
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
		parting_tell(&tl->parting, was, tl->recording, step);
}

int64_t timeline_parting(const struct timeline *tl, const char **what)
{
	if (what)
		*what = tl->parting.what;
	return tl->parting.step;
}

struct moment timeline_moment(struct timeline *tl)
{
	return (struct moment){tl->recording, timeline_now(tl)};
}

int64_t timeline_first_foreign(const struct timeline *tl)
{
	return foreign_first(tl->foreign);
}

/* ---- again ---- */

/* A run that came to another end was another from some step on. */
static void say_where(const struct timeline *tl, const struct run *run, char *err, size_t nerr)
{
	struct parting p;
	parting_find(&p, tl->recording, run->recording);
	if (p.step >= 0)
		say_more(err, nerr, "; the two part at step %lld", (long long)p.step);
}

/*
 * One step of a run that follows the recording; it must be the same step if it is run under
 * the same options.
 */
static enum step_result repeat(
	struct timeline *tl, struct run *run, int64_t step, bool same, char *err, size_t nerr)
{
	int m = recording_m(tl->recording, step);
	enum step_result result = run_step(run, m, err, nerr);
	if (result == STEP_HALTED)
		return result;
	if (result != STEP_DONE) {
		say(err, nerr, "the schedule does not lead there again: after step %lld ",
			(long long)step - 1);
		size_t used = strlen(err);
		say_why_not(run, result, m, err + used, nerr - used);
		say_where(tl, run, err, nerr);
	} else if (same &&
		   recording_pc(run->recording, step) != recording_pc(tl->recording, step)) {
		say(err, nerr,
			"the schedule does not lead there again: at step %lld M%d is elsewhere; "
			"does the program depend on time or chance?",
			(long long)step, m);
		return STEP_NO_M;
	}
	return result;
}

/*
 * A run takes the place of the one before. What a program did before it was rebuilt is held against
 * nothing any more.
 */
static void replace(struct timeline *tl, const struct run *run)
{
	struct timeline was = *tl;
	bool rebuilt = stepper_build(run->stepper) != stepper_build(tl->stepper);
	if (rebuilt)
		tl->trails = trails_new();
	else
		trail_keep(tl->trail);
	adopt(tl, run);
	if (rebuilt)
		tl->parting = (struct parting){0, "the program has been rebuilt since"};
	compare(tl, was.recording);
	abandon(&was);
	if (rebuilt)
		trails_free(was.trails);
	tl->step = timeline_last(tl);
}

/*
 * Run again, with these options, up to the cursor, and then a step of M m (-1: none). Under
 * the same options the program must do the same. If all could be done, or it was halted on the way,
 * the new run takes the old one's place; if not, nothing has changed.
 */
static enum step_result run_again(
	struct timeline *tl, const struct run_options *o, bool same, int m, char *err, size_t nerr)
{
	struct run run;
	if (!run_open(&run, o, err, nerr))
		return STEP_ENDED;
	enum step_result result = STEP_DONE;
	for (int64_t s = 1; s <= tl->step && result == STEP_DONE; s++)
		result = repeat(tl, &run, s, same, err, nerr);
	if (result == STEP_DONE && m >= 0) {
		result = run_step(&run, m, err, nerr);
		say_why_not(&run, result, m, err, nerr);
	}
	if (result != STEP_DONE && result != STEP_HALTED) {
		run_close(&run);
		return result;
	}
	replace(tl, &run);
	return result;
}

bool timeline_set_policy(struct timeline *tl, const char *policy, char *err, size_t nerr)
{
	if (!tl->stepper) {
		say(err, nerr,
			"a recording cannot be run again; "
			"open the program itself to switch the policy");
		return false;
	}
	struct run_options o = tl->options;
	char name[sizeof tl->policy];
	snprintf(name, sizeof name, "%s", policy);
	o.mcall = name;
	enum step_result result = run_again(tl, &o, false, -1, err, nerr);
	if (result == STEP_DONE || result == STEP_HALTED) {
		memcpy(tl->policy, name, sizeof name);
		tl->options.mcall = tl->policy;
	}
	return result == STEP_DONE;
}

/* ---- forward ---- */

/* Execute a step of m at the cursor, whose recorded future, if any, is another. */
static enum step_result execute(struct timeline *tl, int m, char *err, size_t nerr)
{
	const char *how;
	if (!tl->stepper && tl->step < timeline_last(tl)) {
		say(err, nerr,
			"in the recording another M goes on here; open the program itself "
			"to follow this one");
		return STEP_NO_M;
	}
	if (!tl->stepper) {
		recording_end(tl->recording, &how);
		say(err, nerr, "the recording ends here%s%s; open the program itself to go on",
			*how ? ": " : "", how);
		return STEP_ENDED;
	}
	struct run run = {tl->stepper, tl->recording, &tl->options};
	if (tl->step < timeline_last(tl) && !snap_m(timeline_now(tl), m)) {
		say_why_not(&run, STEP_NO_M, m, err, nerr);
		return STEP_NO_M;
	}
	if (tl->step < timeline_last(tl))
		return run_again(tl, &tl->options, true, m, err, nerr);
	enum step_result result = run_step(&run, m, err, nerr);
	if (result == STEP_DONE)
		tl->step = timeline_last(tl);
	compare(tl, NULL);
	say_why_not(&run, result, m, err, nerr);
	return result;
}

enum step_result timeline_forward(struct timeline *tl, int m, char *err, size_t nerr)
{
	bool recorded = tl->step < timeline_last(tl);
	if (recorded && (m < 0 || recording_m(tl->recording, tl->step + 1) == m)) {
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
	char err[256];
	struct run run = {tl->stepper, tl->recording, &tl->options};
	int m = -1;
	int64_t since = 0;
	if (!tl->stepper || tl->step < timeline_last(tl))
		return -1;
	while (!is_halted(&run, err, sizeof err) && (m = stepper_awake(tl->stepper)) < 0 &&
		stepper_doze(tl->stepper, -1, &since))
		;
	keep_end(&run);
	return m;
}

char *timeline_sleepers(struct timeline *tl, char *buf, size_t n)
{
	const struct snapshot *now = timeline_now(tl);
	char how[80];
	size_t used = 0;
	*buf = '\0';
	for (int i = 0; tl->stepper && i < now->nms && used < n; i++) {
		int m = now->ms[i].id;
		if (*stepper_sleeps(tl->stepper, m, how, sizeof how))
			used += (size_t)snprintf(buf + used, n - used, "%sM%d is asleep %s",
				used ? "; " : "", m, how);
	}
	return buf;
}

bool timeline_follow(struct timeline *tl, const struct schedule *s, char *err, size_t nerr)
{
	for (size_t i = 0; i < s->n; i++)
		for (int64_t n = 0; n < s->turns[i].n; n++)
			if (timeline_forward(tl, s->turns[i].m, err, nerr) != STEP_DONE)
				return false;
	return true;
}
