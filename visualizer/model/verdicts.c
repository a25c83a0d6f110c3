/* SPDX-License-Identifier: MIT */
#include "verdicts.h"

#include <assert.h>
#include <stdlib.h>

#include "moment.h"
#include "steps.h"
#include "xalloc.h"

/* What is known of one M. */
struct verdicts_of {
	int m;
	int last; /* its verdict where was looked last; -1: it has none */
	struct steps changes;
};

struct verdicts {
	const struct recording *r;
	struct cursor *cursor;
	int64_t looked; /* up to this step; -1: nowhere */
	struct verdicts_of *of;
	size_t n, cap;
	struct answer answer;
};

struct verdicts *verdicts_new(const struct recording *r)
{
	struct verdicts *v = xcalloc(1, sizeof *v);
	v->r = r;
	v->cursor = cursor_new(r);
	v->looked = -1;
	return v;
}

void verdicts_free(struct verdicts *v)
{
	if (!v)
		return;
	while (v->n)
		steps_free(&v->of[--v->n].changes);
	free(v->of);
	cursor_free(v->cursor);
	free(v);
}

static struct verdicts_of *find(const struct verdicts *v, int m)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->of[i].m == m)
			return &v->of[i];
	return NULL;
}

static int verdict_on(struct verdicts *v, const struct moment *at, const struct m_state *m)
{
	if (m->exited)
		return -1;
	moment_judge(at, m->id, &v->answer);
	return v->answer.verdict;
}

/* What an M that comes has at first is no change. */
static void look(struct verdicts *v, const struct moment *at)
{
	for (int i = 0; i < at->now->nms; i++) {
		const struct m_state *m = &at->now->ms[i];
		struct verdicts_of *of = find(v, m->id);
		int verdict = verdict_on(v, at, m);
		if (!of) {
			v->of = xgrow(v->of, &v->cap, v->n + 1, sizeof *v->of);
			v->of[v->n++] = (struct verdicts_of){.m = m->id, .last = verdict};
		} else if (of->last != verdict) {
			of->last = verdict;
			steps_add(&of->changes, at->now->step);
		}
	}
}

static struct verdicts_of *up_to_date(struct verdicts *v, int m)
{
	assert(v->looked <= recording_last(v->r));
	while (v->looked < recording_last(v->r)) {
		struct moment at = {v->r, cursor_seek(v->cursor, ++v->looked)};
		look(v, &at);
	}
	return find(v, m);
}

int64_t verdicts_next(struct verdicts *v, int64_t step, int m)
{
	const struct verdicts_of *of = up_to_date(v, m);
	return of ? steps_next(&of->changes, step) : -1;
}

int64_t verdicts_prev(struct verdicts *v, int64_t step, int m)
{
	const struct verdicts_of *of = up_to_date(v, m);
	return of ? steps_prev(&of->changes, step) : -1;
}
