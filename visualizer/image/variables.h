/* SPDX-License-Identifier: MIT */
/* The variables of functions, from DWARF to a table of the model's, function by function. */
#ifndef IMAGE_VARIABLES_H
#define IMAGE_VARIABLES_H

#include "functions.h"
#include "model/variable.h"

struct isa;
struct var_reader;

/* Never NULL. functions and the table that is told must outlive it. */
struct var_reader *var_reader_new(
	struct functions *functions, const struct isa *isa, struct variables *into);
void var_reader_free(struct var_reader *r);
/* Tell the table of the function that pc is in, unless it was. */
void var_reader_tell(struct var_reader *r, uint64_t pc);

#endif
