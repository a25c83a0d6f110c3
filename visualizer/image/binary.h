/* SPDX-License-Identifier: MIT */
/*
 * A program's file, read: code, lines, unwind rules, probes, and where its functions are described.
 * It is read once, and shared by all that have it open: the images of its runs (image.h). One
 * thread at a time may use them.
 */
#ifndef IMAGE_BINARY_H
#define IMAGE_BINARY_H

#include "cfi.h"
#include "functions.h"
#include "insn.h"
#include "lines.h"
#include "model/snapshot.h"
#include "program.h"
#include "sdt.h"

struct binary {
	struct program *program;
	const struct arch_desc *arch;
	Dwarf *dwarf; /* NULL: it has none */
	struct lines *lines;
	struct cfi *cfi;
	struct functions *functions;
	struct decoder *decoder;
	struct probes probes;
	uint64_t build; /* program_build */
	/* The program's own code lies here, up to the runtime's. */
	uint64_t own_lo, own_hi;
	/* All that is no library: that, and whatever else has lines; in order of address. */
	struct code_range *text;
	size_t ntext;
};

/*
 * Each is to be closed. A file that has not changed since it was opened, and is open still, is not
 * read again. NULL, with a sentence in err, unless it is a program of ours that can be stepped.
 */
struct binary *binary_open(const char *path, char *err, size_t nerr);
void binary_close(struct binary *b);

bool binary_has_line(const struct binary *b, uint64_t pc);
/* Whether it is neither the program's nor the runtime's: those are followed without lines too. */
bool binary_is_library(const struct binary *b, uint64_t pc);

#endif
