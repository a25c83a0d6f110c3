/* SPDX-License-Identifier: MIT */
/*
 * What the instruction that is being executed has written so far, and was there before. A real CPU
 * looks at all of an access, and writes then; the engine writes piece by piece, and a piece that is
 * not allowed as well. So what fails is taken back.
 */
#ifndef EMULATOR_UNDO_H
#define EMULATOR_UNDO_H

#include "space.h"

/* The longest is what saves all vectors, some hundred pieces. */
enum { UNDO_PIECES = 160, UNDO_PIECE = 16 };

struct undo {
	size_t n;
	struct undo_piece {
		uint64_t addr;
		uint64_t size;
		uint8_t was[UNDO_PIECE];
	} pieces[UNDO_PIECES];
};

/* Another instruction begins. */
static inline void undo_begin(struct undo *u)
{
	u->n = 0;
}

/* size bytes at addr are about to be written, whatever of them there is. */
void undo_keep(struct undo *u, struct space *sp, uint64_t addr, uint64_t size);
/* All is there again. */
void undo_all(struct undo *u, struct space *sp);

#endif
