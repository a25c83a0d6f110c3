/* SPDX-License-Identifier: MIT */
/*
 * Going along the timeline, forward and back. What is looked for is a sight (model/sights.h), so
 * both ways find the same steps. Where forward began in the midst of something, back goes there
 * again: each forward is remembered until its back.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/place.h"
#include "lesson/until.h"
#include "model/sights.h"
#include "model/say.h"
#include "model/xalloc.h"
#include "parts.h"

/* What is looked for, from where the cursor is. */
struct quest {
	enum going way;
	int m;
	struct call_place call;
	uint64_t word;
	struct sight sight; /* is NULL: there is an index of it */
};

static const char *const way_names[WAY_COUNT] = {
	[WAY_INSN] = "instruction",
	[WAY_LINE] = "source line",
	[WAY_OVER] = "line of this call",
	[WAY_OUT] = "step in this call's caller",
	[WAY_EVENT] = "event",
	[WAY_STOP] = "stop",
	[WAY_CHAIN] = "change of this M's chain",
	[WAY_VERDICT] = "change of the verdict on this M",
	[WAY_FOREIGN] = "link that turns foreign",
	[WAY_WORD] = "step that writes this word",
	[WAY_UNTIL] = "step where that comes to be so",
};

/* Those at whose ends there is something to look at: the start, or the last step. */
static bool goes_to_ends(enum going way)
{
	return way == WAY_LINE || way == WAY_OVER || way == WAY_OUT || way == WAY_EVENT;
}

/* ---- the word that is looked for ---- */

/* What the first link of M m's chain that is not sound points at, else what FP does. */
static bool find_word(struct session *s, int m, uint64_t *word)
{
	struct moment at = timeline_moment(s->tl);
	struct chain c;
	walk(at.now, moment_code(&at), m, &c);
	int i = -1;
	while (i < c.n - 1 && link_is_sound(chain_link(&c, i)))
		i++;
	if (link_is_sound(chain_link(&c, i)))
		i = -1;
	*word = i < 0 ? m_fp(at.now, snap_m(at.now, m)) : c.rec[i].next;
	return snap_stack_at(at.now, *word) >= 0;
}

/* Whether the cursor is where looking for a word has led. */
static bool is_at_word(const struct session *s)
{
	struct visit now = timeline_visit(s->tl);
	return s->word.at.number == now.number && s->word.at.step == now.step;
}

/* The one that was looked for last, as long as the cursor is there. */
static bool take_word(struct session *s, struct quest *q)
{
	if (is_at_word(s)) {
		q->word = s->word.addr;
		return true;
	}
	if (snap_m(timeline_now(s->tl), q->m) && find_word(s, q->m, &q->word))
		return true;
	session_reply(s, false,
		"M%d's frame pointer leads to no word; type / and the address of one", q->m);
	return false;
}

/* How the last step wrote that word; NULL: it did not. */
static const struct word_write *find_write(const struct moment *at, uint64_t word)
{
	int n;
	const struct word_write *w = moment_writes(at, &n);
	for (; n > 0; w++, n--)
		if (w->addr == word)
			return w;
	return NULL;
}

static void reply_word(struct session *s, const struct quest *q)
{
	struct moment at = timeline_moment(s->tl);
	char by[128];
	const struct word_write *w = find_write(&at, q->word);
	if (w)
		session_reply(s, false, "M%d wrote 0x%llx to …%04llx in %s; it was 0x%llx",
			at.now->last_m, (unsigned long long)w->now,
			(unsigned long long)q->word & 0xffff,
			code_symbolize(moment_code(&at), moment_pc(&at), false, by, sizeof by),
			(unsigned long long)w->old);
}

/* ---- looking ---- */

static struct sight sight_of(struct session *s, struct quest *q)
{
	switch (q->way) {
	case WAY_LINE: return (struct sight){sight_line, &q->m};
	case WAY_OVER: return (struct sight){sight_over, &q->call};
	case WAY_OUT: return (struct sight){sight_out, &q->call};
	case WAY_CHAIN: return (struct sight){sight_chain, &q->m};
	case WAY_VERDICT: return (struct sight){sight_verdict, &q->m};
	case WAY_FOREIGN: return (struct sight){sight_foreign, &q->m};
	case WAY_UNTIL: return (struct sight){until_comes, s->until};
	default: return (struct sight){NULL, NULL};
	}
}

/* False: it has been said why that cannot be looked for. */
static bool begin(struct session *s, enum going way, struct quest *q)
{
	struct moment at = timeline_moment(s->tl);
	*q = (struct quest){.way = way, .m = session_m(s)};
	if (way == WAY_WORD && !take_word(s, q))
		return false;
	if ((way == WAY_OVER || way == WAY_OUT) && !call_of(&at, q->m, &q->call)) {
		session_reply(s, true,
			"it is not known in which call M%d is: there is no unwind information "
			"here; n and N go by lines",
			q->m);
		return false;
	}
	q->sight = sight_of(s, q);
	return true;
}

static int64_t find_next(struct session *s, struct quest *q)
{
	const struct recording *r = timeline_recording(s->tl);
	int64_t step = timeline_step(s->tl), found = 0;
	if (q->way == WAY_WORD)
		found = recording_next_write(r, step, q->word);
	else if (q->way == WAY_EVENT)
		found = recording_next_event(r, step, -1);
	else
		found = timeline_find(s->tl, false, s->run_limit, &q->sight, s->run.hurry);
	return found > step ? found : -1;
}

static int64_t find_prev(struct session *s, struct quest *q)
{
	const struct recording *r = timeline_recording(s->tl);
	int64_t step = timeline_step(s->tl), found;
	if (q->way == WAY_WORD)
		found = recording_last_write(r, step - 1, q->word);
	else if (q->way == WAY_EVENT)
		found = recording_prev_event(r, step, -1);
	else
		found = timeline_find(s->tl, true, s->run_limit, &q->sight, s->run.hurry);
	return found > 0 ? found : -1;
}

/* A line before is found where it begins, which is not where that is known. */
static int64_t find_line_of_call(struct session *s, struct quest *q)
{
	struct sight back = {sight_over_back, &q->call};
	timeline_find(s->tl, true, s->run_limit, &back, s->run.hurry);
	return q->call.first;
}

/* ---- arriving ---- */

/* Whose step it is, or whom it is about, is looked at then. */
static void look_there(struct session *s, const struct quest *q)
{
	const struct snapshot *now = timeline_now(s->tl);
	bool of_call = q->way == WAY_OVER || q->way == WAY_OUT;
	if (of_call && now->last_m >= 0)
		s->focus_m = now->last_m;
	if (q->way == WAY_FOREIGN)
		s->focus_m = q->m;
	const struct g_state *g = of_call && !q->call.of_g0 ? snap_g(now, q->call.id) : NULL;
	if (g && g->status == GS_DEAD)
		session_reply(s, false, "G%d has ended", g->id);
	if (q->way == WAY_WORD) {
		s->word = (struct word_sought){q->word, timeline_visit(s->tl)};
		reply_word(s, q);
	}
}

static void arrive(struct session *s, const struct quest *q, int64_t step)
{
	step_seek(s, step);
	look_there(s, q);
}

/* So many steps were looked at, from `from` on. */
static void reply_long(struct session *s, const struct quest *q, int64_t from)
{
	const struct recording *r = timeline_recording(s->tl);
	int64_t its = 0;
	for (int64_t step = from + 1; step <= timeline_step(s->tl); step++)
		its += recording_m(r, step) == q->m;
	if (q->way == WAY_EVENT)
		session_reply(s, false,
			"no event in %d steps of M%d: perhaps it spins; choose another with m",
			s->run_limit, q->m);
	else if (q->way == WAY_LINE && its)
		session_reply(s, false,
			"M%d is on the same line after %lld steps of its own: perhaps it spins; "
			"choose another with m",
			q->m, (long long)its);
	else if (q->way == WAY_LINE)
		session_reply(s, false,
			"none of these %d steps was M%d's: others were recorded here; "
			"choose another with m",
			s->run_limit, q->m);
	else
		session_reply(s, false, "no %s in %d steps", way_names[q->way], s->run_limit);
}

/* It could not be executed further, for what was replied; that it has not come is said first. */
static void reply_not_found(struct session *s, const struct quest *q)
{
	char why[SENTENCE_MAX];
	say(why, sizeof why, "%s", s->message);
	if (!goes_to_ends(q->way) && *why)
		session_reply(s, s->message_is_error, "no %s in what there was to execute; %s",
			way_names[q->way], why);
}

/* Execute steps of the M looked at until it comes. */
static void execute_until(struct session *s, struct quest *q)
{
	int64_t from = timeline_last(s->tl);
	timeline_seek(s->tl, from);
	for (int i = 0; i < s->run_limit; i++) {
		if (step_is_ended(s))
			return;
		if (!step_forward(s, session_m(s))) {
			reply_not_found(s, q);
			return;
		}
		struct moment at = timeline_moment(s->tl);
		bool found = q->sight.is && timeline_is_at(s->tl, &q->sight);
		found |= q->way == WAY_EVENT && moment_event(&at);
		found |= q->way == WAY_WORD && find_write(&at, q->word);
		if (found) {
			look_there(s, q);
			return;
		}
	}
	reply_long(s, q, from);
}

static void go_forward(struct session *s, struct quest *q)
{
	int64_t from = timeline_step(s->tl), found = find_next(s, q);
	s->scroll = 0;
	if (found >= 0) {
		arrive(s, q, found);
	} else if (step_is_ended(s)) {
		return;
	} else if (timeline_last(s->tl) - from > s->run_limit && q->sight.is) {
		timeline_seek(s->tl, from + s->run_limit);
		reply_long(s, q, from);
	} else if (timeline_is_live(s->tl)) {
		execute_until(s, q);
	} else if (goes_to_ends(q->way)) {
		timeline_seek(s->tl, timeline_last(s->tl));
		step_forward(s, session_m(s));
	} else {
		session_reply(
			s, false, "no %s from here to the end of the recording", way_names[q->way]);
	}
}

/* Who asks for the first time who wrote a word is told so of this step as well. */
static bool is_found_here(struct session *s, const struct quest *q)
{
	struct moment at = timeline_moment(s->tl);
	return q->way == WAY_WORD && !is_at_word(s) && find_write(&at, q->word);
}

static void go_back(struct session *s, struct quest *q)
{
	if (is_found_here(s, q)) {
		look_there(s, q);
		return;
	}
	int64_t found = q->way == WAY_OVER ? find_line_of_call(s, q) : find_prev(s, q);
	if (found >= 0)
		arrive(s, q, found);
	else if (step_is_ended(s))
		return;
	else if (goes_to_ends(q->way) && q->way != WAY_OUT && timeline_step(s->tl) <= s->run_limit)
		step_seek(s, 0);
	else
		session_reply(s, false, "no %s between the start and here", way_names[q->way]);
}

/* ---- one instruction ---- */

static void one_forward(struct session *s)
{
	s->scroll = 0;
	step_forward(s, session_m(s));
}

/* ---- stops ---- */

void travel_to_stop(struct session *s, int stop)
{
	char err[SENTENCE_MAX];
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
		travel_to_stop(s, stop + 1);
}

static void stop_prev(struct session *s)
{
	int stop = telling_stop(s->telling);
	if (stop >= 0 && timeline_step(s->tl) > telling_step(s->telling, stop))
		travel_to_stop(s, stop);
	else if (stop > 0)
		travel_to_stop(s, stop - 1);
	else
		step_seek(s, 0);
}

/* ---- there and back ---- */

/*
 * Back to where that forward came from. False: it was not by this way that the cursor came here, or
 * another M is looked at since.
 */
static bool return_from(struct session *s, enum going way)
{
	struct visit now = timeline_visit(s->tl);
	const struct went *last = s->nwent ? &s->went[s->nwent - 1] : NULL;
	if (!last || last->way != (int)way || last->to.number != now.number ||
		last->to.step != now.step || last->to_m != s->focus_m)
		return false;
	s->nwent--;
	s->focus_m = last->from_m;
	step_seek(s, last->from);
	if (way == WAY_WORD)
		s->word.at = timeline_visit(s->tl);
	return true;
}

static void remember(struct session *s, enum going way, struct visit from, int from_m)
{
	struct visit to = timeline_visit(s->tl);
	if (s->nwent && s->went[0].to.number != to.number)
		s->nwent = 0;
	if (to.number != from.number || to.step == from.step)
		return;
	s->went = xgrow(s->went, &s->went_cap, (size_t)s->nwent + 1, sizeof *s->went);
	s->went[s->nwent++] = (struct went){(int)way, from_m, s->focus_m, from.step, to};
}

static void reply_start(struct session *s, enum going way)
{
	if (way == WAY_INSN && recording_info(timeline_recording(s->tl))->after)
		session_reply(s, false, "this is the start of a part: what was before is not here");
	else if (way == WAY_INSN)
		session_reply(s, false,
			"this is the start: nothing was recorded before M0 began to schedule");
	else if (way == WAY_STOP)
		session_reply(
			s, false, "this is the start of the lesson; Space goes to its first stop");
	else
		session_reply(s, false, "this is the start: there is no %s before", way_names[way]);
}

static void travel_forward(struct session *s, enum going way)
{
	struct visit from = timeline_visit(s->tl);
	struct quest q;
	int from_m = s->focus_m;
	if (way == WAY_INSN)
		one_forward(s);
	else if (way == WAY_STOP)
		stop_next(s);
	else if (begin(s, way, &q))
		go_forward(s, &q);
	remember(s, way, from, from_m);
}

static void travel_back(struct session *s, enum going way)
{
	struct quest q;
	if (way == WAY_STOP && !s->telling)
		session_reply(s, false, "no lesson is being told; E goes back to the event before");
	else if (return_from(s, way))
		return;
	else if (timeline_step(s->tl) == 0)
		reply_start(s, way);
	else if (way == WAY_INSN)
		step_seek(s, timeline_step(s->tl) - 1);
	else if (way == WAY_STOP)
		stop_prev(s);
	else if (begin(s, way, &q))
		go_back(s, &q);
}

void travel(struct session *s, enum going way, bool back)
{
	if (back)
		travel_back(s, way);
	else
		travel_forward(s, way);
}

bool travel_set_until(struct session *s, const char *text, char *err, size_t nerr)
{
	char *end;
	uint64_t word = strncmp(text, "0x", 2) == 0 ? strtoull(text, &end, 16) : 0;
	bool is_word = word && !*end;
	const char *program = timeline_program(s->tl);
	struct cond *until = is_word ? NULL : until_parse(text, err, nerr);
	if (!is_word && !until)
		return false;
	if (until && until->kind == COND_AT && program &&
		!place_is_there(program, until->words, until->n, err, nerr)) {
		until_free(until);
		return false;
	}
	if (word % 8) {
		say(err, nerr, "%s is no word's address: those are multiples of 8", text);
		return false;
	}
	until_free(s->until);
	s->until = until;
	s->typed_word = word;
	s->nwent = 0;
	return true;
}
