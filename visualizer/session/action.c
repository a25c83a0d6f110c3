/* SPDX-License-Identifier: MIT */
/*
 * What each action does to a session. An action that cannot be done says why, and what can
 * be; none fails silently.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/policy.h"
#include "model/say.h"
#include "session.h"

enum { SCROLL_MAX = 4096 };

const struct action_info actions[ACT_COUNT] = {
#define ACTION(id, keys, group, rank, hint, help) {#id, keys, group, rank, hint, help},
#include "action.def"
#undef ACTION
};

void session_reply(struct session *s, bool error, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsay(s->message, sizeof s->message, format, ap);
	va_end(ap);
	s->message_is_error = error;
}

static void seek(struct session *s, int64_t step)
{
	timeline_seek(s->tl, step);
	s->scroll = 0;
}

static void go_to_step(struct session *s, int64_t step)
{
	int64_t last = timeline_last(s->tl);
	seek(s, step);
	if (step > last)
		session_reply(s, false, "%lld is the last step recorded", (long long)last);
}

static bool at_end(const struct session *s)
{
	return timeline_step(s->tl) >= timeline_last(s->tl);
}

/* The M whose step is the next: as recorded, at the end the one looked at. -1: there is none. */
static int next_m(struct session *s)
{
	if (!at_end(s))
		return recording_m(timeline_recording(s->tl), timeline_step(s->tl) + 1);
	return timeline_is_live(s->tl) ? session_m(s) : -1;
}

/* What m sleeps in has been said; and who could go on instead. */
static void reply_asleep(struct session *s, int m, const char *why)
{
	const struct snapshot *now = timeline_now(s->tl);
	bool other = false;
	for (int i = 0; i < now->nms; i++)
		other |= now->ms[i].id != m && !now->ms[i].asleep && !now->ms[i].exited;
	session_reply(s, true, "%s; %s", why,
		other ? "choose another M with m" : "nobody else can go on; try again later");
}

/*
 * One step: the recorded one, or at the end one of the chosen M's. False: it has been said
 * why not.
 */
static bool forward(struct session *s)
{
	char err[SENTENCE_MAX] = "";
	const char *how = NULL;
	int m = session_m(s);
	enum step_result r = timeline_forward(s->tl, at_end(s) ? m : -1, err, sizeof err);
	if (r == STEP_DONE)
		return true;
	if (r == STEP_ASLEEP)
		reply_asleep(s, m, err);
	else if (r == STEP_ENDED && timeline_is_live(s->tl) &&
		 recording_end(timeline_recording(s->tl), &how) != RUN_GOES_ON && how)
		session_reply(s, true, "%s", how);
	else
		session_reply(s, true, "%s", *err ? err : "there is no step after this one");
	return false;
}

static void one_forward(struct session *s)
{
	s->scroll = 0;
	forward(s);
}

/* By the chosen M, whatever is recorded. */
static void leave_path(struct session *s)
{
	char err[SENTENCE_MAX] = "";
	bool leaves = !at_end(s);
	int m = session_m(s);
	bool as_recorded = leaves && next_m(s) == m &&
			   !recording_before(timeline_recording(s->tl), timeline_step(s->tl) + 1).n;
	enum step_result r = timeline_forward(s->tl, m, err, sizeof err);
	long long step = timeline_step(s->tl), more = timeline_last(s->tl) - step;
	if (r == STEP_ASLEEP)
		reply_asleep(s, m, err);
	else if (r != STEP_DONE)
		session_reply(s, true, "%s", *err ? err : "that step cannot be executed");
	else if (as_recorded)
		session_reply(s, false, "M%d is the M that was recorded here: no path is left", m);
	else if (leaves && more)
		session_reply(s, false,
			"a path that was taken before, from step %lld on: %lld more steps are "
			"recorded",
			step, more);
	else if (leaves)
		session_reply(s, false,
			"another path from step %lld on; u goes back to the one left", step);
}

static void one_back(struct session *s)
{
	if (timeline_step(s->tl) == 0)
		session_reply(s, false,
			"this is the start: nothing was recorded before M0 began to schedule");
	else
		seek(s, timeline_step(s->tl) - 1);
}

/* Execute until an event happens. */
static void event_next(struct session *s)
{
	const struct recording *r = timeline_recording(s->tl);
	int64_t next = timeline_next_event(s->tl, timeline_step(s->tl), -1);
	s->scroll = 0;
	if (next > timeline_step(s->tl) && recording_event(r, next)) {
		seek(s, next);
		return;
	}
	timeline_seek(s->tl, timeline_last(s->tl));
	for (int i = 0; i < s->run_limit; i++) {
		if (!forward(s))
			return;
		if (recording_event(timeline_recording(s->tl), timeline_step(s->tl)))
			return;
	}
	session_reply(s, false,
		"no event in %d steps of M%d: perhaps it spins; choose another with m",
		s->run_limit, session_m(s));
}

static void event_prev(struct session *s)
{
	int64_t prev = timeline_prev_event(s->tl, timeline_step(s->tl), -1);
	if (timeline_step(s->tl) == 0)
		session_reply(s, false, "this is the start: there is no event before");
	else
		seek(s, prev > 0 ? prev : 0);
}

/* Where in the source the chosen M is; library code and code without lines count as one line. */
struct file_line {
	const char *file;
	int line;
};

static struct file_line file_line_of(struct session *s)
{
	const struct snapshot *now = timeline_now(s->tl);
	const struct m_state *m = snap_m(now, session_m(s));
	const struct code_line *l = m ? code_at(timeline_code(s->tl), m_pc(now, m)) : NULL;
	return (struct file_line){l ? l->file : NULL, l ? l->line : 0};
}

static bool same_line(struct file_line a, struct file_line b)
{
	return a.line == b.line &&
	       (a.file == b.file || (a.file && b.file && strcmp(a.file, b.file) == 0));
}

/* Whether the user has had enough of it. */
static bool is_ended(struct session *s)
{
	bool ended = s->run.hurry && *s->run.hurry;
	if (ended)
		session_reply(
			s, true, "ended by Escape at step %lld", (long long)timeline_step(s->tl));
	return ended;
}

/* On the way others may have their turns, as recorded. */
static void line_next(struct session *s)
{
	struct file_line from = file_line_of(s);
	int m = session_m(s), its = 0;
	s->scroll = 0;
	for (int i = 0; i < s->run_limit; i++) {
		if (is_ended(s) || !forward(s))
			return;
		its += recording_m(timeline_recording(s->tl), timeline_step(s->tl)) == m;
		struct file_line at = file_line_of(s);
		if (at.file && !same_line(at, from))
			return;
	}
	if (its)
		session_reply(s, false,
			"M%d is on the same line after %d steps of its own: perhaps it spins; "
			"choose another with m",
			m, its);
	else
		session_reply(s, false,
			"none of these %d steps was M%d's: others were recorded here; "
			"choose another with m",
			s->run_limit, m);
}

static void line_prev(struct session *s)
{
	struct file_line from = file_line_of(s);
	if (timeline_step(s->tl) == 0) {
		session_reply(s, false, "this is the start: there is no line before");
		return;
	}
	while (timeline_step(s->tl) > 0 && same_line(file_line_of(s), from) && !is_ended(s))
		seek(s, timeline_step(s->tl) - 1);
}

static void go_to_stop(struct session *s, int stop)
{
	char err[SENTENCE_MAX] = "";
	if (!session_goto_stop(s, stop, err, sizeof err))
		session_reply(s, true, "%s", err);
}

static void stop_next(struct session *s)
{
	int stop = s->telling ? telling_stop(s->telling) : -1;
	if (!s->telling)
		session_reply(s, false, "no lesson is being told; e goes on to the next event");
	else if (stop + 1 >= s->lesson->nstops)
		session_reply(s, false,
			"the lesson's last stop; t shows it with the other mcall, q quits");
	else
		go_to_stop(s, stop + 1);
}

static void stop_prev(struct session *s)
{
	int stop = s->telling ? telling_stop(s->telling) : -1;
	if (!s->telling)
		session_reply(s, false, "no lesson is being told; E goes back to the event before");
	else if (stop >= 0 && timeline_step(s->tl) > telling_step(s->telling, stop))
		go_to_stop(s, stop);
	else if (stop > 0)
		go_to_stop(s, stop - 1);
	else if (timeline_step(s->tl) > 0)
		seek(s, 0);
	else
		session_reply(
			s, false, "this is the start of the lesson; Space goes to its first stop");
}

/* What M the user looks at now, and whose the next step is: those may be two. */
static void say_choice(struct session *s, const struct m_state *m)
{
	int next = next_m(s);
	const char *is = m->exited ? "has ended" : m->asleep ? "is asleep" : "is looked at";
	if (next < 0)
		session_reply(s, false, "M%d %s; the recording ends here", m->id, is);
	else if (next != m->id)
		session_reply(
			s, false, "M%d %s; the next step is M%d's, as recorded", m->id, is, next);
	else if (!at_end(s))
		session_reply(s, false, "M%d %s; the next step is its, as recorded", m->id, is);
	else if (m->exited || m->asleep)
		session_reply(s, false, "M%d %s: it can be looked at, not stepped", m->id, is);
	else
		session_reply(s, false, "M%d is the M looked at and stepped", m->id);
}

static void choose_m(struct session *s, int id)
{
	const struct m_state *m = snap_m(timeline_now(s->tl), id);
	if (!m) {
		session_reply(s, true, "there is no M%d at this step", id);
		return;
	}
	s->focus_m = id;
	s->scroll = 0;
	say_choice(s, m);
}

static void choose_next_m(struct session *s)
{
	const struct snapshot *now = timeline_now(s->tl);
	int next = 0;
	if (now->nms == 1) {
		session_reply(s, false, "M%d is the only M so far", now->ms[0].id);
		return;
	}
	for (int i = 0; i < now->nms; i++)
		if (now->ms[i].id == session_m(s))
			next = (i + 1) % now->nms;
	choose_m(s, now->ms[next].id);
}

static void set_policy(struct session *s, const char *policy)
{
	char err[SENTENCE_MAX] = "", parted[SENTENCE_MAX];
	int64_t step = timeline_step(s->tl);
	if (!timeline_set_policy(s->tl, policy, err, sizeof err)) {
		session_reply(s, true, "%s", *err ? err : "the policy cannot be changed here");
		return;
	}
	session_reply(s, false, "mcall is now mcall_%s: along the same schedule, to step %lld%s",
		policy, (long long)timeline_step(s->tl),
		session_parted(s, parted, sizeof parted) ? ""
		: timeline_step(s->tl) == step           ? ", the same place"
							 : "");
}

/* An action has run the program, and it has turned out to be another run: that goes before all. */
static void say_parting(struct session *s, int64_t before, bool again)
{
	char parted[SENTENCE_MAX];
	int64_t now = timeline_parting(s->tl, NULL);
	if (s->message_is_error || (now == before && !again) ||
		!session_parted(s, parted, sizeof parted))
		return;
	session_reply(s, true, "%s%s%s", parted, *s->message ? "; " : "", s->message);
}

/* Where f, t, p or whatever else left a run. */
static void undo(struct session *s)
{
	char policy[16], under[32] = "";
	snprintf(policy, sizeof policy, "%s", timeline_policy(s->tl));
	if (!timeline_undo(s->tl)) {
		session_reply(s, false,
			"there is nothing to undo: no path was left, or it is not kept any more "
			"(the last %d are)",
			RUNS_KEPT);
		return;
	}
	s->scroll = 0;
	if (strcmp(policy, timeline_policy(s->tl)) != 0)
		snprintf(under, sizeof under, " under mcall_%s", timeline_policy(s->tl));
	session_reply(s, false,
		"back%s on the path that was left at step %lld: %lld steps are recorded", under,
		(long long)timeline_step(s->tl), (long long)timeline_last(s->tl));
}

/* What has been recorded cannot be had under just any policy. */
static const char *recorded_policy(const struct session *s)
{
	return timeline_is_live(s->tl) ? NULL : timeline_other_policy(s->tl);
}

static void next_policy(struct session *s)
{
	const char *other = recorded_policy(s);
	set_policy(s, other ? other : policy_next(timeline_policy(s->tl)));
}

static void twin_policy(struct session *s)
{
	const char *other = recorded_policy(s), *now = timeline_policy(s->tl);
	set_policy(s, other ? other : strcmp(now, "clear") == 0 ? "keep" : "clear");
}

static void scroll(struct session *s, int64_t by)
{
	assert(s->scroll >= -SCROLL_MAX && s->scroll <= SCROLL_MAX);
	int64_t room = by > 0 ? SCROLL_MAX - s->scroll : -SCROLL_MAX - s->scroll;
	bool further = by > 0 ? by <= room : by >= room;
	s->scroll += (int)(further ? by : room);
	if (!further)
		session_reply(s, false, "nothing further that way");
}

static void start_prompt(struct session *s)
{
	s->prompting = true;
	*s->prompt = '\0';
}

static bool is_still_at(const struct session *s, struct visit at)
{
	struct visit now = timeline_visit(s->tl);
	return now.run == at.run && now.step == at.step;
}

void session_act(struct session *s, struct act act)
{
	enum action a = act.action;
	int64_t rows = act.count < 0 ? 1 : act.count;
	s->message[0] = '\0';
	s->message_is_error = false;
	s->done = a;
	int64_t parting = timeline_parting(s->tl, NULL);
	struct visit from = timeline_visit(s->tl);
	switch (a) {
	case ACT_FORWARD: one_forward(s); break;
	case ACT_BACK: one_back(s); break;
	case ACT_LEAVE: leave_path(s); break;
	case ACT_EVENT_NEXT: event_next(s); break;
	case ACT_EVENT_PREV: event_prev(s); break;
	case ACT_LINE_NEXT: line_next(s); break;
	case ACT_LINE_PREV: line_prev(s); break;
	case ACT_FIRST: seek(s, 0); break;
	case ACT_LAST: seek(s, timeline_last(s->tl)); break;
	case ACT_GOTO: act.count < 0 ? start_prompt(s) : go_to_step(s, act.count); break;
	case ACT_STOP_NEXT: stop_next(s); break;
	case ACT_STOP_PREV: stop_prev(s); break;
	case ACT_CHOOSE_M: act.id < 0 ? choose_next_m(s) : choose_m(s, act.id); break;
	case ACT_POLICY: next_policy(s); break;
	case ACT_TWIN: twin_policy(s); break;
	case ACT_UNDO: undo(s); break;
	case ACT_SCROLL_UP: scroll(s, rows); break;
	case ACT_SCROLL_DOWN: scroll(s, -rows); break;
	case ACT_PANE_NEXT: s->pane++; break;
	case ACT_REGISTERS: s->show_registers = !s->show_registers; break;
	case ACT_OUTPUT: s->page = s->page == PAGE_OUTPUT ? PAGE_MAIN : PAGE_OUTPUT; break;
	case ACT_HELP:
		s->page = PAGE_HELP;
		s->help_page = 0;
		break;
	case ACT_SCREENSHOT:
	case ACT_REDRAW: break; /* the view's to do, which sees that it is done */
	case ACT_QUIT: s->quit = true; break;
	case ACT_COUNT: break;
	}
	if (!is_still_at(s, from))
		session_check(s);
	if (a != ACT_UNDO)
		timeline_left(s->tl, from);
	say_parting(s, parting, a == ACT_POLICY || a == ACT_TWIN);
}

void session_do(struct session *s, enum action a)
{
	session_act(s, (struct act){a, -1, -1});
}
