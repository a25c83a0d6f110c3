/* SPDX-License-Identifier: MIT */
/*
 * colours - red_blue on every path off a G's stack. `colours PATH MILLISECONDS` has Gs go through
 * red and through blue, which never call each other, for that long; `colours` lists the paths: the
 * name, the function on g0 that the path leads to, and whether the M has given the G up there.
 *
 * Both functions work where they end, in frames of the same shape, and leave by the path. An M
 * that was left in red has a frame pointer to where red's frames were; another M may have run the
 * G on into blue. They are deep enough for what a G calls near its root not to reach them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "os.h"
#include "runtime.h"

enum { DEPTH = 8, MICRO = 1000, MILLI = 1000 * 1000 };

typedef void leave_fn(void);

struct path {
	const char *name, *on_g0;
	bool gives_up;
	leave_fn *leave;
	void (*begin)(void *path), (*other)(void *);
	int gs, others, work;
};

/* The work is in line: a call would paint over what the stale link leads to. */
NOINLINE static unsigned red(unsigned x, int depth, const struct path *p, leave_fn *leave)
{
	if (depth > 0)
		return red(x, depth - 1, p, leave);
	for (int i = 0; i < p->work; i++)
		x = x * 1664525 + 1013904223;
	leave();
	return x;
}

NOINLINE static unsigned blue(unsigned x, int depth, const struct path *p, leave_fn *leave)
{
	if (depth > 0)
		return blue(x, depth - 1, p, leave);
	for (int i = 0; i < p->work; i++)
		x = x * 22695477 + 1;
	leave();
	return x;
}

static void nothing(void *unused)
{
	(void)unused;
}

/* The short G is for the Ms that sleep: one of them wakes, and looks for what else there is. */
static void painter(void *path)
{
	const struct path *p = path;

	for (unsigned x = 1;;) {
		x = red(x, DEPTH, p, p->leave);
		x = blue(x, DEPTH, p, p->leave);
		go(nothing, NULL);
	}
}

/* Has its M look into the global queue all the time. */
static void hurried(void *unused)
{
	(void)unused;
	for (;;)
		gosched();
}

/* Has all others preempted, again and again: sysmon would do so every 10 ms. */
static void preempts(void *unused)
{
	(void)unused;
	for (;; ossleep(20))
		for (int32_t i = 0; i < gomaxprocs; i++)
			if (allp[i] != getg()->m->p)
				preemptone(allp[i]);
}

static void sleep_in_the_kernel(long nanoseconds)
{
	const struct timespec t = {nanoseconds / (1000 * MILLI), nanoseconds % (1000 * MILLI)};

	entersyscall();
	nanosleep(&t, NULL);
	exitsyscall();
}

/* ---- the paths ---- */

static struct chan *ball;

/* Two of three Gs throw a ball, each waiting for whoever comes; mostly they are on two Ms. */
static void throw_or_catch(void)
{
	char c = 0;

	if (!chantrysend(ball, &c))
		chanrecv(ball, &c);
}

/* Long enough for sysmon to take the P. */
static void blink(void)
{
	sleep_in_the_kernel(100 * MICRO);
}

static void stay(void)
{
}

/*
 * A G that begins in blue, on the stack of one that has ended in red. That stack is among the dead
 * ones of a P, which passes from M to M by way of system calls.
 */
static void short_life(void *path)
{
	const struct path *p = path;
	unsigned x;

	sleep_in_the_kernel(20 * MICRO);
	x = blue(1, DEPTH, p, stay);
	go(short_life, path);
	red(x, DEPTH, p, p->leave);
}

/* Some work on g0. */
static void on_g0(void *path)
{
	(void)path;
	for (volatile int i = 0; i < 300; i++)
		;
}

static void call_systemstack(void)
{
	systemstack(on_g0, NULL);
}

/* What optimized programs have for goyield. */
static void goyield_in_line(void)
{
	G0_CALL("goyield1");
}

/* clang-format off */
static struct path paths[] = {
	/* path        on g0          gives up leaves by       Gs are      others   of each work */
	{"gosched",     "gosched_m",    true,  gosched,          painter,    NULL,     1, 0, 300},
	{"goyield",     "goyield_m",    true,  goyield,          painter,    NULL,     1, 0, 30},
	{"goyield1",    "goyield_m",    true,  goyield_in_line,  painter,    NULL,     1, 0, 30},
	{"gopark",      "park_m",       true,  throw_or_catch,   painter,    NULL,     3, 0, 300},
	{"goexit",      "goexit0",      true,  goexit,           short_life, NULL,     3, 0, 20000},
	{"preemption",  "gopreempt_m",  true,  stay,             painter,    preempts, 1, 1, 300},
	{"exitsyscall", "exitsyscall0", true,  blink,            painter,    hurried,  8, 2, 60000},
	{"systemstack", "on_g0",        false, call_systemstack, painter,    NULL,     1, 0, 300},
	{0},
};
/* clang-format on */

static void list(void)
{
	for (const struct path *p = paths; p->name != NULL; p++)
		printf("%s %s %d\n", p->name, p->on_g0, p->gives_up);
}

void go_main(void)
{
	struct path *p = paths;

	if (g0_argc != 3) {
		list();
		return;
	}
	while (p->name != NULL && strcmp(p->name, g0_argv[1]) != 0)
		p++;
	if (p->name == NULL)
		exit(2);
	ball = makechan(1, 0);
	for (int i = 0; i < p->gs; i++)
		go(p->begin, p);
	for (int i = 0; i < p->others; i++)
		go(p->other, NULL);
	sleep_in_the_kernel(atol(g0_argv[2]) * MILLI);
}
