/* SPDX-License-Identifier: MIT */
/* Which machine executes a program. */
#ifndef MACHINE_MACHINE_OPEN_H
#define MACHINE_MACHINE_OPEN_H

#include "image/image.h"
#include "machine.h"
#include "run_options.h"

/*
 * Whether there is a machine for that program: the real CPU, if it is built for that and no other
 * is asked for, or an emulated one. False: err says what to do. True of what cannot be read too, or
 * is no program.
 */
bool machine_can_execute(const struct run_options *o, char *err, size_t nerr);
/* Whether there is an emulated CPU here. */
bool machine_can_emulate(void);
/*
 * Whether the real CPU can be had, and the emulated one: each is tried, on a process of ours.
 * False: err says why not, and what to do. That takes some ten seconds at most.
 */
bool machine_try_real(char *err, size_t nerr);
bool machine_try_emulated(char *err, size_t nerr);
/* The architecture of this computer's own CPU. */
const char *machine_own_arch(void);
/*
 * Start the program that image is of, and run it to the address `start`, or as far towards it as it
 * gets in a while. Where ptrace is denied, and the real CPU not asked for, that is an emulated
 * one. NULL, with a sentence in err that says what to do, if it cannot be started. The
 * image, and what o leads to, must outlive the machine.
 */
struct machine *machine_open(const struct run_options *o, const struct image *image, uint64_t start,
	char *err, size_t nerr);

#endif
