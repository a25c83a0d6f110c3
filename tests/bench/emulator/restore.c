/* SPDX-License-Identifier: MIT */
/*
 * How long it takes the emulator to be where it was: inside of it, without the way there by the
 * socket. So many instructions of two threads in turn, and back. Exit status 1 if it takes longer
 * than the goal.
 *
 *   restore [PROGRAM]    default: busy, in which two Gs compute
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "emulator/guest.h"
#include "emulator/kept.h"

enum { ROUNDS = 2001, BEGIN = 100000, TURN = 3 };
#define GOAL 5.0

static double microseconds(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static void run(struct guest *g, int64_t n)
{
	for (size_t i = 0; n > 0; i++, n -= TURN) {
		struct guest_thread *t = g->threads[i % g->nthreads];
		if (t->sleeps == AWAKE && !t->gone)
			guest_run(g, t, TURN);
	}
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* The median of how long it takes after that many instructions. */
static double restore_after(struct guest *g, const struct kept *k, int64_t n)
{
	static double took[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		run(g, n);
		took[i] = microseconds();
		kept_return(g, k);
		took[i] = microseconds() - took[i];
	}
	qsort(took, ROUNDS, sizeof *took, by_size);
	return took[ROUNDS / 2];
}

int main(int argc, char **argv, char **envp)
{
	static const int64_t after[] = {10, 100, 300, 1000};
	char err[512] = "", beside[4096], *here = strdup(argv[0]);
	double last = 0;
	snprintf(beside, sizeof beside, "%s/../tests/programs/busy", dirname(here));
	free(here);
	char *args[] = {argc > 1 ? argv[1] : beside, NULL};
	struct guest *g = guest_open(args[0], args, envp, 0, 0, err, sizeof err);
	if (!g) {
		fprintf(stderr, "restore: %s: %s\n", args[0], err);
		return 2;
	}
	run(g, BEGIN);
	struct kept *k = kept_new(g);
	for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
		last = restore_after(g, k, after[i]);
		printf("emulator, back after %4lld steps   %8.1f us", (long long)after[i], last);
		printf(i == 3 ? "  (goal: %.0f)\n" : "\n", GOAL);
	}
	kept_free(g, k);
	guest_close(g);
	return last > GOAL;
}
