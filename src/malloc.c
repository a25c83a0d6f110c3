/* SPDX-License-Identifier: MIT */
/*
 * malloc.c - memory for Gs, Ms, Ps and channels, at the same addresses in every run.
 *
 * One stretch of address space, handed out from the bottom; what is freed waits in a list for
 * its size, a power of two. A program's own memory comes from libc's malloc and has nothing to
 * do with this.
 */
#include "os.h"
#include "runtime.h"

#define ARENA_HINT 0x7f0000000000
#define ARENA_SIZE ((size_t)1 << 30)
enum { MAP_STEP = 1 << 20, MINSHIFT = 6, NCLASS = 24 };
_Static_assert(MAXALLOC == 1 << (MINSHIFT + NCLASS - 1), "the largest class");

/* The first word stays what it was: who still uses what is free may learn of it there (chan.h). */
struct free {
	uint64_t last;
	struct free *next;
};

struct arena arena;
static _Atomic uint32_t mlock;        /* guards arena and freelist */
static struct free *freelist[NCLASS]; /* [i]: blocks of 1 << (MINSHIFT + i) bytes */

void arenainit(struct arena *a, uintptr_t hint, size_t n)
{
	uintptr_t p = (uintptr_t)sysreserve(hint, n);
	if (p == 0) {
		eprint("g0: no %D MiB of address space; is there a limit (ulimit -v)?\n",
			(int64_t)(n >> 20));
		throw("arenainit: no address space");
	}
	a->lo = a->next = a->mapped = p;
	a->hi = p + n;
}

static int sizeclass(size_t n)
{
	int c = 0;
	while (c < NCLASS && n > (size_t)1 << (MINSHIFT + c))
		c++;
	if (c == NCLASS) {
		eprint("g0: %U bytes asked for\n", n);
		throw("mallocz: too large");
	}
	return c;
}

/* n fresh bytes, zero as the kernel gives them. mlock must be held. */
static void *bump(size_t n)
{
	uintptr_t p = arena.next;

	if (arena.lo == 0) {
		arenainit(&arena, ARENA_HINT, ARENA_SIZE);
		p = arena.next;
	}
	if (n > arena.hi - p) {
		eprint("g0: no room for another %U bytes; channels, Gs and Ms have %U MiB\n", n,
			ARENA_SIZE >> 20);
		throw("mallocz: out of memory");
	}
	while (arena.mapped < p + n) {
		if (!sysmap(arena.mapped, MAP_STEP))
			throw("mallocz: the kernel has no memory left");
		arena.mapped += MAP_STEP;
	}
	arena.next = p + n;
	return (void *)p;
}

void *mallocz(size_t n)
{
	int c = sizeclass(n);
	struct free *f;

	lock(&mlock);
	f = freelist[c];
	if (f == NULL) {
		f = bump((size_t)1 << (MINSHIFT + c));
		unlock(&mlock);
		return f;
	}
	freelist[c] = f->next;
	unlock(&mlock);
	for (size_t i = 0; i < (size_t)1 << (MINSHIFT + c); i += 8)
		*(uint64_t *)((char *)f + i) = 0;
	return f;
}

void mfree(void *p, size_t n)
{
	struct free *f = p;
	int c = sizeclass(n);

	if ((uintptr_t)p < arena.lo || (uintptr_t)p >= arena.hi) {
		eprint("g0: %p is not in the arena\n", p);
		throw("mfree: not ours");
	}
	lock(&mlock);
	f->next = freelist[c];
	freelist[c] = f;
	unlock(&mlock);
}
