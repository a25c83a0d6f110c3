/* SPDX-License-Identifier: MIT */
/* Along the timeline: each back is the inverse of its forward, at every grain, on real programs. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/drive.h"
#include "model/parting.h"
#include "model/sights.h"
#include "session_tests.h"

enum { LIMIT = 1600, FROM = 5, TIMES = 6 };

static const char *const examples[] = {"01_stale_link", "02_red_blue", "03_ping_pong", "04_steal",
	"05_systemstack", "06_callback", "10_sieve", "11_ring", "12_mergesort", "13_deadlock",
	"15_select", "20_timer_wheel", "21_echo"};

static const struct {
	enum action next, prev;
} grains[] = {
	{ACT_FORWARD, ACT_BACK},
	{ACT_LINE_NEXT, ACT_LINE_PREV},
	{ACT_OVER_NEXT, ACT_OVER_PREV},
	{ACT_OUT_NEXT, ACT_OUT_PREV},
	{ACT_EVENT_NEXT, ACT_EVENT_PREV},
	{ACT_CHAIN_NEXT, ACT_CHAIN_PREV},
	{ACT_VERDICT_NEXT, ACT_VERDICT_PREV},
	{ACT_FOREIGN_NEXT, ACT_FOREIGN_PREV},
	{ACT_WORD_NEXT, ACT_WORD_PREV},
};
enum { GRAINS = sizeof grains / sizeof *grains };

/* As it was built with these tests; returns buf. */
static char *path_of(const char *program, char *buf, size_t n)
{
	const char *dir = getenv("EXAMPLES");
	snprintf(buf, n, "%s/%s", dir ? dir : "build/examples", program);
	return buf;
}

/* A program's first steps, by lot, as a recording by itself; the caller's. */
static struct recording *record(const char *program, const char *policy, uint64_t seed)
{
	char name[256], err[SENTENCE_MAX], path[] = "/tmp/g0-travel-XXXXXX";
	struct run_options o = {
		.program = path_of(program, name, sizeof name), .mcall = policy, .seed = seed};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	if (!tl)
		fail_msg("%s: %s", name, err);
	drive(tl, seed, LIMIT);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	close(fd);
	if (!recording_save(timeline_recording(tl), path, err, sizeof err))
		fail_msg("%s", err);
	timeline_close(tl);
	struct recording *r = recording_load(path, err, sizeof err);
	unlink(path);
	if (!r)
		fail_msg("%s", err);
	return r;
}

/* The state where the session stands is that of a step, by a cursor that came there at once. */
static void assert_state(struct session *s, int64_t step, const char *what)
{
	char words[SENTENCE_MAX];
	struct cursor *c = cursor_new(timeline_recording(s->tl));
	if (timeline_step(s->tl) != step)
		fail_msg("%s: at step %lld, not %lld", what, (long long)timeline_step(s->tl),
			(long long)step);
	if (snap_differs(cursor_seek(c, step), timeline_now(s->tl), words, sizeof words))
		fail_msg("%s: %s", what, words);
	cursor_free(c);
}

/* So many forward from there, and as many back. Returns how many there were. */
static int there_and_back(struct session *s, int grain, int64_t from, const char *name)
{
	char what[128];
	int64_t at[TIMES + 1];
	int n = 0, m = s->focus_m;
	timeline_seek(s->tl, from);
	at[0] = from;
	while (n < TIMES) {
		session_do(s, grains[grain].next);
		if (timeline_step(s->tl) == at[n])
			break;
		assert_true(timeline_step(s->tl) > at[n]);
		at[++n] = timeline_step(s->tl);
	}
	for (int i = n; i-- > 0;) {
		session_do(s, grains[grain].prev);
		snprintf(what, sizeof what, "%s: %s %d of %d from %lld", name,
			actions[grains[grain].prev].id, i, n, (long long)from);
		assert_state(s, at[i], what);
	}
	assert_int_equal(s->focus_m, m);
	return n;
}

/* The same back and forth, where what is looked for is of steps alone: without any memory. */
static void back_and_there(struct session *s, int grain, const char *name)
{
	int64_t at[TIMES + 1];
	int n = 0;
	timeline_seek(s->tl, timeline_last(s->tl));
	s->nwent = 0;
	session_do(s, grains[grain].prev);
	at[0] = timeline_step(s->tl);
	while (n < TIMES && at[n] > 0) {
		session_do(s, grains[grain].prev);
		if (timeline_step(s->tl) == at[n])
			break;
		at[++n] = timeline_step(s->tl);
	}
	for (int i = n; i-- > 0;) {
		s->nwent = 0;
		session_do(s, grains[grain].next);
		assert_state(s, at[i], name);
	}
}

/* Of a line, an event, a change: no call, as of those there may be several of one place. */
static bool is_of_steps(int grain)
{
	enum action a = grains[grain].next;
	return a == ACT_FORWARD || a == ACT_LINE_NEXT || a == ACT_EVENT_NEXT ||
	       a == ACT_CHAIN_NEXT || a == ACT_VERDICT_NEXT;
}

static int steps_of[GRAINS];

static void check(struct session *s, const char *name)
{
	int64_t last = timeline_last(s->tl);
	assert_true(last > 50);
	for (int grain = 0; grain < GRAINS; grain++) {
		for (int i = 0; i < FROM; i++) {
			s->focus_m = i % 2;
			int64_t from = last * i / FROM;
			timeline_seek(s->tl, from);
			s->focus_m = session_m(s);
			steps_of[grain] += there_and_back(s, grain, from, name);
		}
		if (is_of_steps(grain))
			back_and_there(s, grain, name);
	}
	session_close(s);
}

static void check_program(const char *program, const char *policy, uint64_t seed)
{
	char name[64];
	snprintf(name, sizeof name, "%s under %s", program, policy);
	check(session_new(timeline_replay(record(program, policy, seed)), NULL), name);
}

/* One that is told, whose links turn foreign. */
static void check_lesson(const char *name)
{
	char err[SENTENCE_MAX];
	struct session *s = session_open(name, NULL, NULL, err, sizeof err);
	if (!s || !session_goto_stop(s, s->lesson->nstops - 1, err, sizeof err))
		fail_msg("%s", err);
	check(s, name);
}

static void each_back_is_the_inverse_of_its_forward(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		check_program(examples[i], "keep", i + 1);
		check_program(examples[i], "clear", i + 1);
	}
	check_lesson("stale_link");
	check_lesson("steal");
	/* Or nothing was seen. */
	for (int grain = 0; grain < GRAINS; grain++)
		assert_true(steps_of[grain] > 0);
}

/* Who looks at another M meanwhile goes back by that one's lines, and keeps looking at it. */
static void another_m_goes_its_own_way_back(void **state)
{
	(void)state;
	struct session *s = session_new(timeline_replay(record("01_stale_link", "keep", 1)), NULL);
	int64_t from = 0, line;
	int m0 = 0, m1 = 1;
	const struct sight of_m0 = {sight_line, &m0}, of_m1 = {sight_line, &m1};
	/* In the midst of a line of M0's, behind one of M1's. */
	for (int64_t step = timeline_last(s->tl) - 50; !from && step > 0; step--) {
		timeline_seek(s->tl, step);
		if (snap_m(timeline_now(s->tl), 1) && !timeline_is_at(s->tl, &of_m0))
			from = step;
	}
	assert_true(from > 0);
	timeline_seek(s->tl, from);
	session_key(s, "0");
	session_key(s, "n");
	line = timeline_find(s->tl, true, from, &of_m1, NULL);
	session_key(s, "1");
	session_key(s, "N");
	assert_int_equal(s->focus_m, 1);
	assert_int_equal(timeline_step(s->tl), line < 0 ? 0 : line);
	assert_int_not_equal(timeline_step(s->tl), from);
	session_close(s);
}

/* Along the schedule of a recording that was loaded: all that is recorded is the same. */
static void recorded_again_it_is_the_same(void **state)
{
	(void)state;
	char err[SENTENCE_MAX] = "", name[256];
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i += 2) {
		struct recording *r = record(examples[i], "keep", 3);
		struct schedule turns = recording_schedule(r, 0, recording_last(r));
		struct run_options o = {
			.mcall = "keep", .procs = recording_info(r)->procs, .seed = 3};
		struct session *s = session_open(
			path_of(examples[i], name, sizeof name), &o, &turns, err, sizeof err);
		struct parting p;
		if (!s)
			fail_msg("%s: %s", examples[i], err);
		parting_find(&p, r, timeline_recording(s->tl));
		if (p.step >= 0 || timeline_last(s->tl) != recording_last(r))
			fail_msg("%s parts at %lld: %s", examples[i], (long long)p.step, p.what);
		assert_state(s, recording_last(r), examples[i]);
		session_close(s);
		schedule_clear(&turns);
		recording_free(r);
	}
}

int test_travel(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_back_is_the_inverse_of_its_forward),
		cmocka_unit_test(another_m_goes_its_own_way_back),
		cmocka_unit_test(recorded_again_it_is_the_same),
	};
	return cmocka_run_group_tests_name("travel", tests, NULL, NULL);
}
