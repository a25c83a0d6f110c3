/* SPDX-License-Identifier: MIT */
/*
 * What leads on to other types is told after those, and is found again by its words and their
 * numbers. A struct or a union may lead back to itself: it gets a number at once, and what is in it
 * is read later, from a queue; it is found again by where in the source it stands.
 */
#include "variables_types.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "debug.h"
#include "model/addrmap.h"
#include "model/strpool.h"
#include "model/xalloc.h"
#include "type_attrs.h"
#include "type_key.h"

/* Pointers to pointers, arrays of arrays: deeper than that is a circle. */
enum { DEPTH_MAX = 32 };

/* A struct that has a number, and whose members are to be read. */
struct unread_struct {
	Dwarf_Die die;
	int number;
};

struct type_reader {
	struct types *into;
	struct addrmap by_die; /* number + 1, by where the description is */
	struct strpool keys;
	struct addrmap by_key; /* number + 1, by the key that is held */
	struct unread_struct *queue;
	size_t n, cap;
};

struct type_reader *type_reader_new(struct types *into)
{
	struct type_reader *r = xcalloc(1, sizeof *r);
	r->into = into;
	return r;
}

void type_reader_free(struct type_reader *r)
{
	if (!r)
		return;
	addrmap_free(&r->by_die);
	addrmap_free(&r->by_key);
	strpool_free(&r->keys);
	free(r->queue);
	free(r);
}

/* The number of what has this key; if there is none yet, *is_new, and it is t. */
static int number_of_key(
	struct type_reader *r, struct bytes *key, const struct var_type *t, bool *is_new)
{
	uintptr_t held = (uintptr_t)strpool_keep(&r->keys, (const char *)key->p);
	uint64_t number = addrmap_get(&r->by_key, held);
	*is_new = !number;
	if (!number) {
		number = (uint64_t)types_add(r->into, t) + 1;
		addrmap_put(&r->by_key, held, number);
	}
	return (int)(number - 1);
}

/* Of a type that leads to none, or to such as have numbers. */
static int number_of(struct type_reader *r, const struct var_type *t)
{
	bool is_new;
	struct bytes key = {0};
	type_key_of(&key, t);
	int number = number_of_key(r, &key, t, &is_new);
	bytes_free(&key);
	return number;
}

static int read_type(struct type_reader *r, Dwarf_Die *type, int depth);

/* Of what a description is of; of nothing, void. */
static int read_type_of(struct type_reader *r, Dwarf_Die *die, int depth)
{
	Dwarf_Die type;
	switch (type_attr_type(die, &type)) {
	case TYPE_ATTR_NONE: return TYPE_NUMBER_VOID;
	case TYPE_ATTR_THERE: return read_type(r, &type, depth);
	default: return number_of(r, &(struct var_type){.kind = TYPE_UNKNOWN});
	}
}

/* ---- one kind each ---- */

/* C's arrays of arrays are one description with several dimensions, the innermost last. */
static int read_array(struct type_reader *r, Dwarf_Die *die, int depth)
{
	uint64_t counts[DEPTH_MAX];
	int of = read_type_of(r, die, depth + 1), n = 0;
	Dwarf_Die dimension;
	for (int ok = dwarf_child(die, &dimension); ok == 0 && n < DEPTH_MAX;
		ok = dwarf_siblingof(&dimension, &dimension))
		if (dwarf_tag(&dimension) == DW_TAG_subrange_type)
			counts[n++] = type_attr_count(&dimension);
	if (dwarf_hasattr(die, DW_AT_byte_stride) || dwarf_hasattr(die, DW_AT_bit_stride))
		return number_of(r, &(struct var_type){.kind = TYPE_UNKNOWN});
	if (!n)
		counts[n++] = TYPE_COUNT_UNKNOWN;
	while (n-- > 0)
		of = number_of(
			r, &(struct var_type){.kind = TYPE_ARRAY, .of = of, .count = counts[n]});
	return of;
}

static int read_enum(struct type_reader *r, Dwarf_Die *die)
{
	struct var_type t = {.kind = TYPE_ENUM,
		.name = debug_name(die),
		.size = type_attr_number(die, DW_AT_byte_size, 0),
		.incomplete = dwarf_hasattr(die, DW_AT_declaration)};
	size_t cap = 0;
	Dwarf_Die child;
	for (int ok = dwarf_child(die, &child); ok == 0; ok = dwarf_siblingof(&child, &child)) {
		struct type_enumerator e = {.name = debug_name(&child)};
		if (dwarf_tag(&child) != DW_TAG_enumerator || !e.name ||
			!type_attr_constant(&child, DW_AT_const_value, &e.value))
			continue;
		t.enumerators = xgrow(t.enumerators, &cap, t.nenumerators + 1, sizeof e);
		t.enumerators[t.nenumerators++] = e;
	}
	int number = number_of(r, &t);
	free(t.enumerators);
	return number;
}

static void add_member(struct var_type *t, size_t *cap, const struct type_member *m)
{
	t->members = xgrow(t->members, cap, t->nmembers + 1, sizeof *m);
	t->members[t->nmembers++] = *m;
}

static int read_function(struct type_reader *r, Dwarf_Die *die, int depth)
{
	struct var_type t = {.kind = TYPE_FUNCTION, .of = read_type_of(r, die, depth + 1)};
	size_t cap = 0;
	Dwarf_Die child;
	t.unprototyped = !dwarf_hasattr(die, DW_AT_prototyped);
	for (int ok = dwarf_child(die, &child); ok == 0; ok = dwarf_siblingof(&child, &child)) {
		if (dwarf_tag(&child) == DW_TAG_formal_parameter)
			add_member(&t, &cap,
				&(struct type_member){.type = read_type_of(r, &child, depth + 1)});
		t.variadic |= dwarf_tag(&child) == DW_TAG_unspecified_parameters;
	}
	/* "()" is described as what takes more than nothing. */
	t.variadic &= !t.unprototyped;
	int number = number_of(r, &t);
	free(t.members);
	return number;
}

/* A struct has a number before anything in it is looked at. */
static int read_struct(struct type_reader *r, Dwarf_Die *die, enum type_kind kind)
{
	struct var_type t = {.kind = kind,
		.name = debug_name(die),
		.size = type_attr_number(die, DW_AT_byte_size, 0),
		.incomplete = dwarf_hasattr(die, DW_AT_declaration)};
	struct bytes key = {0};
	bool is_new;
	type_key_of_struct(&key, &t, die);
	int number = number_of_key(r, &key, &t, &is_new);
	bytes_free(&key);
	if (is_new && !t.incomplete) {
		r->queue = xgrow(r->queue, &r->cap, r->n + 1, sizeof *r->queue);
		r->queue[r->n++] = (struct unread_struct){*die, number};
	}
	return number;
}

/* Another word for a type, or one more; pointers too. */
static int read_derived(struct type_reader *r, Dwarf_Die *die, enum type_kind kind, int depth)
{
	struct var_type t = {.kind = kind, .of = read_type_of(r, die, depth + 1)};
	if (kind == TYPE_TYPEDEF)
		t.name = debug_name(die);
	if (kind == TYPE_POINTER) /* some compilers do not say how large one is */
		t.size = type_attr_number(die, DW_AT_byte_size, 8);
	return number_of(r, &t);
}

/* Some compilers say more than a C programmer would. */
static const char *usual_name(const char *name)
{
	static const char *const names[][2] = {{"short int", "short"},
		{"short unsigned int", "unsigned short"}, {"long int", "long"},
		{"long unsigned int", "unsigned long"}, {"long long int", "long long"},
		{"long long unsigned int", "unsigned long long"}};
	for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i][0]) == 0)
			return names[i][1];
	return name;
}

/* What has a name and a size, and nothing is in it. */
static int read_base(struct type_reader *r, Dwarf_Die *die, enum type_kind kind)
{
	return number_of(r, &(struct var_type){.kind = kind,
				    .name = usual_name(debug_name(die)),
				    .size = type_attr_number(die, DW_AT_byte_size, 0)});
}

static int read_kind(struct type_reader *r, Dwarf_Die *die, int depth)
{
	enum type_kind kind = type_attr_kind(die);
	switch (kind) {
	case TYPE_STRUCT:
	case TYPE_UNION: return read_struct(r, die, kind);
	case TYPE_ARRAY: return read_array(r, die, depth);
	case TYPE_ENUM: return read_enum(r, die);
	case TYPE_FUNCTION: return read_function(r, die, depth);
	case TYPE_POINTER:
	case TYPE_TYPEDEF:
	case TYPE_CONST:
	case TYPE_VOLATILE:
	case TYPE_RESTRICT:
	case TYPE_ATOMIC: return read_derived(r, die, kind, depth);
	default: return read_base(r, die, kind);
	}
}

static int read_type(struct type_reader *r, Dwarf_Die *type, int depth)
{
	uint64_t number = addrmap_get(&r->by_die, (uintptr_t)type->addr);
	if (number)
		return (int)(number - 1);
	if (depth == DEPTH_MAX)
		return number_of(r, &(struct var_type){.kind = TYPE_UNKNOWN});
	number = (uint64_t)read_kind(r, type, depth) + 1;
	addrmap_put(&r->by_die, (uintptr_t)type->addr, number);
	return (int)(number - 1);
}

/* ---- what is in a struct ---- */

/* False: what cannot be said of one member makes a struct of which nothing in it is known. */
static bool read_members(struct type_reader *r, Dwarf_Die *die, struct var_type *t)
{
	size_t cap = 0;
	Dwarf_Die child;
	for (int ok = dwarf_child(die, &child); ok == 0; ok = dwarf_siblingof(&child, &child)) {
		struct type_member m = {0};
		if (!type_attr_is_member(&child))
			continue;
		m.type = read_type_of(r, &child, 0);
		if (!type_attr_place(&child, types_size(r->into, m.type), &m))
			return false;
		add_member(t, &cap, &m);
	}
	return true;
}

static void read_unread(struct type_reader *r, struct unread_struct *w)
{
	struct var_type t = *types_at(r->into, w->number);
	t.incomplete = !read_members(r, &w->die, &t);
	if (t.incomplete)
		t.nmembers = 0;
	types_set(r->into, w->number, &t);
	free(t.members);
}

int type_reader_number(struct type_reader *r, Dwarf_Die *variable)
{
	int number = read_type_of(r, variable, 0);
	while (r->n) {
		struct unread_struct w = r->queue[--r->n];
		read_unread(r, &w);
	}
	return number;
}
