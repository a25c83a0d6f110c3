/* SPDX-License-Identifier: MIT */
/*
 * The types of a program's variables, as C has them. They are numbered, each is there once, and
 * they may lead back to themselves: struct g points to struct m, which points to struct g. Filled
 * by the live engine from DWARF, baked into recordings. A number that leads nowhere, as a file may
 * have it, is that of a type of which nothing is known.
 */
#ifndef MODEL_TYPE_H
#define MODEL_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum type_kind {
	TYPE_UNKNOWN, /* none of these; size and name may be known */
	TYPE_VOID,
	TYPE_SIGNED,
	TYPE_UNSIGNED,
	TYPE_BOOL,
	TYPE_CHAR, /* signed */
	TYPE_UCHAR,
	TYPE_FLOAT,
	TYPE_ENUM,
	TYPE_POINTER,
	TYPE_ARRAY,
	TYPE_STRUCT,
	TYPE_UNION,
	TYPE_FUNCTION,
	/* Another word for a type, or the type and a word. */
	TYPE_TYPEDEF,
	TYPE_CONST,
	TYPE_VOLATILE,
	TYPE_RESTRICT,
	TYPE_ATOMIC,
	TYPE_KINDS
};

/* Of a struct or a union; of a function a parameter, of which the type alone is known. */
struct type_member {
	const char *name; /* NULL: it has none, and what is in it counts as the struct's own */
	int type;
	uint64_t at;  /* bytes from the struct's first on */
	uint8_t bit;  /* of a bit-field: from that bit of these bytes on, 0 being the lowest */
	uint8_t bits; /* so many; 0: it is none */
};

struct type_enumerator {
	const char *name;
	int64_t value;
};

/* How many elements an array has, where only the running program knows, or nobody. */
#define TYPE_COUNT_UNKNOWN UINT64_MAX

struct var_type {
	enum type_kind kind;
	const char *name; /* tag, typedef or base type; NULL: it has none */
	uint64_t size;    /* in bytes; 0: it has none, or that is not known */
	int of; /* to what, of what, what a function returns; of a typedef and the like, which */
	uint64_t count;    /* of an array, elements */
	bool incomplete;   /* struct, union, enum: what is in it the file does not say */
	bool variadic;     /* function: it takes more than its parameters */
	bool unprototyped; /* function: what it takes is not said */
	int nmembers, nenumerators;
	struct type_member *members;
	struct type_enumerator *enumerators;
};

/* The number of void, which is in every table. */
enum { TYPE_NUMBER_VOID };

struct types;

struct types *types_new(void);
void types_free(struct types *ts);
/* All of t is copied. Returns its number: the types of a table are counted from 0 on. */
int types_add(struct types *ts, const struct var_type *t);
/* Say what a type is that was added before that was known: one that leads back to itself. */
void types_set(struct types *ts, int number, const struct var_type *t);
int types_count(const struct types *ts);
/* Never NULL; lives as long as the table, unless types_set replaces it. */
const struct var_type *types_at(const struct types *ts, int number);
/* What a type is without its other names and its qualifiers; never NULL. */
const struct var_type *types_plain(const struct types *ts, int number);
/* In bytes, of an array too; 0: not known. */
uint64_t types_size(const struct types *ts, int number);

#endif
