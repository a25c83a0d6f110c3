/* SPDX-License-Identifier: MIT */
/*
 * Ids, in all lessons at a dozen sizes: no two things in one scene have the same, one can tell from
 * it what is shown, and from step to step a thing keeps it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "grid/grid.h"
#include "scene/ids.h"
#include "tour.h"
#include "view_tests.h"

enum { PANES = 6 };

static int by_id(const void *a, const void *b)
{
	const struct thing_id *x = a, *y = b;
	return thing_compare(*x, *y);
}

/* ids: n of them, in any order, which they lose. */
static void no_id_twice(struct thing_id *ids, size_t n, const char *where)
{
	qsort(ids, n, sizeof *ids, by_id);
	for (size_t i = 1; i < n; i++)
		if (thing_compare(ids[i - 1], ids[i]) == 0)
			fail_msg("%s: two things are tag %d, part %d, id %d, gen %d, address %llx",
				where, ids[i].tag, ids[i].part, ids[i].id, ids[i].gen,
				(unsigned long long)ids[i].address);
	free(ids);
}

static void no_thing_twice(const struct scene *sc, const char *where)
{
	struct thing_id *ids = calloc(sc->n + 1, sizeof *ids);
	for (size_t i = 0; i < sc->n; i++)
		ids[i] = sc->things[i].id;
	no_id_twice(ids, sc->n, where);
}

static void no_command_twice(const struct grid *grid, const char *where)
{
	char at[240];
	struct thing_id *ids = calloc(grid->n + 1, sizeof *ids);
	for (size_t i = 0; i < grid->n; i++)
		ids[i] = grid->draws[i].id;
	snprintf(at, sizeof at, "%s, %dx%d", where, grid->cols, grid->rows);
	no_id_twice(ids, grid->n, at);
}

struct twins {
	struct scene sc;
	struct grid grid;
};

static void look_for_twins(void *ctx, struct session *s, const char *where)
{
	struct twins *t = ctx;
	scene_build(&t->sc, s);
	no_thing_twice(&t->sc, where);
	for (int i = 0; i < TOUR_SIZES; i++)
		for (t->sc.at.pane = 0; t->sc.at.pane < PANES; t->sc.at.pane++) {
			grid_build(&t->grid, &t->sc, tour_sizes[i].cols, tour_sizes[i].rows);
			no_command_twice(&t->grid, where);
		}
}

static void no_two_things_have_the_same(void **state)
{
	(void)state;
	struct twins t = {0};
	tour(look_for_twins, &t);
	scene_free(&t.sc);
	grid_free(&t.grid);
}

/* Not at the stops alone: at every few steps on the way there. */
static void on_the_way(void *ctx, struct session *s, const char *where)
{
	enum { EVERY = 7 };
	struct scene *sc = ctx;
	char at[240];
	int64_t stop = timeline_step(s->tl);
	/* From each M the way is the same. */
	for (int64_t step = s->focus_m == 0 ? stop % EVERY : stop; step <= stop; step += EVERY) {
		timeline_seek(s->tl, step);
		scene_build(sc, s);
		snprintf(at, sizeof at, "%s, on the way at step %lld", where, (long long)step);
		no_thing_twice(sc, at);
	}
}

static void nor_on_the_way(void **state)
{
	(void)state;
	struct scene sc = {0};
	tour(on_the_way, &sc);
	scene_free(&sc);
}

/* The record that an id names by M and address; -1: the register; -2: there is none. */
static int record_of(const struct facts *f, struct thing_id id, int *m)
{
	for (*m = 0; *m < f->at.now->nms; ++*m) {
		const struct chain *c = &f->answers[*m].chain;
		if (f->at.now->ms[*m].id != id.id)
			continue;
		for (int r = 0; r < c->n; r++)
			if (c->rec[r].fp == id.address)
				return r;
		return id.address ? -2 : -1;
	}
	return -2;
}

static void is_what_its_id_says(const struct facts *f, const struct draw *d)
{
	char words[128];
	int m, r, stack = snap_stack_at(f->at.now, d->id.address);
	if (d->id.tag == TAG_WORD && d->id.part == WORD_ADDRESS) {
		tail_words(d->id.address, words, sizeof words);
		assert_memory_equal(d->text, words, strlen(words));
		const struct g_state *g = stack_g(f, stack);
		assert_int_equal(d->id.gen, g ? g->id : f->at.now->stacks[stack].id);
	} else if (d->id.tag == TAG_STACK) {
		stack = snap_stack_at(f->at.now, d->id.address - 8);
		assert_memory_equal(d->text, owner_words(f, stack, words, sizeof words), 4);
	} else if (d->id.tag == TAG_LINK) {
		r = record_of(f, d->id, &m);
		assert_true(r >= -1);
		assert_int_equal(d->link, chain_link(&f->answers[m].chain, r));
	} else if (d->id.tag == TAG_REPORT && d->id.part == REPORT_FRAME && d->id.address) {
		r = record_of(f, d->id, &m);
		assert_true(r >= 0);
		symbol_words(f, f->answers[m].chain.rec[r].ret, true, words, sizeof words);
		assert_memory_equal(strchr(d->text + 1, ' ') + 1, words, 4);
	}
}

static void read_ids(void *ctx, struct session *s, const char *where)
{
	(void)where;
	struct grid *grid = ctx;
	struct facts f;
	facts_gather(&f, s);
	for (int i = 0; i < TOUR_SIZES; i++) {
		show(grid, s, tour_sizes[i].cols, tour_sizes[i].rows);
		for (size_t k = 0; k < grid->n; k++)
			is_what_its_id_says(&f, &grid->draws[k]);
	}
	facts_free(&f);
}

static void one_can_tell_from_it_what_is_shown(void **state)
{
	(void)state;
	struct grid grid = {0};
	tour(read_ids, &grid);
	grid_free(&grid);
}

/* Words and boxes that are at the same place and say the same are the same things. */
static bool looks_the_same(const struct draw *a, const struct draw *b)
{
	bool names_itself = a->kind == DRAW_BOX ||
			    (a->id.tag == TAG_WORD && a->id.part == WORD_ADDRESS) ||
			    a->id.tag == TAG_M;
	return names_itself && a->kind == b->kind && a->x == b->x && a->y == b->y && a->w == b->w &&
	       strcmp(a->text, b->text) == 0;
}

struct pair {
	struct grid before, after;
	size_t kept;
};

static void compare_steps(void *ctx, struct session *s, const char *where)
{
	struct pair *p = ctx;
	int64_t step = timeline_step(s->tl);
	timeline_seek(s->tl, step - 1);
	show(&p->before, s, 118, 38);
	timeline_seek(s->tl, step);
	show(&p->after, s, 118, 38);
	for (size_t i = 0; i < p->before.n; i++)
		for (size_t k = 0; k < p->after.n; k++) {
			const struct draw *a = &p->before.draws[i], *b = &p->after.draws[k];
			if (!looks_the_same(a, b))
				continue;
			p->kept++;
			if (thing_compare(a->id, b->id) != 0)
				fail_msg(
					"%s: \"%s\" is another thing a step later", where, a->text);
		}
}

static void a_thing_keeps_it(void **state)
{
	(void)state;
	struct pair p = {0};
	tour(compare_steps, &p);
	assert_true(p.kept > 0);
	grid_free(&p.before);
	grid_free(&p.after);
}

int test_ids(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_things_have_the_same),
		cmocka_unit_test(nor_on_the_way),
		cmocka_unit_test(one_can_tell_from_it_what_is_shown),
		cmocka_unit_test(a_thing_keeps_it),
	};
	return cmocka_run_group_tests_name("ids", tests, NULL, tour_end);
}
