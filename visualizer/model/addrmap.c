/* SPDX-License-Identifier: MIT */
#include "addrmap.h"

#include <assert.h>
#include <stdlib.h>

#include "xalloc.h"

/*
 * Fibonacci hashing: addresses differ in their low bits, the product's high bits in all
 * of theirs.
 */
static size_t hash(uint64_t addr)
{
	return (addr * 0x9e3779b97f4a7c15) >> 32;
}

/* The slot of addr, or the free one where it belongs. */
static struct addrmap_slot *slot_of(const struct addrmap *t, uint64_t addr)
{
	size_t i = hash(addr) & (t->nslots - 1);
	while (t->slots[i].value && t->slots[i].addr != addr)
		i = (i + 1) & (t->nslots - 1);
	return &t->slots[i];
}

static void grow(struct addrmap *t)
{
	struct addrmap bigger = {.n = t->n, .nslots = t->nslots ? 2 * t->nslots : 64};
	bigger.slots = xcalloc(bigger.nslots, sizeof *bigger.slots);
	for (size_t i = 0; i < t->nslots; i++)
		if (t->slots[i].value)
			*slot_of(&bigger, t->slots[i].addr) = t->slots[i];
	free(t->slots);
	*t = bigger;
}

uint64_t addrmap_get(const struct addrmap *t, uint64_t addr)
{
	return t->nslots ? slot_of(t, addr)->value : 0;
}

void addrmap_put(struct addrmap *t, uint64_t addr, uint64_t value)
{
	assert(value); /* 0 is what an address has that is not there */
	if (2 * t->n >= t->nslots)
		grow(t);
	struct addrmap_slot *slot = slot_of(t, addr);
	if (!slot->value)
		t->n++;
	*slot = (struct addrmap_slot){.addr = addr, .value = value};
}

void addrmap_free(struct addrmap *t)
{
	free(t->slots);
	*t = (struct addrmap){0};
}
