/* SPDX-License-Identifier: MIT */
/*
 * A value in words. Each part that is said takes room in the buffer, and what is looked at without
 * being said, to see whether elements are alike, is counted: so it ends, whatever the types are.
 */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "room.h"
#include "text.h"
#include "type_words.h"

/* As gdb has them: of an array or a text so much is said, and so many alike are said once. */
enum { SAID_MAX = 200, ALIKE_MIN = 10 };
/* Elements that are held against each other have at most so many bytes; and so many are. */
enum { ALIKE_BYTES = 64, LOOKED_AT_MAX = 1 << 16 };
/* Structs and arrays in each other, however many are asked for. */
enum { NESTED_MAX = 32 };

struct value_words {
	const struct types *ts;
	const struct value *v;
	struct room *room;
	int looked_at; /* elements */
};

static void tell(struct value_words *t, int type, uint64_t at, int depth);

/* ---- bytes ---- */

/* n bytes of the value, from `at` on; false: they are not known. */
static bool fetch(const struct value_words *t, uint64_t at, void *to, size_t n)
{
	const struct value *v = t->v;
	if (!v->bytes)
		return v->read && v->read(v->ctx, v->addr + at, to, n);
	if (at > v->n || n > v->n - at)
		return false;
	memcpy(to, v->bytes + at, n);
	return true;
}

/* The least significant byte first, as on both architectures. */
static uint64_t number_in(const uint8_t *bytes, size_t n)
{
	uint64_t v = 0;
	for (size_t i = n; i-- > 0;)
		v = v << 8 | bytes[i];
	return v;
}

/* Of so many bits, as a signed number. */
static int64_t extend(uint64_t v, unsigned bits)
{
	uint64_t sign = UINT64_C(1) << (bits - 1);
	return (int64_t)((v ^ sign) - sign);
}

/* ---- one number ---- */

static const char *escape_of(uint32_t ch)
{
	switch (ch) {
	case '\a': return "\\a";
	case '\b': return "\\b";
	case '\f': return "\\f";
	case '\n': return "\\n";
	case '\r': return "\\r";
	case '\t': return "\\t";
	case '\v': return "\\v";
	case '\\': return "\\\\";
	default: return NULL;
	}
}

/* The character that s begins with, as it stands between quotes; returns how many bytes it has. */
static size_t put_character(struct room *room, const char *s, size_t n, char quote)
{
	uint32_t ch;
	size_t len = utf8_next(s, n, &ch);
	const char *escape = len ? escape_of(ch) : NULL;
	if (escape)
		room_put(room, "%s", escape);
	else if (len && ch == (unsigned char)quote)
		room_put(room, "\\%c", quote);
	else if (len && !utf8_is_hidden(ch))
		room_put(room, "%.*s", (int)len, s);
	else
		room_put(room, "\\%03o", (unsigned char)*s);
	return len && !utf8_is_hidden(ch) ? len : 1;
}

static void put_char(struct room *room, int64_t value)
{
	char c = (char)value;
	room_put(room, "%" PRId64 " '", value);
	put_character(room, &c, 1, '\'');
	room_put(room, "'");
}

static void put_enum(struct room *room, const struct var_type *t, uint64_t value, unsigned bits)
{
	uint64_t mask = bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
	bool is_signed = false;
	for (int i = 0; i < t->nenumerators; i++) {
		const struct type_enumerator *e = &t->enumerators[i];
		is_signed |= e->value < 0;
		if (((uint64_t)e->value & mask) == value && e->name) {
			room_put(room, "%s", e->name);
			return;
		}
	}
	if (is_signed)
		room_put(room, "%" PRId64, extend(value, bits));
	else
		room_put(room, "%" PRIu64, value);
}

/* A number of so many bits, of a type that is one. */
static void put_number(
	struct value_words *t, const struct var_type *type, uint64_t value, unsigned bits)
{
	struct room *room = t->room;
	switch (type->kind) {
	case TYPE_SIGNED: room_put(room, "%" PRId64, extend(value, bits)); break;
	case TYPE_CHAR: put_char(room, extend(value, bits)); break;
	case TYPE_UCHAR: put_char(room, (int64_t)value); break;
	case TYPE_ENUM: put_enum(room, type, value, bits); break;
	case TYPE_BOOL:
		if (value <= 1) {
			room_put(room, "%s", value ? "true" : "false");
			break;
		}
		/* fallthrough */
	default: room_put(room, "%" PRIu64, value);
	}
}

/* The sign and the number behind it, of what is none: which one it is, is in its lower bits. */
static void put_nan(struct room *room, uint64_t bits, unsigned mantissa, unsigned all)
{
	uint64_t low = bits & ((UINT64_C(1) << mantissa) - 1);
	room_put(room, "%snan(0x%" PRIx64 ")", bits >> (all - 1) ? "-" : "", low);
}

static void put_float(struct room *room, uint64_t bits, size_t size)
{
	float f;
	double d;
	uint32_t low = (uint32_t)bits;
	memcpy(&f, &low, sizeof f);
	memcpy(&d, &bits, sizeof d);
	if (size == sizeof f && isnan(f))
		put_nan(room, low, 23, 32);
	else if (size == sizeof f)
		room_put(room, "%.9g", (double)f);
	else if (isnan(d))
		put_nan(room, bits, 52, 64);
	else
		room_put(room, "%.17g", d);
}

/* ---- pointers ---- */

/* Text at an address, up to its end, or as far as it can be read; nothing if none of it can. */
static void put_text_at(struct value_words *t, uint64_t addr)
{
	char text[SAID_MAX];
	size_t n = 0;
	bool ends = false;
	while (n < SAID_MAX && !ends && t->v->read &&
		t->v->read(t->v->ctx, addr + n, text + n, 1)) {
		ends = !text[n];
		n += !ends;
	}
	if (!n && !ends)
		return;
	room_put(t->room, " \"");
	for (size_t i = 0; i < n;)
		i += put_character(t->room, text + i, n - i, '"');
	room_put(t->room, "\"%s", ends ? "" : "...");
}

static bool is_char(const struct var_type *t)
{
	return (t->kind == TYPE_CHAR || t->kind == TYPE_UCHAR) && t->size == 1;
}

static void put_pointer(struct value_words *t, const struct var_type *type, uint64_t addr)
{
	const struct var_type *to = types_plain(t->ts, type->of);
	char name[256];
	room_put(t->room, "0x%" PRIx64, addr);
	if (to->kind == TYPE_FUNCTION && t->v->function && addr &&
		t->v->function(t->v->ctx, addr, name, sizeof name))
		room_put(t->room, " <%s>", name);
	else if (is_char(to) && addr)
		put_text_at(t, addr);
}

/* ---- arrays ---- */

/* An array of char is text up to its first 0. */
static void put_text(struct value_words *t, uint64_t at, uint64_t count)
{
	char text[SAID_MAX];
	size_t n = count < SAID_MAX ? count : SAID_MAX, len;
	if (!fetch(t, at, text, n)) {
		room_put(t->room, "<unavailable>");
		return;
	}
	len = strnlen(text, n);
	room_put(t->room, "\"");
	for (size_t i = 0; i < len;)
		i += put_character(t->room, text + i, len - i, '"');
	room_put(t->room, "\"%s", len == SAID_MAX && count > len ? "..." : "");
}

/* How many elements from one on are alike, itself included; `left` there are. */
static uint64_t alike(struct value_words *t, uint64_t at, uint64_t size, uint64_t left)
{
	uint8_t first[ALIKE_BYTES], next[ALIKE_BYTES];
	uint64_t n = 1;
	if (size > sizeof first || !fetch(t, at, first, size))
		return 1;
	for (; n < left && t->looked_at < LOOKED_AT_MAX; n++) {
		t->looked_at++;
		if (!fetch(t, at + n * size, next, size) || memcmp(first, next, size) != 0)
			break;
	}
	return n;
}

static void put_elements(
	struct value_words *t, const struct var_type *type, uint64_t at, uint64_t size, int depth)
{
	uint64_t i = 0;
	int said = 0;
	for (; i < type->count && said < SAID_MAX && !t->room->full; said++) {
		uint64_t n = alike(t, at + i * size, size, type->count - i);
		room_put(t->room, "%s", i ? ", " : "");
		tell(t, type->of, at + i * size, depth);
		if (n >= ALIKE_MIN)
			room_put(t->room, " <repeats %" PRIu64 " times>", n);
		i += n >= ALIKE_MIN ? n : 1;
	}
	if (i < type->count)
		room_put(t->room, "...");
}

static void put_array(struct value_words *t, const struct var_type *type, uint64_t at, int depth)
{
	uint64_t size = types_size(t->ts, type->of);
	if (is_char(types_plain(t->ts, type->of)) && type->count != TYPE_COUNT_UNKNOWN) {
		put_text(t, at, type->count);
	} else if (depth <= 0 || type->count == TYPE_COUNT_UNKNOWN || !size) {
		room_put(t->room, "{...}");
	} else {
		room_put(t->room, "{");
		put_elements(t, type, at, size, depth - 1);
		room_put(t->room, "}");
	}
}

/* ---- structs ---- */

static void put_bits(struct value_words *t, const struct type_member *m, uint64_t at)
{
	uint8_t bytes[9];
	size_t n = (m->bit + m->bits + 7u) / 8;
	if (m->bit > 7 || m->bits > 64 || !fetch(t, at, bytes, n)) {
		room_put(t->room, "<unavailable>");
		return;
	}
	uint64_t value = number_in(bytes, n < 8 ? n : 8) >> m->bit;
	if (n > 8)
		value |= (uint64_t)bytes[8] << (64 - m->bit);
	if (m->bits < 64)
		value &= (UINT64_C(1) << m->bits) - 1;
	put_number(t, types_plain(t->ts, m->type), value, m->bits);
}

static void put_members(struct value_words *t, const struct var_type *type, uint64_t at, int depth)
{
	for (int i = 0; i < type->nmembers && !t->room->full; i++) {
		const struct type_member *m = &type->members[i];
		room_put(t->room, "%s", i ? ", " : "");
		if (m->name)
			room_put(t->room, "%s = ", m->name);
		if (m->bits)
			put_bits(t, m, at + m->at);
		else
			tell(t, m->type, at + m->at, depth);
	}
}

static void put_struct(struct value_words *t, const struct var_type *type, uint64_t at, int depth)
{
	if (type->incomplete) {
		room_put(t->room, "<incomplete type>");
	} else if (depth <= 0) {
		room_put(t->room, "{...}");
	} else {
		room_put(t->room, "{");
		put_members(t, type, at, depth - 1);
		room_put(t->room, "}");
	}
}

/* ---- any ---- */

static void put_scalar(struct value_words *t, const struct var_type *type, uint64_t at)
{
	uint8_t bytes[8];
	bool is_float = type->kind == TYPE_FLOAT && type->size != 4 && type->size != 8;
	if (!type->size || type->size > sizeof bytes || is_float) {
		room_put(t->room, "<%" PRIu64 " bytes>", type->size);
		return;
	}
	if (!fetch(t, at, bytes, type->size)) {
		room_put(t->room, "<unavailable>");
		return;
	}
	uint64_t value = number_in(bytes, type->size);
	if (type->kind == TYPE_FLOAT)
		put_float(t->room, value, type->size);
	else if (type->kind == TYPE_POINTER)
		put_pointer(t, type, value);
	else
		put_number(t, type, value, 8 * (unsigned)type->size);
}

static void tell(struct value_words *t, int type, uint64_t at, int depth)
{
	const struct var_type *plain = types_plain(t->ts, type);
	if (t->room->full)
		return;
	switch (plain->kind) {
	case TYPE_VOID: room_put(t->room, "void"); break;
	case TYPE_UNKNOWN:
	case TYPE_FUNCTION: room_put(t->room, "<unknown type>"); break;
	case TYPE_STRUCT:
	case TYPE_UNION: put_struct(t, plain, at, depth); break;
	case TYPE_ARRAY: put_array(t, plain, at, depth); break;
	default: put_scalar(t, plain, at);
	}
}

char *type_format(const struct types *ts, int type, const struct value *v, char *buf, size_t n)
{
	struct room room = room_in(buf, n);
	struct value_words t = {.ts = ts, .v = v, .room = &room};
	tell(&t, type, 0, v->depth < NESTED_MAX ? v->depth : NESTED_MAX);
	return buf;
}
