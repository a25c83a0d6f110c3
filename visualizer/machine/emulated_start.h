/* SPDX-License-Identifier: MIT */
/* The emulator's process: begin, ask, end. */
#ifndef MACHINE_EMULATED_START_H
#define MACHINE_EMULATED_START_H

#include <stdbool.h>
#include <stddef.h>

#include "run_options.h"

struct emulated_process {
	int pid, socket;          /* pid 0: there is none */
	void *memory;             /* that both have, WIRE_SIZE bytes */
	const atomic_bool *hurry; /* of run_options */
	bool was_silent;          /* it has ended because it did not answer */
};

/* With the program that fd is open at; false: err says why not, and what to do. */
bool emulated_begin(
	struct emulated_process *p, const struct run_options *o, int fd, char *err, size_t nerr);
/*
 * Whether the emulator starts, and is of this version: it is started, and ended. False: err says
 * why not, and what to do. It has some ten seconds.
 */
bool emulated_answers(char *err, size_t nerr);
/*
 * Send that, and wait until it is done; false: the emulator is no more. One that does not answer in
 * ten minutes, or in ten seconds if there is hurry, is ended.
 */
bool emulated_ask(struct emulated_process *p, const void *request, size_t n);
void emulated_end(struct emulated_process *p);
/* Where the emulator is, in path; false: nowhere. */
bool emulated_path(char *path, size_t n);

#endif
