/* SPDX-License-Identifier: MIT */
/*
 * A roll of the runtime's structs of one kind, by address. Whoever was ever found is on it for
 * good: the runtime takes no G, M or P out of its lists, so that one that is no longer there was
 * lost by damage, and is still looked at where it was. Calling the roll, once a reading of the
 * state, tells who is in a list twice and who is missing.
 */
#ifndef ENGINE_ROLL_H
#define ENGINE_ROLL_H

#include "model/addrmap.h"

struct roll {
	struct member {
		uint64_t at;
		int is;         /* what the owner of the roll calls it */
		int64_t call;   /* the one that it answered last; 0: none */
		int64_t queued; /* the one at which it was in a queue last */
	} * members;            /* in the order in which they were found */
	size_t n, cap;
	struct addrmap places; /* address -> 1 + place among the members */
};

/* NULL: there is none at this address. Good until the next roll_add. */
struct member *roll_find(const struct roll *r, uint64_t at);
/* There must be none yet. */
struct member *roll_add(struct roll *r, uint64_t at, int is);
void roll_free(struct roll *r);

#endif
