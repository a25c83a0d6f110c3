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
/*
 * An attribute that is a string, of a description or of what it is an instance of; the second: its
 * name. NULL: it has none, or one that does not end, which libdw would hand out too.
 */
const char *debug_string(Dwarf_Die *die, unsigned attribute);
const char *debug_name(Dwarf_Die *die);

#endif
