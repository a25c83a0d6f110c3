/* SPDX-License-Identifier: MIT */
/*
 * Where DWARF says that a variable is, as the model has it: what adds constants to the frame, to a
 * register or to nothing, now or when the function was entered. Whatever else an expression does,
 * and registers that the model does not have, make a place that is not known.
 */
#ifndef IMAGE_VARIABLES_PLACES_H
#define IMAGE_VARIABLES_PLACES_H

#include <elfutils/libdw.h>

#include "model/variable.h"

struct isa;

/* A sum of something and a number; what offsets into a frame are counted from is one. */
struct place_sum {
	bool known;
	enum var_base base;
	int reg;
	int64_t n;
};

struct place_sum places_frame_base(const struct isa *isa, Dwarf_Die *function);
/*
 * All places of a variable; *n of them, caller frees. NULL: it is nowhere. Where it is an instance
 * of another, NULL: it is not, what that says counts for it unless it says something itself.
 */
struct var_place *places_read(const struct isa *isa, const struct place_sum *frame_base,
	Dwarf_Die *variable, Dwarf_Die *origin, int *n);

#endif
