/* SPDX-License-Identifier: MIT */
/* The program's own code, as it is asked about an instruction at a time, before each is a step. */
#ifndef EMULATOR_OWN_CODE_H
#define EMULATOR_OWN_CODE_H

#include "isa.h"
#include "wire.h"

/* What is known of the instruction at pc, as long as its bytes are these. */
struct own_insn {
	uint64_t pc;
	uint8_t bytes[GUEST_INSN];
	uint64_t changes; /* see changes.h */
};

/* All zero at first. */
struct own_code {
	struct mapping *area; /* that was asked about last */
	struct own_insn known[4096];
};

/* Whether pc is in the program's own code, as g0scope tells. */
bool own_code_has(const struct wire *w, uint64_t pc);
/* If what stands at pc is a plain step of it, what is known of that; else NULL. */
const struct own_insn *own_code_step(
	struct own_code *c, struct guest *g, const struct wire *w, uint64_t pc);

#endif
