/* SPDX-License-Identifier: MIT */
/*
 * A type as C declares it. A declaration is read from within: half of what is around the name
 * stands before it, as the stars of pointers do, and half behind it, as what a function takes.
 */
#include <ctype.h>

#include "room.h"
#include "type_words.h"

/* Of pointers to pointers; a circle has no end. */
enum { DEPTH_MAX = 32 };

struct speller {
	const struct types *ts;
	struct room *room;
};

static void spell(const struct speller *s, int type, int depth);

/* A blank goes between a word and what is no word. */
static void put_mark(struct room *r, const char *mark)
{
	char last = r->used ? r->buf[r->used - 1] : '\0';
	room_put(r, "%s%s", isalnum((unsigned char)last) || last == '_' || last == '}' ? " " : "",
		mark);
}

static const char *word_of(enum type_kind kind)
{
	switch (kind) {
	case TYPE_STRUCT: return "struct ";
	case TYPE_UNION: return "union ";
	case TYPE_ENUM: return "enum ";
	default: return "";
	}
}

static bool is_qualifier(const struct var_type *t)
{
	return t->kind > TYPE_TYPEDEF;
}

/* The type below qualifiers; *kinds: a bit for each of these. */
static int unqualified(const struct speller *s, int type, unsigned *kinds)
{
	const struct var_type *t = types_at(s->ts, type);
	*kinds = 0;
	for (int i = 0; is_qualifier(t) && i < DEPTH_MAX; i++) {
		*kinds |= 1u << t->kind;
		type = t->of;
		t = types_at(s->ts, type);
	}
	return type;
}

/* In one order, whichever they were written in. */
static void put_qualifiers(struct room *room, unsigned kinds, bool is_behind)
{
	static const struct {
		enum type_kind kind;
		const char *word;
	} all[] = {{TYPE_CONST, "const"}, {TYPE_VOLATILE, "volatile"}, {TYPE_RESTRICT, "restrict"},
		{TYPE_ATOMIC, "_Atomic"}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (kinds & 1u << all[i].kind)
			room_put(room, is_behind ? " %s" : "%s ", all[i].word);
}

static void put_leaf(const struct speller *s, const struct var_type *t)
{
	bool has_tag = *word_of(t->kind);
	const char *otherwise = has_tag ? "{...}" : "<unknown type>";
	room_put(s->room, "%s%s", word_of(t->kind), t->name ? t->name : otherwise);
}

/*
 * What stands before the name; in_pointer: of what it is part of, a pointer is next to it. An
 * array's qualifiers are its elements': `more`.
 */
static void put_before(const struct speller *s, int type, unsigned more, bool in_pointer, int depth)
{
	unsigned qualifiers;
	type = unqualified(s, type, &qualifiers);
	qualifiers |= more;
	const struct var_type *t = types_at(s->ts, type);
	if (depth == DEPTH_MAX) {
		room_put(s->room, "…");
	} else if (t->kind == TYPE_POINTER) {
		put_before(s, t->of, 0, true, depth + 1);
		put_mark(s->room, "*");
		put_qualifiers(s->room, qualifiers, true);
	} else if (t->kind == TYPE_ARRAY || t->kind == TYPE_FUNCTION) {
		put_before(s, t->of, qualifiers, false, depth + 1);
		if (in_pointer)
			put_mark(s->room, "(");
	} else {
		put_qualifiers(s->room, qualifiers, false);
		put_leaf(s, t);
	}
}

static void put_parameters(const struct speller *s, const struct var_type *t, int depth)
{
	put_mark(s->room, "(");
	for (int i = 0; i < t->nmembers && !s->room->full; i++) {
		room_put(s->room, "%s", i ? ", " : "");
		spell(s, t->members[i].type, depth);
	}
	if (t->variadic)
		room_put(s->room, "%s...", t->nmembers ? ", " : "");
	else if (!t->nmembers && !t->unprototyped)
		room_put(s->room, "void");
	room_put(s->room, ")");
}

/* And what stands behind it. */
static void put_after(const struct speller *s, int type, bool in_pointer, int depth)
{
	unsigned qualifiers;
	const struct var_type *t = types_at(s->ts, unqualified(s, type, &qualifiers));
	if (depth == DEPTH_MAX)
		return;
	if ((t->kind == TYPE_ARRAY || t->kind == TYPE_FUNCTION) && in_pointer)
		room_put(s->room, ")");
	if (t->kind == TYPE_ARRAY) {
		put_mark(s->room, "[");
		if (t->count != TYPE_COUNT_UNKNOWN)
			room_put(s->room, "%llu", (unsigned long long)t->count);
		room_put(s->room, "]");
	} else if (t->kind == TYPE_FUNCTION) {
		put_parameters(s, t, depth + 1);
	}
	if (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY || t->kind == TYPE_FUNCTION)
		put_after(s, t->of, t->kind == TYPE_POINTER, depth + 1);
}

static void spell(const struct speller *s, int type, int depth)
{
	if (s->room->full)
		return;
	put_before(s, type, 0, false, depth);
	put_after(s, type, false, depth);
}

char *type_name(const struct types *ts, int type, char *buf, size_t n)
{
	struct room room = room_in(buf, n);
	spell(&(struct speller){ts, &room}, type, 0);
	return buf;
}
