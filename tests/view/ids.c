/* SPDX-License-Identifier: MIT */
/*
 * Ids, in all lessons at a dozen sizes: no two things in one scene have the same, one can tell from
 * it what is shown, and from step to step a thing keeps it.
 */
#include <stdlib.h>
#include <string.h>

#include "scene/picture.h"
#include "tour.h"
#include "view_tests.h"

enum { PANES = 6 };

static int by_id(const void *a, const void *b)
{
	const struct thing_id *x = a, *y = b;
	return thing_compare(*x, *y);
}

static void no_id_twice(const struct scene *sc, const char *where)
{
	struct thing_id *ids = calloc(sc->n + 1, sizeof *ids);
	for (size_t i = 0; i < sc->n; i++)
		ids[i] = sc->draws[i].id;
	qsort(ids, sc->n, sizeof *ids, by_id);
	for (size_t i = 1; i < sc->n; i++)
		if (thing_compare(ids[i - 1], ids[i]) == 0)
			fail_msg("%s, %dx%d: two things are tag %d, part %d, id %d, gen %d, "
				 "address %llx",
				where, sc->cols, sc->rows, ids[i].tag, ids[i].part, ids[i].id,
				ids[i].gen, (unsigned long long)ids[i].address);
	free(ids);
}

static void look_for_twins(void *ctx, struct session *s, const char *where)
{
	struct scene *sc = ctx;
	for (int i = 0; i < TOUR_SIZES; i++)
		for (s->pane = 0; s->pane < PANES; s->pane++) {
			scene_build(sc, s, tour_sizes[i].cols, tour_sizes[i].rows);
			no_id_twice(sc, where);
		}
	s->pane = 0;
}

static void no_two_things_have_the_same(void **state)
{
	(void)state;
	struct scene sc = {0};
	tour(look_for_twins, &sc);
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
	struct scene *sc = ctx;
	struct facts f;
	facts_gather(&f, s);
	for (int i = 0; i < TOUR_SIZES; i++) {
		scene_build(sc, s, tour_sizes[i].cols, tour_sizes[i].rows);
		for (size_t k = 0; k < sc->n; k++)
			is_what_its_id_says(&f, &sc->draws[k]);
	}
	facts_free(&f);
}

static void one_can_tell_from_it_what_is_shown(void **state)
{
	(void)state;
	struct scene sc = {0};
	tour(read_ids, &sc);
	scene_free(&sc);
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
	struct scene before, after;
	size_t kept;
};

static void compare_steps(void *ctx, struct session *s, const char *where)
{
	struct pair *p = ctx;
	int64_t step = timeline_step(s->tl);
	timeline_seek(s->tl, step - 1);
	scene_build(&p->before, s, 118, 38);
	timeline_seek(s->tl, step);
	scene_build(&p->after, s, 118, 38);
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
	scene_free(&p.before);
	scene_free(&p.after);
}

int test_ids(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_things_have_the_same),
		cmocka_unit_test(one_can_tell_from_it_what_is_shown),
		cmocka_unit_test(a_thing_keeps_it),
	};
	return cmocka_run_group_tests_name("ids", tests, NULL, tour_end);
}
