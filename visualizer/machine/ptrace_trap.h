/* SPDX-License-Identifier: MIT */
/*
 * SIGTRAP, which programs use too. A step and a breakpoint end in one that the kernel forces on the
 * thread; and where the program blocks or ignores it (in its own handler it does), the kernel then
 * unblocks it and forgets the handler, for good. So what the program asked for is noted, and put
 * back after each trap of ours.
 */
#ifndef MACHINE_PTRACE_TRAP_H
#define MACHINE_PTRACE_TRAP_H

#include "ptrace_parts.h"

/* t has stopped at a system call, where it is or its handler begins: see what it blocks now. */
void trap_look(struct tracee *t);
/* t has stopped at a system call: if that sets what SIGTRAP does, note it. */
void trap_note(struct process *p, const struct tracee *t);
/*
 * t has stopped by a SIGTRAP with this si_code: whether that is one of the program's that had been
 * waiting to be unblocked, and that one of ours, which the kernel then drops, has let out. It has
 * to be sent again.
 */
bool trap_is_both(const struct tracee *t, int code);
/* The program gets a SIGTRAP now: a handler for one time only is none any more. */
void trap_delivered(struct process *p);
/* Take the flag of our steps out of flags that lie in memory. Whether it could be done. */
bool trap_hide_flag(const struct process *p, uint64_t flags);
/* t has stopped by a trap of ours: put back what that took away. */
void trap_mend(struct process *p, struct tracee *t);

#endif
