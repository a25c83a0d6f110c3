/* SPDX-License-Identifier: MIT */
#include "type_attrs.h"
#include "debug.h"

#include <dwarf.h>

enum type_attr type_attr_type(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attr;
	if (!dwarf_attr_integrate(die, DW_AT_type, &attr))
		return TYPE_ATTR_NONE;
	return dwarf_formref_die(&attr, type) ? TYPE_ATTR_THERE : TYPE_ATTR_BROKEN;
}

uint64_t type_attr_number(Dwarf_Die *die, unsigned name, uint64_t otherwise)
{
	Dwarf_Attribute attr;
	Dwarf_Word n;
	return dwarf_formudata(dwarf_attr(die, name, &attr), &n) == 0 ? n : otherwise;
}

bool type_attr_number_in(Dwarf_Attribute *attr, int64_t *value)
{
	Dwarf_Word word;
	Dwarf_Sword sword;
	/* A form of so many bytes does not say whether it has a sign, and compilers mean: none. */
	unsigned form = dwarf_whatform(attr);
	bool is_signed = form == DW_FORM_sdata || form == DW_FORM_implicit_const;
	if (is_signed ? dwarf_formsdata(attr, &sword) : dwarf_formudata(attr, &word))
		return false;
	*value = is_signed ? sword : (int64_t)word;
	return true;
}

bool type_attr_constant(Dwarf_Die *die, unsigned name, int64_t *value)
{
	Dwarf_Attribute attr;
	return dwarf_attr(die, name, &attr) && type_attr_number_in(&attr, value);
}

uint64_t type_attr_count(Dwarf_Die *dimension)
{
	int64_t lower = 0, upper, count;
	type_attr_constant(dimension, DW_AT_lower_bound, &lower);
	if (type_attr_constant(dimension, DW_AT_count, &count))
		return (uint64_t)count;
	if (!type_attr_constant(dimension, DW_AT_upper_bound, &upper))
		return TYPE_COUNT_UNKNOWN;
	return (uint64_t)upper - (uint64_t)lower + 1;
}

static enum type_kind kind_of_base(Dwarf_Die *type)
{
	switch (type_attr_number(type, DW_AT_encoding, 0)) {
	case DW_ATE_signed: return TYPE_SIGNED;
	case DW_ATE_unsigned:
	case DW_ATE_UTF: return TYPE_UNSIGNED;
	case DW_ATE_boolean: return TYPE_BOOL;
	case DW_ATE_signed_char: return TYPE_CHAR;
	case DW_ATE_unsigned_char: return TYPE_UCHAR;
	case DW_ATE_float: return TYPE_FLOAT;
	default: return TYPE_UNKNOWN;
	}
}

enum type_kind type_attr_kind(Dwarf_Die *type)
{
	switch (dwarf_tag(type)) {
	case DW_TAG_base_type: return kind_of_base(type);
	case DW_TAG_enumeration_type: return TYPE_ENUM;
	case DW_TAG_pointer_type: return TYPE_POINTER;
	case DW_TAG_array_type: return TYPE_ARRAY;
	case DW_TAG_class_type:
	case DW_TAG_structure_type: return TYPE_STRUCT;
	case DW_TAG_union_type: return TYPE_UNION;
	case DW_TAG_subroutine_type: return TYPE_FUNCTION;
	case DW_TAG_typedef: return TYPE_TYPEDEF;
	case DW_TAG_const_type: return TYPE_CONST;
	case DW_TAG_volatile_type: return TYPE_VOLATILE;
	case DW_TAG_restrict_type: return TYPE_RESTRICT;
	case DW_TAG_atomic_type: return TYPE_ATOMIC;
	default: return TYPE_UNKNOWN;
	}
}

bool type_attr_is_member(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);
	return (tag == DW_TAG_member && !dwarf_hasattr(die, DW_AT_declaration)) ||
	       tag == DW_TAG_inheritance;
}

/* From the first bit of the struct on, as DWARF has counted since version 4. */
static void set_bits(struct type_member *m, uint64_t bit, uint64_t bits)
{
	m->at = bit / 8;
	m->bit = (uint8_t)(bit % 8);
	m->bits = (uint8_t)bits;
}

bool type_attr_place(Dwarf_Die *member, uint64_t size, struct type_member *m)
{
	int64_t at = 0;
	m->name = debug_name(member);
	if (dwarf_hasattr(member, DW_AT_data_member_location) &&
		!type_attr_constant(member, DW_AT_data_member_location, &at))
		return false;
	m->at = (uint64_t)at;
	uint64_t bits = type_attr_number(member, DW_AT_bit_size, 0);
	if (!bits)
		return true;
	if (bits > 64)
		return false;
	/* Before, it was from the highest bit of a word on that holds it. */
	uint64_t from_top = type_attr_number(member, DW_AT_bit_offset, UINT64_MAX);
	uint64_t word = 8 * type_attr_number(member, DW_AT_byte_size, size);
	if (from_top != UINT64_MAX && from_top + bits > word)
		return false;
	if (from_top != UINT64_MAX)
		set_bits(m, 8 * m->at + word - from_top - bits, bits);
	else
		set_bits(m, 8 * m->at + type_attr_number(member, DW_AT_data_bit_offset, 0), bits);
	return true;
}
