/* SPDX-License-Identifier: MIT */
/* Variables in a recording's file as nobody would write them, put together by hand. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "model/recfile_parts.h"
#include "model/snapshot.h"
#include "model_tests.h"

/* How many bytes a byte of a piece may cost, and what one costs that is empty. */
enum { WORTH = 400, NOTHING = 16 << 10 };

/* One type without a name, of this kind and of that type. */
static void put_type(struct bytes *b, int kind, uint64_t of, int nmembers)
{
	put_u8(b, (uint8_t)kind);
	put_u8(b, 0);
	put_uv(b, 0);
	put_uv(b, 1);
	put_uv(b, of);
	put_uv(b, 1);
	put_uv(b, (uint64_t)nmembers);
	for (int i = 0; i < nmembers; i++) {
		put_uv(b, STRING_NONE);
		put_uv(b, of);
		put_uv(b, 0);
		put_u8(b, 0);
		put_u8(b, 0);
	}
	put_uv(b, 0);
}

static bool type_comes_in(int kind, uint64_t of, int nmembers)
{
	struct bytes b = {0};
	put_uv(&b, 1);
	put_type(&b, kind, of, nmembers);
	put_uv(&b, 0);
	bool is_whole = vars_come_in(b.p, b.n);
	free(b.p);
	return is_whole;
}

/* A struct of this name, with a member of so many bits from that bit on. */
static bool struct_comes_in(const char *name, size_t n, int bits, int bit)
{
	struct bytes b = {0};
	put_uv(&b, 1);
	put_u8(&b, TYPE_STRUCT);
	put_u8(&b, 0);
	put_uv(&b, STRING_NEW);
	put_blob(&b, name, n);
	for (int i = 0; i < 3; i++)
		put_uv(&b, 0);
	put_uv(&b, 1);
	for (int i = 0; i < 3; i++)
		put_uv(&b, 0);
	put_u8(&b, (uint8_t)bits);
	put_u8(&b, (uint8_t)bit);
	put_uv(&b, 0);
	put_uv(&b, 0);
	bool is_whole = vars_come_in(b.p, b.n);
	free(b.p);
	return is_whole;
}

static void names_and_bits(void **state)
{
	(void)state;
	assert_true(struct_comes_in("a b", 3, 64, 7));
	assert_false(struct_comes_in("a\0b", 3, 64, 7));
	assert_false(struct_comes_in("a b", 3, 65, 7));
	assert_false(struct_comes_in("a b", 3, 64, 8));
	assert_false(struct_comes_in("a b", 3, 255, 255));
}

/* Numbers of types that there are none of; and circles, which there may be. */
static void leads_nowhere(void **state)
{
	(void)state;
	assert_true(type_comes_in(TYPE_POINTER, 0, 0));
	assert_true(type_comes_in(TYPE_POINTER, 1, 0));
	assert_false(type_comes_in(TYPE_POINTER, 2, 0));
	assert_false(type_comes_in(TYPE_POINTER, UINT32_MAX, 0));
	assert_false(type_comes_in(TYPE_POINTER, UINT64_MAX, 0));
	assert_true(type_comes_in(TYPE_KINDS, 0, 0));
	assert_true(type_comes_in(255, 0, 0));
	assert_true(type_comes_in(TYPE_STRUCT, 1, 3));
	assert_false(type_comes_in(TYPE_STRUCT, 2, 3));
	for (int kind = 0; kind < TYPE_KINDS; kind++)
		assert_true(type_comes_in(kind, 1, 2));
}

/* A function of one variable, of which each number can be wrong. */
static bool function_comes_in(int around, uint64_t type, uint64_t scope, int base, int reg)
{
	struct bytes b = {0};
	put_uv(&b, 0);
	put_uv(&b, 1);
	put_uv(&b, 2);
	for (int i = -1; i < 1; i++) {
		put_sv(&b, i < 0 ? -1 : around);
		put_uv(&b, i < 0 ? STRING_NEW : STRING_SEEN);
		if (i < 0)
			put_text(&b, "f");
		put_uv(&b, 0);
	}
	put_uv(&b, 1);
	put_uv(&b, STRING_NEW);
	put_text(&b, "v");
	put_uv(&b, type);
	put_uv(&b, scope);
	put_u8(&b, 0);
	put_uv(&b, 1);
	put_u8(&b, VAR_IN_MEMORY);
	put_sv(&b, 0x100);
	put_uv(&b, 0x10);
	put_u8(&b, (uint8_t)base);
	put_u8(&b, (uint8_t)reg);
	put_sv(&b, 0);
	bool is_whole = vars_come_in(b.p, b.n);
	free(b.p);
	return is_whole;
}

static void indices(void **state)
{
	(void)state;
	enum { BASE = VAR_FROM_REGISTER };
	assert_true(function_comes_in(0, 0, 1, BASE, 5));
	assert_false(function_comes_in(1, 0, 1, BASE, 5));
	assert_false(function_comes_in(-1, 0, 1, BASE, 5));
	assert_false(function_comes_in(0, 1, 1, BASE, 5));
	assert_false(function_comes_in(0, UINT64_MAX, 1, BASE, 5));
	assert_false(function_comes_in(0, 0, 2, BASE, 5));
	assert_false(function_comes_in(0, 0, UINT64_MAX, BASE, 5));
	assert_false(function_comes_in(0, 0, 1, BASE, SNAP_NREGS_MAX));
	/* Of another base nothing is known; of another kind of type neither. */
	assert_true(function_comes_in(0, 0, 1, VAR_BASES, 255));
}

static size_t allocated(void)
{
	struct mallinfo2 now = mallinfo2();
	return now.uordblks + now.hblkhd;
}

/* Counts that say more than there is, and much of what is small. */
static void is_worth_it(void **state)
{
	(void)state;
	enum { MANY = 2000 };
	struct bytes all[3] = {{0}};
	for (int i = 0; i < 2; i++) {
		put_uv(&all[i], i ? MANY : INT32_MAX);
		for (int k = 0; k < (i ? MANY : 3); k++)
			put_type(&all[i], TYPE_ENUM, 0, 1);
	}
	put_uv(&all[2], 0);
	put_uv(&all[2], MANY);
	for (int k = 0; k < MANY; k++) { /* one scope, of one range; no variable */
		static const uint8_t function[] = {1, 1, 1, 1, 'f', 1, 2, 2, 0};
		put_raw(&all[2], function, sizeof function);
	}
	for (int i = 0; i < 3; i++) {
		struct code *c = code_new();
		struct code_reader cr = {0};
		struct reader r = reader_of(all[i].p, all[i].n);
		size_t before = allocated();
		get_functions(&cr, &r, code_variables(c));
		variables_at(code_variables(c), 1, NULL, 0);
		size_t more = allocated() - before;
		if (more > NOTHING + WORTH * all[i].n)
			fail_msg("%zu bytes take %zu", all[i].n, more);
		code_reader_free(&cr);
		code_free(c);
		free(all[i].p);
	}
}

int test_recfile_vars_hostile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_bits),
		cmocka_unit_test(leads_nowhere),
		cmocka_unit_test(indices),
		cmocka_unit_test(is_worth_it),
	};
	return cmocka_run_group_tests_name("recfile_vars_hostile", tests, NULL, NULL);
}
