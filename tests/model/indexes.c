/* SPDX-License-Identifier: MIT */
/* What an index has is what a search step by step finds. */
#include <stdlib.h>

#include "model/moment.h"
#include "model/sights.h"
#include "model_tests.h"

enum { TURNS = 40, STEPS = 50 };

static bool has_event(const struct recording *r, int64_t step, int m)
{
	return recording_event(r, step) && (m < 0 || recording_m(r, step) == m);
}

static bool wrote(const struct recording *r, int64_t step, uint64_t addr)
{
	int n;
	const struct word_write *w = recording_writes(r, step, &n);
	for (int i = 0; i < n; i++)
		if (w[i].addr == addr)
			return true;
	return false;
}

static void check_events(const struct recording *r)
{
	for (int m = -1; m < 4; m++) {
		int64_t next = -1, prev = -1, last = recording_last(r);
		for (int64_t s = last; s >= 0; s--) {
			assert_int_equal(recording_next_event(r, s, m), next);
			next = s > 0 && has_event(r, s, m) ? s : next;
		}
		for (int64_t s = 0; s <= last; s++) {
			assert_int_equal(recording_prev_event(r, s, m), prev);
			prev = s > 0 && has_event(r, s, m) ? s : prev;
		}
		assert_int_equal(recording_prev_event(r, last + 9, m), prev);
		assert_int_equal(recording_next_event(r, -5, m), next);
	}
}

static void check_event_numbers(const struct recording *r)
{
	int64_t n = 0;
	for (int64_t s = 0; s <= recording_last(r); s++) {
		bool here = s > 0 && has_event(r, s, -1);
		n += here;
		assert_int_equal(recording_count_events(r, s), n);
		if (here)
			assert_int_equal(recording_nth_event(r, n), s);
	}
	assert_int_equal(recording_nth_event(r, 0), -1);
	assert_int_equal(recording_nth_event(r, n + 1), -1);
}

static void check_writes(const struct recording *r, uint64_t addr)
{
	int64_t next = 0, last = 0;
	for (int64_t s = recording_last(r); s >= 0; s--) {
		assert_int_equal(recording_next_write(r, s, addr), next);
		next = s > 0 && wrote(r, s, addr) ? s : next;
	}
	for (int64_t s = 0; s <= recording_last(r); s++) {
		last = s > 0 && wrote(r, s, addr) ? s : last;
		assert_int_equal(recording_last_write(r, s, addr), last);
	}
}

/* Some words that were written. */
static void check_words(const struct recording *r)
{
	int n;
	for (int64_t s = 1; s <= recording_last(r); s += 97) {
		const struct word_write *w = recording_writes(r, s, &n);
		for (int i = 0; i < n; i++)
			check_writes(r, w[i].addr);
	}
	check_writes(r, 8);
}

/* A step of M m at which something happens. */
static void event_step(struct sim *s, int m)
{
	struct step st = {.m = m,
		.pc = m_pc(&s->k.s, sim_m(s, m)),
		.state = &s->k.s,
		.event = {.id = 0, .nargs = 1, .arg = {m}, .string = "what happens"}};
	recording_add(s->r, &st);
}

/* So many turns of many steps, with an event between them, of one M or the other. */
static struct sim *eventful(const char *policy, int turns)
{
	struct sim *s = sim_new(policy);
	for (int i = 0; i < turns; i++) {
		drive(s, (unsigned)i, STEPS);
		event_step(s, i % 3 == 1);
	}
	return s;
}

static void events_and_writes(void **state)
{
	(void)state;
	struct sim *s = eventful("keep", TURNS);
	assert_true(recording_next_event(s->r, 0, -1) > 0);
	check_event_numbers(s->r);
	check_events(s->r);
	check_words(s->r);
	sim_free(s);
}

/* By a cursor of its own, step by step; -1: no verdict. */
static int verdict_at(const struct recording *r, struct cursor *c, int64_t step, int m)
{
	static struct answer a;
	struct moment at = {r, cursor_seek(c, step)};
	const struct m_state *ms = snap_m(at.now, m);
	if (!ms || ms->exited)
		return -1;
	moment_judge(&at, m, &a);
	return a.verdict;
}

/* How many changes of M m there are; each is found from both sides. */
static int check_verdicts(const struct recording *r, struct search *v, int m)
{
	const struct sight change = {sight_verdict, &m};
	struct cursor *c = cursor_new(r);
	int64_t prev = -1;
	int n = 0, verdict = verdict_at(r, c, 0, m);
	for (int64_t s = 1; s <= recording_last(r); s++) {
		assert_int_equal(search_prev(v, s, s, &change, NULL), prev);
		int now = verdict_at(r, c, s, m);
		if (now == verdict)
			continue;
		assert_int_equal(search_next(v, prev < 0 ? 0 : prev, INT64_MAX, &change, NULL), s);
		verdict = now;
		prev = s;
		n++;
	}
	assert_int_equal(search_next(v, prev < 0 ? 0 : prev, INT64_MAX, &change, NULL), -1);
	cursor_free(c);
	return n;
}

static void verdict_changes(void **state)
{
	(void)state;
	struct sim *s = eventful("keep", 10);
	struct search *v = search_new(s->r);
	check_verdicts(s->r, v, 0);
	/* It has grown. */
	drive(s, 77, 20 * STEPS);
	assert_true(check_verdicts(s->r, v, 0) > 2);
	assert_true(check_verdicts(s->r, v, 1) > 2);
	assert_int_equal(check_verdicts(s->r, v, 9), 0);
	search_free(v);
	sim_free(s);
}

int test_indexes(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_and_writes),
		cmocka_unit_test(verdict_changes),
	};
	return cmocka_run_group_tests_name("indexes", tests, NULL, NULL);
}
