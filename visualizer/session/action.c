/* SPDX-License-Identifier: MIT */
/*
 * What each action does to a session. An action that cannot be done says why, and what can
 * be; none fails silently.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "model/policy.h"
#include "model/say.h"
#include "prompt.h"

enum { SCROLL_MAX = 4096 };

const struct action_info actions[ACT_COUNT] = {
#define ACTION(id, keys, group, rank, hint, help) {#id, keys, group, rank, hint, help},
#include "action.def"
#undef ACTION
};

/* By the chosen M, whatever is recorded. */
static void leave_path(struct session *s)
{
	char err[SENTENCE_MAX] = "";
	bool leaves = !step_is_last(s);
	int m = session_m(s);
	bool as_recorded = leaves && step_next_m(s) == m &&
			   !recording_before(timeline_recording(s->tl), timeline_step(s->tl) + 1).n;
	enum step_result r = timeline_forward(s->tl, m, err, sizeof err);
	long long step = timeline_step(s->tl), more = timeline_last(s->tl) - step;
	if (r == STEP_ASLEEP)
		step_reply_asleep(s, m, err);
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

/* What M the user looks at now, and whose the next step is: those may be two. */
static void say_choice(struct session *s, const struct m_state *m)
{
	int next = step_next_m(s);
	const char *is = m->exited ? "has ended" : m->asleep ? "is asleep" : "is looked at";
	if (next < 0)
		session_reply(s, false, "M%d %s; the recording ends here", m->id, is);
	else if (next != m->id)
		session_reply(
			s, false, "M%d %s; the next step is M%d's, as recorded", m->id, is, next);
	else if (!step_is_last(s))
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
			VISITS_KEPT);
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

static const char *other_of_twins(const struct session *s)
{
	const char *other = recorded_policy(s), *now = timeline_policy(s->tl);
	return other ? other : strcmp(now, "clear") == 0 ? "keep" : "clear";
}

static void twin_policy(struct session *s)
{
	set_policy(s, other_of_twins(s));
}

/* As long as the page is there, the run beside goes along. */
static void toggle_beside(struct session *s)
{
	char err[SENTENCE_MAX];
	if (s->page == PAGE_TWIN)
		s->page = PAGE_MAIN;
	else if (timeline_open_beside(s->tl, other_of_twins(s), err, sizeof err))
		s->page = PAGE_TWIN;
	else
		session_reply(s, true, "%s", err);
	if (s->page != PAGE_TWIN)
		timeline_close_beside(s->tl);
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

static bool is_still_at(const struct session *s, struct visit at)
{
	struct visit now = timeline_visit(s->tl);
	return now.run == at.run && now.step == at.step;
}

/* Actions that go along the timeline, to and fro. */
static const struct {
	enum action next, prev;
} ways[WAY_COUNT] = {
	[WAY_INSN] = {ACT_FORWARD, ACT_BACK},
	[WAY_LINE] = {ACT_LINE_NEXT, ACT_LINE_PREV},
	[WAY_OVER] = {ACT_OVER_NEXT, ACT_OVER_PREV},
	[WAY_OUT] = {ACT_OUT_NEXT, ACT_OUT_PREV},
	[WAY_EVENT] = {ACT_EVENT_NEXT, ACT_EVENT_PREV},
	[WAY_STOP] = {ACT_STOP_NEXT, ACT_STOP_PREV},
	[WAY_CHAIN] = {ACT_CHAIN_NEXT, ACT_CHAIN_PREV},
	[WAY_VERDICT] = {ACT_VERDICT_NEXT, ACT_VERDICT_PREV},
	[WAY_FOREIGN] = {ACT_FOREIGN_NEXT, ACT_FOREIGN_PREV},
	[WAY_WORD] = {ACT_WORD_NEXT, ACT_WORD_PREV},
	[WAY_UNTIL] = {ACT_COUNT, ACT_COUNT},
};

/* False: it is no such action. */
static bool goes_along(struct session *s, enum action a)
{
	for (enum going w = 0; w < WAY_COUNT; w++)
		if (ways[w].next == a || ways[w].prev == a) {
			travel(s, w, ways[w].prev == a);
			return true;
		}
	return false;
}

static void turn_page(struct session *s, enum page page)
{
	s->page = s->page == page && page != PAGE_HELP ? PAGE_MAIN : page;
	s->help_page = 0;
}

static void do_it(struct session *s, struct act act)
{
	int64_t rows = act.count < 0 ? 1 : act.count;
	switch (act.action) {
	case ACT_LEAVE: leave_path(s); break;
	case ACT_FIRST: step_seek(s, 0); break;
	case ACT_LAST: step_seek(s, timeline_last(s->tl)); break;
	case ACT_GOTO: step_go_to(s, act.count); break;
	case ACT_CHOOSE_M: act.id < 0 ? choose_next_m(s) : choose_m(s, act.id); break;
	case ACT_POLICY: next_policy(s); break;
	case ACT_TWIN: twin_policy(s); break;
	case ACT_BESIDE: toggle_beside(s); break;
	case ACT_UNDO: undo(s); break;
	case ACT_SCROLL_UP: scroll(s, rows); break;
	case ACT_SCROLL_DOWN: scroll(s, -rows); break;
	case ACT_PANE_NEXT: s->pane++; break;
	case ACT_REGISTERS: s->show_registers = !s->show_registers; break;
	case ACT_OUTPUT: turn_page(s, PAGE_OUTPUT); break;
	case ACT_PLACES: turn_page(s, PAGE_PLACES); break;
	case ACT_HELP: turn_page(s, PAGE_HELP); break;
	case ACT_QUIT: s->quit = true; break;
	default: break; /* the view's to do, which sees that it is done */
	}
}

void session_act(struct session *s, struct act act)
{
	enum action a = act.action;
	s->message[0] = '\0';
	s->message_is_error = false;
	s->done = a;
	int64_t parting = timeline_parting(s->tl, NULL);
	struct visit from = timeline_visit(s->tl);
	if (act.text)
		prompt_do(s, a, act.text);
	else if (prompt_is_for(a) && act.count < 0)
		prompt_open(s, a);
	else if (!goes_along(s, a))
		do_it(s, act);
	if (!is_still_at(s, from))
		session_check(s);
	if (a != ACT_UNDO)
		timeline_left(s->tl, from);
	say_parting(s, parting, a == ACT_POLICY || a == ACT_TWIN);
}

void session_do(struct session *s, enum action a)
{
	session_act(s, (struct act){a, -1, -1, NULL});
}
