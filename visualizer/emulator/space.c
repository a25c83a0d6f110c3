/* SPDX-License-Identifier: MIT */
#include "space.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "model/xalloc.h"

static size_t count(uint64_t addr, uint64_t size)
{
	return (addr % GUEST_PAGE + size + GUEST_PAGE - 1) / GUEST_PAGE;
}

/* ---- areas ---- */

/* Of the file, if there is one, the next part: *at. */
static void *zeros(struct space *sp, uint64_t size, uint64_t *at)
{
	int how = sp->fd ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
	*at = sp->end;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, how | MAP_NORESERVE,
		sp->fd ? sp->fd : -1, sp->fd ? (off_t)*at : 0);
	sp->end += (size + GUEST_PAGE - 1) / GUEST_PAGE * GUEST_PAGE;
	return p == MAP_FAILED ? NULL : p;
}

/* One number for each of n pages. */
static uint32_t *stamps(uint64_t n)
{
	void *p = mmap(NULL, n * sizeof(uint32_t), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static void mapping_free(struct mapping *a)
{
	if (a->host)
		munmap(a->host, a->hi - a->lo);
	if (a->pages)
		munmap(a->pages, count(0, a->hi - a->lo));
	if (a->stamps)
		munmap(a->stamps, count(0, a->hi - a->lo) * sizeof *a->stamps);
	free(a->use_stamps);
	free(a);
}

void space_begin(struct space *sp)
{
	sp->epoch = 1;
}

void space_free(struct space *sp)
{
	while (sp->areas) {
		struct mapping *a = sp->areas;
		sp->areas = a->next;
		mapping_free(a);
	}
	memset(sp->found, 0, sizeof sp->found);
}

static bool is_free(const struct space *sp, uint64_t lo, uint64_t hi)
{
	for (const struct mapping *a = sp->areas; a; a = a->next)
		if (lo < a->hi && a->lo < hi)
			return false;
	return true;
}

static bool any_is(const uint8_t *pages, size_t n, uint8_t use)
{
	for (size_t i = 0; i < n; i++)
		if (pages[i] & use)
			return true;
	return false;
}

/* The very same, with nothing in it; NULL: none. */
static struct mapping *empty_area(const struct space *sp, uint64_t lo, uint64_t hi)
{
	struct mapping *a = sp->areas;
	while (a && (a->lo != lo || a->hi != hi || any_is(a->pages, count(0, hi - lo), UINT8_MAX)))
		a = a->next;
	return a;
}

static struct mapping *make_area(struct space *sp, uint64_t lo, uint64_t size)
{
	struct mapping *a = xcalloc(1, sizeof *a);
	*a = (struct mapping){.lo = lo, .hi = lo + size, .next = sp->areas};
	a->host = zeros(sp, size, &a->at);
	a->pages = zeros(sp, count(0, size), &a->pages_at);
	a->stamps = stamps(count(0, size));
	a->use_stamps = xcalloc(count(0, count(0, size)), sizeof *a->use_stamps);
	if (a->host && a->pages && a->stamps &&
		uc_mem_map_ptr(sp->engine, lo, size, UC_PROT_ALL, a->host) == UC_ERR_OK)
		return a;
	mapping_free(a);
	return NULL;
}

struct mapping *space_add(struct space *sp, uint64_t lo, uint64_t size)
{
	struct mapping *a = empty_area(sp, lo, lo + size);
	if (a || sp->n == GUEST_MAPPINGS_MAX || size == 0 || lo + size < lo || size > SPACE_MAX ||
		sp->end > SPACE_MAX - size || !is_free(sp, lo, lo + size))
		return a;
	a = make_area(sp, lo, size);
	if (!a)
		return NULL;
	sp->n++;
	return sp->areas = a;
}

static bool inside(const struct mapping *a, uint64_t addr)
{
	return addr - a->lo < a->hi - a->lo;
}

struct mapping *space_look(struct space *sp, uint64_t addr)
{
	for (struct mapping *a = sp->areas; a; a = a->next)
		if (inside(a, addr))
			return sp->found[addr / GUEST_PAGE % SPACE_FOUND] = a;
	return NULL;
}

/* ---- pages ---- */

/* How many of size bytes are in one area, *a; or in none, which is NULL then. */
static uint64_t piece_of(struct space *sp, uint64_t addr, uint64_t size, struct mapping **a)
{
	uint64_t end = addr + size;
	*a = space_mapping(sp, addr);
	if (*a)
		return size < (*a)->hi - addr ? size : (*a)->hi - addr;
	for (const struct mapping *next = sp->areas; next; next = next->next)
		if (next->lo > addr && next->lo < end)
			end = next->lo;
	return end - addr;
}

static uint8_t *page(const struct mapping *a, uint64_t addr)
{
	return &a->pages[(addr - a->lo) / GUEST_PAGE];
}

/* ---- what changes ---- */

static void page_changes(struct space *sp, struct mapping *a, uint64_t i)
{
	if (a->stamps[i] == sp->epoch)
		return;
	version_page(sp, a, i, false);
	a->stamps[i] = sp->epoch;
}

void space_will_write(struct space *sp, uint64_t addr, uint64_t n)
{
	for (uint64_t at = addr; at < addr + n; at += GUEST_PAGE - at % GUEST_PAGE) {
		struct mapping *a = space_mapping(sp, at);
		page_changes(sp, a, (at - a->lo) / GUEST_PAGE);
	}
}

/* n pages from page i on come to be used otherwise. */
static void use(struct space *sp, struct mapping *a, uint64_t i, uint64_t n, uint8_t use)
{
	for (uint64_t chunk = i / GUEST_PAGE; chunk * GUEST_PAGE < i + n; chunk++) {
		if (a->use_stamps[chunk] == sp->epoch)
			continue;
		version_page(sp, a, chunk, true);
		a->use_stamps[chunk] = sp->epoch;
	}
	memset(a->pages + i, use, n);
	sp->changes++;
}

/* What the engine has translated of code there is no longer what it would find. */
static void forget_code(struct space *sp, const struct mapping *a, uint64_t addr, uint64_t size)
{
	if (any_is(page(a, addr), count(addr, size), PAGE_EXEC))
		uc_ctl_remove_cache(sp->engine, addr, addr + size);
}

void space_write(struct space *sp, uint64_t addr, const void *from, uint64_t n)
{
	space_will_write(sp, addr, n);
	for (const uint8_t *at = from; n > 0;) {
		struct mapping *a = space_mapping(sp, addr);
		uint64_t piece = n < a->hi - addr ? n : a->hi - addr;
		forget_code(sp, a, addr, piece);
		memcpy(a->host + (addr - a->lo), at, piece);
		addr += piece, at += piece, n -= piece;
	}
}

/* Pages that were written are to become zeros; those of now are kept, if that is wanted. */
static void pages_end(struct space *sp, struct mapping *a, uint64_t i, uint64_t n)
{
	for (uint64_t end = i + n; i < end; i++) {
		if (a->stamps[i] == 0)
			continue;
		page_changes(sp, a, i);
		a->stamps[i] = sp->base ? sp->epoch : 0;
	}
}

static void zero(struct space *sp, struct mapping *a, uint64_t addr, uint64_t size)
{
	sp->changes++;
	forget_code(sp, a, addr, size);
	pages_end(sp, a, (addr - a->lo) / GUEST_PAGE, count(addr, size));
	/* This system gives zeros when they are touched again. */
	madvise(a->host + (addr - a->lo), size, sp->fd ? MADV_REMOVE : MADV_DONTNEED);
}

enum { KIND = PAGE_MAPPED | PAGE_SHARED };

/* The same, of whose pages all are mapped or none, and shared or none; and what they are. */
static uint64_t piece_alike(
	struct space *sp, uint64_t addr, uint64_t size, struct mapping **a, uint8_t *kind)
{
	uint64_t all = piece_of(sp, addr, size, a), n = 0;
	*kind = *a ? *page(*a, addr) & KIND : 0;
	if (!*a)
		return all;
	while (n < all && (*page(*a, addr + n) & KIND) == *kind)
		n += GUEST_PAGE;
	return n < all ? n : all;
}

void space_zero(struct space *sp, uint64_t addr, uint64_t size, bool shared)
{
	struct mapping *a;
	uint8_t kind;
	for (uint64_t n; size > 0; addr += n, size -= n) {
		n = piece_alike(sp, addr, size, &a, &kind);
		if (kind == (PAGE_MAPPED | (shared ? PAGE_SHARED : 0)))
			zero(sp, a, addr, n);
	}
}

/* Pages that are zeros, and may be used like that; where there is no area there are none. */
static void renew(struct space *sp, uint64_t addr, uint64_t size, uint8_t as)
{
	struct mapping *a;
	for (uint64_t n; size > 0; addr += n, size -= n) {
		n = piece_of(sp, addr, size, &a);
		if (!a)
			continue;
		zero(sp, a, addr, n);
		use(sp, a, (addr - a->lo) / GUEST_PAGE, count(addr, n), as);
	}
}

bool space_map(struct space *sp, uint64_t addr, uint64_t size, uint8_t as)
{
	struct mapping *a;
	for (uint64_t at = addr, n; at < addr + size; at += n) {
		n = piece_of(sp, at, addr + size - at, &a);
		if (!a && !space_add(sp, at, n))
			return false;
	}
	renew(sp, addr, size, as | PAGE_MAPPED);
	return true;
}

void space_unmap(struct space *sp, uint64_t addr, uint64_t size)
{
	renew(sp, addr, size, 0);
}

bool space_protect(struct space *sp, uint64_t addr, uint64_t size, uint8_t as)
{
	struct mapping *a;
	uint8_t kind;
	for (uint64_t n; size > 0; addr += n, size -= n) {
		n = piece_alike(sp, addr, size, &a, &kind);
		if (!kind)
			return false;
		use(sp, a, (addr - a->lo) / GUEST_PAGE, count(addr, n), as | kind);
	}
	return true;
}

bool space_is_free(struct space *sp, uint64_t addr, uint64_t size)
{
	struct mapping *a;
	for (uint64_t n; size > 0; addr += n, size -= n) {
		n = piece_of(sp, addr, size, &a);
		if (a && any_is(page(a, addr), count(addr, n), UINT8_MAX))
			return false;
	}
	return true;
}

uint64_t space_find(const struct mapping *a, uint64_t size)
{
	size_t want = count(0, size), all = (a->hi - a->lo) / GUEST_PAGE, free = 0;
	for (size_t i = all; i-- > 0;) {
		free = a->pages[i] ? 0 : free + 1;
		if (free == want)
			return a->lo + i * GUEST_PAGE;
	}
	return 0;
}

bool space_may(struct space *sp, uint64_t addr, uint64_t n, uint8_t use, uint64_t *bad)
{
	for (uint64_t at = addr; n > 0;) {
		uint64_t step = GUEST_PAGE - at % GUEST_PAGE;
		if ((space_use(sp, at) & use) != use) {
			if (bad)
				*bad = at;
			return false;
		}
		step = step < n ? step : n;
		at += step;
		n -= step;
	}
	return true;
}
