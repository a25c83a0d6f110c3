/* SPDX-License-Identifier: MIT */
/* What /proc says of a thread that is not held, so that ptrace cannot ask it. */
#ifndef MACHINE_PTRACE_PROCFS_H
#define MACHINE_PTRACE_PROCFS_H

#include <stdint.h>

/* A file to ask procfs_state about a thread of a process; to be closed. */
int procfs_open_state(int pid, int tid);
/* R runs, S sleeps, D sleeps undisturbed, t held by us, Z ended, X there is none any more. */
char procfs_state(int fd);

/* Which signals it blocks, and which the process has handlers for: bit n - 1 is signal n. */
struct procfs_signals {
	uint64_t blocked, handled;
};
struct procfs_signals procfs_signals(int pid, int tid);

#endif
