/* SPDX-License-Identifier: MIT */
/* Snapshots: the emulator has the guest of then, this side what it was told of it. */
#ifndef MACHINE_EMULATED_KEPT_H
#define MACHINE_EMULATED_KEPT_H

#include "machine.h"

struct kept_numbers {
	bool *taken;
	size_t n, cap;
};

/* A number below WIRE_KEPT that is not taken, and now is; -1: there is none. */
int64_t kept_number(struct kept_numbers *k);
void kept_number_free(struct kept_numbers *k, int64_t number);

struct machine_state {
	struct machine *machine;
	int64_t number; /* by which the emulator has it */
	struct thread *threads;
	size_t nthreads;
	struct ending ending;
	char *output;
	size_t noutput;
};

/* What was told by now; and have that again. Not what the emulator has. */
struct machine_state *state_new(struct machine *m, int64_t number);
void state_put(struct machine *m, const struct machine_state *s);
void state_end(struct machine_state *s);

#endif
