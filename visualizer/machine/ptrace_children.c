/* SPDX-License-Identifier: MIT */
#include "ptrace_children.h"

#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "model/xalloc.h"

void children_add(struct children *c, int tid)
{
	assert(tid > 0); /* or to end it would be to end ourselves */
	c->child = xgrow(c->child, &c->cap, c->n + 1, sizeof *c->child);
	c->child[c->n++] = (struct child){.tid = tid};
}

/*
 * Whether a trap is one of our breakpoints, in memory that it shares with the program; then it
 * stands before it. What stood there for a moment may be gone by now.
 */
static bool at_our_breakpoint(const struct child *c, const struct breaks *b)
{
	siginfo_t info;
	machine_regs regs;
	if (ptrace(PTRACE_GETSIGINFO, c->tid, NULL, &info) != 0 ||
		info.si_code != MACHINE_BREAKPOINT_CODE || !machine_get_regs(c->tid, &regs))
		return false;
	uint64_t pc = machine_pc(&regs) - MACHINE_BREAKPOINT_PASSES;
	if (!breaks_ours(b, pc))
		return false;
	machine_set_pc(&regs, pc);
	return machine_set_regs(c->tid, &regs);
}

/* It has stopped: let it go on with what it stopped for. */
static void answer(struct children *all, size_t i, int status, const struct breaks *b)
{
	int signal = WSTOPSIG(status), event = status >> 16, tid = all->child[i].tid;
	unsigned long born = 0;
	if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
		event == PTRACE_EVENT_CLONE) {
		if (ptrace(PTRACE_GETEVENTMSG, tid, NULL, &born) == 0)
			children_add(all, (int)born);
	} else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
		ptrace(PTRACE_LISTEN, tid, NULL, NULL);
		return;
	} else if (event == 0 && signal == SIGTRAP && at_our_breakpoint(&all->child[i], b)) {
		all->child[i].waits = true;
		return;
	}
	intptr_t deliver = event == 0 ? signal : 0;
	ptrace(PTRACE_CONT, tid, NULL, (void *)deliver);
}

void children_tend(struct children *c, const struct breaks *b)
{
	for (size_t i = c->n; i-- > 0;) {
		int status, tid = c->child[i].tid;
		if (c->child[i].waits && !b->was) {
			c->child[i].waits = false;
			ptrace(PTRACE_CONT, tid, NULL, NULL);
		}
		int got = waitpid(tid, &status, __WALL | WNOHANG);
		if (got == tid && WIFSTOPPED(status))
			answer(c, i, status, b);
		else if (got == tid || (got < 0 && errno == ECHILD))
			c->child[i] = c->child[--c->n];
	}
}

void children_end(struct children *c, const struct breaks *b)
{
	/* Some may still make others. */
	while (c->n) {
		for (size_t i = 0; i < c->n; i++)
			kill(c->child[i].tid, SIGKILL);
		children_tend(c, b);
		sched_yield();
	}
	free(c->child);
	*c = (struct children){0};
}
