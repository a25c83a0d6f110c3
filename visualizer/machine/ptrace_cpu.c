/* SPDX-License-Identifier: MIT */
#include "ptrace_cpu.h"

#include <assert.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "pin.h"
#include "ptrace_parts.h"

/* All threads of the process to where we are. */
static void bring(struct process *p)
{
	for (size_t i = 0; i < p->machine.nthreads; i++)
		pin_bind(tracee(p, i)->tid, pin_where());
	p->cpu = pin_where();
}

/* ---- which one ---- */

/* Time lost that is worth a try elsewhere, and what that must be better by. */
#define BAD 0.3
#define BETTER 0.1
enum { PATIENCE_MAX = 256 };

int cpu_choose(struct cpu_choice *c, double lost)
{
	assert(c->at >= 0 && c->at < c->n && c->home >= 0 && c->home < c->n);
	if (c->at != c->home) {
		if (lost + BETTER < c->lost_at_home) {
			c->home = c->at;
			c->patience = 1;
			return c->at;
		}
		c->at = (c->at + 1) % c->n;
		if (c->at == c->home) {
			c->wait = c->patience;
			c->patience = c->patience < PATIENCE_MAX ? 2 * c->patience : PATIENCE_MAX;
		}
		return c->at;
	}
	if (lost < BAD) {
		c->wait = 0;
		c->patience = 1;
	} else if (c->wait > 0) {
		c->wait--;
	} else {
		c->lost_at_home = lost;
		c->at = (c->at + 1) % c->n;
	}
	return c->at;
}

int64_t clock_ns(clockid_t clock)
{
	struct timespec ts = {0};
	clock_gettime(clock, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* How long this thread has waited for a CPU; 0 where the kernel does not say. */
static int64_t waited_ns(int fd)
{
	char text[128];
	long long ran, waited;
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	return sscanf(text, "%lld %lld", &ran, &waited) == 2 ? waited : 0;
}

/* Of both, and how long we have waited for a CPU. */
struct times {
	int64_t tracer, tracee, waited;
};

static struct times now(const struct process *p, int schedstat)
{
	return (struct times){
		clock_ns(CLOCK_THREAD_CPUTIME_ID), clock_ns(p->clock), waited_ns(schedstat)};
}

/*
 * While the tracee runs, the tracer waits: what it waits longer, others have had. (Nobody waits
 * while a user thinks.)
 */
void cpu_look(struct process *p)
{
	enum { EVERY = 32, WINDOW_NS = 20 * 1000 * 1000 };
	static struct cpu_choice choice;
	static struct times before;
	static int schedstat = -1, steps, pid;
	static int64_t looked;
	if (p->cpu != pin_where())
		bring(p);
	/* This clock costs no system call, and no other has gone on for longer. */
	if (++steps % EVERY || clock_ns(CLOCK_MONOTONIC) - looked < WINDOW_NS)
		return;
	if (schedstat < 0)
		schedstat = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	struct times t = now(p, schedstat);
	int64_t tracee = t.tracee - before.tracee, lost = t.waited - before.waited - tracee;
	int64_t all = t.tracer - before.tracer + tracee + (lost > 0 ? lost : 0);
	if (pid != p->pid) {
		pid = p->pid;
		/* Where there are more than a set has room for, the kernel names none. */
		choice = (struct cpu_choice){.n = pin_count(), .patience = 1};
		choice.n += choice.n == 0;
	} else if (all < WINDOW_NS) {
		return;
	} else {
		int was = choice.at,
		    is = cpu_choose(&choice, lost > 0 ? (double)lost / (double)all : 0);
		pin_move_on((is - was + choice.n) % choice.n);
	}
	before = t;
	looked = clock_ns(CLOCK_MONOTONIC);
}
