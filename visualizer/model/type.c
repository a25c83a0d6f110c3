/* SPDX-License-Identifier: MIT */
#include "type.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "strpool.h"
#include "xalloc.h"

/* Names for names, arrays of arrays: deeper than that is a circle. */
enum { DEPTH_MAX = 32 };

struct types {
	struct strpool strings;
	struct var_type **types; /* owned, so that they stay where they are */
	size_t n, cap;
};

static const struct var_type unknown = {.kind = TYPE_UNKNOWN};

struct types *types_new(void)
{
	struct types *ts = xcalloc(1, sizeof *ts);
	int number = types_add(ts, &(struct var_type){.kind = TYPE_VOID, .name = "void"});
	assert(number == TYPE_NUMBER_VOID);
	(void)number;
	return ts;
}

static void free_parts(struct var_type *t)
{
	free(t->members);
	free(t->enumerators);
}

void types_free(struct types *ts)
{
	if (!ts)
		return;
	for (size_t i = 0; i < ts->n; i++) {
		free_parts(ts->types[i]);
		free(ts->types[i]);
	}
	free(ts->types);
	strpool_free(&ts->strings);
	free(ts);
}

/* A copy of an array; NULL of none. */
static void *copy(const void *from, int n, size_t size)
{
	if (n <= 0)
		return NULL;
	void *to = xcalloc(n, size);
	memcpy(to, from, n * size);
	return to;
}

void types_set(struct types *ts, int number, const struct var_type *t)
{
	assert(number >= 0 && (size_t)number < ts->n);
	struct var_type *to = ts->types[number], was = *to;
	*to = *t;
	to->name = strpool_keep(&ts->strings, t->name);
	to->members = copy(t->members, t->nmembers, sizeof *t->members);
	to->enumerators = copy(t->enumerators, t->nenumerators, sizeof *t->enumerators);
	for (int i = 0; i < to->nmembers; i++)
		to->members[i].name = strpool_keep(&ts->strings, t->members[i].name);
	for (int i = 0; i < to->nenumerators; i++)
		to->enumerators[i].name = strpool_keep(&ts->strings, t->enumerators[i].name);
	free_parts(&was);
}

int types_add(struct types *ts, const struct var_type *t)
{
	ts->types = xgrow(ts->types, &ts->cap, ts->n + 1, sizeof *ts->types);
	ts->types[ts->n++] = xcalloc(1, sizeof **ts->types);
	types_set(ts, (int)ts->n - 1, t);
	return (int)ts->n - 1;
}

int types_count(const struct types *ts)
{
	return (int)ts->n;
}

const struct var_type *types_at(const struct types *ts, int number)
{
	return number >= 0 && (size_t)number < ts->n ? ts->types[number] : &unknown;
}

const struct var_type *types_plain(const struct types *ts, int number)
{
	const struct var_type *t = types_at(ts, number);
	for (int i = 0; t->kind >= TYPE_TYPEDEF; i++) {
		if (i == DEPTH_MAX)
			return &unknown;
		t = types_at(ts, t->of);
	}
	return t;
}

uint64_t types_size(const struct types *ts, int number)
{
	const struct var_type *t = types_plain(ts, number);
	uint64_t n = 1;
	for (int i = 0; t->kind == TYPE_ARRAY; i++) {
		if (i == DEPTH_MAX || t->count == TYPE_COUNT_UNKNOWN ||
			__builtin_mul_overflow(n, t->count, &n))
			return 0;
		t = types_plain(ts, t->of);
	}
	return __builtin_mul_overflow(n, t->size, &n) ? 0 : n;
}
