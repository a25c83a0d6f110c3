/* SPDX-License-Identifier: MIT */
/* Memory, in whole pages. */
#include <errno.h>
#include <sys/mman.h>

#include "calls.h"
#include "isa.h"

static uint64_t whole(uint64_t size)
{
	return (size + GUEST_PAGE - 1) / GUEST_PAGE * GUEST_PAGE;
}

/* What may be written or executed may be read: both CPUs have no page that is otherwise. */
static uint8_t use_of(uint64_t prot)
{
	return (uint8_t)((prot & (PROT_READ | PROT_WRITE | PROT_EXEC) ? PAGE_READ : 0) |
			 (prot & PROT_WRITE ? PAGE_WRITE : 0) | (prot & PROT_EXEC ? PAGE_EXEC : 0));
}

/* Gives where the heap ends: where it did, if it cannot end there. */
int64_t call_brk(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t was = whole(g->heap_end), is = whole(args[0]);
	if (args[0] > g->heap->hi)
		guest_lacks(g, "a heap of more than %llu KiB",
			(unsigned long long)(g->heap->hi - g->heap_lo) / 1024);
	if (args[0] < g->heap_lo || is > g->heap->hi || is < args[0])
		return (int64_t)g->heap_end;
	if (is > was)
		space_map(&g->space, was, is - was, PAGE_READ | PAGE_WRITE);
	else if (is < was)
		space_unmap(&g->space, is, was - is);
	g->heap_end = args[0];
	return (int64_t)g->heap_end;
}

bool fits(const struct guest *g, uint64_t at, uint64_t size)
{
	return at <= g->isa->stack_top && size <= g->isa->stack_top - at;
}

/* Where the program would like to have it, if it can; 0: it cannot. */
static uint64_t at_hint(struct guest *g, uint64_t hint, uint64_t size, uint8_t use)
{
	hint -= hint % GUEST_PAGE;
	if (hint && hint < SPACE_LOWEST)
		hint = SPACE_LOWEST;
	bool can = hint && fits(g, hint, size) && space_is_free(&g->space, hint, size);
	return can && space_map(&g->space, hint, size, use) ? hint : 0;
}

/* Wherever there is room; 0: nowhere. */
static uint64_t anywhere(struct guest *g, uint64_t size, uint8_t use)
{
	uint64_t at = space_find(g->arena, size);
	if (!at && size <= g->below - g->heap->hi && space_add(&g->space, g->below - size, size))
		at = g->below -= size;
	return at && space_map(&g->space, at, size, use) ? at : 0;
}

/* The kernel would have it. */
static int64_t no_room(struct guest *g, uint64_t size)
{
	guest_lacks(g, "room for %llu KiB of memory, or for one more place of it",
		(unsigned long long)size / 1024);
	return -ENOMEM;
}

/* Just there. */
static int64_t fixed(struct guest *g, uint64_t at, uint64_t size, uint8_t use, bool replace)
{
	if (at % GUEST_PAGE)
		return -EINVAL;
	if (!fits(g, at, size))
		return -ENOMEM;
	if (at < SPACE_LOWEST)
		return -EPERM;
	if (!replace && !space_is_free(&g->space, at, size))
		return -EEXIST;
	return space_map(&g->space, at, size, use) ? (int64_t)at : no_room(g, size);
}

/* Pipes cannot be. */
static int64_t map_file(struct guest *g, uint64_t fd)
{
	const struct guest_fd *f = fd_of(g, fd);
	if (f && (f->is == FD_INPUT || f->is == FD_OUTPUT))
		guest_lacks(g, "files in memory");
	return f ? -ENODEV : -EBADF;
}

/* Memory of such a kind is given, but is of no such kind. */
static void lacks_flags(struct guest *g, uint64_t flags)
{
	/* MAP_32BIT, as amd64 has it; to arm64 this bit says nothing. */
	enum { LOW = 0x40 };
	if (flags & MAP_GROWSDOWN)
		guest_lacks(g, "memory that grows by itself");
	if (flags & LOW)
		guest_lacks(g, "memory at an address of 32 bits, as such");
}

int64_t call_mmap(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t at = args[0], size = whole(args[1]), flags = args[3];
	uint8_t shared = (flags & MAP_TYPE) == MAP_SHARED ? PAGE_SHARED : 0;
	uint8_t use = use_of(args[2]) | shared;
	if (!(flags & MAP_ANONYMOUS))
		return map_file(g, args[4]);
	lacks_flags(g, flags);
	if (args[1] == 0 || !(flags & MAP_TYPE) || (flags & MAP_TYPE) > MAP_PRIVATE)
		return -EINVAL;
	if (flags & MAP_HUGETLB)
		guest_lacks(g, "huge pages");
	if (size == 0 || !fits(g, 0, size) || flags & MAP_HUGETLB)
		return -ENOMEM;
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))
		return fixed(g, at, size, use, !(flags & MAP_FIXED_NOREPLACE));
	at = at_hint(g, at, size, use);
	if (!at)
		at = anywhere(g, size, use);
	return at ? (int64_t)at : no_room(g, size);
}

int64_t call_munmap(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	if (args[0] % GUEST_PAGE || args[1] == 0 || !fits(g, args[0], args[1]))
		return -EINVAL;
	space_unmap(&g->space, args[0], whole(args[1]));
	return 0;
}

/* For atomic operations, where those need that: what is known besides. */
enum { SEMAPHORES = 8 };

int64_t call_mprotect(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t size = whole(args[1]);
	if (args[0] % GUEST_PAGE)
		return -EINVAL;
	if (args[1] == 0)
		return 0;
	if (args[0] + size <= args[0])
		return -ENOMEM;
	if (args[2] & ~(uint64_t)(PROT_READ | PROT_WRITE | PROT_EXEC | SEMAPHORES))
		return -EINVAL;
	return space_protect(&g->space, args[0], size, use_of(args[2])) ? 0 : -ENOMEM;
}

/* Guards as marks, and pages put together, are not to be had, as on an older kernel. */
static bool is_advice(uint32_t advice)
{
	return advice <= MADV_DONTNEED || (advice >= MADV_FREE && advice <= MADV_DONTNEED_LOCKED);
}

/* Most advice is taken by doing nothing. */
int64_t call_madvise(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint32_t advice = (uint32_t)args[2];
	uint64_t at = args[0], size = whole(args[1]);
	if (at % GUEST_PAGE || !is_advice(advice) || size < args[1] || at + size < at)
		return -EINVAL;
	bool all = space_may(&g->space, at, size, PAGE_MAPPED, NULL);
	/* To take the bytes away from where they stay. */
	if (advice == MADV_REMOVE && all && !space_may(&g->space, at, size, PAGE_SHARED, NULL))
		return -EINVAL;
	if (advice == MADV_DONTNEED || advice == MADV_DONTNEED_LOCKED || advice == MADV_REMOVE)
		space_zero(&g->space, at, size, advice == MADV_REMOVE);
	return all ? 0 : -ENOMEM;
}
