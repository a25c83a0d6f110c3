/* SPDX-License-Identifier: MIT */
/* Values in words, as gdb has them; tests/variables.py asks gdb itself. */
#include <stdio.h>
#include <string.h>

#include "model/type.h"
#include "model/type_words.h"
#include "model_tests.h"

/* Types, and memory at 0x1000 of which that much is known. */
struct room_of_types {
	struct types *ts;
	uint8_t memory[256];
	size_t known;
};

static bool read_memory(void *ctx, uint64_t addr, void *to, size_t n)
{
	const struct room_of_types *r = ctx;
	if (addr < 0x1000 || addr - 0x1000 > r->known || n > r->known - (addr - 0x1000))
		return false;
	memcpy(to, r->memory + (addr - 0x1000), n);
	return true;
}

static bool function_at(void *ctx, uint64_t addr, char *name, size_t n)
{
	(void)ctx;
	snprintf(name, n, "schedule");
	return addr == 0x4000;
}

static int setup(void **state)
{
	static struct room_of_types r;
	r = (struct room_of_types){.ts = types_new(), .known = sizeof r.memory};
	*state = &r;
	return 0;
}

static int teardown(void **state)
{
	struct room_of_types *r = *state;
	types_free(r->ts);
	return 0;
}

static int base(struct room_of_types *r, enum type_kind kind, uint64_t size)
{
	return types_add(r->ts, &(struct var_type){.kind = kind, .size = size});
}

static int derived(struct room_of_types *r, enum type_kind kind, int of)
{
	return types_add(r->ts,
		&(struct var_type){.kind = kind, .of = of, .size = kind == TYPE_POINTER ? 8 : 0});
}

static int array(struct room_of_types *r, int of, uint64_t count)
{
	return types_add(r->ts, &(struct var_type){.kind = TYPE_ARRAY, .of = of, .count = count});
}

static int with_members(struct room_of_types *r, enum type_kind kind, uint64_t size,
	struct type_member *members, int n)
{
	return types_add(r->ts,
		&(struct var_type){.kind = kind, .size = size, .nmembers = n, .members = members});
}

static const char *words(struct room_of_types *r, int type, int depth)
{
	static char buf[2048];
	struct value v = {.addr = 0x1000,
		.read = read_memory,
		.function = function_at,
		.ctx = r,
		.depth = depth};
	return type_format(r->ts, type, &v, buf, sizeof buf);
}

/* A type of these bytes, the first of memory. */
static void says(struct room_of_types *r, int type, const void *bytes, size_t n, const char *want)
{
	memcpy(r->memory, bytes, n);
	assert_string_equal(words(r, type, 8), want);
}

static void numbers(void **state)
{
	struct room_of_types *r = *state;
	struct type_enumerator values[] = {{"IDLE", 0}, {"DEAD", -1}};
	struct type_enumerator flags[] = {{"NONE", 0}, {"LARGE", 0x80}};
	int status = types_add(r->ts,
		&(struct var_type){
			.kind = TYPE_ENUM, .size = 4, .nenumerators = 2, .enumerators = values});
	int flag = types_add(r->ts,
		&(struct var_type){
			.kind = TYPE_ENUM, .size = 1, .nenumerators = 2, .enumerators = flags});
	says(r, base(r, TYPE_SIGNED, 1), "\xff", 1, "-1");
	says(r, base(r, TYPE_UNSIGNED, 1), "\xff", 1, "255");
	says(r, base(r, TYPE_SIGNED, 2), "\x00\x80", 2, "-32768");
	says(r, base(r, TYPE_SIGNED, 8), "\0\0\0\0\0\0\0\x80", 8, "-9223372036854775808");
	says(r, base(r, TYPE_UNSIGNED, 8), "\xff\xff\xff\xff\xff\xff\xff\xff", 8,
		"18446744073709551615");
	says(r, base(r, TYPE_BOOL, 1), "\1", 1, "true");
	says(r, base(r, TYPE_BOOL, 1), "\0", 1, "false");
	says(r, base(r, TYPE_BOOL, 1), "\5", 1, "5");
	says(r, status, "\xff\xff\xff\xff", 4, "DEAD");
	says(r, status, "\0\0\0\0", 4, "IDLE");
	says(r, status, "\xfe\xff\xff\xff", 4, "-2");
	says(r, flag, "\x80", 1, "LARGE");
	says(r, flag, "\x81", 1, "129");
	says(r, derived(r, TYPE_CONST, status), "\0\0\0\0", 4, "IDLE");
	says(r, TYPE_NUMBER_VOID, "", 0, "void");
	says(r, base(r, TYPE_SIGNED, 16), "", 0, "<16 bytes>");
}

static void characters(void **state)
{
	struct room_of_types *r = *state;
	int c = base(r, TYPE_CHAR, 1), u = base(r, TYPE_UCHAR, 1);
	says(r, c, "a", 1, "97 'a'");
	says(r, c, "'", 1, "39 '\\''");
	says(r, c, "\"", 1, "34 '\"'");
	says(r, c, "\n", 1, "10 '\\n'");
	says(r, c, "\0", 1, "0 '\\000'");
	says(r, c, "\x1b", 1, "27 '\\033'");
	says(r, c, "\xff", 1, "-1 '\\377'");
	says(r, u, "\xff", 1, "255 '\\377'");
	says(r, array(r, c, 8), "abc\0xyz", 8, "\"abc\"");
	says(r, array(r, u, 3), "abc", 3, "\"abc\"");
	says(r, array(r, c, 9), "\\\"'\t\x1b\xc3\xa4\xc3", 9, "\"\\\\\\\"'\\t\\033ä\\303\"");
	says(r, array(r, c, 4), "\xe2\x80\xae", 4, "\"\\342\\200\\256\""); /* turns text round */
	memset(r->memory, 'x', 256);
	assert_int_equal(strlen(words(r, array(r, c, 256), 8)), 200 + 5);
}

static void floats(void **state)
{
	struct room_of_types *r = *state;
	int f = base(r, TYPE_FLOAT, 4), d = base(r, TYPE_FLOAT, 8);
	says(r, f, &(float){0.1f}, 4, "0.100000001");
	says(r, f, &(float){-2}, 4, "-2");
	says(r, d, &(double){0.1}, 8, "0.10000000000000001");
	says(r, d, &(double){1e300}, 8, "1.0000000000000001e+300");
	says(r, d, &(uint64_t){0x7ff0000000000000}, 8, "inf");
	says(r, d, &(uint64_t){0xfff8000000000000}, 8, "-nan(0x8000000000000)");
	says(r, f, &(uint32_t){0x7fc00001}, 4, "nan(0x400001)");
	says(r, base(r, TYPE_FLOAT, 16), "", 0, "<16 bytes>");
}

static void pointers(void **state)
{
	struct room_of_types *r = *state;
	int c = base(r, TYPE_CHAR, 1), text = derived(r, TYPE_POINTER, derived(r, TYPE_CONST, c));
	int to_function = derived(r, TYPE_POINTER, base(r, TYPE_FUNCTION, 0));
	memcpy(r->memory + 16, "text", 5);
	says(r, derived(r, TYPE_POINTER, TYPE_NUMBER_VOID), &(uint64_t){0x1010}, 8, "0x1010");
	says(r, text, &(uint64_t){0x1010}, 8, "0x1010 \"text\"");
	says(r, text, &(uint64_t){0}, 8, "0x0");
	says(r, text, &(uint64_t){0x9000}, 8, "0x9000");
	says(r, text, &(uint64_t){0x1014}, 8, "0x1014 \"\"");
	r->known = 18; /* and no end to it */
	says(r, text, &(uint64_t){0x1010}, 8, "0x1010 \"te\"...");
	says(r, to_function, &(uint64_t){0x4000}, 8, "0x4000 <schedule>");
	says(r, to_function, &(uint64_t){0x4001}, 8, "0x4001");
}

static void arrays(void **state)
{
	struct room_of_types *r = *state;
	int n = base(r, TYPE_UNSIGNED, 1);
	says(r, array(r, n, 4), "\1\2\2\3", 4, "{1, 2, 2, 3}");
	says(r, array(r, array(r, n, 2), 2), "\1\2\3\4", 4, "{{1, 2}, {3, 4}}");
	memset(r->memory, 0, 256);
	says(r, array(r, n, 14), "\1\2", 2, "{1, 2, 0 <repeats 12 times>}");
	says(r, array(r, n, 11), "\1\2", 2, "{1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0}");
	says(r, array(r, n, TYPE_COUNT_UNKNOWN), "\1", 1, "{...}");
	says(r, array(r, n, 0), "", 0, "{}");
	says(r, array(r, TYPE_NUMBER_VOID, 3), "", 0, "{...}");
	/* As many as there is room for, and of too many not all. */
	int many = array(r, n, 1 << 20);
	for (int i = 0; i < 256; i++)
		r->memory[i] = i % 2;
	const char *said = words(r, many, 8);
	assert_string_equal(said + strlen(said) - 8, "0, 1...}");
}

static void structs(void **state)
{
	struct room_of_types *r = *state;
	int n = base(r, TYPE_UNSIGNED, 1), s = base(r, TYPE_SIGNED, 4);
	struct type_member parts[] = {
		{.name = "low", .type = n}, {.name = "high", .type = n, .at = 1}};
	int in = with_members(r, TYPE_UNION, 2, parts, 2);
	struct type_member members[] = {{.name = "id", .type = n}, {.type = in, .at = 1},
		{.name = "bit", .type = n, .at = 3, .bit = 2, .bits = 3},
		{.name = "sign", .type = s, .at = 3, .bit = 7, .bits = 2},
		{.name = "all", .type = in, .at = 5}};
	int out = with_members(r, TYPE_STRUCT, 8, members, 5);
	says(r, out, "\7\1\2\x9c\x01\5\6", 7,
		"{id = 7, {low = 1, high = 2}, bit = 7, sign = -1, all = {low = 5, high = 6}}");
	assert_string_equal(words(r, out, 1), "{id = 7, {...}, bit = 7, sign = -1, all = {...}}");
	assert_string_equal(words(r, out, 0), "{...}");
	struct type_member whole = {.name = "whole", .type = out};
	assert_string_equal(words(r, with_members(r, TYPE_STRUCT, 8, &whole, 1), 2),
		"{whole = {id = 7, {...}, bit = 7, sign = -1, all = {...}}}");
	/* Of some of it nothing is known. */
	r->known = 2;
	assert_string_equal(words(r, out, 8),
		"{id = 7, {low = 1, high = <unavailable>}, bit = <unavailable>, "
		"sign = <unavailable>, all = {low = <unavailable>, high = <unavailable>}}");
	int hidden = types_add(
		r->ts, &(struct var_type){.kind = TYPE_STRUCT, .name = "m", .incomplete = true});
	assert_string_equal(words(r, hidden, 8), "<incomplete type>");
}

/* A field over nine bytes. */
static void wide_bits(void **state)
{
	struct room_of_types *r = *state;
	int n = base(r, TYPE_UNSIGNED, 8);
	struct type_member wide = {.name = "wide", .type = n, .bit = 4, .bits = 64};
	says(r, with_members(r, TYPE_STRUCT, 16, &wide, 1), "\x10\0\0\0\0\0\0\0\x0a", 9,
		"{wide = 11529215046068469761}");
	wide.bit = 200; /* as no file may have it */
	assert_string_equal(
		words(r, with_members(r, TYPE_STRUCT, 16, &wide, 1), 8), "{wide = <unavailable>}");
}

static void registers(void **state)
{
	struct room_of_types *r = *state;
	int n = base(r, TYPE_UNSIGNED, 4), large = array(r, n, 3);
	struct value v = {.bytes = (const uint8_t *)"\1\0\0\0\2\0\0\0", .n = 8, .depth = 8};
	char buf[64];
	assert_string_equal(type_format(r->ts, n, &v, buf, sizeof buf), "1");
	assert_string_equal(
		type_format(r->ts, large, &v, buf, sizeof buf), "{1, 2, <unavailable>}");
	v = (struct value){.addr = 0x1000, .depth = 8};
	assert_string_equal(type_format(r->ts, n, &v, buf, sizeof buf), "<unavailable>");
}

/* Memory without an end. */
static bool read_zeros(void *ctx, uint64_t addr, void *to, size_t n)
{
	(void)ctx;
	(void)addr;
	memset(to, 0, n);
	return true;
}

/* Whatever the types are, words fit, and they come to an end. */
static void ends(void **state)
{
	struct room_of_types *r = *state;
	int next = types_count(r->ts);
	struct type_member twice[] = {{.name = "a", .type = next}, {.type = next}};
	int itself = with_members(r, TYPE_STRUCT, 0, twice, 2);
	int circle = array(r, types_count(r->ts), 1 << 30);
	struct type_member none = {.type = with_members(r, TYPE_STRUCT, 0, NULL, 0)};
	int empty = array(r, with_members(r, TYPE_STRUCT, 1, &none, 1), UINT64_MAX - 1);
	int alike = array(r, base(r, TYPE_UNSIGNED, 1), UINT64_MAX - 1);
	int all[] = {itself, circle, empty, alike};
	char buf[32];
	struct value v = {.addr = 0x1000, .read = read_memory, .ctx = r, .depth = 1 << 30};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		memset(buf, '!', sizeof buf);
		type_format(r->ts, all[i], &v, buf, sizeof buf);
		assert_in_range(strnlen(buf, sizeof buf), 1, sizeof buf - 1);
		assert_true(strlen(words(r, all[i], 1 << 30)) > 2);
	}
	assert_string_equal(
		type_format(r->ts, itself, &v, buf, sizeof buf), "{a = {a = {a = {a = {a = {a …");
	v.read = read_zeros;
	assert_memory_equal(
		type_format(r->ts, alike, &v, buf, sizeof buf), "{0 <repeats 65537", 17);
}

int test_values(void)
{
#define WITH_ROOM(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		WITH_ROOM(numbers),
		WITH_ROOM(characters),
		WITH_ROOM(floats),
		WITH_ROOM(pointers),
		WITH_ROOM(arrays),
		WITH_ROOM(structs),
		WITH_ROOM(wide_bits),
		WITH_ROOM(registers),
		WITH_ROOM(ends),
	};
#undef WITH_ROOM
	return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
