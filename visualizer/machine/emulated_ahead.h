/* SPDX-License-Identifier: MIT */
/*
 * Steps that the emulator has executed before they were asked for. Until they are, everything is
 * read as if they had not been: what they wrote is known, and what was there before.
 */
#ifndef MACHINE_EMULATED_AHEAD_H
#define MACHINE_EMULATED_AHEAD_H

#include "emulated_start.h"
#include "emulator/wire.h"
#include "machine.h"

enum { AHEAD_PLACES = 1024 };

struct emulated_ahead {
	struct emulated_process *process;
	struct wire *wire;
	/* What is expected, from turn `at` on. */
	struct wire_turn turns[WIRE_TURNS];
	uint32_t at, nturns;
	/* Of the steps told last: those from `next` on have not been asked for; nor their words. */
	uint32_t next, nsteps, word, nwords;
	/* Copies: what lies on the wire may change at any time. */
	struct wire_word words[WIRE_WORDS];
	/*
	 * Which of these words may lie at an address, by a hash of it: nlist of the numbers from
	 * list on, the oldest first. A word may lie over the end of one such place.
	 */
	uint16_t list[AHEAD_PLACES], nlist[AHEAD_PLACES];
	uint16_t numbers[2 * WIRE_WORDS];
};

void ahead_expect(struct emulated_ahead *a, const struct expected *turns, size_t n);
/*
 * The step of this thread that is the next that was expected, if it could be executed ahead; NULL:
 * it is to be asked for. *words: what it wrote. False in *alive: the emulator is no more.
 */
const struct wire_step *ahead_step(struct emulated_ahead *a, const struct thread *t,
	const struct wire_word **words, bool *alive);
/* Whether some have been executed that nobody has asked for. */
bool ahead_is(const struct emulated_ahead *a);
/* As if they had not been. What was expected is forgotten. False: the emulator is no more. */
bool ahead_drop(struct emulated_ahead *a);
/* n bytes at addr, as they are after these steps; make them what they were before. */
void ahead_undo(const struct emulated_ahead *a, uint64_t addr, uint8_t *bytes, size_t n);

#endif
