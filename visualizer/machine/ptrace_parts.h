/* SPDX-License-Identifier: MIT */
/*
 * What the files of the stepped process share, and nobody else:
 *
 *   ptrace          begin and end
 *   ptrace_thread   threads and their registers
 *   ptrace_insn     one instruction: what it writes, what it must not see
 *   ptrace_going    set a thread going, and wait for it
 *   ptrace_stop     why it has stopped
 *   ptrace_wait     how long one that sleeps is waited for
 *   ptrace_last     threads and the process end
 *   ptrace_output   what the program writes
 *   ptrace_outside  what comes over it from outside
 *   ptrace_hide     what it is told that is another in each run
 *
 * A thread is set going with a goal: one instruction, an address, or to be back in the program's
 * own code. It comes to be HELD again at the goal, or after a while on the way, if it has not got
 * there.
 */
#ifndef MACHINE_PTRACE_PARTS_H
#define MACHINE_PTRACE_PARTS_H

#include <signal.h>
#include <stdatomic.h>

#include "machine.h"
#include "ptrace_breaks.h"
#include "ptrace_children.h"
#include "ptrace_arch.h"

enum goal {
	GOAL_INSN,    /* one instruction */
	GOAL_PLACE,   /* one of two addresses */
	GOAL_WHOLE,   /* the same, or a signal handler that came between */
	GOAL_PROGRAM, /* out of library code, into any of the program's own */
};

struct tracee {
	struct thread thread; /* first: a struct thread of the machine's is one */
	int tid;
	machine_regs raw; /* where it is held, or was before it fell asleep */
	uint64_t first;   /* the first argument, if it was set going at a system call */
	enum goal goal;
	uint64_t place[2]; /* GOAL_PLACE, GOAL_WHOLE: the addresses; 0: none */
	bool steps;        /* it was set going for one instruction, whatever its goal */
	bool plain;        /* and that is all that can happen: no system call, no signal */
	bool flag_is_ours; /* the trap flag, which the kernel takes for the program's */
	bool flag_copied;  /* by the system call that it is in, or has come out of */
	uint64_t lifted;   /* the breakpoint that it is being stepped off; 0: none */
	int signal;        /* to be delivered when it goes on */
	bool stopped;      /* asleep by SIGSTOP or the like, until SIGCONT */
	bool vforks;       /* asleep until its child, which has all memory with it, has another */
	int64_t until;     /* it is to be interrupted when the process has had so much CPU time */
	bool interrupted;  /* that has been asked for */
	unsigned late;     /* how often it has been held so, on its way to one goal */
	bool blocks_trap;  /* SIGTRAP is among the signals that it blocks */
	bool began;        /* in the program's own code: born there, or called from a library */
	uint64_t first_sp; /* where it was born */
	int stat_fd;       /* /proc/PID/task/TID/stat */
};

/* What waitpid says of a stop at a system call, as PTRACE_O_TRACESYSGOOD has it. */
enum { SYSCALL_STOP = SIGTRAP | 0x80 };
/* The kernel's struct sigaction, which is not libc's. */
enum { TRAP_ACTION_WORDS = 4 };

struct process {
	struct machine machine; /* first: what is handed out is this */
	int pid;
	int mem_fd;      /* /proc/PID/mem */
	clockid_t clock; /* its CPU time */
	int cpu;         /* that it is to be on (ptrace_cpu.h) */
	struct breaks breaks;
	struct children children;
	uint64_t trap_action[TRAP_ACTION_WORDS]; /* what the program has SIGTRAP do */
	bool trap_ignored, trap_handled;         /* that is SIG_IGN; that is not SIG_DFL */

	struct hidden {
		uint64_t key;            /* where malloc has its secret; 0: nowhere known */
		uint64_t in_dev, in_ino; /* what file the program's input is */
	} hidden;

	int output_fd; /* what it writes to stdout and stderr */
	int wait_s;    /* see run_options, as hurry */
	const atomic_bool *hurry;

	siginfo_t last_signal;
	struct tracee *last_signalled;
	bool replaced;                 /* by another program (execve); it was killed then */
	size_t offset[SNAP_NREGS_MAX]; /* of each register in machine_regs */
};

static inline struct process *process_of(const struct machine *m)
{
	return (struct process *)m;
}

static inline struct tracee *tracee_of(const struct thread *t)
{
	return (struct tracee *)t;
}

static inline struct tracee *tracee(const struct process *p, size_t i)
{
	return tracee_of(p->machine.threads[i]);
}

/*
 * The machine's operations: ptrace_insn.c, ptrace_going.c, ptrace_wait.c, ptrace_output.c,
 * ptrace_outside.c.
 */
void process_step(struct machine *m, struct thread *t, const struct insn *in);
void process_run_to(struct machine *m, struct thread *t, uint64_t a, uint64_t b);
void process_leave_library(struct machine *m, struct thread *t);
bool process_collect(struct machine *m);
bool process_doze(struct machine *m, const struct thread *t, int64_t *since);
void process_sleeps(const struct machine *m, const struct thread *t, char *buf, size_t n);
void process_drain(struct machine *m);
void process_preempt(struct machine *m, struct thread *t);
void process_pass(struct machine *m, int64_t ns);
void process_write(struct machine *m, uint64_t addr, uint64_t word);

/* ptrace_thread.c: where each register of arch_desc lies in machine_regs. */
void thread_map_registers(struct process *p);
/* A thread of the process, from now on; and the registers of one that is held. */
struct tracee *thread_add(struct process *p, int tid);
void thread_fetch(const struct process *p, struct tracee *t);
/* The registers of a thread that is held are to be these. */
void thread_put(const struct process *p, struct tracee *t);

/*
 * ptrace_going.c: on towards the goal, and wait until it is there, asleep or gone. sleeps: it may
 * sleep on the way.
 */
void thread_step(struct process *p, struct tracee *t, bool sleeps);

/*
 * ptrace_stop.c: t has stopped, with this wait status: whether it is to be held here. If not, it
 * has to be set going again.
 */
bool thread_arrived(struct process *p, struct tracee *t, int status);

/* ptrace_last.c: wait for a thread to stop or end; false: there is no such thread. */
bool thread_wait(const struct tracee *t, int *status);
/* t has got where it was to get, or never will. */
void thread_forget_goal(struct process *p, struct tracee *t);
/*
 * A thread has ended, with this wait status; and the process with it, if it was the last or
 * all were ended at once.
 */
void thread_bury(struct process *p, struct tracee *t, int status);
/*
 * Whether the process is over, now that one of its threads has ended. If all were ended at
 * once, the others are on their way out: none is held, or asleep, or will be in a moment.
 */
bool threads_all_ended(const struct process *p);
/*
 * Threads that have ended or been killed, from the last down to this one: collect them. The
 * kernel wants the first last.
 */
void threads_reap_down_to(struct process *p, size_t first);
/*
 * Threads that were ended by another that goes on: the kernel lets it do so only when they have
 * been collected.
 */
void threads_reap_others(struct process *p, const struct tracee *but);

/*
 * ptrace_hide.c: t has stopped at a system call, which may have told it what is another in each run
 * and is none of the program's doing. It is told the same each time.
 */
void hide_begin(struct process *p);
void hide_told(struct process *p, const struct tracee *t);
/* A thread that a library has started stands where that calls the program. */
void hide_start(struct process *p, struct tracee *t);

#endif
