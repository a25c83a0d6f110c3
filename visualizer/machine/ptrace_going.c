/* SPDX-License-Identifier: MIT */
/* A thread of the stepped process is set going, and waited for. */
#include <assert.h>
#include <errno.h>
#include <sys/wait.h>

#include "ptrace_cpu.h"
#include "ptrace_procfs.h"
#include "ptrace_sleep.h"
#include "ptrace_parts.h"
#include "ptrace_tick.h"

/* How long a thread that others need not wake is given to wake up before the step is over. */
#define PATIENCE_NS 250000000
/*
 * CPU time that a thread is given to get to its goal. If it has not, it goes on by single
 * instructions, but each SHAREth time it is let run for a moment, which is a millisecond or two as
 * schedulers have it: so code that never comes back costs one wait and then little more than steps
 * do, and code that takes long does get on.
 */
#define LONG_NS 1000000000
#define MOMENT_NS 250000
#define DOZE_NS 100000
enum { SHARE = 8 };

/*
 * On towards its goal; off a breakpoint, which is lifted for that, by one instruction first, and
 * with a signal too, which may mean a handler. A run stops at each system call: so one that sleeps
 * there is stopped as soon as it wakes.
 */
static void set_going(struct process *p, struct tracee *t)
{
	intptr_t signal = t->signal;
	uint64_t pc = machine_pc(&t->raw);
	t->signal = 0;
	if (t->goal == GOAL_PROGRAM && !t->vforks)
		breaks_fill(&p->breaks);
	t->lifted = t->goal != GOAL_PROGRAM && breaks_at(&p->breaks, pc) ? pc : 0;
	breaks_lift(&p->breaks, t->lifted);
	t->steps = t->goal == GOAL_INSN || t->lifted || signal;
	t->plain &= t->goal == GOAL_INSN && !t->lifted && !signal;
	t->flag_is_ours &= t->steps;
	t->first = machine_first_argument(&t->raw);
	ptrace(t->steps ? PTRACE_SINGLESTEP : PTRACE_SYSCALL, t->tid, NULL, (void *)signal);
}

/* A thread that runs and does not get to its goal is held where it is. */
static void limit(const struct process *p, struct tracee *t)
{
	if (t->goal == GOAL_INSN || t->interrupted || clock_ns(p->clock) < t->until)
		return;
	t->interrupted = ptrace(PTRACE_INTERRUPT, t->tid, NULL, NULL) == 0;
}

/* Whether the kernel has something to say of a thread, which is left to be said. */
static bool has_news(const struct tracee *t)
{
	enum { LOOK = WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL };
	siginfo_t info = {0};
	return waitid(P_PID, (id_t)t->tid, &info, LOOK) != 0 || info.si_pid != 0;
}

/*
 * Whether a thread that is not held has nothing to do but to wait. One that a signal has stopped
 * looks the same when it has heard of SIGCONT.
 */
static bool rests(const struct tracee *t)
{
	char state = procfs_state(t->stat_fd);
	return state == 'S' || state == 'D' ||
	       (t->stopped && (state == 't' || state == 'T') && !has_news(t));
}

/*
 * Whether a thread that has not stopped yet has gone to sleep instead. One that does not
 * sleep for good is given time since *since (0: from now on); one that waits for us to read
 * its output is not asleep.
 */
static bool gone_to_sleep(struct process *p, struct tracee *t, int64_t *since)
{
	bool sleeps = rests(t);
	size_t before = p->machine.noutput;
	process_drain(&p->machine);
	if (!sleeps || p->machine.noutput != before)
		return false;
	t->thread.restless = t->stopped || sleep_waker(p->pid, t->tid) != WAKER_THREAD;
	*since = *since ? *since : clock_ns(CLOCK_MONOTONIC);
	return !t->thread.restless || (p->hurry && *p->hurry) ||
	       clock_ns(CLOCK_MONOTONIC) - *since > PATIENCE_NS;
}

/*
 * Wait for a thread to stop or end; false: it sleeps instead. One that executes an instruction has
 * the CPU meanwhile. One that may sleep (sleeps) has it while we doze, and its state then says what
 * became of it.
 */
static bool await(struct process *p, struct tracee *t, bool sleeps, int *status)
{
	enum { MANY = 1000 };
	int64_t since = 0;
	for (int tries = 0;; tries++) {
		int got = sleeps ? waitpid(t->tid, status, __WALL | WNOHANG)
				 : tick_wait(t->tid, status);
		if (got == t->tid || (got < 0 && errno != EINTR))
			return true;
		/*
		 * The end of the first thread is reported when all others have been
		 * collected.
		 */
		if (t->tid == p->pid && procfs_state(t->stat_fd) == 'Z') {
			if (!threads_all_ended(p))
				return true;
			threads_reap_down_to(p, 1);
		}
		children_tend(&p->children, &p->breaks);
		if (gone_to_sleep(p, t, &since))
			return false;
		limit(p, t);
		if (!sleeps || tries > MANY || t->late)
			threads_reap_others(p, t);
		if (sleeps)
			tick_doze(DOZE_NS);
	}
}

/* Wait until a thread that was set going is at its goal, asleep (if it may be), or gone. */
static void chase(struct process *p, struct tracee *t, bool sleeps)
{
	for (;;) {
		int status = 0;
		bool awake = await(p, t, sleeps, &status);
		breaks_lay(&p->breaks, t->lifted);
		if (!awake) {
			t->lifted = 0;
			t->thread.state = ASLEEP;
			return;
		}
		if (!WIFSTOPPED(status)) {
			thread_bury(p, t, status);
			return;
		}
		if (thread_arrived(p, t, status)) {
			t->thread.state = HELD;
			thread_forget_goal(p, t);
			return;
		}
		if (t->stopped)
			ptrace(PTRACE_LISTEN, t->tid, NULL, NULL);
		else
			set_going(p, t);
	}
}

/* It has come out of a system call, be it long after that was stepped. */
static void hide_copied_flag(struct process *p, struct tracee *t)
{
	if (machine_hide_trap_flag(&t->raw))
		thread_put(p, t);
	t->flag_copied = false;
}

/* The same, and what a run through library code needed is put back. */
static void pursue(struct process *p, struct tracee *t, bool sleeps)
{
	assert(t->thread.state != GONE);
	/* One instruction is not limited; and to ask this clock would be some of what it costs. */
	if (t->goal != GOAL_INSN)
		t->until = clock_ns(p->clock) + (t->late ? MOMENT_NS : LONG_NS);
	chase(p, t, sleeps);
	if (t->flag_copied && t->thread.state == HELD)
		hide_copied_flag(p, t);
	breaks_restore(&p->breaks);
	if (p->children.n)
		children_tend(&p->children, &p->breaks);
}

void thread_step(struct process *p, struct tracee *t, bool sleeps)
{
	assert(t->thread.state == HELD);
	assert(!p->breaks.was); /* nobody else is on the way through a library */
	cpu_look(p);
	t->plain = !sleeps;
	set_going(p, t);
	pursue(p, t, sleeps);
}

/* To a goal that is not the next instruction, but for a thread that is late. */
static void run(struct process *p, struct tracee *t, enum goal goal)
{
	if (t->late == 0 || ++t->late % SHARE == 0)
		t->goal = goal;
	machine_wrote_to(&p->machine, TO_USED);
	thread_step(p, t, true);
}

/* If a thread that a library has started has come to the program's own code now, it begins. */
static void see_beginning(struct process *p, struct tracee *t)
{
	if (t->began || t->thread.state != HELD || !breaks_has(&p->breaks, machine_pc(&t->raw)))
		return;
	t->began = true;
	hide_start(p, t);
}

void process_leave_library(struct machine *m, struct thread *t)
{
	run(process_of(m), tracee_of(t), GOAL_PROGRAM);
	see_beginning(process_of(m), tracee_of(t));
}

void process_run_to(struct machine *m, struct thread *thread, uint64_t a, uint64_t b)
{
	struct process *p = process_of(m);
	struct tracee *t = tracee_of(thread);
	assert(thread->state == HELD);
	if (!t->began)
		process_leave_library(m, thread);
	uint64_t pc = machine_pc(&t->raw);
	if (thread->state != HELD || pc == a || pc == b)
		return;
	t->place[0] = a;
	t->place[1] = b;
	breaks_insert(&p->breaks, a);
	breaks_insert(&p->breaks, b);
	run(p, t, GOAL_PLACE);
	t->began |= breaks_has(&p->breaks, machine_pc(&t->raw));
}

/* Whether any was awake. On their way they may wake others. */
static bool collect_awake(struct process *p, bool *moved)
{
	struct machine *m = &p->machine;
	bool any = false;
	for (size_t i = 0; i < m->nthreads && m->ending.how == GOES_ON; i++) {
		struct tracee *t = tracee(p, i);
		if (t->thread.state != ASLEEP || rests(t))
			continue;
		pursue(p, t, true);
		see_beginning(p, t);
		any = true;
		*moved |= t->thread.state != ASLEEP;
	}
	return any;
}

/* Two that wake each other for ever are not waited for. */
bool process_collect(struct machine *m)
{
	struct process *p = process_of(m);
	bool moved = false;
	children_tend(&p->children, &p->breaks);
	for (size_t n = 0; n <= m->nthreads && collect_awake(p, &moved); n++)
		;
	if (moved)
		machine_wrote_to(m, TO_USED);
	return moved;
}
