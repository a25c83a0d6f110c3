/* SPDX-License-Identifier: MIT */
/*
 * The same facts as the picture's, top to bottom and in words: a step, and the pieces that a lesson
 * is told in. For pipes, logs and screen readers. Who goes from stop to stop is view/tell.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "model/text.h"
#include "facts.h"
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
	append(buf, n, "%s", frame_words(f, c, 0, sym, sizeof sym));
	for (int i = 0; i < c->n; i++) {
		uint64_t to;
		enum link l = i == 0 ? c->start : c->rec[i - 1].link;
		append(buf, n, " <- ");
		if (l != LINK_CALL && l != LINK_TOP)
			append(buf, n, "[%s] ",
				link_words(f, l, link_target(f, c, i - 1, &to), link, sizeof link));
		append(buf, n, "%s", frame_words(f, c, i + 1, sym, sizeof sym));
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
	if (!m->exited && has_registers(f)) {
		append(line, CHAIN_WORDS, ": ");
		chain_words(f, &f->answers[i].chain, line, CHAIN_WORDS);
	}
	if (!m->exited) {
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
	facts_gather(&f, s);
	add_step(&lines, &f);
	add_written(&lines, &f);
	facts_free(&f);
	return prose_text(&lines);
}

/* ---- a lesson ---- */

static void add_empty(struct prose *out)
{
	prose_wrap(out, "", STORY_W, 0);
}

char *story_opening(const struct session *s)
{
	const struct lesson *l = s->lesson;
	struct prose lines = {0};
	prose_add(&lines, l->title, STORY_W, 0);
	add_empty(&lines);
	if (l->intro && *l->intro) {
		prose_add(&lines, l->intro, STORY_W, 0);
		add_empty(&lines);
	}
	return prose_text(&lines);
}

char *story_policy(const struct session *s, const char *before)
{
	struct facts f;
	struct prose lines = {0};
	char words[WORDS_MAX];
	const struct recording_info *info = recording_info(timeline_recording(s->tl));
	facts_gather(&f, s);
	wrapf(&lines, 0, "══ %s%s ══", before, policy_words(&f, false, words, sizeof words));
	if (info->emulated)
		wrapf(&lines, 0, "executed by an emulated %s CPU", info->arch);
	facts_free(&f);
	add_empty(&lines);
	return prose_text(&lines);
}

/* What is said at a stop; told again, only what was not said the first time. */
static const char *prose_of(const struct session *s, int stop, bool again)
{
	const char *prose = said_prose(s, stop);
	return again && prose != s->lesson->stops[stop].prose_clear ? "" : prose;
}

char *story_heading(const struct session *s, int stop, bool again)
{
	struct prose lines = {0};
	char where[64] = "";
	if (*prose_of(s, stop, again))
		said_policy(s, stop, where, sizeof where);
	wrapf(&lines, 3, "%d. %s%s", stop + 1, s->lesson->stops[stop].title, where);
	add_empty(&lines);
	return prose_text(&lines);
}

/* What memory says at this step. */
static void add_answer(struct prose *lines, const struct session *s, int stop)
{
	char *value;
	int right = telling_right(s->telling, stop, &value);
	if (right >= 0)
		wrapf(lines, 0, "Memory says (%c): %s.", 'a' + right, value);
	else
		wrapf(lines, 0, "Memory says: %s.", value);
	free(value);
}

/* The question with its options, and the answer. */
static void add_question(struct prose *lines, const struct session *s, int stop)
{
	const struct lesson_stop *st = &s->lesson->stops[stop];
	if (!st->noptions)
		return;
	add_empty(lines);
	prose_add(lines, st->question, STORY_W, 0);
	for (int i = 0; i < st->noptions; i++) {
		char *option = xasprintf("  (%c) %s", 'a' + i, st->options[i]);
		prose_add(lines, option, STORY_W, 6);
		free(option);
	}
	add_answer(lines, s, stop);
}

char *story_answer(const struct session *s, int stop)
{
	struct prose lines = {0};
	if (s->lesson->stops[stop].noptions)
		add_answer(&lines, s, stop);
	return prose_text(&lines);
}

char *story_stop(const struct session *s, int stop, bool again, size_t told)
{
	struct facts f;
	struct prose lines = {0};
	const char *prose = prose_of(s, stop, again);
	size_t all;
	facts_gather(&f, s);
	const char *text = recording_text(f.at.r, f.at.now->step, &all);
	/* What was told of a program that has been rebuilt since was another's. */
	if (told > all)
		told = 0;
	if (*prose) {
		prose_add(&lines, prose, STORY_W, 0);
		add_empty(&lines);
	}
	add_step(&lines, &f);
	prose_written(&lines, "the program has written:", text + told, all - told, STORY_W);
	if (!again)
		add_question(&lines, s, stop);
	facts_free(&f);
	return prose_text(&lines);
}

char *story_failure(const char *sentence)
{
	struct prose lines = {0};
	prose_wrap(&lines, sentence, STORY_W, 3);
	return prose_text(&lines);
}

enum verdict story_verdict(const struct session *s)
{
	struct facts f;
	facts_gather(&f, s);
	enum verdict verdict = f.focus < 0 ? VERDICT_NOFP : f.answers[f.focus].verdict;
	facts_free(&f);
	return verdict;
}

void story_count(const struct session *s, int64_t count[VERDICT_COUNT])
{
	const struct recording *r = timeline_recording(s->tl);
	struct cursor *c = cursor_new(r);
	struct answer *a = xmalloc(sizeof *a);
	for (int64_t step = 0; step <= timeline_step(s->tl); step++) {
		struct moment at = {r, cursor_seek(c, step)};
		for (int i = 0; i < at.now->nms; i++) {
			if (at.now->ms[i].exited)
				continue;
			moment_judge(&at, at.now->ms[i].id, a);
			count[a->verdict]++;
		}
	}
	free(a);
	cursor_free(c);
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

char *story_summary(const struct session *s, const struct story_run *run, int n)
{
	const struct lesson *l = s->lesson;
	struct prose lines = {0};
	char line[512];
	wrapf(&lines, 0, "%-54s%-14s%s", "stop", run[0].policy, n > 1 ? run[1].policy : "");
	for (int i = 0; i < l->nstops; i++) {
		int pad = 50 - text_width(l->stops[i].title);
		wrapf(&lines, 4, "%2d. %s%*s%-14s%s", i + 1, l->stops[i].title, pad > 1 ? pad : 1,
			"", verdict_name(run[0].at_stop[i]),
			n > 1 ? verdict_name(run[1].at_stop[i]) : "");
	}
	add_empty(&lines);
	for (int r = 0; r < n; r++) {
		snprintf(line, sizeof line, "every M at every step under %s: ", run[r].policy);
		count_words(run[r].count, line, sizeof line);
		prose_wrap(&lines, line, STORY_W, 3);
	}
	return prose_text(&lines);
}
