/* SPDX-License-Identifier: MIT */
/*
 * Shadow memory: copies of those parts of the program's memory that matter, the stacks and
 * the runtime's structs, kept equal to the original. After a step only the places that its
 * instruction may have written are read again, and compared: what differs is what it wrote.
 * After anything that could write anywhere, all of it is read again.
 */
#ifndef ENGINE_MEMORY_H
#define ENGINE_MEMORY_H

#include "machine/machine.h"
#include "model/recording.h"

/* [lo, hi) and its copy. */
struct region {
	uint64_t lo, hi;
	bool is_stack;
	uint64_t from; /* a stack: nothing below was ever written */
	int index;     /* a stack: in snapshot.stacks; -1: not there, and no write is of interest */
	uint8_t *copy;
	bool *lost;     /* of each page, whether it cannot be read any more; NULL: all can */
	uint64_t floor; /* a stack: all from here on can be read, and what lies below is not kept */
	uint8_t *marks; /* of each word, which of its bytes are marked; NULL: none ever was */
	bool quiet;     /* no stack: only what is marked of it changes the state */
	int64_t lent;   /* for whoever keeps it for a while only: since when; 0: it is for good */
};

/* So many words of a region from this one on have marks. */
struct marked {
	struct region *in;
	size_t word, n;
};

struct memory {
	const struct machine *machine; /* that has the original */
	struct region **regions;       /* in order of lo; none overlaps another */
	size_t n, cap;
	struct region *last; /* found last, for the next search */
	uint64_t size;       /* of all copies */
	size_t nlost;        /* regions that cannot be read entirely any more */

	/*
	 * Since memory_begin: words of stacks that changed, in order of address, and whether
	 * anything else did, be it what can be read. Of stacks and of what is quiet only what is
	 * marked counts there.
	 */
	struct word_write *writes;
	size_t nwrites, writes_cap;
	bool state_changed;
	/* What somebody has marked, and whether any of it was written. */
	struct marked *marks;
	size_t nmarks, marks_cap;
	bool marked;
	bool deeper; /* a stack is written further down than ever */
};

void memory_free(struct memory *mem);

/* Straight from the program. False: not all of it can be read. */
bool memory_fetch(const struct memory *mem, uint64_t addr, void *to, size_t n);
/* The same for those who know no memory. */
bool memory_read(void *mem, uint64_t addr, void *to, size_t n);

/*
 * Keep a copy of [lo, hi) from now on. A region that is no stack and began at the same place is
 * made longer. NULL: it cannot be read, or is a part of a region already, or there would be more
 * than MEMORY_MAX of copies: what is asked for may be what a broken program says.
 */
#define MEMORY_MAX ((uint64_t)1 << 30)
struct region *memory_watch(struct memory *mem, uint64_t lo, uint64_t hi, bool is_stack);
/* Keep it no longer. */
void memory_forget(struct memory *mem, struct region *r);
/* The region that addr lies in; NULL: none. */
struct region *memory_region(struct memory *mem, uint64_t addr);
/* The copy of n bytes at addr; NULL unless all of them are in one region, and can be read. */
const void *memory_peek(struct memory *mem, uint64_t addr, size_t n);
/*
 * What of r, from *lo on, the program has taken away: *lo to *hi is the first such part. False:
 * all can be read.
 */
bool memory_lost(const struct region *r, uint64_t *lo, uint64_t *hi);

/*
 * Mark n bytes at addr, of one copy: a write to any changes the state, and is told (mem->marked).
 * So is it if the copy is given up.
 */
void memory_mark(struct memory *mem, uint64_t addr, size_t n);
void memory_unmark(struct memory *mem); /* all of them */

void memory_begin(struct memory *mem);
/*
 * The n bytes at addr may have been written: compare. False: of what is kept of them not all can be
 * read, and what lies in one piece with that was not compared.
 */
bool memory_touched(struct memory *mem, uint64_t addr, size_t n);
/*
 * Anything may have been written that ever was, and everything in the stack around sp; or taken
 * away, or have come back. anywhere: everything in all stacks.
 */
void memory_touched_all(struct memory *mem, uint64_t sp, bool anywhere);
/*
 * The n bytes at addr, whole words, were written, after they have been compared: never-written
 * words among them count as written, be it with what they were, 0.
 */
void memory_written(struct memory *mem, uint64_t addr, size_t n);
/* To be called before writes are read. */
void memory_end(struct memory *mem);

/*
 * How many words differ from the original: none, unless something was written that nobody
 * thought of. Regions that cannot be read entirely are left out.
 */
size_t memory_errors(const struct memory *mem);

#endif
