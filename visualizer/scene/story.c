/* SPDX-License-Identifier: MIT */
/*
 * The same facts as the picture's, top to bottom and in words: a step, and a lesson told from
 * stop to stop, first under its own policy, then the same schedule under clear. For pipes,
 * logs and screen readers.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "facts.h"
#include "model/say.h"
#include "model/xalloc.h"
#include "prose.h"
#include "scene.h"

enum { STORY_W = 96, CHAIN_WORDS = 8192 };

/* One plain line, however long, wrapped. */
static void wrapf(struct prose *out, int hang, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void wrapf(struct prose *out, int hang, const char *format, ...)
{
	char *line;
	va_list ap;
	va_start(ap, format);
	if (vasprintf(&line, format, ap) < 0)
		line = xstrdup("");
	va_end(ap);
	prose_wrap(out, line, STORY_W, hang);
	free(line);
}

/* "schedule+0x9c <- gosched_m+0x31 <- [foreign: into G1, run by M1] repaint+0x1e" */
static void chain_words(const struct facts *f, const struct chain *c, char *buf, size_t n)
{
	char sym[128], link[WORDS_MAX];
	append(buf, n, "%s", symbol_words(f, c->pc, false, sym, sizeof sym));
	for (int i = 0; i < c->n; i++) {
		uint64_t to;
		enum link l = i == 0 ? c->start : c->rec[i - 1].link;
		append(buf, n, " <- ");
		if (l != LINK_CALL && l != LINK_TOP)
			append(buf, n, "[%s] ",
				link_words(f, l, link_target(f, c, i - 1, &to), link, sizeof link));
		append(buf, n, "%s", symbol_words(f, c->rec[i].ret, true, sym, sizeof sym));
	}
	enum link last = c->n ? c->rec[c->n - 1].link : c->start;
	if (!link_is_sound(last))
		append(buf, n, " <- [%s]", link_name(last));
}

static void add_m(struct prose *out, const struct facts *f, int i)
{
	const struct m_state *m = &f->at.now->ms[i];
	char words[WORDS_MAX], history[128], *line = xcalloc(1, CHAIN_WORDS);
	append(line, CHAIN_WORDS, "M%d %s", m->id, where_words(f, m, false, words, sizeof words));
	if (*history_words(f, m, false, history, sizeof history))
		append(line, CHAIN_WORDS, ", %s", history);
	if (!m->exited) {
		append(line, CHAIN_WORDS, ": ");
		chain_words(f, &f->answers[i].chain, line, CHAIN_WORDS);
		append(line, CHAIN_WORDS, "   %s",
			verdict_words(&f->answers[i], words, sizeof words));
	}
	prose_wrap(out, line, STORY_W, 3);
	free(line);
}

/* The step, its event, what is damaged, and each M with its chain and verdict. */
static void add_step(struct prose *out, const struct facts *f)
{
	char line[2 * WORDS_MAX] = "", words[WORDS_MAX];
	const struct event *e = moment_event(&f->at);
	append(line, sizeof line, "step %lld  %s", (long long)f->at.now->step,
		step_words(f, words, sizeof words));
	prose_wrap(out, line, STORY_W, 3);
	if (e)
		wrapf(out, 3, "event: %s",
			event_words(e, moment_code(&f->at), words, sizeof words));
	if (session_parted(f->s, line, sizeof line))
		prose_wrap(out, line, STORY_W, 3);
	for (int i = 0; i < f->at.now->ndamage; i++)
		wrapf(out, 3, "damaged: %s", f->at.now->damage[i]);
	for (int i = 0; i < f->at.now->nms; i++)
		add_m(out, f, i);
}

/* What the program wrote: before the step, and in it. */
static void add_written(struct prose *out, const struct facts *f)
{
	size_t all, n;
	const char *text = recording_text(f->at.r, f->at.now->step, &all);
	const char *here = recording_written_text(f->at.r, f->at.now->step, &n);
	prose_written(out, "written before this step:", text, all - n, STORY_W);
	prose_written(out, "written by this step:", here, n, STORY_W);
}

char *story_step(const struct session *s)
{
	struct facts f;
	struct prose lines = {0};
	size_t n = 1;
	facts_gather(&f, s);
	add_step(&lines, &f);
	add_written(&lines, &f);
	facts_free(&f);
	for (size_t i = 0; i < lines.n; i++)
		n += strlen(lines.line[i]) + 1;
	char *text = xcalloc(n, 1), *to = text;
	for (size_t i = 0; i < lines.n; i++)
		to = stpcpy(stpcpy(to, lines.line[i]), "\n");
	prose_free(&lines);
	return text;
}

/* ---- a lesson ---- */

enum { RUNS = 2 };

struct teller {
	struct session *s;
	void (*out)(void *ctx, const char *line);
	void *ctx;
	bool held;                          /* every expectation so far */
	size_t written;                     /* how much of the program's output has been told */
	enum verdict *verdict[RUNS];        /* of the M looked at, at each stop */
	int64_t count[RUNS][VERDICT_COUNT]; /* of every M at every step */
};

static void flush(struct teller *t, struct prose *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		t->out(t->ctx, lines->line[i]);
	prose_free(lines);
}

static void tell_policy(struct teller *t, const char *before)
{
	struct facts f;
	struct prose lines = {0};
	char words[WORDS_MAX];
	facts_gather(&f, t->s);
	wrapf(&lines, 0, "══ %s%s ══", before, policy_words(&f, false, words, sizeof words));
	facts_free(&f);
	prose_wrap(&lines, "", STORY_W, 0);
	flush(t, &lines);
}

/* The question with its options, and what memory says at this step. */
static void add_question(struct teller *t, struct prose *lines, int stop)
{
	const struct lesson_stop *st = &t->s->lesson->stops[stop];
	char *value;
	if (!st->noptions)
		return;
	prose_wrap(lines, "", STORY_W, 0);
	prose_add(lines, st->question, STORY_W, 0);
	for (int i = 0; i < st->noptions; i++) {
		char *option = xasprintf("  (%c) %s", 'a' + i, st->options[i]);
		prose_add(lines, option, STORY_W, 6);
		free(option);
	}
	int right = telling_right(t->s->telling, stop, &value);
	if (right >= 0)
		wrapf(lines, 0, "Memory says (%c): %s.", 'a' + right, value);
	else
		wrapf(lines, 0, "Memory says: %s.", value);
	free(value);
}

static void add_facts(struct teller *t, struct prose *lines, int run, int stop)
{
	struct facts f;
	facts_gather(&f, t->s);
	add_step(lines, &f);
	if (f.focus >= 0)
		t->verdict[run][stop] = f.answers[f.focus].verdict;
	size_t all;
	const char *text = recording_text(f.at.r, f.at.now->step, &all);
	prose_written(
		lines, "the program has written:", text + t->written, all - t->written, STORY_W);
	t->written = all;
	facts_free(&f);
}

/* Something that the lesson promises does not hold; the first such is the session's message. */
static void tell_failure(struct teller *t, struct prose *lines, const char *err)
{
	if (t->held) {
		say(t->s->message, sizeof t->s->message, "%s", err);
		t->s->message_is_error = true;
	}
	t->held = false;
	prose_wrap(lines, err, STORY_W, 3);
}

/* One stop. False: it could not be reached, and why has been said. */
static bool tell_stop(struct teller *t, int run, int stop)
{
	const struct lesson_stop *st = &t->s->lesson->stops[stop];
	const char *prose = said_prose(t->s, stop);
	struct prose lines = {0};
	char where[64] = "", err[SENTENCE_MAX] = "";
	/* What it said before need not be said again. */
	if (run > 0 && prose != st->prose_clear)
		prose = "";
	if (*prose)
		said_policy(t->s, stop, where, sizeof where);
	wrapf(&lines, 3, "%d. %s%s", stop + 1, st->title, where);
	prose_wrap(&lines, "", STORY_W, 0);
	bool reached = session_goto_stop(t->s, stop, err, sizeof err);
	if (reached) {
		if (*prose) {
			prose_add(&lines, prose, STORY_W, 0);
			prose_wrap(&lines, "", STORY_W, 0);
		}
		add_facts(t, &lines, run, stop);
		if (run == 0)
			add_question(t, &lines, stop);
		if (!telling_check(t->s->telling, stop, err, sizeof err))
			tell_failure(t, &lines, err);
		if (session_parted(t->s, err, sizeof err))
			tell_failure(t, &lines, err);
	} else {
		tell_failure(t, &lines, err);
	}
	prose_wrap(&lines, "", STORY_W, 0);
	flush(t, &lines);
	return reached;
}

/* Judge every M at every step up to the cursor, which stays where it is. */
static void count_verdicts(struct teller *t, int run)
{
	struct timeline *tl = t->s->tl;
	int64_t end = timeline_step(tl);
	struct answer *a = xmalloc(sizeof *a);
	for (int64_t step = 0; step <= end; step++) {
		timeline_seek(tl, step);
		struct moment at = timeline_moment(tl);
		for (int i = 0; i < at.now->nms; i++) {
			if (at.now->ms[i].exited)
				continue;
			moment_judge(&at, at.now->ms[i].id, a);
			t->count[run][a->verdict]++;
		}
	}
	free(a);
}

static bool tell_run(struct teller *t, int run)
{
	t->written = 0;
	for (int i = 0; i < t->s->lesson->nstops; i++)
		if (!tell_stop(t, run, i))
			return false;
	count_verdicts(t, run);
	return true;
}

static void count_words(const int64_t *count, char *buf, size_t n)
{
	const char *comma = "";
	for (int v = 0; v < VERDICT_COUNT; v++) {
		if (!count[v])
			continue;
		append(buf, n, "%s%lld %s", comma, (long long)count[v], verdict_name(v));
		comma = ", ";
	}
}

/* Stop by stop, and then all steps. */
static void tell_summary(struct teller *t, const char *policy, int runs)
{
	const struct lesson *l = t->s->lesson;
	struct prose lines = {0};
	char line[512];
	wrapf(&lines, 0, "%-54s%-14s%s", "stop", policy, runs > 1 ? "clear" : "");
	for (int i = 0; i < l->nstops; i++) {
		int pad = 50 - text_width(l->stops[i].title);
		wrapf(&lines, 4, "%2d. %s%*s%-14s%s", i + 1, l->stops[i].title, pad > 1 ? pad : 1,
			"", verdict_name(t->verdict[0][i]),
			runs > 1 ? verdict_name(t->verdict[1][i]) : "");
	}
	prose_wrap(&lines, "", STORY_W, 0);
	for (int r = 0; r < runs; r++) {
		snprintf(line, sizeof line,
			"every M at every step under %s: ", r ? "clear" : policy);
		count_words(t->count[r], line, sizeof line);
		prose_wrap(&lines, line, STORY_W, 3);
	}
	flush(t, &lines);
}

static void tell_start(struct teller *t)
{
	const struct lesson *l = t->s->lesson;
	struct prose lines = {0};
	prose_add(&lines, l->title, STORY_W, 0);
	prose_wrap(&lines, "", STORY_W, 0);
	if (l->intro && *l->intro) {
		prose_add(&lines, l->intro, STORY_W, 0);
		prose_wrap(&lines, "", STORY_W, 0);
	}
	flush(t, &lines);
}

bool story_tell(struct session *s, void (*out)(void *ctx, const char *line), void *ctx)
{
	struct teller t = {.s = s, .out = out, .ctx = ctx, .held = true};
	char err[SENTENCE_MAX] = "", policy[16];
	bool told, twice;
	if (!s->lesson) {
		out(ctx, "there is no lesson to tell; name one, such as stale_link");
		return false;
	}
	for (int r = 0; r < RUNS; r++)
		t.verdict[r] = xcalloc(s->lesson->nstops + 1, sizeof *t.verdict[r]);
	snprintf(policy, sizeof policy, "%s", timeline_policy(s->tl));
	twice = strcmp(policy, "clear") != 0;
	tell_start(&t);
	tell_policy(&t, "under ");
	told = tell_run(&t, 0);
	if (told && twice && !(told = timeline_set_policy(s->tl, "clear", err, sizeof err)))
		out(ctx, err);
	if (told && twice) {
		tell_policy(&t, "the same schedule under ");
		told = tell_run(&t, 1);
	}
	if (told)
		tell_summary(&t, policy, twice ? 2 : 1);
	for (int r = 0; r < RUNS; r++)
		free(t.verdict[r]);
	return told && t.held;
}
