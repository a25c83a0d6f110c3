/* SPDX-License-Identifier: MIT */
/*
 * The guest's address space: a few large areas of memory that the engine knows as plain memory, and
 * for each page of them whether it is mapped and what may be done there. The engine is never asked
 * to protect a page: that takes it longer with each one, and a program has a guard under each of
 * its stacks. Whoever touches memory looks here first.
 */
#ifndef EMULATOR_SPACE_H
#define EMULATOR_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <unicorn/unicorn.h>

/* As many mappings as can be told of (wire.h): each is an area that a program has asked for. */
enum { GUEST_PAGE = 4096, GUEST_MAPPINGS_MAX = 64 };
/* Code, stacks and data are looked up in turn: each is to be found where it was the last time. */
enum { SPACE_FOUND = 16 };

/* As Linux has it for programs: nothing is ever mapped below. */
enum { SPACE_LOWEST = 65536 };

/* All areas together: each page of them has a byte, and all must lie in the file (wire.h). */
#define SPACE_MAX (1ull << 40)

/*
 * What a page may be used for. MAPPED alone is PROT_NONE; 0: nothing is there. What is SHARED has
 * its bytes from elsewhere, where they stay when it does not need them.
 */
enum { PAGE_READ = 1, PAGE_WRITE = 2, PAGE_EXEC = 4, PAGE_MAPPED = 8, PAGE_SHARED = 16 };

/* [lo, hi), of which host has the bytes; whole pages. */
struct mapping {
	uint64_t lo, hi;
	uint8_t *host;
	uint8_t *pages;        /* one byte each */
	uint64_t at, pages_at; /* where these lie in the file, if there is one */
	/* When a page changed last, and when a page of `pages` did: an epoch; 0: never. */
	uint32_t *stamps, *use_stamps;
	struct mapping *next;
};

/* A page of an area, or of what its pages may be used for. */
struct page_copy {
	struct mapping *area;
	uint64_t page;
	bool uses;
	uint8_t *bytes;
};

struct page_list {
	struct page_copy *all;
	size_t n, cap;
};

/* Where no memory can be. */
static inline bool space_is_nowhere(uint64_t addr)
{
	uint64_t half = addr >> 47;
	return half != 0 && half != UINT64_MAX >> 47;
}

struct space {
	uc_engine *engine;
	struct mapping *areas;
	int n;
	struct mapping *found[SPACE_FOUND]; /* last, by their addresses; NULL: none yet */
	/* See versions.h: the version that there was last, how its pages were that have changed
	 * since, and a number for the time since then. */
	struct version *base;
	struct page_list since;
	uint32_t epoch;
	uint8_t *buffers;
	int fd;           /* a file that others look into; 0: none, memory is our own */
	uint64_t end;     /* of what is used of it */
	uint64_t changes; /* counts what was mapped, unmapped, protected and made zeros */
};

void space_begin(struct space *sp);
void space_free(struct space *sp);

/*
 * An area in which nothing is mapped yet. NULL: it would overlap one, or there is no room. Areas
 * stay: what was added in a version that was left is there, with nothing mapped in it.
 */
struct mapping *space_add(struct space *sp, uint64_t lo, uint64_t size);
/* The same, looked for among all. */
struct mapping *space_look(struct space *sp, uint64_t addr);
/* The area of an address; NULL: none. */
static inline struct mapping *space_mapping(struct space *sp, uint64_t addr)
{
	struct mapping *a = sp->found[addr / GUEST_PAGE % SPACE_FOUND];
	return a && addr - a->lo < a->hi - a->lo ? a : space_look(sp, addr);
}

/*
 * Of whole pages, in however many areas, and addr + size is no less than addr. Map them anew, as
 * zeros; false: there is no room for an area where there is none yet. Unmap those that are mapped.
 * Change what they may be used for; false: that was done up to the first that is not mapped.
 */
bool space_map(struct space *sp, uint64_t addr, uint64_t size, uint8_t use);
void space_unmap(struct space *sp, uint64_t addr, uint64_t size);
bool space_protect(struct space *sp, uint64_t addr, uint64_t size, uint8_t use);
/* Make zeros of what is there and is shared, or is not, whatever it may be used for. */
void space_zero(struct space *sp, uint64_t addr, uint64_t size, bool shared);
/* Whether none of them is mapped. */
bool space_is_free(struct space *sp, uint64_t addr, uint64_t size);
/* The highest free pages in an area, one after the other: where they begin. 0: there is no room. */
uint64_t space_find(const struct mapping *a, uint64_t size);

/* What a page may be used for; 0: nothing is there. */
static inline uint8_t space_use(struct space *sp, uint64_t addr)
{
	const struct mapping *a = space_mapping(sp, addr);
	return a ? a->pages[(addr - a->lo) / GUEST_PAGE] : 0;
}
/* Whether n bytes may all be used so. If not, *bad (if not NULL) is the first that may not. */
bool space_may(struct space *sp, uint64_t addr, uint64_t n, uint8_t use, uint64_t *bad);
/* n bytes, all of which are mapped, are about to be written. */
void space_will_write(struct space *sp, uint64_t addr, uint64_t n);
/* Write n bytes that are mapped, whatever they may be used for. */
void space_write(struct space *sp, uint64_t addr, const void *from, uint64_t n);

/* In versions.c: a page is about to change for the first time in this epoch. */
void version_page(struct space *sp, struct mapping *area, uint64_t page, bool uses);

#endif
