/* SPDX-License-Identifier: MIT */
/*
 * The processes that the stepped program has started, and theirs. They run by themselves, at
 * full speed, and are not stepped. They are traced all the same, for then the kernel ends them
 * when we end, however that comes about; so whatever stops them must be answered by us.
 */
#ifndef MACHINE_PTRACE_CHILDREN_H
#define MACHINE_PTRACE_CHILDREN_H

#include "ptrace_breaks.h"

struct children {
	struct child {
		int tid; /* a process, or another thread of one */
		/*
		 * It shares the program's memory (vfork), and came to one of our breakpoints there:
		 * it goes on when that is gone.
		 */
		bool waits;
	} * child;
	size_t n, cap;
};

/* From now on tid is one of them: it is traced, and stops before its first instruction. */
void children_add(struct children *c, int tid);
/* Let go on what has stopped. To be called now and then while anybody waits for anything. */
void children_tend(struct children *c, const struct breaks *b);
/* Kill them all, and free everything. */
void children_end(struct children *c, const struct breaks *b);

#endif
