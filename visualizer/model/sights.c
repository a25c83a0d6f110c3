/* SPDX-License-Identifier: MIT */
#include "sights.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "foreign.h"

/* ---- lines ---- */

/* Where in the source an M is; NULL: nobody knows. */
static const struct code_line *line_of(const struct moment *at, const struct m_state *m)
{
	const struct code_line *l = m ? code_at(moment_code(at), m_pc(at->now, m)) : NULL;
	return l && l->file ? l : NULL;
}

static bool is_line(const char *file, int line, const struct code_line *l)
{
	return file && line == l->line && (file == l->file || strcmp(file, l->file) == 0);
}

bool sight_line(void *m, const struct moment *was, const struct moment *is)
{
	int id = is->now->last_m;
	if (*(int *)m >= 0 && *(int *)m != id)
		return false;
	const struct m_state *before = snap_m(was->now, id), *now = snap_m(is->now, id);
	const struct code_line *from = line_of(was, before), *to = line_of(is, now);
	if (!to || !before)
		return to != NULL;
	bool entered = to->pc == to->sym_lo && m_pc(was->now, before) != to->pc;
	return entered || !from || !is_line(from->file, from->line, to);
}

/* ---- chains and verdicts ---- */

static bool same_chain(const struct chain *a, const struct chain *b)
{
	bool same = a->n == b->n && a->start == b->start;
	for (int i = 0; same && i < a->n; i++)
		same = a->rec[i].fp == b->rec[i].fp && a->rec[i].ret == b->rec[i].ret &&
		       a->rec[i].next == b->rec[i].next && a->rec[i].link == b->rec[i].link;
	return same;
}

/* False: that M has none. */
static bool chain_of(const struct moment *at, int m, struct chain *out)
{
	const struct m_state *mp = snap_m(at->now, m);
	if (!mp || mp->exited)
		return false;
	walk(at->now, moment_code(at), m, out);
	return true;
}

bool sight_chain(void *m, const struct moment *was, const struct moment *is)
{
	struct chain before, now;
	int id = *(int *)m;
	bool had = chain_of(was, id, &before), has = chain_of(is, id, &now);
	return had != has || (has && !same_chain(&before, &now));
}

/* -1: it has none. */
static int verdict_of(const struct moment *at, int m)
{
	struct answer a;
	const struct m_state *mp = snap_m(at->now, m);
	if (!mp || mp->exited)
		return -1;
	moment_judge(at, m, &a);
	return a.verdict;
}

bool sight_verdict(void *m, const struct moment *was, const struct moment *is)
{
	int id = *(int *)m;
	return snap_m(was->now, id) && verdict_of(was, id) != verdict_of(is, id);
}

bool sight_foreign(void *m, const struct moment *was, const struct moment *is)
{
	struct chain c;
	for (int i = 0; i < is->now->nms; i++) {
		int id = is->now->ms[i].id;
		if (!chain_of(is, id, &c) || !chain_is_foreign(&c))
			continue;
		if (chain_of(was, id, &c) && chain_is_foreign(&c))
			continue;
		*(int *)m = id;
		return true;
	}
	return false;
}

/* ---- calls ---- */

/* In whose stack an address is; false: in none that is known. */
static bool stack_of(const struct snapshot *s, uint64_t sp, bool *of_g0, int *id)
{
	int stack = snap_stack_of_sp(s, sp);
	if (stack < 0 || s->stacks[stack].kind == STACK_SIGNAL)
		return false;
	*of_g0 = s->stacks[stack].kind == STACK_G0;
	*id = *of_g0 ? s->stacks[stack].id : s->gs[s->stacks[stack].id].id;
	return true;
}

bool call_of(const struct moment *at, int m, struct call_place *out)
{
	const struct m_state *mp = snap_m(at->now, m);
	*out = (struct call_place){.first = -1};
	if (!mp || !stack_of(at->now, m_sp(at->now, mp), &out->of_g0, &out->id) ||
		!truth_cfa(at->now, moment_code(at), mp, &out->cfa))
		return false;
	const struct code_line *l = line_of(at, mp);
	if (l) {
		out->file = l->file;
		out->line = l->line;
	}
	return true;
}

static bool same_stack(const struct call_place *a, const struct call_place *b)
{
	return a->of_g0 == b->of_g0 && a->id == b->id;
}

/* The call that the last step has led to, if it is on that stack. */
static bool on_stack(const struct call_place *c, const struct moment *is, struct call_place *at)
{
	return is->now->last_m >= 0 && call_of(is, is->now->last_m, at) && same_stack(c, at);
}

static bool has_ended(const struct call_place *c, const struct moment *is)
{
	const struct g_state *g = c->of_g0 ? NULL : snap_g(is->now, c->id);
	return !c->of_g0 && (!g || g->status == GS_DEAD);
}

static bool is_at(const struct call_place *c, const char *file, int line)
{
	return c->line == line && (c->file == file || (file && strcmp(c->file, file) == 0));
}

bool sight_over(void *call, const struct moment *was, const struct moment *is)
{
	const struct call_place *c = call;
	struct call_place at;
	(void)was;
	if (has_ended(c, is))
		return true;
	if (!on_stack(c, is, &at) || !at.file || at.cfa < c->cfa)
		return false;
	return at.cfa > c->cfa || !is_at(&at, c->file, c->line);
}

bool sight_out(void *call, const struct moment *was, const struct moment *is)
{
	const struct call_place *c = call;
	struct call_place at;
	(void)was;
	return has_ended(c, is) || (on_stack(c, is, &at) && at.file && at.cfa > c->cfa);
}

bool sight_over_back(void *call, const struct moment *was, const struct moment *is)
{
	struct call_place *c = call, at;
	(void)was;
	if (!on_stack(c, is, &at) || !at.file || at.cfa < c->cfa)
		return false;
	bool known = c->first >= 0;
	bool before = at.cfa > c->cfa || (known && !is_at(&at, c->first_file, c->first_line));
	if (known && before)
		return true;
	c->first = is->now->step;
	c->first_file = at.file;
	c->first_line = at.line;
	return before;
}
