/* SPDX-License-Identifier: MIT */
/* Source text: where it is found for the files that a program's lines name. */
#ifndef IMAGE_SOURCES_H
#define IMAGE_SOURCES_H

#include "lines.h"
#include "model/code.h"
#include "program.h"

/*
 * Give the table the text of each file that lines knows, if it is to be had: the runtime's out of
 * the program itself, another's where the compiler found it, or under a directory above the
 * executable, for a tree that was moved.
 */
void sources_add(struct code *table, const struct program *p, const struct lines *lines);

#endif
