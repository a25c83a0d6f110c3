/* SPDX-License-Identifier: MIT */
#include "ptrace_tick.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A signal that by default does nothing, so that a late one does no harm. */
enum { TICK = SIGURG, TICK_NS = 50 * 1000 * 1000 };

static timer_t timer;
static volatile sig_atomic_t ticking; /* the timer is running */
static volatile sig_atomic_t waiting; /* in tick_wait */
static volatile sig_atomic_t cuts;    /* the next tick ends what it finds going on */
static volatile sig_atomic_t wait_no; /* which one it is, or was */
static volatile sig_atomic_t seen_no; /* by the last tick */

static void on_tick(int signal);

/* Whether what a tick finds going on ends with EINTR or goes on: the kernel asks when it comes. */
static void have_it(bool cut)
{
	struct sigaction action = {.sa_handler = on_tick, .sa_flags = cut ? 0 : SA_RESTART};
	sigaction(TICK, &action, NULL);
	cuts = cut;
}

static void run_timer(long ns)
{
	struct itimerspec every = {{0, ns}, {0, ns}};
	timer_settime(timer, 0, &every, NULL);
	ticking = ns != 0;
}

/*
 * The first tick in a wait has the next one end it; the first since which nobody has waited is the
 * last.
 */
static void on_tick(int signal)
{
	(void)signal;
	int error = errno;
	have_it(waiting);
	if (!waiting && wait_no == seen_no)
		run_timer(0);
	seen_no = wait_no;
	errno = error;
}

/* SIGCHLD says that a tracee has stopped: it is to be there until we ask for it. */
static void hold_stops(sigset_t *stops)
{
	sigemptyset(stops);
	sigaddset(stops, SIGCHLD);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, stops, NULL);
}

static sigset_t stops;
static bool has_timer;

void tick_begin(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = TICK};
	event._sigev_un._tid = gettid();
	hold_stops(&stops);
	has_timer = has_timer || timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;
}

int tick_wait(int tid, int *status)
{
	wait_no = (wait_no + 1) & 0xffff;
	waiting = 1;
	if (!ticking && has_timer) {
		have_it(false);
		run_timer(TICK_NS);
	}
	int got = waitpid(tid, status, has_timer ? __WALL : __WALL | WNOHANG);
	int error = errno;
	waiting = 0;
	if (cuts)
		have_it(false);
	errno = error;
	if (got != 0)
		return got;
	tick_doze(100 * 1000);
	errno = EINTR;
	return -1;
}

void tick_doze(long ns)
{
	struct timespec most = {.tv_nsec = ns};
	assert(ns >= 0 && ns < 1000000000);
	sigtimedwait(&stops, NULL, &most);
}
