/* SPDX-License-Identifier: MIT */
/* Memory, in whole pages. */
#include <errno.h>
#include <sys/mman.h>

#include "calls.h"

static uint64_t whole(uint64_t size)
{
	return (size + GUEST_PAGE - 1) / GUEST_PAGE * GUEST_PAGE;
}

static uint8_t use_of(uint64_t prot)
{
	return (uint8_t)((prot & PROT_READ ? PAGE_READ : 0) | (prot & PROT_WRITE ? PAGE_WRITE : 0) |
			 (prot & PROT_EXEC ? PAGE_EXEC : 0));
}

/* Gives where the heap ends: where it did, if it cannot end there. */
int64_t call_brk(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t was = whole(g->heap_end), is = whole(args[0]);
	if (args[0] < g->heap_lo || is > g->heap->hi || is < args[0])
		return (int64_t)g->heap_end;
	if (is > was)
		space_map(&g->space, was, is - was, PAGE_READ | PAGE_WRITE);
	else if (is < was)
		space_unmap(&g->space, is, was - is);
	g->heap_end = args[0];
	return (int64_t)g->heap_end;
}

static bool is_free(struct guest *g, uint64_t addr, uint64_t size)
{
	for (uint64_t at = addr; at < addr + size; at += GUEST_PAGE)
		if (space_use(&g->space, at))
			return false;
	return true;
}

/* Where the program would like to have it, if it can. */
static bool at_hint(struct guest *g, uint64_t hint, uint64_t size)
{
	const struct mapping *a = space_mapping(&g->space, hint);
	if (!hint || hint % GUEST_PAGE || hint + size < hint)
		return false;
	if (!a)
		return space_add(&g->space, hint, size) != NULL;
	return size <= a->hi - hint && is_free(g, hint, size);
}

/* Wherever there is room; 0: nowhere. */
static uint64_t anywhere(struct guest *g, uint64_t size)
{
	uint64_t at = space_find(g->arena, size);
	if (at || size > g->below - g->heap->hi || !space_add(&g->space, g->below - size, size))
		return at;
	return g->below -= size;
}

int64_t call_mmap(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t at = args[0], size = whole(args[1]);
	if (size == 0 || size < args[1])
		return -EINVAL;
	if (!(args[3] & MAP_ANONYMOUS))
		return -EBADF;
	if (args[3] & MAP_FIXED) {
		if (at % GUEST_PAGE ||
			(!space_mapping(&g->space, at) && !space_add(&g->space, at, size)))
			return -ENOMEM;
	} else if (!at_hint(g, at, size)) {
		at = anywhere(g, size);
	}
	return at && space_map(&g->space, at, size, use_of(args[2])) ? (int64_t)at : -ENOMEM;
}

int64_t call_munmap(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	if (args[0] % GUEST_PAGE || args[1] == 0)
		return -EINVAL;
	space_unmap(&g->space, args[0], whole(args[1]));
	return 0;
}

int64_t call_mprotect(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	if (args[0] % GUEST_PAGE)
		return -EINVAL;
	return space_protect(&g->space, args[0], whole(args[1]), use_of(args[2])) ? 0 : -ENOMEM;
}

/* Advice is taken by doing nothing; guards as marks are not to be had, as on an older kernel. */
int64_t call_madvise(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	enum { LAST_OLD_ADVICE = 25 };
	(void)t;
	if (args[0] % GUEST_PAGE || args[2] > LAST_OLD_ADVICE)
		return -EINVAL;
	if (args[2] == MADV_DONTNEED)
		space_zero(&g->space, args[0], whole(args[1]));
	return 0;
}
