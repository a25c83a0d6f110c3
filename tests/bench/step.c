/* SPDX-License-Identifier: MIT */
/*
 * How fast a program is stepped on the real CPU, everything recorded, beside what can be had at
 * most: a loop of PTRACE_SINGLESTEP, waitpid, the registers and 1 KiB of stack, nothing else; and
 * beside gdb, if it is there, which records as it steps. First alone, then each CPU that they may
 * have shared with a process that is busy.
 *
 * Each steps a program of its own, one M's, in a process of its own, and waits while another has
 * its turn: a short one, so that whatever else goes on here falls on all alike. Medians, of the
 * share of the loop too, which is that of two turns next to each other. Exit status 1 if that is
 * below the goal.
 *
 *   step [PROGRAM [ARGUMENT]]    default: red_blue, which works on stacks, and sieve, in which
 *                                all is scheduler and channels
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/run.h"
#include "image/image.h"
#include "machine/pin.h"
#include "ptrace_arch.h"

enum { TURNS = 75, STEPS = 400, LEAD = 100, WARM_UP = 20000, CPUS = 2 };
#define GOAL 0.90

/* What is stepped. */
struct subject {
	char *path;
	char *args[2];
};

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

/* ---- on which CPU ---- */

static int cpu[CPUS], ncpus;

/* The first ones that we may have, and no others. */
static void choose_cpus(void)
{
	cpu_set_t all;
	sched_getaffinity(0, sizeof all, &all);
	for (int i = 0; i < CPU_SETSIZE && ncpus < CPUS; i++)
		if (CPU_ISSET(i, &all))
			cpu[ncpus++] = i;
}

/* All begin on the first one; those that may go elsewhere have the others too. */
static void begin_on_first(bool stay)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	for (int i = 0; i < (stay ? 1 : ncpus); i++)
		CPU_SET(cpu[i], &set);
	pin_bind(0, cpu[0]);
	sched_setaffinity(0, sizeof set, &set);
}

/* ---- the loop that does no more than it must ---- */

static void bare_step(pid_t pid)
{
	enum { KIB = 1024 };
	char stack[KIB];
	machine_regs regs;
	int status;
	if (ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) != 0 || waitpid(pid, &status, __WALL) != pid)
		fail("a bare step", strerror(errno));
	if (!WIFSTOPPED(status))
		fail("a bare step", "the program ended; it has to run for longer");
	machine_get_regs(pid, &regs);
	/* SP may be where its stack ends; what lies in one page with the word below is there. */
	struct iovec to = {stack, KIB}, from = {(void *)((machine_sp(&regs) - 8) & -KIB), KIB};
	if (process_vm_readv(pid, &to, 1, &from, 1, 0) != KIB)
		fail("a bare step", "its stack cannot be read");
}

static void bare_steps(pid_t pid, int n)
{
	while (n-- > 0)
		bare_step(pid);
}

/* Let it run up to go_main, where its own work begins. */
static void bare_run_up(pid_t pid, const struct subject *s)
{
	uint8_t was[sizeof machine_breakpoint];
	char path[64], err[512] = "";
	machine_regs regs;
	int status;
	struct program *p = program_open(s->path, err, sizeof err);
	off_t at = p ? (off_t)program_address(p, "go_main") : 0;
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	int mem = open(path, O_RDWR);
	if (!at || pread(mem, was, sizeof was, at) != sizeof was ||
		pwrite(mem, machine_breakpoint, sizeof was, at) != sizeof was)
		fail(s->path, *err ? err : "has no go_main that can be stepped to");
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	if (waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status) ||
		!machine_get_regs(pid, &regs) || pwrite(mem, was, sizeof was, at) != sizeof was)
		fail(s->path, "does not come to go_main");
	machine_set_pc(&regs, (uint64_t)at);
	machine_set_regs(pid, &regs);
	close(mem);
	program_close(p);
}

static pid_t bare_start(const struct subject *s)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY), 1);
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execl(s->path, s->path, s->args[0], (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		fail(s->path, "cannot be started and traced; is ptrace allowed? (g0scope doctor)");
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_EXITKILL);
	bare_run_up(pid, s);
	return pid;
}

/* ---- those who step, each in a process of its own ---- */

/*
 * Asked for a number of steps, it answers with the seconds that they took, after some more that are
 * not measured: what the others have put out of caches is there again. Asked for none, it ends.
 */
struct stepping {
	const char *name;
	pid_t pid;
	int ask, answer;
};

static int steps_wanted(int ask)
{
	char line[32];
	ssize_t n = read(ask, line, sizeof line - 1);
	line[n > 0 ? n : 0] = '\0';
	return atoi(line);
}

static void answer(int fd, double took)
{
	dprintf(fd, "%.9f\n", took);
}

static void be_bare(const struct subject *s, int ask, int fd)
{
	begin_on_first(true);
	pid_t pid = bare_start(s);
	for (int n; (n = steps_wanted(ask)) > 0;) {
		bare_steps(pid, LEAD);
		double t = seconds();
		bare_steps(pid, n);
		answer(fd, seconds() - t);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void recorded_steps(struct run *run, int n)
{
	char err[512] = "";
	while (n-- > 0)
		if (run_step(run, 0, err, sizeof err) != STEP_DONE)
			fail("a step", err);
}

static void be_g0scope(const struct subject *s, int ask, int fd)
{
	char err[512] = "";
	struct run_options o = {
		.program = s->path, .args = s->args, .mcall = "keep", .procs = 1, .real = true};
	begin_on_first(false);
	struct run *run = run_open(&o, NULL, err, sizeof err);
	if (!run)
		fail(s->path, err);
	for (int n; (n = steps_wanted(ask)) > 0;) {
		recorded_steps(run, LEAD);
		double t = seconds();
		recorded_steps(run, n);
		answer(fd, seconds() - t);
	}
	run_close(run);
}

/*
 * gdb is fastest where it goes on to a breakpoint: to the next one in the scheduler, until that
 * were as many steps as wanted or more. Its stepi is half as fast.
 */
#define GDB_LOOP                                                                                   \
	"python import os, re, time\n"                                                             \
	"def recorded():\n"                                                                        \
	"    said = gdb.execute('info record', to_string=True)\n"                                  \
	"    last = re.search(r'Highest recorded instruction number is (\\d+)', said)\n"           \
	"    return int(last[1]) if last else 0\n"                                                 \
	"def steps(n):\n"                                                                          \
	"    first, took = recorded(), 0\n"                                                        \
	"    while recorded() < first + n:\n"                                                      \
	"        t = time.monotonic()\n"                                                           \
	"        gdb.execute('continue', to_string=True)\n"                                        \
	"        took += time.monotonic() - t\n"                                                   \
	"    return took * n / (recorded() - first)\n"                                             \
	"for n in iter(lambda: int(os.read(3, 32) or 0), 0):\n"                                    \
	"    os.write(4, b'%.9f\\n' % steps(n))\n"

static void be_gdb(const struct subject *s, int ask, int fd)
{
	enum { ASK = 3, ANSWER = 4, BEYOND = 10 };
	int null = open("/dev/null", O_RDWR);
	begin_on_first(true);
	for (int i = 0; i < ASK; i++)
		dup2(null, i);
	/* Each may have the other's number. */
	ask = fcntl(ask, F_DUPFD, BEYOND);
	fd = fcntl(fd, F_DUPFD, BEYOND);
	dup2(ask, ASK);
	dup2(fd, ANSWER);
	execlp("gdb", "gdb", "-batch", "-nx", "-iex", "set auto-load no", "-ex",
		"set startup-with-shell off", "-ex", "set record full insn-number-max unlimited",
		"-ex", "break go_main", "-ex", "run", "-ex", "record full", "-ex", "break schedule",
		"-ex", GDB_LOOP, "--args", s->path, s->args[0], (char *)NULL);
}

typedef void stepping_fn(const struct subject *s, int ask, int fd);

static struct stepping begin(const char *name, stepping_fn *be, const struct subject *s)
{
	int ask[2], answers[2];
	if (pipe(ask) != 0 || pipe(answers) != 0)
		fail(name, strerror(errno));
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(answers[0]);
		be(s, ask[0], answers[1]);
		_exit(1);
	}
	close(ask[0]);
	close(answers[1]);
	return (struct stepping){name, pid, ask[1], answers[0]};
}

static void end(const struct stepping *st)
{
	dprintf(st->ask, "0\n");
	waitpid(st->pid, NULL, 0);
	close(st->ask);
	close(st->answer);
}

/* Steps a second; NAN: it could not, and has ended. */
static double turn(const struct stepping *st, int n)
{
	char line[32];
	dprintf(st->ask, "%d\n", n);
	ssize_t got = read(st->answer, line, sizeof line - 1);
	line[got > 0 ? got : 0] = '\0';
	return got > 0 ? n / atof(line) : NAN;
}

/* ---- beside others ---- */

static void be_busy(int where)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin_bind(0, where);
	for (volatile unsigned n = 0;; n++)
		;
}

static void make_busy(pid_t busy[CPUS])
{
	for (int i = 0; i < CPUS; i++) {
		busy[i] = fork();
		if (busy[i] == 0)
			be_busy(cpu[i % ncpus]);
	}
}

static void end_busy(const pid_t busy[CPUS])
{
	for (int i = 0; i < CPUS; i++) {
		kill(busy[i], SIGKILL);
		waitpid(busy[i], NULL, 0);
	}
}

/* ---- in turns ---- */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, by_size);
	return v[n / 2];
}

/* Medians; NAN: it could not. */
struct figures {
	double loop, rate; /* steps a second: the loop's, its own */
	double share;      /* its own of the loop's */
};

/* First the one and then the other, and the other way around. */
static struct figures compare(const struct stepping *loop, const struct stepping *st, int turns)
{
	double a[TURNS], b[TURNS], share[TURNS];
	for (int i = 0; i < turns; i++) {
		if (i % 2)
			b[i] = turn(st, STEPS);
		a[i] = turn(loop, STEPS);
		if (i % 2 == 0)
			b[i] = turn(st, STEPS);
		if (isnan(a[i]))
			fail(loop->name, "has ended");
		if (isnan(b[i]))
			return (struct figures){NAN, NAN, NAN};
		share[i] = b[i] / a[i];
	}
	return (struct figures){median(a, turns), median(b, turns), median(share, turns)};
}

/* ---- one program ---- */

/* Of those who record: alone, and beside others. */
enum { G0SCOPE, GDB, ALL };
struct table {
	struct figures of[ALL][2];
};

static void report(const struct subject *s, const struct table *t)
{
	const struct figures *g0scope = t->of[G0SCOPE], *gdb = t->of[GDB];
	printf("%s, steps a second:\n  %-22s %17s   beside %d busy processes\n", basename(s->path),
		"", "alone", CPUS);
	printf("  %-22s %8.0f %10s %8.0f\n", "bare ptrace loop", g0scope[0].loop, "",
		g0scope[1].loop);
	printf("  %-22s %8.0f %6.1f %%   %8.0f %6.1f %%   (goal: %.0f %%)\n", "g0scope, recording",
		g0scope[0].rate, 100 * g0scope[0].share, g0scope[1].rate, 100 * g0scope[1].share,
		100 * GOAL);
	if (isnan(gdb[1].rate))
		printf("  gdb is not here, or cannot record this\n");
	else
		printf("  %-22s %8.0f %6.1f %%   %8.0f %6.1f %%\n", "gdb, record full", gdb[0].rate,
			100 * gdb[0].share, gdb[1].rate, 100 * gdb[1].share);
	/* Or whoever is forked next would say it again. */
	fflush(stdout);
}

/* Whether g0scope is slower than it should be. */
static bool step(const struct subject *s)
{
	enum { FEW = TURNS / 5 }; /* gdb's take that much longer */
	pid_t busy[CPUS];
	struct table t;
	struct stepping loop = begin("bare ptrace loop", be_bare, s),
			g0scope = begin("g0scope", be_g0scope, s), gdb = begin("gdb", be_gdb, s);
	turn(&loop, WARM_UP);
	turn(&g0scope, WARM_UP);
	turn(&gdb, WARM_UP);
	for (int beside = 0; beside < 2; beside++) {
		if (beside)
			make_busy(busy);
		t.of[G0SCOPE][beside] = compare(&loop, &g0scope, TURNS);
		t.of[GDB][beside] = compare(&loop, &gdb, FEW);
	}
	end_busy(busy);
	end(&loop);
	end(&g0scope);
	end(&gdb);
	if (isnan(t.of[G0SCOPE][1].rate))
		fail(g0scope.name, "has ended");
	report(s, &t);
	return t.of[G0SCOPE][0].share < GOAL || t.of[G0SCOPE][1].share < GOAL;
}

int main(int argc, char **argv)
{
	char *here = strdup(argv[0]), red_blue[4096], sieve[4096];
	const char *dir = dirname(here);
	snprintf(red_blue, sizeof red_blue, "%s/../examples/02_red_blue", dir);
	snprintf(sieve, sizeof sieve, "%s/../examples/10_sieve", dir);
	const struct subject usual[] = {{red_blue, {NULL}}, {sieve, {"100000"}}},
			     given = {argv[1], {argc > 1 ? argv[2] : NULL}};
	bool slow = false;
	/* What the stepper tells a program. A gdb that has ended is not to end us. */
	setenv("G0_PROCS", "1", 1);
	setenv("G0_STEPPED", "1", 1);
	setenv("G0_MCALL", "keep", 1);
	signal(SIGPIPE, SIG_IGN);
	choose_cpus();
	for (int i = 0; i < (argc > 1 ? 1 : 2); i++)
		slow |= step(argc > 1 ? &given : &usual[i]);
	free(here);
	return slow;
}
