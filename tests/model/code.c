/* SPDX-License-Identifier: MIT */
#include "model/code.h"

#include <stdio.h>
#include <string.h>

#include "model/strpool.h"
#include "model_tests.h"

static void add(struct code *c, uint64_t pc, uint32_t len, const char *sym, uint64_t lo)
{
	code_add(c,
		&(struct code_line){.pc = pc, .len = len, .sym = sym, .sym_lo = lo, .text = "nop"});
}

/* Out of order, so that the order has to be made. */
static struct code *some_code(void)
{
	struct code *c = code_new();
	add(c, 0x108, 4, "b", 0x108);
	add(c, 0x100, 5, "a", 0x100);
	add(c, 0x105, 3, "a", 0x100);
	add(c, 0x200, 0, NULL, 0);
	return c;
}

static void lookups(void **state)
{
	(void)state;
	struct code *c = some_code();

	assert_int_equal(code_at(c, 0x105)->len, 3);
	assert_null(code_at(c, 0x106));
	assert_int_equal(code_ret(c, 0x105)->pc, 0x100);
	assert_int_equal(code_ret(c, 0x103)->pc, 0x100); /* in the middle of it */
	assert_int_equal(code_ret(c, 0x201)->pc, 0x200); /* not decoded: a byte long */
	assert_null(code_ret(c, 0x202));
	assert_null(code_ret(c, 0x100));
	assert_null(code_ret(c, 0));
	code_free(c);
}

static void order(void **state)
{
	(void)state;
	struct code *c = some_code();

	assert_int_equal(code_count(c), 4);
	assert_int_equal(code_nth(c, 1)->pc, 0x100); /* as it was added */
	assert_null(code_nth(c, 4));
	assert_null(code_prev(c, 0x100));
	assert_int_equal(code_prev(c, 0x108)->pc, 0x105);
	assert_int_equal(code_next(c, 0x108)->pc, 0x200);
	assert_int_equal(code_next(c, 0x101)->pc, 0x105);
	assert_null(code_next(c, 0x200));
	add(c, 0x103, 1, "a", 0x100);
	assert_int_equal(code_next(c, 0x100)->pc, 0x103);
	code_free(c);
}

static void the_first_stays(void **state)
{
	(void)state;
	struct code *c = some_code();
	char text[] = "ret";
	code_add(c, &(struct code_line){.pc = 0x300, .len = 1, .text = text});
	text[0] = 'X'; /* it was copied */
	add(c, 0x300, 9, "z", 0x300);
	assert_string_equal(code_at(c, 0x300)->text, "ret");
	assert_int_equal(code_at(c, 0x300)->len, 1);
	code_free(c);
}

static void symbols(void **state)
{
	(void)state;
	struct code *c = some_code();
	char buf[64];

	assert_string_equal(code_symbolize(c, 0x100, false, buf, sizeof buf), "a");
	assert_string_equal(code_symbolize(c, 0x105, false, buf, sizeof buf), "a+0x5");
	assert_string_equal(code_symbolize(c, 0x108, true, buf, sizeof buf), "a+0x8");
	assert_string_equal(code_symbolize(c, 0x10c, true, buf, sizeof buf), "b+0x4");
	assert_string_equal(code_symbolize(c, 0x200, false, buf, sizeof buf), "0x200");
	assert_string_equal(code_symbolize(c, 0x999, false, buf, sizeof buf), "0x999");
	code_free(c);
}

/* A source that knows two instructions and counts how often it is asked. */
static bool source(void *ctx, uint64_t pc, struct code *into)
{
	++*(int *)ctx;
	if (pc < 0x500 || pc >= 0x506)
		return false;
	add(into, 0x500, 5, "late", 0x500);
	add(into, 0x505, 1, "late", 0x500);
	return true;
}

static void the_source_is_asked_once(void **state)
{
	(void)state;
	struct code *c = some_code();
	int asked = 0;
	char buf[64];

	code_set_supply(c, source, &asked);
	assert_string_equal(code_symbolize(c, 0x505, true, buf, sizeof buf), "late+0x5");
	assert_int_equal(asked, 1);
	assert_non_null(code_at(c, 0x500));
	assert_int_equal(asked, 1);
	assert_null(code_at(c, 0x700));
	assert_null(code_at(c, 0x700));
	assert_null(code_ret(c, 0x701));
	assert_int_equal(asked, 2);
	code_free(c);
}

/* What it refused is remembered of 65536 pcs, and then forgotten, lest it fill the memory. */
static void the_source_is_asked_again_after_many(void **state)
{
	(void)state;
	struct code *c = some_code();
	int asked = 0;

	code_set_supply(c, source, &asked);
	for (int i = 0; i < 1 << 16; i++)
		assert_null(code_at(c, 0x10000 + i));
	assert_null(code_at(c, 0x10000));
	assert_int_equal(asked, 1 << 16);
	assert_null(code_at(c, 0x700));
	assert_null(code_at(c, 0x10000));
	assert_int_equal(asked, (1 << 16) + 2);
	code_free(c);
}

static void source_lines(void **state)
{
	(void)state;
	struct code *c = code_new();
	size_t n;

	code_add_source(c, "x.c", "one\n\nthree", 10);
	code_add_source(c, "x.c", "again", 5);
	code_add_source(c, "empty.c", "", 0);
	assert_memory_equal(code_source_line(c, "x.c", 1, &n), "one", 3);
	assert_int_equal(n, 3);
	assert_non_null(code_source_line(c, "x.c", 2, &n));
	assert_int_equal(n, 0);
	assert_memory_equal(code_source_line(c, "x.c", 3, &n), "three", 5);
	assert_int_equal(n, 5);
	assert_null(code_source_line(c, "x.c", 4, &n));
	assert_null(code_source_line(c, "x.c", 0, &n));
	assert_null(code_source_line(c, "empty.c", 1, &n));
	assert_null(code_source_line(c, "y.c", 1, &n));
	assert_null(code_source_line(c, NULL, 1, &n));
	code_free(c);
}

/* As many strings as a large program has: each is kept once. */
static void many_strings(void **state)
{
	(void)state;
	static const char *kept[2000];
	struct strpool pool = {0};
	char text[16];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 2000; i++) {
			snprintf(text, sizeof text, "%d", i);
			const char *s = strpool_keep(&pool, text);
			assert_string_equal(s, text);
			assert_true(round == 0 || s == kept[i]);
			kept[i] = s;
		}
	strpool_free(&pool);
}

/* Of a long name the offset stays, and no half of a character. */
static void a_long_name_is_cut(void **state)
{
	(void)state;
	char buf[40];
	struct code_line l = {
		.pc = 0x110, .sym = "a_function_of_many_€_words_and_more", .sym_lo = 0x100};
	assert_string_equal(code_symbol(&l, 0x100, false, buf, 40), l.sym);
	assert_string_equal(
		code_symbol(&l, 0x100, false, buf, 37), "a_function_of_many_€_words_and_…");
	assert_string_equal(code_symbol(&l, 0x110, false, buf, 32), "a_function_of_many_€_…+0x10");
	assert_string_equal(code_symbol(&l, 0x110, false, buf, 30), "a_function_of_many_…+0x10");
	assert_string_equal(code_symbol(NULL, 0x110, false, buf, 28), "0x110");
}

int test_code(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_name_is_cut),
		cmocka_unit_test(lookups),
		cmocka_unit_test(order),
		cmocka_unit_test(the_first_stays),
		cmocka_unit_test(symbols),
		cmocka_unit_test(the_source_is_asked_once),
		cmocka_unit_test(the_source_is_asked_again_after_many),
		cmocka_unit_test(source_lines),
		cmocka_unit_test(many_strings),
	};
	return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
