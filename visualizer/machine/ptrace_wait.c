/* SPDX-License-Identifier: MIT */
/* How long a thread that sleeps is waited for. */
#include <string.h>
#include <stdio.h>
#include <unistd.h>

#include "ptrace_cpu.h"
#include "ptrace_parts.h"
#include "ptrace_procfs.h"
#include "ptrace_sleep.h"
#include "ptrace_tick.h"

#define SECOND_NS INT64_C(1000000000)
/* Where a user waits as well. */
#define TIMED_NS (3 * SECOND_NS)

/*
 * Whether a process that the program made executes, or will by itself, or when it has been tended:
 * its end may wake somebody.
 */
static bool any_child_goes_on(const struct children *c)
{
	for (size_t i = 0; i < c->n; i++) {
		int tid = c->child[i].tid, fd = procfs_open_state(tid, tid);
		char state = procfs_state(fd);
		close(fd);
		if (strchr("RDt", state) || (state == 'S' && sleep_waker(tid, tid) == WAKER_TIME))
			return true;
	}
	return false;
}

/* For how long, in ns; 0: not at all. */
static int64_t patience(const struct process *p, const struct tracee *t)
{
	if (t->thread.state != ASLEEP || !t->thread.restless)
		return 0;
	if (sleep_waker(p->pid, t->tid) == WAKER_TIME || any_child_goes_on(&p->children))
		return p->wait_s ? INT64_MAX : TIMED_NS;
	return machine_patience(p->wait_s);
}

/* The same, for t or, if it is NULL, for any. */
static int64_t patience_for_any(const struct process *p, const struct thread *t)
{
	int64_t most = 0;
	for (size_t i = 0; i < p->machine.nthreads; i++) {
		const struct tracee *one = tracee(p, i);
		int64_t ns = t && t != &one->thread ? 0 : patience(p, one);
		most = ns > most ? ns : most;
	}
	return most;
}

bool process_doze(struct machine *m, const struct thread *t, int64_t *since)
{
	enum { MOMENT_NS = 10 * 1000 * 1000 };
	int64_t now = clock_ns(CLOCK_MONOTONIC), most = patience_for_any(process_of(m), t);
	/* After one who is waited for without end, the others have all their time. */
	*since = *since && most != INT64_MAX ? *since : now;
	if (now - *since >= most)
		return false;
	tick_doze(MOMENT_NS);
	return true;
}

void process_sleeps(const struct machine *m, const struct thread *t, char *buf, size_t n)
{
	*buf = '\0';
	if (tracee_of(t)->stopped)
		snprintf(buf, n, "stopped by a signal, until SIGCONT comes");
	else if (t->state == ASLEEP)
		sleep_words(process_of(m)->pid, tracee_of(t)->tid, buf, n);
}
