/* SPDX-License-Identifier: MIT */
/*
 * Where DWARF describes the function that a pc is in. What a unit has is looked through when a pc
 * of it is asked for, so that opening a program does not wait for what nobody asks.
 */
#ifndef IMAGE_FUNCTIONS_H
#define IMAGE_FUNCTIONS_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

struct functions;

/* Never NULL; without DWARF (NULL) it knows none. dwarf must outlive it. */
struct functions *functions_new(Dwarf *dwarf);
void functions_free(struct functions *f);
/* The function whose code pc is in, wherever else it has some; false: none is described. */
bool functions_at(struct functions *f, uint64_t pc, Dwarf_Die *function);

#endif
