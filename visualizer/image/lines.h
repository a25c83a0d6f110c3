/* SPDX-License-Identifier: MIT */
/*
 * Source lines by address, out of DWARF. Code without a line is mostly library code: whoever
 * built it kept what it knows, and perhaps the frame pointers, to himself.
 */
#ifndef IMAGE_LINES_H
#define IMAGE_LINES_H

#include <elfutils/libdw.h>
#include <stddef.h>
#include <stdint.h>

#include "program.h"

struct lines;

/* Never NULL; without DWARF (NULL) it holds no line. dwarf must outlive it. */
struct lines *lines_new(Dwarf *dwarf);
void lines_free(struct lines *l);
size_t lines_count(const struct lines *l);
/* File (as compiled, "src/proc.c") and line at pc; NULL: none. */
const char *lines_at(const struct lines *l, uint64_t pc, int *line);
/* All code that has lines, in order of address. Owned by l. */
const struct code_range *lines_ranges(const struct lines *l, size_t *n);

/*
 * Every source file once: its name as in lines_at, and where the compiler found it. NULL:
 * there is no i-th.
 */
const char *lines_file(const struct lines *l, size_t i, const char **path);

#endif
