/* SPDX-License-Identifier: MIT */
/*
 * Why a thread of the stepped process has stopped: its goal, a signal, a trap of ours or of the
 * program's own, a new thread or process, another program.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ptrace_parts.h"
#include "ptrace_trap.h"

/* A thread has made another: hold it where it begins. */
static void add_clone(struct process *p, int tid)
{
	int status;
	struct tracee *t = thread_add(p, tid);
	if (thread_wait(t, &status))
		thread_fetch(p, t);
	t->began = breaks_has(&p->breaks, machine_pc(&t->raw));
	t->first_sp = machine_sp(&t->raw);
	trap_look(t);
}

/*
 * A thread has made a process, with a copy of all memory; or, rarely, with this memory, and then
 * what was taken out of it has to be put back.
 */
static void add_process(struct process *p, int pid)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	int mem_fd = open(path, O_RDWR | O_CLOEXEC);
	if (mem_fd >= 0) {
		breaks_heal(&p->breaks, mem_fd);
		close(mem_fd);
		breaks_again(&p->breaks);
	}
	children_add(&p->children, pid);
}

/* Who that was, the kernel does not say: clone makes all kinds, and fork is a clone. */
static void add_born(struct process *p, struct tracee *parent, bool vfork)
{
	unsigned long tid = 0;
	char path[64];
	if (ptrace(PTRACE_GETEVENTMSG, parent->tid, NULL, &tid) != 0)
		return;
	snprintf(path, sizeof path, "/proc/%d/task/%lu", p->pid, tid);
	if (access(path, F_OK) == 0) {
		add_clone(p, (int)tid);
	} else if (vfork) {
		/* The child has this memory, and its parent sleeps until it has another. */
		parent->vforks = true;
		breaks_restore(&p->breaks);
		children_add(&p->children, (int)tid);
	} else {
		add_process(p, (int)tid);
	}
}

/* Remember a signal that the program gets: if it dies of it, that is what is said. */
static void deliver(struct process *p, struct tracee *t, int signal, const siginfo_t *info)
{
	p->last_signal = *info;
	p->last_signalled = t;
	/* Where its handler has its frame, nobody says. */
	machine_wrote_to(&p->machine, TO_USED);
	t->signal = signal;
	if (signal == SIGTRAP)
		trap_delivered(p);
}

/*
 * A handler begins. If the kernel has taken the trap flag of our steps for the program's, it is in
 * the flags that the handler returns to, and the program would trap from there on.
 */
static void clean_frame(const struct process *p, struct tracee *t)
{
	if (t->flag_is_ours && trap_hide_flag(p, machine_sp(&t->raw) + MACHINE_FRAME_FLAGS))
		t->flag_is_ours = false;
}

/*
 * A step has ended, perhaps with a trap that the program wants for itself; or a signal's handler is
 * about to begin. Whether t is at its goal.
 */
static bool stepped_to_goal(struct process *p, struct tracee *t, bool traps_itself, int code)
{
	bool handler = code == SIGTRAP;
	machine_step_anew(t->tid, &t->raw);
	if (handler) {
		trap_look(t);
		clean_frame(p, t);
	} else {
		trap_mend(p, t);
	}
	/* The signal may be another thread's by now: then this has been no step. */
	if (!handler && !t->plain && machine_syscall_again(&t->raw))
		return false;
	if (traps_itself && !handler) {
		siginfo_t info = {.si_signo = SIGTRAP, .si_code = code};
		deliver(p, t, SIGTRAP, &info);
		return false;
	}
	if (t->goal == GOAL_PROGRAM)
		return breaks_filled_at(&p->breaks, machine_pc(&t->raw));
	return t->goal == GOAL_INSN || (t->goal == GOAL_WHOLE && handler);
}

/* A breakpoint: whether it is the one that t is on its way to. */
static bool broken_at_goal(struct process *p, struct tracee *t, uint64_t pc)
{
	machine_set_pc(&t->raw, pc);
	thread_put(p, t);
	trap_mend(p, t);
	return t->goal == GOAL_PROGRAM || pc == t->place[0] || pc == t->place[1];
}

/*
 * Whether a step is nothing but that, so that the kernel need not be asked, which would be a good
 * part of what a step costs: an instruction that is no system call has been executed, is none that
 * traps by itself, and what the trap of the step takes away is nothing that the program has.
 */
static bool is_plain_step(const struct process *p, const struct tracee *t, uint64_t from)
{
	uint64_t to = machine_pc(&t->raw);
	return t->plain && !t->blocks_trap && !p->trap_ignored && to != from &&
	       to != from + MACHINE_BREAKPOINT_PASSES;
}

/*
 * A SIGTRAP is ours, from a step or a breakpoint, or the program's own, which gets it. Whether t is
 * at its goal.
 */
static bool trapped_at_goal(struct process *p, struct tracee *t)
{
	siginfo_t info = {0};
	bool traps_itself = machine_traps_itself(&t->raw);
	bool stepped = t->steps, there = false;
	uint64_t from = machine_pc(&t->raw);
	thread_fetch(p, t);
	if (!traps_itself && is_plain_step(p, t, from))
		return true;
	ptrace(PTRACE_GETSIGINFO, t->tid, NULL, &info);
	uint64_t pc = machine_pc(&t->raw) - MACHINE_BREAKPOINT_PASSES;
	bool both = trap_is_both(t, info.si_code);
	if (stepped && (both || machine_is_step(info.si_code, t->plain)))
		there = stepped_to_goal(p, t, traps_itself, info.si_code);
	else if (!stepped && (both || info.si_code == MACHINE_BREAKPOINT_CODE) &&
		 (breaks_filled_at(&p->breaks, pc) || breaks_at(&p->breaks, pc)))
		there = broken_at_goal(p, t, pc);
	else
		deliver(p, t, SIGTRAP, &info);
	if (both)
		tgkill(p->pid, t->tid, SIGTRAP);
	if (there && t->goal != GOAL_INSN)
		t->late = 0;
	return there;
}

/* It was told to stop where it is, by us or (SIGSTOP and the like) by somebody else. */
static bool halted_at_goal(struct tracee *t, int signal)
{
	bool ours = t->interrupted && signal == SIGTRAP;
	t->stopped = signal != SIGTRAP;
	t->interrupted &= t->stopped;
	ours &= t->goal != GOAL_INSN;
	t->late += ours;
	return ours;
}

/* A thread got a signal. */
static bool signalled_at_goal(struct process *p, struct tracee *t, int signal)
{
	siginfo_t info = {0};
	if (signal == SIGTRAP)
		return trapped_at_goal(p, t);
	thread_fetch(p, t);
	if (signal == SYSCALL_STOP) {
		trap_look(t);
		trap_note(p, t);
		hide_told(p, t);
		return false;
	}
	ptrace(PTRACE_GETSIGINFO, t->tid, NULL, &info);
	deliver(p, t, signal, &info);
	return false;
}

bool thread_arrived(struct process *p, struct tracee *t, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;
	if (event == 0)
		return signalled_at_goal(p, t, signal);
	thread_fetch(p, t);
	switch (event) {
	case PTRACE_EVENT_STOP: return halted_at_goal(t, signal);
	case PTRACE_EVENT_CLONE:
	case PTRACE_EVENT_FORK: add_born(p, t, false); break;
	case PTRACE_EVENT_VFORK: add_born(p, t, true); break;
	case PTRACE_EVENT_VFORK_DONE: t->vforks = false; break;
	case PTRACE_EVENT_EXEC:
		p->replaced = true;
		kill(p->pid, SIGKILL);
		break;
	}
	return false;
}
