/* SPDX-License-Identifier: MIT */
/* What faults.c goes by: the instructions are in faults.h, of each architecture its own. */
#ifndef TESTS_FAULTY_H
#define TESTS_FAULTY_H

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

/* An instruction that no program may execute, or not so. */
struct refusal {
	const char *name;
	void (*fn)(void);
};

struct registers {
	uintptr_t pc, sp;
};

/* A store that fails, from so many bytes before the end of a page on. */
struct store {
	const char *name;
	void (*fn)(char *at);
	int before;
	int moves_sp;
};

/* A jump to nowhere, with SP there. */
struct leap {
	const char *name;
	void (*fn)(uintptr_t to, uintptr_t *sp);
};

#endif
