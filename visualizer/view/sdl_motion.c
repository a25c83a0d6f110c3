/* SPDX-License-Identifier: MIT */
/*
 * Pairs the commands of two grids by kind and id. The painting order is the second
 * grid's; what vanishes is painted just after the command that it followed in the first,
 * so that it stays in front of the panel it lay on.
 */
#include "sdl_motion.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

enum { NONE = -1 };

struct ref {
	struct thing_id id;
	int kind, index;
};

/*
 * pair[i]: the index in `to` of what is from->draws[i]; back[j] the other way; NONE where
 * there is none.
 */
struct pairing {
	int *pair, *back;
};

static int by_id(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;
	int order = thing_compare(x->id, y->id);
	if (order)
		return order;
	return x->kind != y->kind ? x->kind - y->kind : x->index - y->index;
}

static struct ref *sorted_refs(const struct grid *grid)
{
	struct ref *refs = xcalloc(grid->n, sizeof(*refs));
	for (size_t i = 0; i < grid->n; i++)
		refs[i] = (struct ref){grid->draws[i].id, (int)grid->draws[i].kind, (int)i};
	qsort(refs, grid->n, sizeof(*refs), by_id);
	return refs;
}

static int *all_none(size_t n)
{
	int *a = xcalloc(n, sizeof(*a));
	for (size_t i = 0; i < n; i++)
		a[i] = NONE;
	return a;
}

/* Where an id occurs more than once, the first goes with the first. */
static struct pairing pair_up(const struct grid *from, const struct grid *to)
{
	struct pairing p = {all_none(from->n), all_none(to->n)};
	struct ref *a = sorted_refs(from), *b = sorted_refs(to);
	for (size_t i = 0, j = 0; i < from->n && j < to->n;) {
		struct ref x = a[i], y = b[j];
		int order = thing_compare(x.id, y.id);
		order = order ? order : x.kind - y.kind;
		if (order == 0) {
			p.pair[x.index] = y.index;
			p.back[y.index] = x.index;
		}
		i += order <= 0;
		j += order >= 0;
	}
	free(a);
	free(b);
	return p;
}

static void add(
	struct frame *f, const struct draw *now, const struct draw *was, double t, double alpha)
{
	f->sprites = xgrow(f->sprites, &f->cap, f->n + 1, sizeof(*f->sprites));
	f->sprites[f->n++] = (struct sprite){now, was, t, alpha};
}

static bool same_text(const struct draw *a, const struct draw *b)
{
	return a->role == b->role && a->owner == b->owner && strcmp(a->text, b->text) == 0;
}

/* What vanishes, from index i of the first grid to the next command that stays. */
static void add_vanishing(
	struct frame *f, const struct grid *from, const int *pair, size_t i, double t)
{
	for (; i < from->n && pair[i] == NONE; i++)
		add(f, &from->draws[i], NULL, t, 1 - t);
}

void frame_between(struct frame *f, const struct grid *from, const struct grid *to, double t)
{
	assert(t >= 0); /* as alpha is made of it */
	f->n = 0;
	if (!from || t >= 1 || from->cols != to->cols || from->rows != to->rows) {
		for (size_t j = 0; j < to->n; j++)
			add(f, &to->draws[j], NULL, 1, 1);
		return;
	}
	struct pairing p = pair_up(from, to);
	add_vanishing(f, from, p.pair, 0, t);
	for (size_t j = 0; j < to->n; j++) {
		const struct draw *now = &to->draws[j];
		if (p.back[j] == NONE) {
			add(f, now, NULL, t, t);
			continue;
		}
		const struct draw *was = &from->draws[p.back[j]];
		bool other_words = now->kind == DRAW_TEXT && !same_text(was, now);
		if (other_words)
			add(f, was, NULL, t, 1 - t);
		add(f, now, was, t, other_words ? t : 1);
		add_vanishing(f, from, p.pair, (size_t)p.back[j] + 1, t);
	}
	free(p.pair);
	free(p.back);
}

void frame_free(struct frame *f)
{
	free(f->sprites);
	memset(f, 0, sizeof(*f));
}

double motion_ease(double share)
{
	if (share >= 1)
		return 1;
	double rest = 1 - (share < 0 ? 0 : share);
	return 1 - rest * rest * rest;
}
