/* SPDX-License-Identifier: MIT */
/*
 * What the program's file says of its code, for two askers: the model's code table, which
 * gets whole functions with text, lines and unwind rules, and the stepper, which wants little
 * of one pc, fast.
 */
#ifndef ENGINE_LIVE_CODE_H
#define ENGINE_LIVE_CODE_H

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

struct live_code;

/* NULL, with a sentence in err, unless it is a program of ours that can be stepped. */
struct live_code *live_code_open(const char *path, char *err, size_t nerr);
/* The code table that was filled stays, and asks here no more. */
void live_code_close(struct live_code *lc);

struct code *live_code_table(struct live_code *lc);
const struct program *live_code_program(const struct live_code *lc);
const struct probes *live_code_probes(const struct live_code *lc);
/* The program's own code: all that is no library, in order of address. */
const struct code_range *live_code_text(const struct live_code *lc, size_t *n);
/* What is to be said of how it was built; "": nothing. */
void live_code_note(const struct live_code *lc, char *note, size_t n);
/*
 * The code that called M m, to the table, so that a recording has its names: library code is
 * stepped over, and nobody else may ask for it in time. Of another file: that it is a library.
 */
void live_code_callers(struct live_code *lc, const struct snapshot *s, int m);
/* Never NULL; stays where it is. */
const struct site *live_code_site(struct live_code *lc, uint64_t pc);

#endif
