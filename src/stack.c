/* SPDX-License-Identifier: MIT */
/*
 * stack.c - stacks for Gs and g0s, at the same addresses in every run.
 *
 *    chunk  | guard | stack of slot 0 | guard | stack of slot 1 | …    addresses grow to the right
 *
 * A slot is never unmapped: a dead G keeps its stack, and the next G gets both (gfree.c). The
 * guard is as large as a page can be and more, so that a G which runs over its stack faults
 * there (os_linux.c) whatever its frames are.
 */
#include "fiber.h"
#include "os.h"
#include "runtime.h"

#define STACK_HINT 0x7f1000000000
enum { CHUNK_SLOTS = 512, COLOURS = 16, COLOUR_SIZE = 256 };

static _Atomic uint32_t stacklock; /* guards chunk and nstack */
static struct arena chunk;
static int32_t nstack;

/* The next unused slot's address: its guard. */
static uintptr_t takeslot(void)
{
	const size_t slot = STACK_GUARD + STACK_SIZE;
	uintptr_t p;

	if (chunk.next == chunk.hi)
		arenainit(&chunk, chunk.hi == 0 ? STACK_HINT : chunk.hi, CHUNK_SLOTS * slot);
	p = chunk.next;
	chunk.next += slot;
	return p;
}

/*
 * Tops differ in their low 12 bits from slot to slot: otherwise the few cache lines that each
 * parked G uses would all compete for the same places in the cache.
 */
struct stack stackalloc(void)
{
	struct stack s;
	int32_t i;

	lock(&stacklock);
	i = nstack++;
	s.lo = takeslot() + STACK_GUARD;
	unlock(&stacklock);
	s.hi = s.lo + STACK_SIZE - i % COLOURS * COLOUR_SIZE;
	if (!sysmap(s.lo, STACK_SIZE)) {
		eprint("g0: no memory for stack %d: each takes two mappings, "
		       "of which vm.max_map_count allows so many\n",
			i + 1);
		throw("stackalloc: out of memory");
	}
	fiber_stack(s);
	return s;
}
