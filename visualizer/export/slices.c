/* SPDX-License-Identifier: MIT */
#include "slices.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

enum slice_kind { SLICE_STACK, SLICE_CALL, SLICE_ASLEEP };

/* Two of the same kind and key are the same slice. */
struct slice {
	enum slice_kind kind;
	int64_t key;  /* of a stack: whose; of a call: where the function begins, 0: not known */
	uint64_t cfa; /* of a call: where its frame ends; 0: not known */
};

/* A stack, a call, each for every frame, and that it is asleep. */
enum { PATH_MAX_SLICES = 2 * WALK_MAX + 1 };

/* The slices of an M as they should be, outermost first. */
struct slice_path {
	int n;
	struct true_frame of_g; /* where there are none of its own */
	struct slice at[PATH_MAX_SLICES];
	const struct true_frame *frame[PATH_MAX_SLICES]; /* of which each is */
};

/* Those of an M as they are. */
struct track {
	int m;
	size_t n, cap;
	struct slice *open;
};

struct slices {
	struct trace *t;
	struct handovers *h;
	size_t n, cap;
	struct track *tracks;
};

struct slices *slices_new(struct trace *t, struct handovers *h)
{
	struct slices *s = xcalloc(1, sizeof *s);
	s->t = t;
	s->h = h;
	return s;
}

void slices_free(struct slices *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->tracks[i].open);
	free(s->tracks);
	free(s);
}

static struct track *track_of(struct slices *s, int m)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->tracks[i].m == m)
			return &s->tracks[i];
	s->tracks = xgrow(s->tracks, &s->cap, s->n + 1, sizeof *s->tracks);
	s->tracks[s->n] = (struct track){.m = m};
	return &s->tracks[s->n++];
}

/* ---- what they should be ---- */

static int64_t stack_key(const struct snapshot *s, int stack)
{
	if (stack < 0)
		return -1;
	const struct stack_image *st = &s->stacks[stack];
	int id = st->kind == STACK_G ? s->gs[st->id].id : st->id;
	return (int64_t)st->kind << 32 | (uint32_t)id;
}

static const struct code_line *line_of(const struct moment *at, const struct true_frame *f)
{
	return f->is_ret ? code_ret(moment_code(at), f->pc) : code_at(moment_code(at), f->pc);
}

static void add(struct slice_path *p, struct slice slice, const struct true_frame *f)
{
	assert(p->n < PATH_MAX_SLICES);
	p->frame[p->n] = f;
	p->at[p->n++] = slice;
}

static void make_path(struct slice_path *p, const struct moment *at, const struct m_state *m,
	const struct truth *t)
{
	p->n = 0;
	for (int i = t->n - 1; i >= 0; i--) {
		const struct true_frame *f = &t->frame[i];
		const struct code_line *l = line_of(at, f);
		if (i == t->n - 1 || f->stack != f[1].stack)
			add(p, (struct slice){SLICE_STACK, stack_key(at->now, f->stack), 0}, f);
		add(p, (struct slice){SLICE_CALL, l && l->sym ? (int64_t)l->sym_lo : 0, f->cfa}, f);
	}
	if (m->asleep && t->n)
		add(p, (struct slice){SLICE_ASLEEP, 0, 0}, NULL);
}

/* Of events alone: the G that the M has, and that it is asleep. */
static void make_path_of_events(
	struct slice_path *p, const struct snapshot *s, const struct m_state *m)
{
	const struct g_state *g = snap_g(s, m->curg);
	p->n = 0;
	if (g) {
		p->of_g = (struct true_frame){.stack = g->stack};
		add(p, (struct slice){SLICE_STACK, stack_key(s, g->stack), 0}, &p->of_g);
	}
	if (m->asleep)
		add(p, (struct slice){SLICE_ASLEEP, 0, 0}, NULL);
}

/* ---- what changes ---- */

static bool is_same(const struct slice *a, const struct slice *b)
{
	return a->kind == b->kind && a->key == b->key;
}

/* Behind the innermost open slice of that stack; 0: there is none. */
static size_t behind_stack(const struct track *k, const struct slice *stack)
{
	size_t i = k->n;
	while (i > 0 && !is_same(&k->open[i - 1], stack))
		i--;
	return i;
}

/*
 * How many of the open slices go on outside of what the path tells. Where the truth does not go to
 * the root of its stack, those are the calls there whose frames end above, which have not returned,
 * and all that is outside of one, or of the outermost that is told.
 */
static size_t beyond(const struct track *k, const struct slice_path *p, const struct truth *t)
{
	if (t->whole || !p->n)
		return 0;
	uint64_t from = p->frame[0]->cfa ? p->frame[0]->cfa : p->frame[0]->low;
	size_t n = behind_stack(k, &p->at[0]);
	for (size_t i = n; n && i < k->n && k->open[i].kind == SLICE_CALL; i++)
		if (k->open[i].cfa > from)
			n = i + 1;
		else if (k->open[i].cfa == from && is_same(&k->open[i], &p->at[1]))
			n = i;
	return n;
}

/* An M's own stacks are called without it. */
static const char *stack_called(const struct snapshot *s, int stack, int m, char *buf)
{
	if (stack < 0)
		return "elsewhere";
	bool own = s->stacks[stack].kind != STACK_G && s->stacks[stack].id == m;
	char *name = snap_stack_name(s, stack, buf), *dot = strchr(name, '.');
	return own && dot ? dot + 1 : name;
}

static void begin_stack(struct slices *s, const struct moment *at, int m, int stack)
{
	char name[16];
	trace_begin(s->t, "B", at->now->step, m, stack_called(at->now, stack, m, name));
	trace_category(s->t, "stack");
	trace_end(s->t);
	if (stack >= 0 && at->now->stacks[stack].kind == STACK_G)
		handovers_arrive(s->h, at->now->step, m, at->now->gs[at->now->stacks[stack].id].id);
}

static void begin_call(struct slices *s, const struct moment *at, int m, const struct true_frame *f)
{
	const struct code_line *l = line_of(at, f);
	trace_begin(s->t, "B", at->now->step, m, l && l->sym ? l->sym : "?");
	trace_category(s->t, "call");
	if (l && l->file) {
		json_key(&s->t->j, "args");
		json_open(&s->t->j, '{');
		json_key(&s->t->j, "file");
		json_str(&s->t->j, l->file);
		json_close(&s->t->j, '}');
	}
	trace_end(s->t);
}

static void begin(struct slices *s, const struct moment *at, struct track *k,
	const struct slice_path *p, int i)
{
	k->open = xgrow(k->open, &k->cap, k->n + 1, sizeof *k->open);
	k->open[k->n++] = p->at[i];
	if (p->at[i].kind == SLICE_STACK) {
		begin_stack(s, at, k->m, p->frame[i]->stack);
	} else if (p->at[i].kind == SLICE_CALL) {
		begin_call(s, at, k->m, p->frame[i]);
	} else {
		trace_begin(s->t, "B", at->now->step, k->m, "asleep");
		trace_category(s->t, "asleep");
		trace_end(s->t);
	}
}

/* Those from the n-th on, the innermost first. */
static void end_from(struct slices *s, struct track *k, size_t n, int64_t step)
{
	while (k->n > n) {
		k->n--;
		trace_begin(s->t, "E", step, k->m, NULL);
		trace_end(s->t);
	}
}

void slices_show(
	struct slices *s, const struct moment *at, const struct m_state *m, const struct truth *t)
{
	struct slice_path p;
	struct track *k = track_of(s, m->id);
	size_t goes_on = 0;
	if (snap_has_registers(at->now)) {
		make_path(&p, at, m, t);
		goes_on = beyond(k, &p, t);
	} else {
		make_path_of_events(&p, at->now, m);
	}
	int i = goes_on ? 1 : 0; /* the stack is among those */
	while (i < p.n && goes_on < k->n && is_same(&k->open[goes_on], &p.at[i])) {
		if (p.at[i].cfa)
			k->open[goes_on].cfa = p.at[i].cfa;
		goes_on++;
		i++;
	}
	end_from(s, k, goes_on, at->now->step);
	while (i < p.n)
		begin(s, at, k, &p, i++);
}

void slices_end(struct slices *s, int64_t step)
{
	for (size_t i = 0; i < s->n; i++)
		end_from(s, &s->tracks[i], 0, step);
}
