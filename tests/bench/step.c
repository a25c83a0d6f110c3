/* SPDX-License-Identifier: MIT */
/*
 * How fast the stepper is, everything recorded, beside the fastest that ptrace can be:
 * PTRACE_SINGLESTEP, waitpid and the registers, nothing else. The same program, the same CPU, in
 * turns; medians. Exit status 1 if it is slower than the goal.
 *
 *   step [PROGRAM]    default: red_blue, which works on stacks and in the scheduler in turn
 */
#include <errno.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <elf.h>
#include <time.h>
#include <unistd.h>

#include "machine/ptrace_cpu.h"
#include "engine/timeline.h"

enum { TURNS = 7, STEPS = 20000, WARM_UP = 20000 };
#define GOAL 0.70

static double seconds(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

_Noreturn static void fail(const char *what, const char *why)
{
	fprintf(stderr, "step: %s: %s\n", what, why);
	exit(1);
}

static void bare_steps(pid_t pid, int n)
{
	struct user_regs_struct regs;
	struct iovec v = {&regs, sizeof regs};
	int status;
	for (int i = 0; i < n; i++) {
		if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0 ||
			waitpid(pid, &status, __WALL) != pid)
			fail("a bare step", strerror(errno));
		if (!WIFSTOPPED(status))
			fail("a bare step", "the program ended; it has to run for longer");
		ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &v);
	}
}

/* Steps a second of the loop that does no more than it must. */
static double bare(const char *program)
{
	pid_t pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		setenv("G0_PROCS", "1", 1);
		execl(program, program, (char *)NULL);
		_exit(127);
	}
	int status;
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		fail(program, "cannot be traced; is ptrace allowed? (g0scope doctor)");
	bare_steps(pid, WARM_UP);
	double t = seconds();
	bare_steps(pid, STEPS);
	t = seconds() - t;
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return STEPS / t;
}

/* Steps a second through the timeline, with all that the visualizer gets of each. */
static double recorded(const char *program)
{
	char err[512] = "";
	struct run_options o = {.program = program, .mcall = "keep", .procs = 1};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	if (!tl)
		fail(program, err);
	double t = 0;
	for (int i = 0; i < WARM_UP + STEPS; i++) {
		if (i == WARM_UP)
			t = seconds();
		if (timeline_forward(tl, 0, err, sizeof err) != STEP_DONE)
			fail(program, err);
	}
	t = seconds() - t;
	timeline_close(tl);
	return STEPS / t;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *v)
{
	qsort(v, TURNS, sizeof *v, by_size);
	return v[TURNS / 2];
}

int main(int argc, char **argv)
{
	char *here = strdup(argv[0]), beside[4096];
	double b[TURNS], r[TURNS], ratio[TURNS];
	snprintf(beside, sizeof beside, "%s/../examples/02_red_blue", dirname(here));
	const char *program = argc > 1 ? argv[1] : beside;
	cpu_pin();
	for (int i = 0; i < TURNS; i++) {
		b[i] = bare(program);
		r[i] = recorded(program);
		ratio[i] = r[i] / b[i];
	}
	cpu_unpin();
	free(here);
	double share = median(ratio);
	printf("bare ptrace loop     %8.0f steps/s\n", median(b));
	printf("g0scope, recording   %8.0f steps/s\n", median(r));
	printf("ratio                %8.0f %%  (goal: %.0f %%)\n", 100 * share, 100 * GOAL);
	return share < GOAL;
}
