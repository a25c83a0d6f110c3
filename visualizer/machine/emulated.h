/* SPDX-License-Identifier: MIT */
/* An emulated CPU as a machine: g0scope-emulator, a process of its own, beside this program. */
#ifndef MACHINE_EMULATED_H
#define MACHINE_EMULATED_H

#include "image/image.h"
#include "machine.h"
#include "run_options.h"

/* Whether there is an emulator; false: err says what to do. */
bool emulated_is_there(char *err, size_t nerr);
/* As machine_open. */
struct machine *emulated_open(const struct run_options *o, const struct image *image,
	uint64_t start, char *err, size_t nerr);

#endif
