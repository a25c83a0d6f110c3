/* SPDX-License-Identifier: MIT */
/*
 * How long a user waits for t, which switches the policy and back, at the last stop of a lesson:
 * the first press runs the program again, those after it only move. The goal is for these. And how
 * long it takes to find where two such runs part, beside a search that asks each step.
 * Exit status 1 if one of them takes longer.
 *
 *   switch [LESSON]...    default: timer_wheel and sieve, the longest ones
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "by_steps.h"
#include "session/session.h"

enum { PRESSES = 6, GOAL_MS = 50, SEARCHES = 100, GOAL_TIMES = 20 };

static double milliseconds(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

_Noreturn static void fail(const char *what, const char *why)
{
	fprintf(stderr, "switch: %s: %s\n", what, why);
	exit(1);
}

/* One press; in ms, up to where the state is there to be drawn. */
static double press(struct session *s)
{
	double t = milliseconds();
	session_do(s, ACT_TWIN);
	timeline_now(s->tl);
	t = milliseconds() - t;
	if (s->message_is_error)
		fail("t", s->message);
	return t;
}

/* ---- where two runs part ---- */

typedef int64_t search_fn(const struct recording *a, const struct recording *b);

static int64_t same_way_by_steps(const struct recording *a, const struct recording *b)
{
	return common_by_steps(a, b, true);
}

static int64_t parting(const struct recording *a, const struct recording *b)
{
	struct parting p;
	parting_find(&p, a, b);
	return p.step;
}

/* How many times faster the second is; both must find the same. */
static double compare(const char *what, search_fn *by_steps, search_fn *by_halving,
	const struct recording *a, const struct recording *b)
{
	double slow = 0, fast = 0;
	for (int i = 0; i < SEARCHES; i++) {
		double t = milliseconds();
		int64_t found = by_steps(a, b);
		slow += milliseconds() - t;
		t = milliseconds();
		if (by_halving(a, b) != found)
			fail(what, "another step is found by halving");
		fast += milliseconds() - t;
	}
	printf("%12s %-16s %.1f us by steps, %.2f us by halving: %.0f times faster  (goal: %d)\n",
		"", what, slow / SEARCHES * 1e3, fast / SEARCHES * 1e3, slow / fast, GOAL_TIMES);
	return slow / fast;
}

/* ---- at the last stop ---- */

static struct session *open_lesson(const char *name)
{
	char err[SENTENCE_MAX] = "";
	struct session *s = session_open(name, NULL, NULL, err, sizeof err);
	if (!s || !session_goto_stop(s, s->lesson->nstops - 1, err, sizeof err))
		fail(name, err);
	return s;
}

/* Whether t is slower than it should be, or a search. */
static bool measure(const char *name)
{
	double longest = 0;
	struct session *s = open_lesson(name), *again = open_lesson(name);
	const struct recording *first = timeline_recording(s->tl);
	printf("%-12s %7lld steps; t: %7.1f ms, and then", name, (long long)timeline_step(s->tl),
		press(s));
	const struct recording *other = timeline_recording(s->tl);
	for (int i = 1; i < PRESSES; i++) {
		double t = press(s);
		longest = t > longest ? t : longest;
		printf(" %.1f", t);
	}
	printf("  (goal: %d)\n", GOAL_MS);
	double common = compare("the same way:", same_way_by_steps, recording_common, first,
		timeline_recording(again->tl));
	double parts = compare("where they part:", parting_by_steps, parting, first, other);
	session_close(s);
	session_close(again);
	return longest > GOAL_MS || common < GOAL_TIMES || parts < GOAL_TIMES;
}

int main(int argc, char **argv)
{
	static char *const longest[] = {"timer_wheel", "sieve"};
	char *const *name = argc > 1 ? argv + 1 : longest;
	bool late = false;
	for (int n = argc > 1 ? argc - 1 : 2; n--; name++)
		late |= measure(*name);
	return late;
}
