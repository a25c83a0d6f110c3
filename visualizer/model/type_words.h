/* SPDX-License-Identifier: MIT */
/*
 * Types and values in words, as gdb has them: "const char *", "{status = RUNNING, m = 0x4c2000}".
 * What a value is made of may be anything: a program's memory, a file that somebody sent. So words
 * end where the buffer does, with "…"; their time is bounded too.
 */
#ifndef MODEL_TYPE_WORDS_H
#define MODEL_TYPE_WORDS_H

#include "type.h"

/* As C declares it, without a variable's name, into buf of at least 16 bytes; returns buf. */
char *type_name(const struct types *ts, int type, char *buf, size_t n);

/* Memory as it was at the moment of the value; false: not all n bytes at addr are known. */
typedef bool value_read_fn(void *ctx, uint64_t addr, void *to, size_t n);
/* The function at addr, "schedule" or "schedule+0x10", into name of n bytes; false: none. */
typedef bool value_function_fn(void *ctx, uint64_t addr, char *name, size_t n);

/* Where the bytes of a value are, and what else is asked for its words. */
struct value {
	const uint8_t *bytes; /* those of a register or a constant, n of them; NULL: in memory */
	size_t n;
	uint64_t addr;               /* bytes NULL: there */
	value_read_fn *read;         /* NULL: no memory is known */
	value_function_fn *function; /* NULL: functions have no names */
	void *ctx;
	int depth; /* so many structs and arrays in each other; further ones are "{...}" */
};

/*
 * A value, into buf of at least 16 bytes; returns buf. What is not known of it is "<unavailable>".
 * A struct is "{name = value, …}", an array "{1, 2, 0 <repeats 12 times>}"; an array of char, and
 * what a char * points to where that can be read, is text up to its first 0.
 */
char *type_format(const struct types *ts, int type, const struct value *v, char *buf, size_t n);

#endif
