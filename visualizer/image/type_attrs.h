/* SPDX-License-Identifier: MIT */
/* What DWARF's descriptions of types say, attribute by attribute. */
#ifndef IMAGE_TYPE_ATTRS_H
#define IMAGE_TYPE_ATTRS_H

#include <elfutils/libdw.h>

#include "model/type.h"

enum type_attr { TYPE_ATTR_NONE, TYPE_ATTR_THERE, TYPE_ATTR_BROKEN };

/* What a description is of, its origin's if it has none itself. */
enum type_attr type_attr_type(Dwarf_Die *die, Dwarf_Die *type);
enum type_kind type_attr_kind(Dwarf_Die *type);
/* A number that is not negative; `otherwise` where there is none. */
uint64_t type_attr_number(Dwarf_Die *die, unsigned name, uint64_t otherwise);
/* A number that may be; false: there is none, or it is none. */
bool type_attr_number_in(Dwarf_Attribute *attr, int64_t *value);
bool type_attr_constant(Dwarf_Die *die, unsigned name, int64_t *value);
/* How many elements a dimension of an array has. */
uint64_t type_attr_count(Dwarf_Die *dimension);

/* Whether it is part of a struct's values. */
bool type_attr_is_member(Dwarf_Die *die);
/* Name, offset and bits of a member, whose type has so many bytes; false: that is not known. */
bool type_attr_place(Dwarf_Die *member, uint64_t size, struct type_member *m);

#endif
