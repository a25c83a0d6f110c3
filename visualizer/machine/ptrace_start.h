/* SPDX-License-Identifier: MIT */
/*
 * Starting the process: everything between fork and the first instruction that makes two runs
 * alike. Addresses are not randomised, the random bytes the kernel hands over are always the
 * same, and what it tells of the CPU is so where that can be.
 */
#ifndef MACHINE_PTRACE_START_H
#define MACHINE_PTRACE_START_H

#include "run_options.h"

/*
 * Fork and execute o->program, which is open as fd, seized by ptrace and held before its first
 * instruction; it dies with us. Returns its pid and the read end of what it writes to stdout and
 * stderr, or -1 with a sentence in err; *denied says whether that is of ptrace, which is not
 * allowed here.
 */
int start_traced(
	const struct run_options *o, int fd, int *output_fd, bool *denied, char *err, size_t nerr);

/*
 * Whether a process can be stepped here, by doing so with one of ours. False: err says why not, and
 * what to do.
 */
bool start_is_allowed(char *err, size_t nerr);

#endif
