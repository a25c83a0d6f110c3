/* SPDX-License-Identifier: MIT */
/* How threads of the stepped process end, and the process with them. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "ptrace_procfs.h"
#include "ptrace_parts.h"
#include "ptrace_tick.h"

/*
 * The state of a thread that is not going: if it is to run all the same, then only to its end, or
 * to where it is held. Beside load that may be long in coming.
 */
static char settled(const struct tracee *t)
{
	enum { DOZE_NS = 20000, TRIES = 500000 };
	char state = procfs_state(t->stat_fd);
	for (int tries = 0; state == 'R' && tries < TRIES; tries++) {
		tick_doze(DOZE_NS);
		state = procfs_state(t->stat_fd);
	}
	return state;
}

bool threads_all_ended(const struct process *p)
{
	for (size_t i = 0; i < p->machine.nthreads; i++) {
		const struct tracee *t = tracee(p, i);
		char state = t->thread.state == GONE ? 'X' : settled(t);
		if (state != 'Z' && state != 'X')
			return false;
	}
	return true;
}

bool thread_wait(const struct tracee *t, int *status)
{
	int got;
	do
		got = waitpid(t->tid, status, __WALL);
	while (got < 0 && errno == EINTR);
	return got == t->tid;
}

void threads_reap_down_to(struct process *p, size_t first)
{
	int status;
	for (size_t i = p->machine.nthreads; i-- > first;) {
		struct tracee *t = tracee(p, i);
		while (t->thread.state != GONE && thread_wait(t, &status) && WIFSTOPPED(status))
			ptrace(PTRACE_CONT, t->tid, NULL, NULL);
		t->thread.state = GONE;
	}
}

/* Nobody is on the way to addr any more, unless another thread is. */
static void forget_place(struct process *p, uint64_t addr)
{
	for (size_t i = 0; i < p->machine.nthreads; i++) {
		const struct tracee *t = tracee(p, i);
		if ((t->place[0] == addr || t->place[1] == addr) && t->thread.state != GONE)
			return;
	}
	breaks_remove(&p->breaks, addr);
}

void thread_forget_goal(struct process *p, struct tracee *t)
{
	uint64_t a = t->place[0], b = t->place[1];
	t->goal = GOAL_INSN;
	t->place[0] = t->place[1] = 0;
	forget_place(p, a);
	forget_place(p, b);
}

/* What the kernel adds to some signals; of an address that can be none it does not say which. */
static void say_address(const siginfo_t *info, char *to, size_t n)
{
	*to = '\0';
	if (info->si_signo != SIGSEGV && info->si_signo != SIGBUS)
		return;
	if (info->si_code == SI_KERNEL)
		snprintf(to, n, MACHINE_REFUSED);
	else if (info->si_code > 0)
		snprintf(to, n, "touching 0x%llx", (unsigned long long)(uintptr_t)info->si_addr);
}

static void set_killed(const struct process *p, int signal, struct ending *e)
{
	e->how = KILLED;
	machine_name_signal(signal, e->by, sizeof e->by);
	if (!p->last_signalled || p->last_signal.si_signo != signal) {
		say(e->why, sizeof e->why, "%s",
			signal == SIGSYS ? "for a system call that its seccomp filter forbids"
					 : "from outside");
		return;
	}
	e->thread = &p->last_signalled->thread;
	say_address(&p->last_signal, e->why, sizeof e->why);
}

/* The process is over, and this is its wait status. */
static void finish(struct process *p, int status)
{
	struct ending *e = &p->machine.ending;
	assert(e->how == GOES_ON); /* there is one end */
	if (p->replaced)
		e->how = REPLACED;
	else if (WIFSIGNALED(status))
		set_killed(p, WTERMSIG(status), e);
	else
		*e = (struct ending){.how = EXITED, .status = WEXITSTATUS(status)};
	threads_reap_down_to(p, 0);
	process_drain(&p->machine);
}

/*
 * Whether another program has taken the process's place. If it was not the first thread that
 * called execve, it has that one's number now, and its own is gone.
 */
static bool is_replaced(struct process *p, const struct tracee *t)
{
	siginfo_t info = {0};
	const int all = WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL;
	if (t->tid != p->pid && waitid(P_PID, (id_t)p->pid, &info, all) == 0)
		p->replaced |=
			info.si_code == CLD_TRAPPED && info.si_status >> 8 == PTRACE_EVENT_EXEC;
	return p->replaced;
}

void thread_bury(struct process *p, struct tracee *t, int status)
{
	t->thread.state = GONE;
	thread_forget_goal(p, t);
	if (is_replaced(p, t)) {
		tracee(p, 0)->thread.state = HELD;
		kill(p->pid, SIGKILL);
		finish(p, status);
	} else if (WIFSIGNALED(status) || threads_all_ended(p)) {
		finish(p, status);
	}
}

void threads_reap_others(struct process *p, const struct tracee *but)
{
	int status;
	for (size_t i = 1; i < p->machine.nthreads; i++) {
		struct tracee *t = tracee(p, i);
		if (t != but && t->thread.state != GONE && procfs_state(t->stat_fd) == 'Z' &&
			thread_wait(t, &status))
			t->thread.state = GONE;
	}
}
