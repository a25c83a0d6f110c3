/* SPDX-License-Identifier: MIT */
/*
 * Things by themselves, before anybody lays them out: which there are, what is part of what, how
 * their words get shorter, and what matters most. On the recorded moment, at each of its steps.
 */
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "scene/facts.h"
#include "scene/ids.h"
#include "scene_tests.h"

typedef void look_fn(const struct scene *sc, const struct session *s);

static void at_each_step(look_fn *look)
{
	struct scene sc = {0};
	struct session *s = moment_session(0);
	for (int64_t step = 0; step <= timeline_last(s->tl); step++) {
		timeline_seek(s->tl, step);
		for (s->focus_m = 0; s->focus_m < 2; s->focus_m++) {
			scene_build(&sc, s);
			look(&sc, s);
		}
	}
	scene_free(&sc);
	session_close(s);
}

static void each_is_there_once(const struct scene *sc, const struct session *s)
{
	(void)s;
	for (size_t i = 0; i < sc->n; i++) {
		const struct thing *t = &sc->things[i];
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(thing_compare(t->id, sc->things[k].id), 0);
		for (int k = 0; k < t->ntexts; k++)
			assert_ptr_equal(thing_text(sc, t, sc->texts[t->text + k].part),
				&sc->texts[t->text + k]);
	}
}

static void ids(void **state)
{
	(void)state;
	at_each_step(each_is_there_once);
}

static bool is_one_of(const struct scene *sc, int thing, const enum tag *tags, int n)
{
	for (int i = 0; i < n && thing >= 0; i++)
		if (sc->things[thing].id.tag == tags[i])
			return true;
	return false;
}

static void has_its_place(const struct scene *sc, const struct session *s)
{
	static const enum tag ends[] = {TAG_WORD, TAG_STACK, TAG_REGISTER, TAG_GOBUF};
	(void)s;
	for (int i = 0; i < (int)sc->n; i++) {
		const struct thing *t = &sc->things[i];
		assert_true(t->in < i);
		if (t->id.tag == TAG_WORD || t->id.tag == TAG_REGISTER || t->id.tag == TAG_GOBUF)
			assert_true(is_one_of(sc, t->in, (enum tag[]){TAG_STACK}, 1));
		if (t->id.tag == TAG_MARK)
			assert_true(is_one_of(sc, t->in, (enum tag[]){TAG_WORD}, 1));
		if (t->id.tag != TAG_LINK && t->id.tag != TAG_GOBUF_LINK)
			continue;
		assert_true(is_one_of(sc, t->from, ends, 4));
		assert_true(t->to < 0 || is_one_of(sc, t->to, ends, 2));
		/* One can tell from its id where it starts. */
		const struct thing *from = &sc->things[t->from];
		assert_true(t->id.address == (from->id.tag == TAG_WORD ? from->id.address : 0));
	}
}

static void parts(void **state)
{
	(void)state;
	at_each_step(has_its_place);
}

static void gets_no_longer(const struct scene *sc, const struct session *s)
{
	(void)s;
	for (size_t i = 0; i < sc->ntexts; i++)
		for (int l = 1; l < LENGTHS; l++)
			assert_true(text_width(sc->texts[i].words[l]) <=
				    text_width(sc->texts[i].words[l - 1]));
}

static void lengths(void **state)
{
	(void)state;
	at_each_step(gets_no_longer);
}

/* Words are those of the program's memory, in order; each says its address. */
static void is_all_of_memory(const struct scene *sc, const struct session *s)
{
	const struct snapshot *now = timeline_now(s->tl);
	for (int i = thing_next(sc, TAG_STACK, 0); i >= 0; i = thing_next(sc, TAG_STACK, i + 1)) {
		int stack = snap_stack_at(now, sc->things[i].id.address - 8), word = i + 2;
		const struct stack_image *st = &now->stacks[stack];
		for (uint64_t a = st->from; a < st->hi; a += 8, word++) {
			char tail[16];
			const struct thing *t = &sc->things[word];
			assert_int_equal(t->id.tag, TAG_WORD);
			assert_true(t->id.address == a);
			tail_words(a, tail, sizeof tail);
			assert_memory_equal(thing_text(sc, t, WORD_ADDRESS)->words[IN_FULL], tail,
				strlen(tail));
		}
		assert_true(word == (int)sc->n || sc->things[word].id.tag != TAG_WORD);
	}
}

static void words(void **state)
{
	(void)state;
	at_each_step(is_all_of_memory);
}

/* Where M0's chain leaves its stack for another M's, and no frame is false yet (tests/moment.h). */
static void what_the_picture_is_about_matters_most(void **state)
{
	(void)state;
	struct scene sc = {0};
	struct session *s = moment_session(MOMENT_FOREIGN);
	int ends = 0, least = UINT16_MAX;
	s->focus_m = 0;
	scene_build(&sc, s);
	for (int i = thing_next(&sc, TAG_LINK, 0); i >= 0; i = thing_next(&sc, TAG_LINK, i + 1)) {
		const struct thing *t = &sc.things[i];
		if (t->link == LINK_CALL)
			continue;
		const struct thing *both[] = {&sc.things[t->from], &sc.things[t->to]};
		for (int k = 0; k < 2; k++) {
			if (both[k]->id.tag != TAG_WORD)
				continue;
			least = both[k]->importance < least ? both[k]->importance : least;
			ends++;
		}
	}
	assert_true(ends > 0);
	int before = 0, plain = 0;
	for (int i = thing_next(&sc, TAG_WORD, 0); i >= 0; i = thing_next(&sc, TAG_WORD, i + 1)) {
		before += sc.things[i].importance >= least;
		plain += sc.things[i].importance == 0;
	}
	assert_in_range(before, 1, ends);
	assert_true(plain > before);
	scene_free(&sc);
	session_close(s);
}

/* The importance of a stack; -1: it is not shown. */
static int stack_matters(const struct scene *sc, const struct facts *f, int stack)
{
	for (int i = thing_next(sc, TAG_STACK, 0); i >= 0 && stack >= 0;
		i = thing_next(sc, TAG_STACK, i + 1))
		if (thing_compare(sc->things[i].id, stack_id(f, TAG_STACK, stack)) == 0)
			return sc->things[i].importance;
	return -1;
}

/* The g0 that an M has left alone gives way to the stack that it is on. */
static void where_it_is_matters_more(const struct scene *sc, const struct session *s)
{
	struct facts f;
	facts_gather(&f, s);
	const struct m_state *m = f.focus < 0 ? NULL : &f.at.now->ms[f.focus];
	int on = m ? m_stack(&f, m) : -1, g0 = m ? m->g0_stack : -1;
	const struct chain *c = m ? &f.answers[f.focus].chain : NULL;
	bool led_to = false;
	for (int r = 0; c && r < c->n; r++)
		led_to |= c->rec[r].stack == g0;
	int x = stack_matters(sc, &f, on), y = stack_matters(sc, &f, g0);
	if (x >= 0 && y >= 0 && on != g0 && !led_to)
		assert_true(x > y);
	facts_free(&f);
}

static void stacks(void **state)
{
	(void)state;
	at_each_step(where_it_is_matters_more);
}

/* Whether what has this rank in the key bar is there. */
static bool is_offered(const struct session *s, int rank)
{
	struct scene sc = {0};
	bool found = false;
	scene_build(&sc, s);
	for (int i = thing_next(&sc, TAG_KEYS, 0); i >= 0; i = thing_next(&sc, TAG_KEYS, i + 1))
		found |= thing_compare(sc.things[i].id, thing_numbered(TAG_KEYS, rank, 0)) == 0;
	scene_free(&sc);
	return found;
}

/* The key bar does not offer what needs a program, where there is a recording alone. */
static void what_cannot_be_done_is_not_offered(void **state)
{
	(void)state;
	int n = 0;
	for (int a = 0; a < ACT_COUNT; a++) {
		struct session *s = moment_session(0);
		bool runs = strcmp(actions[a].group, "run") == 0 && actions[a].rank;
		bool lesson = strcmp(actions[a].group, "lesson") == 0;
		assert_int_equal(
			is_offered(s, actions[a].rank), actions[a].rank && !runs && !lesson);
		n += runs;
		session_do(s, a);
		assert_true(s->message_is_error || !runs);
		session_close(s);
	}
	assert_true(n > 1);
}

int test_things(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids),
		cmocka_unit_test(parts),
		cmocka_unit_test(lengths),
		cmocka_unit_test(words),
		cmocka_unit_test(what_the_picture_is_about_matters_most),
		cmocka_unit_test(stacks),
		cmocka_unit_test(what_cannot_be_done_is_not_offered),
	};
	return cmocka_run_group_tests_name("things", tests, NULL, NULL);
}
