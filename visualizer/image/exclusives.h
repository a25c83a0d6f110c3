/* SPDX-License-Identifier: MIT */
/*
 * arm64's pairs of a load and a store that is done only if nothing has come between them. Whoever
 * executes such a load by itself has come between: the store fails, and the loop that these pairs
 * are in begins anew, for ever. So what lies between the two is executed as a whole.
 */
#ifndef IMAGE_EXCLUSIVES_H
#define IMAGE_EXCLUSIVES_H

#include "insn.h"

/*
 * If the bytes at pc begin such a sequence, say so in out->whole. As gdb has it: the store is one
 * of the next 15 instructions, and at most one branch leads out before.
 */
void exclusives_describe(uint64_t pc, const uint8_t *bytes, size_t n, struct insn *out);

#endif
