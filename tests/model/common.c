/* SPDX-License-Identifier: MIT */
/*
 * The first step that is another in two recordings: found by halving it is the one that is found
 * step by step, wherever it is and whatever is another there.
 */
#include <stdlib.h>

#include "by_steps.h"
#include "model/chunk.h"
#include "model_tests.h"

enum { STEPS = 150, LONG = CHUNK_STEPS + 700 };

enum what { NOTHING, ANOTHER_M, ANOTHER_TIME, A_SIGNAL, PLACE, WORD, EVENT, OUTPUT, NWHATS };

/* A step that looks like none before it, but for what is another in it. */
static void add_step(struct sim *s, enum what what)
{
	int64_t i = recording_last(s->r) + 1;
	struct word_write w = {s->k.s.stacks[0].hi - 8, 0, what == WORD ? 0x77 : 0x78};
	/* Every ninth comes after a time, which may be another, or a signal besides. */
	struct turn before[] = {{TURN_TIME, 0, what == ANOTHER_TIME ? 9 : 8}, {TURN_SIGNAL, 1, 0}};
	size_t nbefore = (i % 9 == 0 || what == ANOTHER_TIME) + (what == A_SIGNAL);
	recording_add(
		s->r, &(struct step){
			      .before = {before + (what == A_SIGNAL && nbefore == 1), nbefore},
			      .m = (i % 5 == 0) != (what == ANOTHER_M),
			      .pc = what == PLACE ? 7 : (uint64_t)(1000 + i % 40),
			      .nwrites = i % 3 == 0 || what == WORD,
			      .writes = &w,
			      .state = &s->k.s,
			      .event = {.id = i % 7 == 0 || what == EVENT ? 0 : -1,
				      .nargs = 1,
				      .arg = {what == EVENT ? 3 : 2}},
			      .output = what == OUTPUT ? "b" : "a",
			      .noutput = i % 11 == 0 || what == OUTPUT,
		      });
}

static void add_steps(struct sim *s, int64_t to, enum what what, int64_t at)
{
	for (int64_t i = recording_last(s->r) + 1; i <= to; i++)
		add_step(s, i == at ? what : NOTHING);
}

static struct sim *run_of(const char *policy, int64_t steps, enum what what, int64_t at)
{
	struct sim *s = sim_new(policy);
	add_steps(s, steps, what, at);
	return s;
}

static void assert_common(const struct sim *a, const struct sim *b, int64_t steps)
{
	assert_int_equal(common_by_steps(a->r, b->r, a->policy == b->policy), steps);
	assert_int_equal(recording_common(a->r, b->r), steps);
	assert_int_equal(recording_common(b->r, a->r), steps);
}

static void assert_parts(const struct sim *was, const struct sim *is, int64_t step)
{
	struct parting p;
	assert_int_equal(parting_by_steps(was->r, is->r), step);
	parting_find(&p, was->r, is->r);
	assert_int_equal(p.step, step);
	parting_find(&p, is->r, was->r);
	assert_int_equal(p.step, step);
}

/* Two that are the same but for one step. */
static void check(const struct sim *was, const char *policy, enum what what, int64_t at)
{
	int64_t last = recording_last(was->r);
	struct sim *is = run_of(policy, last, what, at);
	bool turn = what == ANOTHER_M || what == ANOTHER_TIME || what == A_SIGNAL;
	bool leaves = turn || (what == PLACE && is->policy == was->policy);
	assert_common(was, is, leaves ? at - 1 : last);
	/* Another turn is another schedule's; what the last one wrote is not all perhaps. */
	bool parts = what != NOTHING && !turn && (what != OUTPUT || at < last);
	assert_parts(was, is, parts ? at : -1);
	sim_free(is);
}

static const char *const policies[] = {"keep", "clear"};

static void any_step(void **state)
{
	(void)state;
	struct sim *was = run_of(policies[0], STEPS, NOTHING, 0);
	for (int i = 0; i < 2 * NWHATS; i++)
		for (int64_t at = 1; at <= STEPS; at++)
			check(was, policies[i % 2], i / 2, at);
	sim_free(was);
}

static void of_a_long_one(void **state)
{
	(void)state;
	static const int64_t at[] = {
		1, LONG / 2, CHUNK_STEPS - 1, CHUNK_STEPS, CHUNK_STEPS + 1, LONG - 1, LONG};
	struct sim *was = run_of(policies[0], LONG, NOTHING, 0);
	for (size_t i = 0; i < 2 * sizeof at / sizeof *at; i++)
		for (enum what what = NOTHING; what < NWHATS; what++)
			check(was, policies[i % 2], what, at[i / 2]);
	sim_free(was);
}

/* They begin with another state: then they part at once, though all steps are the same. */
static void the_first_state(void **state)
{
	(void)state;
	struct sim *was = run_of(policies[0], STEPS, NOTHING, 0), *is = sim_new(policies[0]);
	struct snapshot first = is->k.s;
	struct code *code = code_new();
	first.ms[0].regs[AX] ^= 1;
	struct recording *r = recording_new(recording_info(is->r), &first, code), *old = is->r;
	is->r = r;
	add_steps(is, STEPS, NOTHING, 0);
	assert_common(was, is, STEPS);
	assert_parts(was, is, 0);
	is->r = old;
	recording_free(r);
	sim_free(was);
	sim_free(is);
}

/* One has not come as far as the other: as far as that they are the same. */
static void one_is_shorter(void **state)
{
	(void)state;
	struct sim *was = run_of(policies[0], STEPS, NOTHING, 0);
	struct sim *is[] = {sim_new(policies[0]), sim_new(policies[1])};
	for (int64_t steps = 0; steps <= STEPS; steps++)
		for (int i = 0; i < 2; i++) {
			add_steps(is[i], steps, NOTHING, 0);
			assert_common(was, is[i], steps);
			assert_parts(was, is[i], -1);
		}
	/* And behind its end the longer one is another. */
	struct sim *other = run_of(policies[0], STEPS, PLACE, STEPS - 30);
	struct sim *shorter = run_of(policies[0], STEPS - 31, NOTHING, 0);
	assert_common(other, shorter, STEPS - 31);
	assert_parts(other, shorter, -1);
	sim_free(was);
	sim_free(other);
	sim_free(shorter);
	sim_free(is[0]);
	sim_free(is[1]);
}

static int64_t events_between(const struct recording *r, int64_t from, int64_t to)
{
	int64_t n = 0;
	while (++from <= to)
		n += recording_event(r, from) != NULL;
	return n;
}

static int64_t same_ms(const struct recording *a, const struct recording *b)
{
	int64_t same = 0;
	while (same < recording_last(a) && same < recording_last(b) &&
		recording_m(a, same + 1) == recording_m(b, same + 1))
		same++;
	return same;
}

/* Where a step of the one is beside the other's: looked for step by step. */
static void assert_beside(const struct recording *of, const struct recording *with)
{
	int64_t same = same_ms(of, with);
	for (int64_t step = 0; step <= recording_last(with); step++) {
		int64_t at = step < same ? step : same, n = events_between(with, same, step);
		while (at < recording_last(of) && events_between(of, same, at) < n)
			at++;
		assert_int_equal(recording_beside(of, with, step), at);
	}
}

/* As long as one schedule leads both it is the same step, then that of the same event. */
static void beside(void **state)
{
	(void)state;
	struct sim *with = run_of(policies[0], STEPS, NOTHING, 0);
	for (int64_t to = 1; to <= STEPS + 20; to += 3) {
		struct sim *of = run_of(policies[to % 2], to, ANOTHER_M, to / 2);
		add_step(of, EVENT);
		add_steps(of, to + 10, NOTHING, 0);
		assert_beside(of->r, with->r);
		assert_beside(with->r, of->r);
		sim_free(of);
	}
	sim_free(with);
}

/* Under one policy elsewhere is another step; one schedule it may be all the same. */
static void one_schedule(void **state)
{
	(void)state;
	struct sim *a = run_of(policies[0], STEPS, NOTHING, 0);
	struct sim *b = run_of(policies[0], STEPS, PLACE, 40);
	assert_int_equal(recording_common(a->r, b->r), 39);
	assert_int_equal(recording_common_schedule(a->r, b->r), STEPS);
	assert_int_equal(recording_beside(b->r, a->r, 100), 100);
	sim_free(a);
	sim_free(b);
}

int test_common(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_step),
		cmocka_unit_test(of_a_long_one),
		cmocka_unit_test(the_first_state),
		cmocka_unit_test(one_is_shorter),
		cmocka_unit_test(beside),
		cmocka_unit_test(one_schedule),
	};
	return cmocka_run_group_tests_name("common", tests, NULL, NULL);
}
