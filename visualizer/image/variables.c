/* SPDX-License-Identifier: MIT */
#include "variables.h"

#include <dwarf.h>
#include <stdlib.h>

#include "debug.h"
#include "model/addrmap.h"
#include "model/xalloc.h"
#include "variables_places.h"
#include "variables_types.h"

/* What is the same of a variable wherever the function that it is of was inlined. */
struct described {
	const char *name; /* NULL: it has none, or is elsewhere, and this only names it */
	int type;
};

struct var_reader {
	struct functions *functions;
	const struct isa *isa;
	struct type_reader *types;
	struct variables *into;
	struct addrmap told; /* by where the function's description is */
	struct described *described;
	size_t n, cap;
	struct addrmap by_origin; /* index into described, and 1, by where that is described */
};

/* A function being read. */
struct reading {
	struct var_reader *r;
	struct place_sum frame_base;
	struct var_function f;
	size_t scopes_cap, variables_cap;
};

/* A scope being read: it is told of once a variable is in it. */
struct open_scope {
	Dwarf_Die *die;
	const char *function; /* NULL: a block */
	struct open_scope *around;
	int index;             /* -1: not told of */
	struct addrmap *named; /* origins of the variables in this body */
};

struct var_reader *var_reader_new(
	struct functions *functions, const struct isa *isa, struct variables *into)
{
	struct var_reader *r = xcalloc(1, sizeof *r);
	r->functions = functions;
	r->isa = isa;
	r->into = into;
	r->types = type_reader_new(variables_types(into));
	return r;
}

void var_reader_free(struct var_reader *r)
{
	if (!r)
		return;
	type_reader_free(r->types);
	addrmap_free(&r->told);
	addrmap_free(&r->by_origin);
	free(r->described);
	free(r);
}

static void read_ranges(Dwarf_Die *die, struct var_scope *s)
{
	Dwarf_Addr base, lo, hi;
	size_t cap = 0;
	for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &lo, &hi)) > 0;) {
		if (lo >= hi)
			continue;
		s->ranges = xgrow(s->ranges, &cap, s->nranges + 1, sizeof *s->ranges);
		s->ranges[s->nranges++] = (struct var_range){lo, hi};
	}
}

/* The scope's index, and before it those that it is in. */
static int index_of(struct reading *g, struct open_scope *o)
{
	if (o->index >= 0)
		return o->index;
	struct var_scope s = {.around = -1, .function = o->function};
	if (o->around)
		s.around = index_of(g, o->around);
	read_ranges(o->die, &s);
	g->f.scopes = xgrow(g->f.scopes, &g->scopes_cap, g->f.nscopes + 1, sizeof s);
	g->f.scopes[g->f.nscopes] = s;
	o->index = g->f.nscopes++;
	return o->index;
}

static struct described describe(struct reading *g, Dwarf_Die *die)
{
	struct described d = {0};
	if (!dwarf_hasattr(die, DW_AT_declaration))
		d.name = debug_name(die);
	if (d.name)
		d.type = type_reader_number(g->r->types, die);
	return d;
}

/* The same of what several are instances of; once. */
static struct described describe_origin(struct reading *g, Dwarf_Die *origin)
{
	struct var_reader *r = g->r;
	uint64_t at = addrmap_get(&r->by_origin, (uintptr_t)origin->addr);
	if (!at) {
		struct described d = describe(g, origin);
		r->described = xgrow(r->described, &r->cap, r->n + 1, sizeof d);
		r->described[r->n++] = d;
		at = r->n;
		addrmap_put(&r->by_origin, (uintptr_t)origin->addr, at);
	}
	return r->described[at - 1];
}

static void add_variable(struct reading *g, Dwarf_Die *die, struct open_scope *o,
	const struct described *d, struct var_place *places, int nplaces)
{
	struct variable v = {
		.name = d->name, .type = d->type, .places = places, .nplaces = nplaces};
	v.is_argument = dwarf_tag(die) == DW_TAG_formal_parameter;
	v.scope = index_of(g, o);
	g->f.variables = xgrow(g->f.variables, &g->variables_cap, g->f.nvariables + 1, sizeof v);
	g->f.variables[g->f.nvariables++] = v;
}

static void read_variable(struct reading *g, Dwarf_Die *die, struct open_scope *o)
{
	Dwarf_Attribute attr;
	Dwarf_Die origin;
	bool is_instance =
		dwarf_formref_die(dwarf_attr(die, DW_AT_abstract_origin, &attr), &origin);
	if (is_instance)
		addrmap_put(o->named, (uintptr_t)origin.addr, 1);
	struct described d = is_instance ? describe_origin(g, &origin) : describe(g, die);
	int n;
	if (!d.name)
		return;
	struct var_place *places =
		places_read(g->r->isa, &g->frame_base, die, is_instance ? &origin : NULL, &n);
	add_variable(g, die, o, &d, places, n);
}

/*
 * What a body has of the function that it is an instance of without saying so: what is in one place
 * for all of them, and what has no place in this one.
 */
static void inherit(struct reading *g, Dwarf_Die *function, struct open_scope *o, int depth)
{
	Dwarf_Die child;
	for (int ok = dwarf_child(function, &child); ok == 0;
		ok = dwarf_siblingof(&child, &child)) {
		int tag = dwarf_tag(&child), n;
		if (tag == DW_TAG_lexical_block && depth < VAR_DEPTH_MAX)
			inherit(g, &child, o, depth + 1);
		if ((tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) ||
			addrmap_get(o->named, (uintptr_t)child.addr))
			continue;
		struct described d = describe_origin(g, &child);
		struct var_place *places = places_read(g->r->isa, &g->frame_base, &child, NULL, &n);
		/* One of a block's that is nowhere would be seen outside of it. */
		if (d.name && (n || !depth))
			add_variable(g, &child, o, &d, places, n);
		else
			free(places);
	}
}

/* A block that has no code of its own is no scope of its own. */
static bool has_code(Dwarf_Die *die)
{
	return dwarf_hasattr(die, DW_AT_low_pc) || dwarf_hasattr(die, DW_AT_ranges);
}

static void read_scope(struct reading *g, Dwarf_Die *die, struct open_scope *o, int depth);

/* A function's, or that of one that is inlined. */
static void read_body(struct reading *g, Dwarf_Die *die, struct open_scope *o, int depth)
{
	Dwarf_Attribute attr;
	Dwarf_Die origin;
	struct addrmap named = {0};
	if (depth > VAR_DEPTH_MAX)
		return;
	bool is_instance =
		dwarf_formref_die(dwarf_attr(die, DW_AT_abstract_origin, &attr), &origin);
	o->function = debug_name(is_instance ? &origin : die);
	o->named = &named;
	read_scope(g, die, o, depth);
	if (is_instance)
		inherit(g, &origin, o, 0);
	addrmap_free(&named);
}

/* Not those that are deeper than anybody writes. */
static void read_scope(struct reading *g, Dwarf_Die *die, struct open_scope *o, int depth)
{
	Dwarf_Die child;
	if (depth > VAR_DEPTH_MAX)
		return;
	for (int ok = dwarf_child(die, &child); ok == 0; ok = dwarf_siblingof(&child, &child)) {
		struct open_scope in = {&child, NULL, o, -1, o->named};
		switch (dwarf_tag(&child)) {
		case DW_TAG_variable:
		case DW_TAG_formal_parameter: read_variable(g, &child, o); break;
		case DW_TAG_inlined_subroutine: read_body(g, &child, &in, depth + 1); break;
		case DW_TAG_lexical_block:
			read_scope(g, &child, has_code(&child) ? &in : o, depth + 1);
		}
	}
}

static void read_function(struct var_reader *r, Dwarf_Die *die)
{
	struct reading g = {.r = r};
	struct open_scope all = {.die = die, .index = -1};
	g.frame_base = places_frame_base(r->isa, die);
	if (debug_name(die))
		read_body(&g, die, &all, 0);
	if (g.f.nvariables)
		variables_add(r->into, &g.f);
	var_function_free(&g.f);
}

void var_reader_tell(struct var_reader *r, uint64_t pc)
{
	Dwarf_Die die;
	if (!functions_at(r->functions, pc, &die) || addrmap_get(&r->told, (uintptr_t)die.addr))
		return;
	addrmap_put(&r->told, (uintptr_t)die.addr, 1);
	read_function(r, &die);
}
