/* SPDX-License-Identifier: MIT */
/*
 * By what the same type is found again where another unit of a program describes it: a text that
 * says what it is.
 */
#ifndef IMAGE_TYPE_KEY_H
#define IMAGE_TYPE_KEY_H

#include <elfutils/libdw.h>

#include "model/bytes.h"
#include "model/type.h"

/* Of a type that leads to none but such as have numbers. The text ends with a 0. */
void type_key_of(struct bytes *key, const struct var_type *t);
/*
 * Of a struct or a union, of which t has the name and the size: where in the source it stands, and
 * what its members are called.
 */
void type_key_of_struct(struct bytes *key, const struct var_type *t, Dwarf_Die *die);

#endif
