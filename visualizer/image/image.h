/* SPDX-License-Identifier: MIT */
/*
 * What the program's file says of its code, for two askers: the model's code table, which
 * gets whole functions with text, lines and unwind rules, and the stepper, which wants little
 * of one pc, fast.
 *
 * An image is of one run: its table holds the code that this run came by, and no other's. The file
 * behind it is read once for all that have it open at a time (binary.h). The table is filled as it
 * is asked, and whoever has it, in the end the run's recording, frees it, after the image: what is
 * in it by then stays.
 */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "insn.h"
#include "model/snapshot.h"
#include "program.h"
#include "sdt.h"

/* One pc, for the stepper. */
struct site {
	struct insn insn;
	bool library; /* not the program's or the runtime's: one step, however long it takes */
	const struct probe *probe; /* whose nop is here; NULL: none */
};

struct image;

/* NULL, with a sentence in err, unless it is a program of ours that can be stepped. */
struct image *image_open(const char *path, char *err, size_t nerr);
/* The code table stays, with what it was told, and asks here no more. */
void image_close(struct image *im);

/* Never freed by the image. */
struct code *image_table(struct image *im);
/* program_build, of the file as it was opened. */
uint64_t image_build(const struct image *im);
/* The registers and the like of the program's architecture. */
const struct arch_desc *image_arch(const struct image *im);
const struct program *image_program(const struct image *im);
const struct probes *image_probes(const struct image *im);
/* The program's own code: all that is no library, in order of address. */
const struct code_range *image_text(const struct image *im, size_t *n);
/* What is to be said of how it was built; "": nothing. */
void image_note(const struct image *im, char *note, size_t n);
/*
 * The code that called M m, to the table, so that a recording has its names: library code is
 * stepped over, and nobody else may ask for it in time. Of another file: that it is a library; of
 * no file, what the kernel has signal handlers return to, which is known by what is read there.
 */
typedef bool image_read_fn(void *ctx, uint64_t addr, void *to, size_t n);
void image_callers(
	struct image *im, const struct snapshot *s, int m, image_read_fn *read, void *ctx);
/* Never NULL; stays where it is. */
const struct site *image_site(struct image *im, uint64_t pc);

#endif
