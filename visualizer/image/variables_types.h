/* SPDX-License-Identifier: MIT */
/*
 * The types of variables, from DWARF to the model's table. Each unit of a program describes the
 * types that it uses for itself; what is the same in several becomes one.
 */
#ifndef IMAGE_VARIABLES_TYPES_H
#define IMAGE_VARIABLES_TYPES_H

#include <elfutils/libdw.h>

#include "model/type.h"

struct type_reader;

/* Its numbers are those of `into`, which must outlive it. */
struct type_reader *type_reader_new(struct types *into);
void type_reader_free(struct type_reader *r);
/*
 * The number of a variable's type in the table, which is told of it, and of all that it leads to,
 * unless it knows.
 */
int type_reader_number(struct type_reader *r, Dwarf_Die *variable);

#endif
