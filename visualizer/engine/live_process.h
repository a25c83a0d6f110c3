/* SPDX-License-Identifier: MIT */
/*
 * The stepped process: its threads under ptrace, one of them going at a time, all others
 * held.
 *
 * A thread is set going with a goal: one instruction, or an address. It comes to be HELD
 * again at the goal, or falls ASLEEP in the kernel on the way (and goes on to its goal when
 * something wakes it), or is GONE. What other sleepers do is looked at only when asked
 * (process_collect), so that nothing happens between two steps.
 */
#ifndef ENGINE_LIVE_PROCESS_H
#define ENGINE_LIVE_PROCESS_H

#include <signal.h>

#include "machine.h"
#include "model/snapshot.h"
#include "stepper.h"

enum thread_state { HELD, ASLEEP, GONE };

struct thread {
	int tid;
	int m; /* id of its M; -1 until it comes to its mstart or needm probe */
	enum thread_state state;
	machine_regs raw;              /* where it is held, or was before it fell asleep */
	uint64_t regs[SNAP_NREGS_MAX]; /* the same, in the order of arch_desc */
	uint64_t goal;                 /* address to get to; 0: one instruction */
	uint64_t goal_too;             /* or to this one; 0: no other */
	uint64_t goal_sp;              /* with SP at or above this */
	uint64_t lifted;               /* the breakpoint that it is being stepped off; 0: none */
	int signal;                    /* to be delivered when it goes on */
	bool restless; /* asleep, but not on a futex without a timeout: may wake by itself */
	int stat_fd;   /* /proc/PID/task/TID/stat */
};

#define NOWHERE UINT64_MAX /* a goal that nobody gets to */

struct process {
	int pid;
	int mem_fd; /* /proc/PID/mem */
	struct thread **threads;
	size_t nthreads, threads_cap;
	struct breakpoint {
		uint64_t addr;
		uint8_t was[sizeof machine_breakpoint];
	} * breaks;
	size_t nbreaks, breaks_cap;

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
 * Start o->program, held before its first instruction. False, with a sentence in err, if it
 * cannot be; it must be closed even so.
 */
bool process_start(struct process *p, const struct run_options *o, char *err, size_t nerr);
/* Kill it if it still runs, and free all but the struct. One of zeros was never started. */
void process_close(struct process *p);

/* Execute one instruction of a HELD thread. sleeps: it is a system call, which may sleep. */
void process_step(struct process *p, struct thread *t, bool sleeps);
/*
 * Let a HELD thread run up to an address, with SP at or above sp; 0: until it ends or sleeps.
 */
void process_run_to(struct process *p, struct thread *t, uint64_t addr, uint64_t sp);
/* The same, up to one of two addresses; b may be 0. */
void process_run_to_either(struct process *p, struct thread *t, uint64_t a, uint64_t b);
/*
 * Look after the sleepers: those that the kernel has let go are waited for. True if any is no
 * longer asleep.
 */
bool process_collect(struct process *p);
/* A sleeper that may wake by itself is given some time for it. */
void process_wait(struct process *p, struct thread *t);

struct thread *process_thread_of(const struct process *p, int m);
/* Take in what the program has written by now. */
void process_drain(struct process *p);
void process_forget_output(struct process *p);

#endif
