/* SPDX-License-Identifier: MIT */
#include "type_key.h"

#include <string.h>

#include "debug.h"
#include "type_attrs.h"

static void put_number(struct bytes *b, uint64_t n)
{
	static const char digits[] = "0123456789abcdef";
	do
		put_u8(b, (uint8_t)digits[n & 15]);
	while (n >>= 4);
	put_u8(b, ' ');
}

/* Its length before it, as a name may have blanks. */
static void put_word(struct bytes *b, const char *s)
{
	put_number(b, s ? strlen(s) + 1 : 0);
	put_raw(b, s, s ? strlen(s) : 0);
}

static void put_head(struct bytes *b, const struct var_type *t)
{
	put_number(b, t->kind);
	put_word(b, t->name);
	put_number(b, t->size);
	put_number(b, t->incomplete | t->variadic << 1 | t->unprototyped << 2);
}

void type_key_of(struct bytes *key, const struct var_type *t)
{
	put_head(key, t);
	put_number(key, (uint64_t)t->of);
	put_number(key, t->count);
	for (int i = 0; i < t->nmembers; i++)
		put_number(key, (uint64_t)t->members[i].type);
	for (int i = 0; i < t->nenumerators; i++) {
		put_word(key, t->enumerators[i].name);
		put_number(key, (uint64_t)t->enumerators[i].value);
	}
	put_u8(key, 0);
}

void type_key_of_struct(struct bytes *key, const struct var_type *t, Dwarf_Die *die)
{
	Dwarf_Die child;
	int line = 0, column = 0;
	dwarf_decl_line(die, &line);
	dwarf_decl_column(die, &column);
	put_u8(key, 's'); /* as no number begins */
	put_head(key, t);
	put_word(key, dwarf_decl_file(die));
	put_number(key, (uint64_t)line);
	put_number(key, (uint64_t)column);
	for (int ok = dwarf_child(die, &child); ok == 0; ok = dwarf_siblingof(&child, &child))
		put_word(key, debug_name(&child));
	put_u8(key, 0);
}
