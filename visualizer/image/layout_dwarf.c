/* SPDX-License-Identifier: MIT */
/*
 * The layout of a program without the note: types by their names, in those units of the debug
 * information whose code is the runtime's. Addresses of variables are in the symbol table.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <string.h>

#include "debug.h"
#include "layout.h"
#include "type_attrs.h"

/* Types in types, names for types: deeper than that is a circle. */
enum { DEPTH_MAX = 16 };

/* ---- types ---- */

/* The type of a die, its other names and its qualifiers taken off. False: it has none. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	for (int i = 0; i < DEPTH_MAX; i++) {
		if (!dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attr), type))
			return false;
		switch (dwarf_tag(type)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_atomic_type: break;
		default: return true;
		}
		die = type;
	}
	return false;
}

/* How many elements an array has, of one dimension. */
static uint64_t elements(Dwarf_Die *array)
{
	Dwarf_Die range;
	if (dwarf_child(array, &range) != 0)
		return 0;
	uint64_t n = type_attr_count(&range);
	return n == TYPE_COUNT_UNKNOWN ? 0 : n;
}

/* In bytes, of what a die is of; 0: that is not known. */
static uint64_t size_of(Dwarf_Die *die)
{
	Dwarf_Die type, element;
	if (!type_of(die, &type))
		return 0;
	uint64_t n = 1;
	if (dwarf_tag(&type) == DW_TAG_array_type) {
		n = elements(&type);
		if (!type_of(&type, &element))
			return 0;
		type = element;
	}
	/* Some compilers do not say how large a pointer is. */
	uint64_t otherwise = dwarf_tag(&type) == DW_TAG_pointer_type ? 8 : 0;
	return n * type_attr_number(&type, DW_AT_byte_size, otherwise);
}

/*
 * Add to a field's offset where `path`, "sched.pc", is in a struct, and set its size. False: it is
 * not there. What is in a member without a name counts as the struct's own.
 */
static bool find_member(Dwarf_Die *in, const char *path, struct layout_item *field, int depth)
{
	Dwarf_Die member, type;
	size_t n = strcspn(path, ".");
	if (depth == DEPTH_MAX || dwarf_child(in, &member) != 0)
		return false;
	do {
		const char *name = debug_name(&member);
		if (dwarf_tag(&member) != DW_TAG_member ||
			(name && (strlen(name) != n || memcmp(name, path, n) != 0)))
			continue;
		uint64_t before = field->value;
		field->value += type_attr_number(&member, DW_AT_data_member_location, 0);
		field->size = size_of(&member);
		if (name && !path[n])
			return true;
		if (type_of(&member, &type) &&
			find_member(&type, name ? path + n + 1 : path, field, depth + 1))
			return true;
		field->value = before;
	} while (dwarf_siblingof(&member, &member) == 0);
	return false;
}

/* ---- what is of the runtime at the top of a unit ---- */

static struct layout_item *wanted(
	struct layout_item *items, size_t n, enum layout_kind kind, const char *name)
{
	struct layout_item *item = name ? layout_item(items, n, kind, name, strlen(name)) : NULL;
	return item && !item->told ? item : NULL;
}

static void read_struct(Dwarf_Die *die, struct layout_item *items, size_t n)
{
	const char *name = debug_name(die);
	struct layout_item *item = wanted(items, n, LAYOUT_STRUCT, name);
	if (!item || !type_attr_number(die, DW_AT_byte_size, 0))
		return;
	item->told = true;
	item->size = type_attr_number(die, DW_AT_byte_size, 0);
	size_t nname = strlen(name);
	for (size_t i = 0; i < n; i++)
		if (items[i].kind == LAYOUT_FIELD && strncmp(items[i].name, name, nname) == 0 &&
			items[i].name[nname] == '.')
			items[i].told = find_member(die, items[i].name + nname + 1, &items[i], 0);
}

static void read_enum(Dwarf_Die *die, struct layout_item *items, size_t n)
{
	Dwarf_Die constant;
	if (dwarf_child(die, &constant) != 0)
		return;
	do {
		struct layout_item *item = wanted(items, n, LAYOUT_CONSTANT, debug_name(&constant));
		if (!item)
			continue;
		item->value = type_attr_number(&constant, DW_AT_const_value, UINT64_MAX);
		item->told = item->value != UINT64_MAX;
	} while (dwarf_siblingof(&constant, &constant) == 0);
}

static void read_variable(
	const struct program *p, Dwarf_Die *die, struct layout_item *items, size_t n)
{
	struct layout_item *item = wanted(items, n, LAYOUT_VARIABLE, debug_name(die));
	if (!item)
		return;
	item->value = program_address(p, item->name);
	item->size = size_of(die);
	item->told = item->value && item->size;
}

static void read_unit(const struct program *p, Dwarf_Die *unit, struct layout_item *items, size_t n)
{
	Dwarf_Die die;
	if (dwarf_child(unit, &die) != 0)
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_structure_type: read_struct(&die, items, n); break;
		case DW_TAG_enumeration_type: read_enum(&die, items, n); break;
		case DW_TAG_variable: read_variable(p, &die, items, n); break;
		}
	} while (dwarf_siblingof(&die, &die) == 0);
}

/* Whether code of the unit lies in the runtime's. */
static bool is_runtimes(Dwarf_Die *unit, struct code_range runtime)
{
	Dwarf_Addr base, lo, hi;
	for (ptrdiff_t at = 0; (at = dwarf_ranges(unit, at, &base, &lo, &hi)) > 0;)
		if (lo >= runtime.lo && lo < runtime.hi)
			return true;
	return false;
}

void layout_from_dwarf(const struct program *p, struct layout_item *items, size_t n)
{
	struct code_range runtime = {
		program_address(p, "runtime_text"), program_address(p, "runtime_etext")};
	Dwarf *dwarf = debug_open(p->elf);
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;
	while (dwarf && dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
		if (is_runtimes(&unit, runtime))
			read_unit(p, &unit, items, n);
	dwarf_end(dwarf);
}
