/* SPDX-License-Identifier: MIT */
/*
 * How fast the emulated machine is: steps with registers and words written, as they come out of the
 * memory that the emulator shares with us; the same into a recording; and asked for one by one. In
 * turns, medians. Exit status 1 if one is slower than its goal; nothing to do without the emulator.
 *
 *   emulated [PROGRAM]    default: busy, in which two Ms compute
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/timeline.h"
#include "image/image.h"
#include "machine/machine.h"
#include "machine/machine_open.h"
#include "machine/emulated.h"

enum { TURNS = 5, STEPS = 500000, ONE_BY_ONE = 20000, WARM_UP = 20000, EXPECTED = 256 };

static double seconds(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

_Noreturn static void fail(const char *what, const char *why)
{
	fprintf(stderr, "emulated: %s: %s\n", what, why);
	exit(1);
}

static struct run_options options(const char *program)
{
	return (struct run_options){
		.program = program, .mcall = "keep", .procs = 2, .emulated = true};
}

/* ---- the machine alone ---- */

/* Both Ms at work, n times by lot. */
static struct stepper *at_work(const char *program)
{
	char err[512] = "";
	struct run_options o = options(program);
	struct step st;
	struct stepper *s = stepper_open(&o, err, sizeof err);
	if (!s)
		fail(program, err);
	for (int i = 0; i < WARM_UP; i++)
		if (stepper_step(s, i / 96 % 2, &st) == STEP_ENDED)
			fail(program, "it ended too early");
	return s;
}

/* So many steps, each thread's turn that long; expected or not. Steps a second. */
static double delivered(struct stepper *s, int nthreads, int turn, int steps, bool expected)
{
	static const struct insn any;
	struct machine *mc = stepper_machine(s);
	struct expected e[EXPECTED];
	uint64_t seen = 0;
	double t = seconds();
	for (int i = 0; i < EXPECTED; i++)
		e[i] = (struct expected){mc->threads[i % nthreads], turn};
	for (int i = 0; i < steps; i++) {
		struct thread *of = mc->threads[i / turn % nthreads];
		if (expected && i % (EXPECTED * turn) == 0)
			mc->ops->expect(mc, e, EXPECTED);
		mc->ops->step(mc, of, &any);
		if (of->state != HELD)
			fail("a step", "its thread does not go on");
		seen += of->regs[0] + mc->wrote.n;
		machine_forget_writes(mc);
	}
	t = seconds() - t;
	return seen ? steps / t : 0;
}

/* ---- into a recording ---- */

static double recorded(const char *program)
{
	char err[512] = "";
	struct run_options o = options(program);
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	struct schedule s = {0};
	if (!tl)
		fail(program, err);
	for (int i = 0; i < STEPS; i += 100)
		schedule_add(&s, 0, 100);
	double t = seconds();
	if (!timeline_follow(tl, &s, err, sizeof err))
		fail(program, err);
	t = seconds() - t;
	schedule_clear(&s);
	timeline_close(tl);
	return STEPS / t;
}

/* ---- all of it ---- */

enum row { ONE, AHEAD, ALTERNATING, RECORDED, NROWS };
static const struct {
	const char *what;
	double goal; /* 0: none */
} rows[NROWS] = {
	[ONE] = {"asked for one by one", 0},
	[AHEAD] = {"expected, one M", 4e6},
	[ALTERNATING] = {"expected, Ms alternating", 1e6},
	[RECORDED] = {"expected, into a recording", 1e6},
};

static void measure(const char *program, double *to)
{
	struct stepper *s = at_work(program);
	to[ONE] = delivered(s, 1, 1, ONE_BY_ONE, false);
	to[AHEAD] = delivered(s, 1, 4096, STEPS, true);
	to[ALTERNATING] = delivered(s, 2, 1, STEPS, true);
	struct code *code = stepper_code(s);
	stepper_close(s);
	code_free(code);
	to[RECORDED] = recorded(program);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	char *here = strdup(argv[0]), beside[4096], err[512];
	double all[TURNS][NROWS], one[TURNS];
	bool slow = false;
	snprintf(beside, sizeof beside, "%s/../tests/programs/busy", dirname(here));
	free(here);
	if (!emulated_is_there(err, sizeof err)) {
		printf("%s\n", err);
		return 0;
	}
	for (int i = 0; i < TURNS; i++)
		measure(argc > 1 ? argv[1] : beside, all[i]);
	for (int r = 0; r < NROWS; r++) {
		for (int i = 0; i < TURNS; i++)
			one[i] = all[i][r];
		qsort(one, TURNS, sizeof *one, by_size);
		double median = one[TURNS / 2];
		printf("emulated, %-27s %9.0f steps/s", rows[r].what, median);
		printf(rows[r].goal > 0 ? "  (goal: %.0f)\n" : "\n", rows[r].goal);
		slow |= median < rows[r].goal;
	}
	return slow;
}
