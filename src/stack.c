/* SPDX-License-Identifier: MIT */
/*
 * stack.c - stacks for Gs and g0s, at the same addresses in every run.
 *
 *    chunk  | guard | stack of slot 0 | guard | stack of slot 1 | …    addresses grow to the right
 *
 * A slot is never unmapped: a dead G keeps its stack, and the next G gets both (gfree.c). A G
 * which runs over its stack faults in the guard (os_linux.c), which is as large as a page can
 * be. A frame that is larger still could reach over it, into another stack: hence programs are
 * compiled with -fstack-clash-protection, so that a frame touches each page as it is taken, on
 * arm64 each 64 KiB. libc, which may be compiled without, takes no more than 64 KiB at once.
 *
 * Every stack of the first chunk is a mapping between two guards that are another, of which the
 * kernel allows some 65,000. Where it has guards that are marks in the page table, each further
 * chunk is one mapping, which merges with the next, and memory alone is the limit. Not the first:
 * gdb's gcore leaves out a mapping with marks in it, and few programs have more Gs.
 *
 * The stacks for signal handlers, one an M, lie by themselves, one above the other.
 */
#include "os.h"
#include "runtime.h"

#define SIGSTACK_HINT 0x7f0c00000000
#define STACK_HINT 0x7f1000000000
enum { SIGSTACK_SIZE = 32 << 10, SIGSTACKS = 4096 };
enum { CHUNK_SLOTS = 512, COLOURS = 12, COLOUR_SIZE = 256 };

size_t stacksize;
bool poisoning;
static size_t slotsize;

static _Atomic uint32_t stacklock; /* guards all below */
static struct arena chunk, sigstacks;
static int32_t nstack;
static bool markguards; /* guards are marks: a chunk has memory as soon as it is there */

/*
 * A slot is an odd number of pages: stacks a power of two apart would all compete for the same few
 * places in the TLB.
 */
void stackinit(size_t size)
{
	const size_t page = physpagesize();

	stacksize = (size + page - 1) & -page;
	slotsize = (STACK_GUARD + stacksize) | page;
}

static void newchunk(void)
{
	const size_t n = CHUNK_SLOTS * slotsize;

	arenainit(&chunk, chunk.hi == 0 ? STACK_HINT : chunk.hi, n);
	markguards = nstack > CHUNK_SLOTS && sysguard(chunk.lo, STACK_GUARD) && sysmap(chunk.lo, n);
}

/* The next unused slot's guard, below its stack. False: there is no memory. */
static bool takeslot(uintptr_t *guard)
{
	if (chunk.next == chunk.hi)
		newchunk();
	*guard = chunk.next;
	chunk.next += slotsize;
	if (markguards)
		return sysguard(*guard, STACK_GUARD);
	return sysmap(*guard + STACK_GUARD, stacksize);
}

/*
 * Tops differ in their low 12 bits from slot to slot: otherwise the few cache lines that each
 * parked G uses would all compete for the same places in the cache. The lowest colour leaves a
 * parked G a kilobyte, so that most of them need one page.
 */
struct stack stackalloc(void)
{
	struct stack s;
	uintptr_t guard;
	int32_t i;
	bool ok;

	lock(&stacklock);
	i = nstack++;
	ok = takeslot(&guard);
	unlock(&stacklock);
	if (!ok) {
		eprint("g0: no memory for stack %d; before Linux 6.13 each takes two mappings, "
		       "and vm.max_map_count (see sysctl) says how many there may be\n",
			i + 1);
		throw("stackalloc: out of memory");
	}
	s.lo = guard + STACK_GUARD;
	s.hi = s.lo + stacksize - (size_t)(i % COLOURS * COLOUR_SIZE);
	fiber_stack(s);
	return s;
}

struct stack sigstackalloc(void)
{
	struct stack s;
	bool ok;

	lock(&stacklock);
	if (sigstacks.next == sigstacks.hi)
		arenainit(&sigstacks, SIGSTACK_HINT, SIGSTACKS * SIGSTACK_SIZE);
	s.lo = sigstacks.next;
	s.hi = sigstacks.next += SIGSTACK_SIZE;
	ok = sysmap(s.lo, SIGSTACK_SIZE);
	unlock(&stacklock);
	if (!ok)
		throw("sigstackalloc: out of memory");
	return s;
}

/*
 * Whoever still has a pointer into the stack finds POISON there, which is odd, so no frame pointer,
 * and no address of anything. What the sanitizers know of the frames that were there does not
 * matter any more.
 */
__attribute__((no_sanitize("address", "thread"))) void stackpoison(struct stack s)
{
	for (uint64_t *word = (uint64_t *)s.lo; word < (uint64_t *)s.hi; word += 8)
		for (int i = 0; i < 8; i++)
			word[i] = POISON;
}
