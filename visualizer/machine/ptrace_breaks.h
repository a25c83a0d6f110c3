/* SPDX-License-Identifier: MIT */
/*
 * Breakpoints: what we write into the code of the stepped process, and take out again.
 *
 * Some stand at one address, to which a thread is to run. And while a thread runs through
 * library code, all of the program's own code is breakpoints: then wherever the library leads
 * back to, by return, longjmp, callback or signal, is where the thread stops.
 */
#ifndef MACHINE_PTRACE_BREAKS_H
#define MACHINE_PTRACE_BREAKS_H

#include "ptrace_arch.h"
#include "image/program.h"

struct breaks {
	int mem_fd; /* /proc/PID/mem */
	struct breakpoint {
		uint64_t addr;
		uint8_t was[sizeof machine_breakpoint];
	} * points;
	size_t n, cap;

	const struct code_range *text; /* the program's own code, in order of address */
	size_t ntext;
	uint8_t *was; /* what stood there, one range behind the other; NULL: it stands there now */
};

void breaks_free(struct breaks *b);

/* One at addr, if there is none. */
void breaks_insert(struct breaks *b, uint64_t addr);
void breaks_remove(struct breaks *b, uint64_t addr);
bool breaks_at(const struct breaks *b, uint64_t addr);
/* Have the instruction back that a breakpoint stands on, to step off it; and that again. */
void breaks_lift(const struct breaks *b, uint64_t addr);
void breaks_lay(const struct breaks *b, uint64_t addr);

/* Whether pc is in the program's code. */
bool breaks_has(const struct breaks *b, uint64_t pc);
/* All of the program's code becomes breakpoints, until breaks_restore. Does nothing if it is. */
void breaks_fill(struct breaks *b);
/* What the program wrote there in between stays. Does nothing if it is not filled. */
void breaks_restore(struct breaks *b);
/* Whether a breakpoint of a filling stands at pc now. */
bool breaks_filled_at(const struct breaks *b, uint64_t pc);

/* Whether who has just come upon a breakpoint at pc came upon one of ours, if it is gone or not. */
bool breaks_ours(const struct breaks *b, uint64_t pc);

/* Take all of ours out of the memory of another process, which is a copy of this one's. */
void breaks_heal(const struct breaks *b, int mem_fd);
/* Write all that should stand there again: the other process may have had this very memory. */
void breaks_again(const struct breaks *b);

#endif
