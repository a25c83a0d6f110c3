/* SPDX-License-Identifier: MIT */
/*
 * The stepped process: its threads under ptrace, one of them going at a time, all others
 * held.
 *
 * A thread is set going with a goal: one instruction, an address, or to be back in the program's
 * own code. It comes to be HELD again at the goal, or after a while on the way, if it has not got
 * there; or falls ASLEEP in the kernel (and goes on to its goal when something wakes it and it is
 * asked after: process_collect), or is GONE. So nothing happens between two steps.
 */
#ifndef MACHINE_PTRACE_H
#define MACHINE_PTRACE_H

#include <signal.h>

#include "ptrace_breaks.h"
#include "ptrace_children.h"
#include "ptrace_arch.h"
#include "model/snapshot.h"
#include "run_options.h"

enum thread_state { HELD, ASLEEP, GONE };

enum goal {
	GOAL_INSN,    /* one instruction */
	GOAL_PLACE,   /* one of two addresses */
	GOAL_PROGRAM, /* out of library code, into any of the program's own */
};

struct thread {
	int tid;
	int id; /* its place among the process's threads */
	enum thread_state state;
	machine_regs raw;              /* where it is held, or was before it fell asleep */
	uint64_t regs[SNAP_NREGS_MAX]; /* the same, in the order of arch_desc */
	enum goal goal;
	uint64_t place[2]; /* GOAL_PLACE: the addresses; 0: none */
	bool steps;        /* it was set going for one instruction, whatever its goal */
	bool plain;        /* and that is all that can happen: no system call, no signal */
	bool flag_is_ours; /* the trap flag, which the kernel takes for the program's */
	uint64_t lifted;   /* the breakpoint that it is being stepped off; 0: none */
	int signal;        /* to be delivered when it goes on */
	bool restless;     /* asleep, but not on a futex without a timeout: may wake by itself */
	bool stopped;      /* asleep by SIGSTOP or the like, until SIGCONT */
	bool vforks;       /* asleep until its child, which has all memory with it, has another */
	int64_t until;     /* it is to be interrupted when the process has had so much CPU time */
	bool interrupted;  /* that has been asked for */
	unsigned late;     /* how often it has been held so, on its way to one goal */
	bool blocks_trap;  /* SIGTRAP is among the signals that it blocks */
	bool began;        /* the library code that it was born in has called the program's own */
	int stat_fd;       /* /proc/PID/task/TID/stat */
};

/* What waitpid says of a stop at a system call, as PTRACE_O_TRACESYSGOOD has it. */
enum { SYSCALL_STOP = SIGTRAP | 0x80 };
/* The kernel's struct sigaction, which is not libc's. */
enum { TRAP_ACTION_WORDS = 4 };

struct process {
	int pid;
	int mem_fd;      /* /proc/PID/mem */
	clockid_t clock; /* its CPU time */
	int cpu;         /* that it is to be on (ptrace_cpu.h) */
	struct thread **threads;
	size_t nthreads, threads_cap;
	struct breaks breaks;
	struct children children;
	uint64_t trap_action[TRAP_ACTION_WORDS]; /* what the program has SIGTRAP do */
	bool trap_ignored, trap_handled;         /* that is SIG_IGN; that is not SIG_DFL */

	struct hidden {
		uint64_t key;            /* where malloc has its secret; 0: nowhere known */
		uint64_t in_dev, in_ino; /* what file the program's input is */
	} hidden;

	int output_fd; /* what it writes to stdout and stderr */
	char *output;  /* since process_forget_output */
	size_t noutput, output_cap;

	/*
	 * A signal was delivered, so that its handler's frame may be anywhere. The owner
	 * clears it.
	 */
	bool disturbed;
	siginfo_t last_signal;
	struct thread *last_signalled;
	bool over;                     /* the process has ended */
	bool replaced;                 /* by another program (execve); it was killed then */
	int status;                    /* as from waitpid, once over */
	size_t offset[SNAP_NREGS_MAX]; /* of each register in machine_regs */
	int nregs;
};

/*
 * Start o->program, which is open as fd, held before its first instruction. text: its own code,
 * which must stay. False, with a sentence in err, if it cannot be; it must be closed even so.
 */
bool process_start(struct process *p, const struct run_options *o, int fd,
	const struct arch_desc *arch, const struct code_range *text, size_t ntext, char *err,
	size_t nerr);
/* Kill it if it still runs, and free all but the struct. One of zeros was never started. */
void process_close(struct process *p);

/* Execute one instruction of a HELD thread. sleeps: it is a system call, which may sleep. */
void process_step(struct process *p, struct thread *t, bool sleeps);
/*
 * Let a HELD thread run to one of two addresses (b may be 0), for a second at most. If that was not
 * enough (late), each further call lets it go on a little.
 */
void process_run_to(struct process *p, struct thread *t, uint64_t a, uint64_t b);
/* The same for a thread in library code, to where it is in the program's own. */
void process_leave_library(struct process *p, struct thread *t);
/* A HELD thread that a library has started stands where that calls the program (ptrace_hide.c). */
void process_hide_start(struct process *p, const struct thread *t);
/* The registers of a HELD thread are to be these. */
void process_put_registers(const struct process *p, struct thread *t);
/*
 * Look after the sleepers: those that the kernel has let go are waited for. True if any is no
 * longer asleep.
 */
bool process_collect(struct process *p);

/* Take in what the program has written by now. */
void process_drain(struct process *p);
void process_forget_output(struct process *p);

#endif
