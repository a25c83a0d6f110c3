/* SPDX-License-Identifier: MIT */
#include "ptrace_breaks.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/xalloc.h"

enum { SIZE = sizeof machine_breakpoint };

void breaks_free(struct breaks *b)
{
	free(b->points);
	free(b->was);
	*b = (struct breaks){.mem_fd = -1};
}

/* ---- one at a time ---- */

static struct breakpoint *find(const struct breaks *b, uint64_t addr)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->points[i].addr == addr)
			return &b->points[i];
	return NULL;
}

bool breaks_at(const struct breaks *b, uint64_t addr)
{
	return find(b, addr) != NULL;
}

/*
 * Code is read and written a page at a time: the program may have unmapped any. What cannot be
 * read is zeros, and what cannot be written is left; if all is gone, waiting will show that.
 */
enum { PAGE = 4096 };
static size_t in_page(uint64_t addr, size_t n)
{
	size_t left = PAGE - addr % PAGE;
	return n < left ? n : left;
}

static void put(int mem_fd, uint64_t addr, const uint8_t *bytes, size_t n)
{
	for (size_t done = 0, part; done < n; done += part) {
		part = in_page(addr + done, n - done);
		if (pwrite(mem_fd, bytes + done, part, (off_t)(addr + done)) < 0)
			continue;
	}
}

static void get(int mem_fd, uint64_t addr, uint8_t *to, size_t n)
{
	for (size_t done = 0, part; done < n; done += part) {
		part = in_page(addr + done, n - done);
		if (pread(mem_fd, to + done, part, (off_t)(addr + done)) != (ssize_t)part)
			memset(to + done, 0, part);
	}
}

void breaks_insert(struct breaks *b, uint64_t addr)
{
	assert(!b->was); /* what stands there now is the program's */
	if (addr == 0 || find(b, addr))
		return;
	b->points = xgrow(b->points, &b->cap, b->n + 1, sizeof *b->points);
	struct breakpoint *p = &b->points[b->n];
	p->addr = addr;
	if (pread(b->mem_fd, p->was, SIZE, (off_t)addr) != SIZE)
		return;
	b->n++;
	put(b->mem_fd, addr, machine_breakpoint, SIZE);
}

void breaks_remove(struct breaks *b, uint64_t addr)
{
	struct breakpoint *p = find(b, addr);
	if (!p)
		return;
	put(b->mem_fd, addr, p->was, SIZE);
	*p = b->points[--b->n];
}

void breaks_lift(const struct breaks *b, uint64_t addr)
{
	const struct breakpoint *p = find(b, addr);
	assert(!p || !b->was); /* or all around it would stay breakpoints */
	if (p)
		put(b->mem_fd, addr, p->was, SIZE);
}

void breaks_lay(const struct breaks *b, uint64_t addr)
{
	if (find(b, addr))
		put(b->mem_fd, addr, machine_breakpoint, SIZE);
}

/* ---- all of the program's code ---- */

static size_t text_size(const struct breaks *b)
{
	size_t n = 0;
	for (size_t i = 0; i < b->ntext; i++)
		n += b->text[i].hi - b->text[i].lo;
	return n;
}

static size_t longest(const struct breaks *b)
{
	size_t n = 0;
	for (size_t i = 0; i < b->ntext; i++)
		if (b->text[i].hi - b->text[i].lo > n)
			n = b->text[i].hi - b->text[i].lo;
	return n;
}

static void lay_everywhere(const struct breaks *b)
{
	size_t size = longest(b);
	uint8_t *points = xmalloc(size);
	for (size_t i = 0; i < size; i++)
		points[i] = machine_breakpoint[i % SIZE];
	for (size_t i = 0; i < b->ntext; i++)
		put(b->mem_fd, b->text[i].lo, points, b->text[i].hi - b->text[i].lo);
	free(points);
}

void breaks_fill(struct breaks *b)
{
	if (b->was || !b->ntext)
		return;
	uint8_t *was = b->was = xmalloc(text_size(b));
	for (size_t i = 0; i < b->ntext; i++) {
		size_t n = b->text[i].hi - b->text[i].lo;
		get(b->mem_fd, b->text[i].lo, was, n);
		was += n;
	}
	lay_everywhere(b);
}

/* Where something else than our breakpoint stands now, the program wrote it: that is to stay. */
static void keep_written(uint8_t *was, const uint8_t *now, size_t n)
{
	for (size_t i = 0; i + SIZE <= n; i += SIZE)
		if (memcmp(now + i, machine_breakpoint, SIZE) != 0)
			memcpy(was + i, now + i, SIZE);
}

void breaks_restore(struct breaks *b)
{
	if (!b->was)
		return;
	uint8_t *now = xmalloc(longest(b)), *was = b->was;
	for (size_t i = 0; i < b->ntext; i++) {
		size_t n = b->text[i].hi - b->text[i].lo;
		get(b->mem_fd, b->text[i].lo, now, n);
		keep_written(was, now, n);
		put(b->mem_fd, b->text[i].lo, was, n);
		was += n;
	}
	free(now);
	free(b->was);
	b->was = NULL;
}

bool breaks_has(const struct breaks *b, uint64_t pc)
{
	for (size_t i = 0; i < b->ntext; i++)
		if (pc >= b->text[i].lo && pc < b->text[i].hi)
			return true;
	return false;
}

bool breaks_filled_at(const struct breaks *b, uint64_t pc)
{
	return b->was && breaks_has(b, pc);
}

bool breaks_ours(const struct breaks *b, uint64_t pc)
{
	uint8_t now[SIZE];
	if (breaks_filled_at(b, pc) || find(b, pc))
		return true;
	return breaks_has(b, pc) && pread(b->mem_fd, now, SIZE, (off_t)pc) == SIZE &&
	       memcmp(now, machine_breakpoint, SIZE) != 0;
}

void breaks_heal(const struct breaks *b, int mem_fd)
{
	const uint8_t *was = b->was;
	for (size_t i = 0; was && i < b->ntext; i++) {
		size_t n = b->text[i].hi - b->text[i].lo;
		put(mem_fd, b->text[i].lo, was, n);
		was += n;
	}
	for (size_t i = 0; i < b->n; i++)
		put(mem_fd, b->points[i].addr, b->points[i].was, SIZE);
}

void breaks_again(const struct breaks *b)
{
	if (b->was)
		lay_everywhere(b);
	for (size_t i = 0; i < b->n; i++)
		put(b->mem_fd, b->points[i].addr, machine_breakpoint, SIZE);
}
