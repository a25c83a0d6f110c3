/* SPDX-License-Identifier: MIT */
/* The machine that is the real CPU: a process of ours, stepped with ptrace. */
#ifndef MACHINE_PTRACE_H
#define MACHINE_PTRACE_H

#include "machine_open.h"

/* The architecture of the programs that can be started here: its arch_desc's name. */
const char *ptrace_arch(void);
/*
 * As machine_open: `to` is its start. *denied: nothing but that nobody may trace here is in the
 * way.
 */
struct machine *ptrace_open(const struct run_options *o, const struct image *image, uint64_t to,
	bool *denied, char *err, size_t nerr);
/* For tests: the process. */
int ptrace_pid(const struct machine *m);

#endif
