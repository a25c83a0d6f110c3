/* SPDX-License-Identifier: MIT */
/*
 * A map from addresses to values other than 0, by open addressing. Nothing is taken out
 * of it one by one.
 */
#ifndef MODEL_ADDRMAP_H
#define MODEL_ADDRMAP_H

#include <stddef.h>
#include <stdint.h>

struct addrmap {
	size_t n, nslots;
	struct addrmap_slot {
		uint64_t addr, value; /* value 0: the slot is free */
	} * slots;
};

/* The value kept for addr, 0 if there is none. */
uint64_t addrmap_get(const struct addrmap *t, uint64_t addr);
/* Keep a value for addr; the one kept before is replaced. */
void addrmap_put(struct addrmap *t, uint64_t addr, uint64_t value);
void addrmap_free(struct addrmap *t);

#endif
