/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

enum { WORD = 8, PAGE = 4096 };

bool memory_fetch(const struct memory *mem, uint64_t addr, void *to, size_t n)
{
	while (n) {
		ssize_t got = mem->machine->ops->read(mem->machine, addr, to, n);
		if (got <= 0)
			return false;
		to = (char *)to + got;
		addr += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

bool memory_read(void *mem, uint64_t addr, void *to, size_t n)
{
	return memory_fetch(mem, addr, to, n);
}

/* ---- regions ---- */

/* How many regions begin at or below addr. */
static size_t position(const struct memory *mem, uint64_t addr)
{
	size_t lo = 0, hi = mem->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (mem->regions[mid]->lo <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool inside(const struct region *r, uint64_t addr)
{
	return addr - r->lo < r->hi - r->lo;
}

struct region *memory_region(struct memory *mem, uint64_t addr)
{
	if (mem->last && inside(mem->last, addr))
		return mem->last;
	size_t i = position(mem, addr);
	if (i == 0 || !inside(mem->regions[i - 1], addr))
		return NULL;
	return mem->last = mem->regions[i - 1];
}

static size_t page_of(const struct region *r, uint64_t addr)
{
	return addr / PAGE - r->lo / PAGE;
}

/* Where the page of addr ends, or r does. */
static uint64_t page_end(const struct region *r, uint64_t addr)
{
	uint64_t end = (addr | (PAGE - 1)) + 1;
	return end < r->hi ? end : r->hi;
}

/* Whether any of n bytes at addr is in a page of r that cannot be read. */
static bool is_lost(const struct region *r, uint64_t addr, size_t n)
{
	size_t i = page_of(r, addr), end = page_of(r, addr + n - 1);
	while (i < end && !r->lost[i])
		i++;
	return r->lost[i];
}

bool memory_lost(const struct region *r, uint64_t *lo, uint64_t *hi)
{
	if (!r->lost)
		return false;
	while (*lo < r->hi && !r->lost[page_of(r, *lo)])
		*lo = page_end(r, *lo);
	*hi = *lo;
	while (*hi < r->hi && r->lost[page_of(r, *hi)])
		*hi = page_end(r, *hi);
	return *lo < *hi;
}

const void *memory_peek(struct memory *mem, uint64_t addr, size_t n)
{
	const struct region *r = memory_region(mem, addr);
	if (!r || n > r->hi - addr || (r->lost && is_lost(r, addr, n)))
		return NULL;
	return r->copy + (addr - r->lo);
}

static void region_free(struct region *r)
{
	free(r->copy);
	free(r->lost);
	free(r->marks);
	free(r);
}

static void insert(struct memory *mem, struct region *r)
{
	size_t i = position(mem, r->lo);
	assert(i == 0 || mem->regions[i - 1]->hi <= r->lo);
	assert(i == mem->n || r->hi <= mem->regions[i]->lo);
	mem->regions = xgrow(mem->regions, &mem->cap, mem->n + 1, sizeof *mem->regions);
	memmove(&mem->regions[i + 1], &mem->regions[i], (mem->n - i) * sizeof *mem->regions);
	mem->regions[i] = r;
	mem->n++;
}

/* Whether a region begins in [lo, hi). */
static bool taken(const struct memory *mem, uint64_t lo, uint64_t hi)
{
	size_t i = position(mem, hi - 1);
	return i && mem->regions[i - 1]->lo >= lo;
}

static uint64_t lowest_written(const struct region *r)
{
	size_t i = 0, n = (r->hi - r->lo) / WORD;
	const uint64_t *word = (const uint64_t *)r->copy;
	while (i < n && word[i] == 0)
		i++;
	return r->lo + i * WORD;
}

/* Room for what is lost of r, if anything is, when it reaches up to hi. */
static void lengthen_lost(struct region *r, uint64_t hi)
{
	size_t n = page_of(r, r->hi - 1) + 1, more = page_of(r, hi - 1) + 1 - n;
	if (!r->lost)
		return;
	r->lost = xrealloc(r->lost, (n + more) * sizeof *r->lost);
	memset(r->lost + n, 0, more * sizeof *r->lost);
}

/* Make r reach up to hi; NULL if that cannot be. */
static struct region *lengthen(struct memory *mem, struct region *r, uint64_t hi)
{
	if (taken(mem, r->hi, hi) || hi - r->hi > MEMORY_MAX - mem->size)
		return NULL;
	r->copy = xrealloc(r->copy, hi - r->lo);
	if (!memory_fetch(mem, r->hi, r->copy + (r->hi - r->lo), hi - r->hi))
		return NULL;
	lengthen_lost(r, hi);
	if (r->marks) {
		r->marks = xrealloc(r->marks, (hi - r->lo) / WORD);
		memset(r->marks + (r->hi - r->lo) / WORD, 0, (hi - r->hi) / WORD);
	}
	mem->size += hi - r->hi;
	r->hi = hi;
	return r;
}

struct region *memory_watch(struct memory *mem, uint64_t lo, uint64_t hi, bool is_stack)
{
	lo -= lo % WORD;
	hi += (WORD - hi % WORD) % WORD;
	struct region *r = memory_region(mem, lo);
	if (r && r->lo == lo && r->is_stack == is_stack && (is_stack ? r->hi == hi : r->hi >= hi))
		return r;
	if (r && r->lo == lo && !is_stack && !r->is_stack)
		return lengthen(mem, r, hi);
	if (r || hi <= lo || taken(mem, lo, hi) || hi - lo > MEMORY_MAX - mem->size)
		return NULL;
	r = xcalloc(1, sizeof *r);
	*r = (struct region){.lo = lo, .hi = hi, .is_stack = is_stack, .index = -1, .floor = lo};
	r->copy = xmalloc(hi - lo);
	if (!memory_fetch(mem, lo, r->copy, hi - lo)) {
		region_free(r);
		return NULL;
	}
	r->from = is_stack ? lowest_written(r) : lo;
	mem->size += hi - lo;
	insert(mem, r);
	return r;
}

/* ---- marks ---- */

static size_t word_of(const struct region *r, uint64_t addr)
{
	return addr / WORD - r->lo / WORD;
}

void memory_mark(struct memory *mem, uint64_t addr, size_t n)
{
	struct region *r = memory_region(mem, addr);
	if (!r || !n || n > r->hi - addr)
		return;
	size_t first = word_of(r, addr), last = word_of(r, addr + n - 1);
	if (!r->marks)
		r->marks = xcalloc((r->hi - r->lo) / WORD, 1);
	for (size_t i = first; i <= last; i++) {
		unsigned bytes = UINT8_MAX;
		if (i == first)
			bytes &= UINT8_MAX << addr % WORD;
		if (i == last)
			bytes &= UINT8_MAX >> (WORD - 1 - (addr + n - 1) % WORD);
		r->marks[i] |= (uint8_t)bytes;
	}
	mem->marks = xgrow(mem->marks, &mem->marks_cap, mem->nmarks + 1, sizeof *mem->marks);
	mem->marks[mem->nmarks++] = (struct marked){r, first, last - first + 1};
}

void memory_unmark(struct memory *mem)
{
	for (size_t i = 0; i < mem->nmarks; i++)
		memset(mem->marks[i].in->marks + mem->marks[i].word, 0, mem->marks[i].n);
	mem->nmarks = 0;
}

/* Those of a region that goes. */
static void forget_marks(struct memory *mem, const struct region *r)
{
	size_t n = 0;
	for (size_t i = 0; i < mem->nmarks; i++)
		if (mem->marks[i].in != r)
			mem->marks[n++] = mem->marks[i];
	mem->marked |= n < mem->nmarks;
	mem->nmarks = n;
}

/* Whether a byte is marked that is another, of n from addr on, both multiples of a word. */
static bool is_mark_written(
	const struct region *r, uint64_t addr, const uint8_t *was, const uint8_t *now, size_t n)
{
	const uint8_t *marks = r->marks ? r->marks + word_of(r, addr) : NULL;
	for (size_t i = 0; marks && i < n; i++)
		if (was[i] != now[i] && marks[i / WORD] >> i % WORD & 1)
			return true;
	return false;
}

void memory_forget(struct memory *mem, struct region *r)
{
	size_t i = position(mem, r->lo) - 1;
	assert(mem->regions[i] == r);
	memmove(&mem->regions[i], &mem->regions[i + 1], (--mem->n - i) * sizeof *mem->regions);
	mem->last = NULL;
	mem->size -= r->hi - r->lo;
	mem->nlost -= r->lost != NULL;
	forget_marks(mem, r);
	region_free(r);
}

void memory_free(struct memory *mem)
{
	for (size_t i = 0; i < mem->n; i++)
		region_free(mem->regions[i]);
	free(mem->regions);
	free(mem->writes);
	free(mem->marks);
}

/* ---- what a step wrote ---- */

void memory_begin(struct memory *mem)
{
	mem->nwrites = 0;
	mem->state_changed = false;
	mem->marked = false;
	mem->deeper = false;
}

static void add_write(
	struct memory *mem, struct region *r, uint64_t addr, uint64_t old, uint64_t now)
{
	assert(addr % WORD == 0 && addr >= r->floor && addr < r->hi);
	mem->writes = xgrow(mem->writes, &mem->writes_cap, mem->nwrites + 1, sizeof *mem->writes);
	mem->writes[mem->nwrites++] = (struct word_write){addr, old, now};
	if (addr < r->from) {
		r->from = addr;
		mem->deeper = true;
	}
}

/* Take over what is new in n bytes at addr of r, both multiples of a word. */
static void compare(
	struct memory *mem, struct region *r, uint64_t addr, const uint8_t *now, size_t n)
{
	assert(addr >= r->lo && n <= r->hi - addr);
	size_t below = addr < r->floor ? r->floor - addr : 0;
	if (below >= n)
		return;
	addr += below, now += below, n -= below;
	uint8_t *copy = r->copy + (addr - r->lo);
	if (memcmp(copy, now, n) == 0)
		return;
	if (!r->is_stack && is_mark_written(r, addr, copy, now, n))
		mem->state_changed = mem->marked = true;
	mem->state_changed |= !r->is_stack && !r->quiet;
	for (size_t i = 0; r->index >= 0 && i < n; i += WORD) {
		uint64_t was, is;
		memcpy(&was, copy + i, WORD);
		memcpy(&is, now + i, WORD);
		if (was == is)
			continue;
		add_write(mem, r, addr + i, was, is);
		if (is_mark_written(r, addr + i, copy + i, now + i, WORD))
			mem->state_changed = mem->marked = true;
	}
	memcpy(copy, now, n);
}

/* By how much is left, not by where it ends: that may be beyond the last address. */
bool memory_touched(struct memory *mem, uint64_t addr, size_t n)
{
	bool all = true;
	uint8_t now[128];
	uint64_t at = addr - addr % WORD;
	for (size_t left = n + addr % WORD; left > 0;) {
		struct region *r = memory_region(mem, at);
		size_t size = WORD;
		if (r) {
			while (size < left && size < r->hi - at && size < sizeof now)
				size += WORD;
			if (memory_fetch(mem, at, now, size))
				compare(mem, r, at, now, size);
			else
				all = false;
		}
		at += size;
		left -= size < left ? size : left;
	}
	return all;
}

void memory_written(struct memory *mem, uint64_t addr, size_t n)
{
	struct region *r = memory_region(mem, addr);
	if (!r || r->index < 0 || addr % WORD)
		return;
	uint64_t end = addr + n < r->from ? addr + n : r->from;
	for (uint64_t at = end; at > addr && at > r->floor; at -= WORD) {
		uint64_t word;
		memcpy(&word, r->copy + (at - WORD - r->lo), WORD);
		add_write(mem, r, at - WORD, word, word);
	}
}

/*
 * The words of a stack that are kept are those above all that is lost of it: a picture has no gaps.
 * Of the others it is no longer known what they are, as if they had never been written.
 */
static void set_floor(struct region *r)
{
	r->floor = r->lo;
	for (uint64_t lo = r->lo, hi; memory_lost(r, &lo, &hi); lo = hi)
		r->floor = hi;
	memset(r->copy, 0, r->floor - r->lo);
	if (r->from < r->floor)
		r->from = r->floor;
}

/* r has lost these pages, if any. */
static void set_lost(struct memory *mem, struct region *r, bool *lost, bool any)
{
	size_t n = (page_of(r, r->hi - 1) + 1) * sizeof *lost;
	if (r->lost ? memcmp(r->lost, lost, n) != 0 : any)
		mem->state_changed = mem->marked = true;
	mem->nlost += any;
	mem->nlost -= r->lost != NULL;
	free(r->lost);
	r->lost = any ? lost : NULL;
	if (!any)
		free(lost);
	if (r->is_stack)
		set_floor(r);
}

/*
 * All of r may have been written, and cannot be read in one piece, or could not be the last time.
 * Of a process that has no memory any longer, as it has ended, nothing comes at all.
 */
static void touched_in_parts(struct memory *mem, struct region *r)
{
	bool *lost = xcalloc(page_of(r, r->hi - 1) + 1, sizeof *lost), any = false;
	uint8_t *now = xmalloc(r->hi - r->lo);
	ssize_t got = 1;
	for (uint64_t at = r->lo; at < r->hi && got; at = page_end(r, at)) {
		got = mem->machine->ops->read(
			mem->machine, at, now + (at - r->lo), page_end(r, at) - at);
		lost[page_of(r, at)] = got < 0;
		any |= got < 0;
	}
	if (!got) {
		free(lost);
		free(now);
		return;
	}
	set_lost(mem, r, lost, any);
	for (uint64_t at = r->lo; at < r->hi; at = page_end(r, at))
		if (!r->lost || !r->lost[page_of(r, at)])
			compare(mem, r, at, now + (at - r->lo), page_end(r, at) - at);
	free(now);
}

void memory_touched_all(struct memory *mem, uint64_t sp, bool anywhere)
{
	uint8_t *now = NULL;
	size_t cap = 0;
	for (size_t i = 0; i < mem->n; i++) {
		struct region *r = mem->regions[i];
		bool whole = anywhere || !r->is_stack || inside(r, sp - 1);
		uint64_t lo = whole ? r->lo : r->from;
		if (lo == r->hi && !r->lost)
			continue;
		now = xgrow(now, &cap, r->hi - lo, 1);
		if (!r->lost && memory_fetch(mem, lo, now, r->hi - lo))
			compare(mem, r, lo, now, r->hi - lo);
		else
			touched_in_parts(mem, r);
	}
	free(now);
}

static int by_address(const void *a, const void *b)
{
	const struct word_write *x = a, *y = b;
	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

void memory_end(struct memory *mem)
{
	if (mem->nwrites > 1)
		qsort(mem->writes, mem->nwrites, sizeof *mem->writes, by_address);
}

size_t memory_errors(const struct memory *mem)
{
	size_t errors = 0;
	for (size_t i = 0; i < mem->n; i++) {
		const struct region *r = mem->regions[i];
		size_t size = r->lost ? 0 : r->hi - r->lo;
		uint8_t *now = xmalloc(size);
		bool read = memory_fetch(mem, r->lo, now, size);
		for (size_t at = 0; at < size; at += WORD)
			errors += !read || memcmp(now + at, r->copy + at, WORD) != 0;
		free(now);
	}
	return errors;
}
