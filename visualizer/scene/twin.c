/* SPDX-License-Identifier: MIT */
/*
 * One program on two architectures, each at its own step of the same moment: what of it is another
 * there. A function of both, in words.
 */
#include <stdio.h>
#include <string.h>

#include "append.h"
#include "facts.h"
#include "model/xalloc.h"
#include "prose.h"
#include "scene.h"

enum { TWIN_W = 96, LINE_MAX_TWIN = 512 };

static const char *arch_of(const struct facts *f)
{
	return f->at.now->arch->name;
}

/* The index of an M of the other's; -1: it has none of that number. */
static int m_like(const struct facts *f, int id)
{
	for (int i = 0; i < f->at.now->nms; i++)
		if (f->at.now->ms[i].id == id)
			return i;
	return -1;
}

static void add_line(struct prose *out, const char *line)
{
	prose_wrap(out, line, TWIN_W, 3);
}

/* ---- how far each has come ---- */

static void add_events(struct prose *out, const struct facts *a, const struct facts *b)
{
	char line[LINE_MAX_TWIN] = "";
	long long x = recording_count_events(a->at.r, a->at.now->step);
	long long y = recording_count_events(b->at.r, b->at.now->step);
	append(line, sizeof line, "After %lld events, %lld steps on %s and %lld on %s", x,
		(long long)a->at.now->step, arch_of(a), (long long)b->at.now->step, arch_of(b));
	if (x != y)
		append(line, sizeof line, " (there after %lld events)", y);
	append(line, sizeof line, ".");
	add_line(out, line);
}

/* ---- what is in an M's registers ---- */

/* Where the frame record lies that FP leads to: "at SP", "0x20 above SP", "in another stack". */
static const char *record_words(const struct facts *f, int i, char *buf, size_t n)
{
	const struct snapshot *s = f->at.now;
	const struct m_state *m = &s->ms[i];
	uint64_t fp = m->regs[s->arch->fp], sp = m->regs[s->arch->sp], to;
	int in = link_target(f, &f->answers[i].chain, -1, &to);
	if (fp == 0)
		snprintf(buf, n, "nowhere: FP is 0");
	else if (in < 0 || in != m_stack(f, m))
		snprintf(buf, n, in < 0 ? "in no stack" : "in another stack");
	else if (fp == sp)
		snprintf(buf, n, "at SP");
	else
		snprintf(buf, n, "0x%llx %s SP", (unsigned long long)(fp > sp ? fp - sp : sp - fp),
			fp > sp ? "above" : "below");
	return buf;
}

static void add_record(
	struct prose *out, const struct facts *a, int i, const struct facts *b, int j)
{
	char line[LINE_MAX_TWIN] = "", x[64], y[64];
	record_words(a, i, x, sizeof x);
	record_words(b, j, y, sizeof y);
	if (strcmp(x, y) == 0)
		return;
	append(line, sizeof line, "M%d's FP leads to a frame record %s on %s, %s on %s.",
		a->at.now->ms[i].id, x, arch_of(a), y, arch_of(b));
	add_line(out, line);
}

/* A register that one of them has, and the other keeps on the stack. */
static void add_lr(struct prose *out, const struct facts *f, int i)
{
	const struct snapshot *s = f->at.now;
	char line[LINE_MAX_TWIN] = "", words[WORDS_MAX];
	if (s->arch->lr < 0)
		return;
	append(line, sizeof line, "M%d's LR on %s holds %s.", s->ms[i].id, arch_of(f),
		symbol_words(f, s->ms[i].regs[s->arch->lr], true, words, sizeof words));
	add_line(out, line);
}

/* ---- what a profiler would say ---- */

static void function_at(const struct facts *f, const struct chain *c, int i, char *buf, size_t n)
{
	char words[WORDS_MAX];
	snprintf(buf, n, "%s", i > c->n ? "its end" : frame_words(f, c, i, words, sizeof words));
	buf[strcspn(buf, "+")] = '\0';
}

static void add_chain(struct prose *out, const struct facts *a, int i, const struct facts *b, int j)
{
	const struct chain *p = &a->answers[i].chain, *q = &b->answers[j].chain;
	char line[LINE_MAX_TWIN] = "", x[WORDS_MAX], y[WORDS_MAX];
	for (int k = 0; k <= p->n || k <= q->n; k++) {
		function_at(a, p, k, x, sizeof x);
		function_at(b, q, k, y, sizeof y);
		if (strcmp(x, y) == 0)
			continue;
		append(line, sizeof line, "M%d's chain parts after %d frame%s: %s on %s, %s on %s.",
			a->at.now->ms[i].id, k, k == 1 ? "" : "s", x, arch_of(a), y, arch_of(b));
		add_line(out, line);
		return;
	}
}

static void add_verdict(
	struct prose *out, const struct facts *a, int i, const struct facts *b, int j)
{
	char line[LINE_MAX_TWIN] = "";
	enum verdict x = a->answers[i].verdict, y = b->answers[j].verdict;
	if (x == y)
		return;
	append(line, sizeof line, "M%d is %s on %s, %s on %s.", a->at.now->ms[i].id,
		verdict_name(x), arch_of(a), verdict_name(y), arch_of(b));
	add_line(out, line);
}

/* ---- all of it ---- */

static void add_m(struct prose *out, const struct facts *a, int i, const struct facts *b)
{
	const struct m_state *m = &a->at.now->ms[i];
	int j = m_like(b, m->id);
	if (j < 0 || m->exited || b->at.now->ms[j].exited)
		return;
	add_record(out, a, i, b, j);
	add_lr(out, a, i);
	add_lr(out, b, j);
	add_chain(out, a, i, b, j);
	add_verdict(out, a, i, b, j);
}

char *story_twin(const struct session *one, const struct session *other)
{
	struct facts a, b;
	struct prose lines = {0};
	facts_gather(&a, one);
	facts_gather(&b, other);
	add_events(&lines, &a, &b);
	for (int i = 0; i < a.at.now->nms; i++)
		add_m(&lines, &a, i, &b);
	facts_free(&a);
	facts_free(&b);
	return prose_text(&lines);
}
