/* SPDX-License-Identifier: MIT */
/*
 * How long a user waits for t, which switches the policy and back, at the last stop of a lesson:
 * the first press runs the program again, those after it only move. The goal is for these.
 * Exit status 1 if one of them takes longer.
 *
 *   switch [LESSON]...    default: timer_wheel and sieve, the longest ones
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "session/session.h"

enum { PRESSES = 6, GOAL_MS = 50 };

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

/* The longest of the presses after the first. */
static double measure(const char *name)
{
	char err[SENTENCE_MAX] = "";
	double longest = 0;
	struct session *s = session_open(name, NULL, NULL, err, sizeof err);
	if (!s || !session_goto_stop(s, s->lesson->nstops - 1, err, sizeof err))
		fail(name, err);
	printf("%-12s %7lld steps; t: %7.1f ms, and then", name, (long long)timeline_step(s->tl),
		press(s));
	for (int i = 1; i < PRESSES; i++) {
		double t = press(s);
		longest = t > longest ? t : longest;
		printf(" %.1f", t);
	}
	printf("  (goal: %d)\n", GOAL_MS);
	session_close(s);
	return longest;
}

int main(int argc, char **argv)
{
	static char *const longest[] = {"timer_wheel", "sieve"};
	char *const *name = argc > 1 ? argv + 1 : longest;
	bool late = false;
	for (int n = argc > 1 ? argc - 1 : 2; n--; name++)
		late |= measure(*name) > GOAL_MS;
	return late;
}
