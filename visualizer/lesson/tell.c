/* SPDX-License-Identifier: MIT */
/*
 * Telling a lesson on a timeline: its commands are run once, under the lesson's own policy,
 * and leave the path (which M executed how many steps) and on it the step of each stop. To
 * go to a stop is then to be on that path and seek. Under another policy the same path is
 * followed, so that a stop shows the same place with one word changed, even where the
 * stop's own condition never comes true there.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/drive.h"
#include "fact.h"
#include "model/say.h"
#include "model/xalloc.h"
#include "place.h"
#include "tell.h"

/* A `run` that has not ended after so many steps will not. */
enum { RUN_LIMIT = 200000 };

struct telling *telling_new(const struct lesson *l, struct timeline *tl)
{
	struct telling *t = xcalloc(1, sizeof *t);

	t->l = l;
	t->tl = tl;
	t->current = -1;
	t->step = xcalloc((size_t)l->nstops, sizeof *t->step);
	t->focus = xcalloc((size_t)l->nstops, sizeof *t->focus);
	return t;
}

void telling_free(struct telling *t)
{
	if (!t)
		return;
	schedule_clear(&t->path);
	free(t->step);
	free(t->focus);
	free(t);
}

void telling_keep(const struct telling *t)
{
	const struct recording_lesson l = {.name = t->l->name,
		.text = t->l->text,
		.len = t->l->len,
		.nstops = t->nfound,
		.steps = t->step,
		.focus = t->focus};

	timeline_set_lesson(t->tl, &l);
}

/* As far as they are in order, and there. */
void telling_take(struct telling *t, const struct recording_lesson *recorded)
{
	int64_t last = timeline_last(t->tl), before = 0;

	for (int i = 0; i < recorded->nstops && i < t->l->nstops; i++) {
		if (recorded->steps[i] < before || recorded->steps[i] > last)
			break;
		before = t->step[i] = recorded->steps[i];
		t->focus[i] = recorded->focus[i];
		t->nfound = i + 1;
	}
	schedule_clear(&t->path);
	t->path = recording_schedule(timeline_recording(t->tl), 0, before);
	t->build = recording_info(timeline_recording(t->tl))->build;
}

/* ---- running commands ---- */

/* "file:line: `command`: " and a sentence. Returns false. */
static bool cmd_error(const struct telling *t, const struct lesson_cmd *cmd, char *err, size_t nerr,
	const char *format, ...)
{
	char what[SENTENCE_MAX];
	va_list ap;

	va_start(ap, format);
	vsay(what, sizeof what, format, ap);
	va_end(ap);
	say(err, nerr, "%s:%d: `%s`: %s", t->l->path, cmd->line, cmd->text, what);
	return false;
}

/* "M0 can run, M1 is asleep" */
static char *who_can_run(const struct snapshot *s, char *buf, size_t n)
{
	size_t used = 0;

	buf[0] = 0;
	for (int i = 0; i < s->nms && used < n; i++) {
		const struct m_state *m = &s->ms[i];
		used += (size_t)snprintf(buf + used, n - used, "%sM%d %s", i ? ", " : "", m->id,
			m->asleep   ? "is asleep"
			: m->exited ? "has ended"
				    : "can run");
	}
	return buf;
}

/* What no step ever comes to is said before any is taken. */
static bool can_come_true(
	const struct telling *t, const struct lesson_cmd *cmd, char *err, size_t nerr)
{
	char why[SENTENCE_MAX];
	const char *program = timeline_program(t->tl);
	const struct cond *until = &cmd->until;

	return until->kind != COND_AT || !program ||
	       place_is_there(program, until->words, until->n, why, sizeof why) ||
	       cmd_error(t, cmd, err, nerr, "%s", why);
}

/*
 * Whether a `run` has come to its end. before: what its fact was at the step before; it becomes
 * what that is now.
 */
static bool has_come(const struct moment *at, const struct lesson_cmd *cmd, int m, char **before)
{
	char saw[SENTENCE_MAX], *was = *before;

	if (cmd->until.kind != COND_CHANGES)
		return cond_holds(at, &cmd->until, m, saw, sizeof saw);
	*before = fact_value(at, &cmd->until.fact);
	bool changed = was && strcmp(was, *before) != 0;
	free(was);
	return changed;
}

/* Execute a `run` command up to where its condition holds. */
static bool run_until(struct telling *t, const struct lesson_cmd *cmd, struct lot *lot,
	char **before, char *err, size_t nerr)
{
	struct moment at = timeline_moment(t->tl);
	char why[SENTENCE_MAX], who[SENTENCE_MAX], saw[SENTENCE_MAX];
	int64_t most = cmd->until.kind == COND_STEPS ? cmd->until.n : RUN_LIMIT;
	struct next next = {.before = {cmd->before.turns, cmd->before.n}};

	if (cmd->until.kind == COND_FACT && !cmd->before.n &&
		cond_holds(&at, &cmd->until, cmd->m, saw, sizeof saw))
		return true;
	if (!can_come_true(t, cmd, err, nerr))
		return false;
	has_come(&at, cmd, cmd->m, before);
	for (int64_t n = 0; n < most; n++) {
		int m = cmd->m >= 0 ? cmd->m : lot_next(lot, t->tl);
		if (m < 0)
			return cmd_error(t, cmd, err, nerr, "nobody can go on at step %lld: %s",
				(long long)timeline_step(t->tl),
				timeline_sleepers(t->tl, why, sizeof why));
		next.m = m;
		enum step_result result = timeline_take(t->tl, &next, why, sizeof why);
		next.before.n = 0;
		if (result == STEP_HALTED)
			return cmd_error(t, cmd, err, nerr, "%s", why);
		if (result != STEP_DONE)
			return cmd_error(t, cmd, err, nerr, "stopped after %lld steps: %s (%s)",
				(long long)n, why,
				who_can_run(timeline_now(t->tl), who, sizeof who));
		at = timeline_moment(t->tl);
		if (has_come(&at, cmd, m, before))
			return true;
	}
	return cmd->until.kind == COND_STEPS ||
	       cmd_error(t, cmd, err, nerr, "not so within %d steps (%s)", RUN_LIMIT,
		       who_can_run(at.now, who, sizeof who));
}

static bool run(
	struct telling *t, const struct lesson_cmd *cmd, struct lot *lot, char *err, size_t nerr)
{
	char *before = NULL;
	bool ok = run_until(t, cmd, lot, &before, err, nerr);

	free(before);
	return ok;
}

/* Run the commands of the next stop from the stop before it, and keep where they lead. */
static bool find_stop(struct telling *t, char *err, size_t nerr)
{
	assert(t->nfound < t->l->nstops);
	assert(timeline_step(t->tl) == (t->nfound ? t->step[t->nfound - 1] : 0));
	const struct lesson_stop *stop = &t->l->stops[t->nfound];
	struct lot lot = {.state = t->l->seed + (uint64_t)t->nfound};
	int focus = t->nfound ? t->focus[t->nfound - 1] : 0;

	for (int i = 0; i < stop->ncmds; i++) {
		const struct lesson_cmd *cmd = &stop->cmds[i];
		if (cmd->kind == LCMD_RUN && !run(t, cmd, &lot, err, nerr))
			return false;
		if (cmd->m >= 0)
			focus = cmd->m;
	}
	t->build = recording_info(timeline_recording(t->tl))->build;
	t->step[t->nfound] = timeline_step(t->tl);
	t->focus[t->nfound++] = focus;
	schedule_clear(&t->path);
	t->path = recording_schedule(timeline_recording(t->tl), 0, timeline_step(t->tl));
	return true;
}

/* ---- being on the path ---- */

/* Whether the timeline has been along the path up to a step. */
static bool on_path(const struct telling *t, int64_t step)
{
	struct schedule been = recording_schedule(timeline_recording(t->tl), 0, step);
	bool same = schedule_same(&been, &t->path, step);

	schedule_clear(&been);
	return same;
}

/* Bring the cursor to a step of the path, executing what is not recorded. */
static bool follow(struct telling *t, int64_t step, char *err, size_t nerr)
{
	int64_t last = timeline_last(t->tl), from = last < step ? last : step;
	struct schedule rest;
	bool ok;

	assert(step >= 0 && step <= schedule_steps(&t->path));
	if (!on_path(t, from))
		from = 0;
	timeline_seek(t->tl, from);
	rest = schedule_slice(&t->path, from, step);
	ok = timeline_follow(t->tl, &rest, err, nerr);
	schedule_clear(&rest);
	return ok;
}

static bool is_other_build(const struct telling *t)
{
	return recording_info(timeline_recording(t->tl))->build != t->build;
}

/* Where the program is another by now, its stops are anywhere. */
static void forget_other_build(struct telling *t)
{
	if (!t->nfound || !is_other_build(t))
		return;
	t->nfound = 0;
	t->current = -1;
	schedule_clear(&t->path);
}

/* Find all stops up to and with `stop`, under the timeline's policy. */
static bool find_stops(struct telling *t, int stop, char *err, size_t nerr)
{
	forget_other_build(t);
	if (!follow(t, t->nfound ? t->step[t->nfound - 1] : 0, err, nerr))
		return false;
	while (t->nfound <= stop)
		if (!find_stop(t, err, nerr))
			return false;
	return true;
}

/* The same under the lesson's own policy, whatever the timeline's is. */
static bool find_stops_own(struct telling *t, int stop, char *err, size_t nerr)
{
	char *policy;
	bool ok;

	if (strcmp(timeline_policy(t->tl), t->l->mcall) == 0)
		return find_stops(t, stop, err, nerr);
	policy = xstrdup(timeline_policy(t->tl));
	ok = timeline_set_policy(t->tl, t->l->mcall, err, nerr) && find_stops(t, stop, err, nerr) &&
	     timeline_set_policy(t->tl, policy, err, nerr);
	free(policy);
	return ok;
}

bool telling_goto(struct telling *t, int stop, int *focus, char *err, size_t nerr)
{
	assert(stop >= 0 && stop < t->l->nstops);
	forget_other_build(t);
	if (stop >= t->nfound && !find_stops_own(t, stop, err, nerr))
		return false;
	if (!follow(t, t->step[stop], err, nerr))
		return false;
	t->current = stop;
	*focus = t->focus[stop];
	return true;
}

int telling_stop(const struct telling *t)
{
	int64_t now = timeline_step(t->tl);
	int stop = t->nfound - 1;

	if (t->current >= 0 && t->step[t->current] == now)
		stop = t->current;
	while (stop >= 0 && (t->step[stop] > now || telling_step(t, stop) < 0))
		stop--;
	return stop;
}

int64_t telling_step(const struct telling *t, int stop)
{
	bool found = stop >= 0 && stop < t->nfound && !is_other_build(t);
	return found && on_path(t, t->step[stop]) ? t->step[stop] : -1;
}
