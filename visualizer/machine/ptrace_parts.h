/* SPDX-License-Identifier: MIT */
/*
 * What the files of the stepped process share, and nobody else:
 *
 *   ptrace          registers, threads, output; begin and end
 *   ptrace_going    set a thread going, and wait for it
 *   ptrace_stop     why it has stopped
 *   ptrace_last     threads and the process end
 *   ptrace_output   what the program writes
 *   ptrace_hide     what it is told that is another in each run
 */
#ifndef MACHINE_PTRACE_PARTS_H
#define MACHINE_PTRACE_PARTS_H

#include "ptrace.h"

/* ptrace.c: a thread of the process, from now on; and the registers of one that is held. */
struct thread *thread_add(struct process *p, int tid);
void thread_fetch(const struct process *p, struct thread *t);

/*
 * ptrace_stop.c: t has stopped, with this wait status: whether it is to be held here. If not, it
 * has to be set going again.
 */
bool thread_arrived(struct process *p, struct thread *t, int status);

/* ptrace_last.c: wait for a thread to stop or end; false: there is no such thread. */
bool thread_wait(const struct thread *t, int *status);
/* t has got where it was to get, or never will. */
void thread_forget_goal(struct process *p, struct thread *t);
/*
 * A thread has ended, with this wait status; and the process with it, if it was the last or
 * all were ended at once.
 */
void thread_bury(struct process *p, struct thread *t, int status);
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
void threads_reap_others(struct process *p, const struct thread *but);

/*
 * ptrace_hide.c: t has stopped at a system call, which may have told it what is another in each run
 * and is none of the program's doing. It is told the same each time.
 */
void hide_begin(struct process *p);
void hide_told(struct process *p, const struct thread *t);

#endif
