/* SPDX-License-Identifier: MIT */
/*
 * Where a program's runtime has what somebody wants to read: out of the ELF note that the runtime
 * puts into each program (src/layout.c says what it is like) or, of a program that was built
 * before there was one, out of its debug information. Neither is believed before it is checked.
 */
#ifndef IMAGE_LAYOUT_H
#define IMAGE_LAYOUT_H

#include <string.h>

#include "program.h"

/* As the note has them. */
enum layout_kind { LAYOUT_STRUCT = 1, LAYOUT_FIELD, LAYOUT_CONSTANT, LAYOUT_VARIABLE };

/* What is wanted, and what is told of it. */
struct layout_item {
	enum layout_kind kind;
	const char *name; /* "G", "G.sched.pc", "Gdead", "allgs" */
	uint64_t most;    /* so many bytes can be read of it */
	bool optional;    /* programs from before it was told are read without */
	bool told;
	uint64_t size;
	uint64_t value; /* a field's offset, a constant's value, a variable's address */
};

/*
 * Find n items; the struct of each field is to be one of them. A field then lies in its struct; its
 * size, and that of a variable of up to 8 bytes, is a power of two. False, with a sentence in
 * err, if any is not there and not optional, or cannot be so.
 */
bool layout_read(
	const struct program *p, struct layout_item *items, size_t n, char *err, size_t nerr);

/* layout_dwarf.c: the same items out of debug information, where that has them. */
void layout_from_dwarf(const struct program *p, struct layout_item *items, size_t n);
/* The item of that kind and name, of which n bytes count; NULL: it is not wanted. */
static inline struct layout_item *layout_item(
	struct layout_item *items, size_t nitems, enum layout_kind kind, const char *name, size_t n)
{
	for (size_t i = 0; i < nitems; i++)
		if (items[i].kind == kind && strlen(items[i].name) == n &&
			memcmp(items[i].name, name, n) == 0)
			return &items[i];
	return NULL;
}

#endif
