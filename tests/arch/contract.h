/* SPDX-License-Identifier: MIT */
/* The runtime's structs, with no more in them than the assembly knows of (arch/offsets.h). */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <stddef.h>

#include "arch.h"

struct gobuf {
	uintptr_t sp, pc, bp;
	struct G *g;
};
struct G {
	struct gobuf sched;
	struct M *m;
	uint64_t others[3];
	void (*startfn)(void *);
	void *startarg;
};
struct M {
	struct G *g0, *curg;
};
_Static_assert(offsetof(struct G, m) == G_M, "offsets.h");
_Static_assert(offsetof(struct G, startfn) == G_STARTFN, "offsets.h");
_Static_assert(offsetof(struct G, startarg) == G_STARTARG, "offsets.h");
_Static_assert(offsetof(struct M, curg) == M_CURG, "offsets.h");

#endif
