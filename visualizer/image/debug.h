/* SPDX-License-Identifier: MIT */
/* The way to a file's debug information, for all who read it. */
#ifndef IMAGE_DEBUG_H
#define IMAGE_DEBUG_H

#include <elfutils/libdw.h>

/*
 * NULL: there is none, or it holds strings that do not end, which libdw would hand out all the
 * same. Caller calls dwarf_end; elf must outlive it.
 */
Dwarf *debug_open(Elf *elf);

#endif
