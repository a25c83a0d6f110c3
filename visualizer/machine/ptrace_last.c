/* SPDX-License-Identifier: MIT */
/* How threads of the stepped process end, and the process with them. */
#include <errno.h>
#include <sys/wait.h>

#include "ptrace_procfs.h"
#include "ptrace_parts.h"
#include "ptrace_tick.h"

/*
 * The state of a thread that is not going: if it is to run all the same, then only to its end, or
 * to where it is held. Beside load that may be long in coming.
 */
static char settled(const struct thread *t)
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
	for (size_t i = 0; i < p->nthreads; i++) {
		const struct thread *t = p->threads[i];
		char state = t->state == GONE ? 'X' : settled(t);
		if (state != 'Z' && state != 'X')
			return false;
	}
	return true;
}

bool thread_wait(const struct thread *t, int *status)
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
	for (size_t i = p->nthreads; i-- > first;) {
		struct thread *t = p->threads[i];
		while (t->state != GONE && thread_wait(t, &status) && WIFSTOPPED(status))
			ptrace(PTRACE_CONT, t->tid, NULL, NULL);
		t->state = GONE;
	}
}

/* Nobody is on the way to addr any more, unless another thread is. */
static void forget_place(struct process *p, uint64_t addr)
{
	for (size_t i = 0; i < p->nthreads; i++) {
		const struct thread *t = p->threads[i];
		if ((t->place[0] == addr || t->place[1] == addr) && t->state != GONE)
			return;
	}
	breaks_remove(&p->breaks, addr);
}

void thread_forget_goal(struct process *p, struct thread *t)
{
	uint64_t a = t->place[0], b = t->place[1];
	t->goal = GOAL_INSN;
	t->place[0] = t->place[1] = 0;
	forget_place(p, a);
	forget_place(p, b);
}

/* The process is over, and this is its wait status. */
static void finish(struct process *p, int status)
{
	p->over = true;
	p->status = status;
	threads_reap_down_to(p, 0);
	process_drain(p);
}

/*
 * Whether another program has taken the process's place. If it was not the first thread that
 * called execve, it has that one's number now, and its own is gone.
 */
static bool is_replaced(struct process *p, const struct thread *t)
{
	siginfo_t info = {0};
	const int all = WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL;
	if (t->tid != p->pid && waitid(P_PID, (id_t)p->pid, &info, all) == 0)
		p->replaced |=
			info.si_code == CLD_TRAPPED && info.si_status >> 8 == PTRACE_EVENT_EXEC;
	return p->replaced;
}

void thread_bury(struct process *p, struct thread *t, int status)
{
	t->state = GONE;
	thread_forget_goal(p, t);
	if (is_replaced(p, t)) {
		p->threads[0]->state = HELD;
		kill(p->pid, SIGKILL);
		finish(p, status);
	} else if (WIFSIGNALED(status) || threads_all_ended(p)) {
		finish(p, status);
	}
}

void threads_reap_others(struct process *p, const struct thread *but)
{
	int status;
	for (size_t i = 1; i < p->nthreads; i++) {
		struct thread *t = p->threads[i];
		if (t != but && t->state != GONE && procfs_state(t->stat_fd) == 'Z' &&
			thread_wait(t, &status))
			t->state = GONE;
	}
}
