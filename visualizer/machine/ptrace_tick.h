/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a tracee. One that executes an instruction stops at once, and who waits for it in
 * the kernel leaves it the CPU. But an instruction may sleep (a page fault that somebody else has
 * to answer), or be the end of the first thread, which the kernel does not report while there are
 * others. So who waits is made to look up now and then, by a signal, which costs a step nothing.
 */
#ifndef MACHINE_PTRACE_TICK_H
#define MACHINE_PTRACE_TICK_H

/* Before the first tracee is started; always the same thread, which is the one that waits. */
void tick_begin(void);

/*
 * As waitpid(tid, status, __WALL), but fails with EINTR after a tenth of a second or so. No other
 * call is interrupted by that.
 */
int tick_wait(int tid, int *status);

/* Sleep until any tracee has stopped or ended since the last time, or for so long, < 1 s. */
void tick_doze(long ns);

#endif
