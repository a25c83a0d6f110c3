/* SPDX-License-Identifier: MIT */
/* Types by their numbers, in circles too, and as C declares them. */
#include <string.h>

#include "model/type.h"
#include "model/type_words.h"
#include "model_tests.h"

static int derived(struct types *ts, enum type_kind kind, int of)
{
	return types_add(ts,
		&(struct var_type){.kind = kind, .of = of, .size = kind == TYPE_POINTER ? 8 : 0});
}

static int base(struct types *ts, enum type_kind kind, const char *name, uint64_t size)
{
	return types_add(ts, &(struct var_type){.kind = kind, .name = name, .size = size});
}

static int array(struct types *ts, int of, uint64_t count)
{
	return types_add(ts, &(struct var_type){.kind = TYPE_ARRAY, .of = of, .count = count});
}

/* One that takes these. */
static int function(struct types *ts, int of, int a, int b)
{
	struct type_member parameters[] = {{.type = a}, {.type = b}};
	int n = b >= 0 ? 2 : a >= 0;
	return types_add(
		ts, &(struct var_type){
			    .kind = TYPE_FUNCTION, .of = of, .nmembers = n, .members = parameters});
}

static void is_called(struct types *ts, int type, const char *want)
{
	char name[256];
	assert_string_equal(type_name(ts, type, name, sizeof name), want);
}

static void lookups(void **state)
{
	(void)state;
	struct types *ts = types_new();
	char tag[] = "g";
	int integer = base(ts, TYPE_SIGNED, "int", 4);
	int g = base(ts, TYPE_STRUCT, tag, 16), to_g = derived(ts, TYPE_POINTER, g);
	struct type_member members[] = {
		{.name = tag, .type = to_g}, {.name = "id", .type = integer, .at = 8}};
	struct var_type is = {
		.kind = TYPE_STRUCT, .name = tag, .size = 16, .nmembers = 2, .members = members};
	types_set(ts, g, &is);
	types_set(ts, g, &is); /* in place of what it was */
	tag[0] = 'X';          /* it was copied */
	members[1].at = 99;
	assert_int_equal(types_at(ts, TYPE_NUMBER_VOID)->kind, TYPE_VOID);
	assert_int_equal(types_count(ts), 4);
	const struct var_type *t = types_at(ts, types_at(ts, to_g)->of);
	assert_string_equal(t->name, "g");
	assert_string_equal(t->members[0].name, "g");
	assert_int_equal(t->members[0].type, to_g);
	assert_int_equal(t->members[1].at, 8);
	/* What leads nowhere is unknown. */
	assert_int_equal(types_at(ts, 4)->kind, TYPE_UNKNOWN);
	assert_int_equal(types_at(ts, -1)->kind, TYPE_UNKNOWN);
	types_free(ts);
}

static void plain_and_sizes(void **state)
{
	(void)state;
	struct types *ts = types_new();
	int byte = base(ts, TYPE_UCHAR, "unsigned char", 1);
	int name = types_add(
		ts, &(struct var_type){.kind = TYPE_TYPEDEF, .name = "uint8_t", .of = byte});
	int both = derived(ts, TYPE_CONST, derived(ts, TYPE_VOLATILE, name));
	assert_ptr_equal(types_plain(ts, both), types_at(ts, byte));
	assert_int_equal(types_size(ts, both), 1);
	assert_int_equal(types_size(ts, array(ts, array(ts, name, 5), 3)), 15);
	assert_int_equal(types_size(ts, array(ts, name, TYPE_COUNT_UNKNOWN)), 0);
	assert_int_equal(types_size(ts, array(ts, array(ts, name, UINT64_MAX / 2), 3)), 0);
	assert_int_equal(types_size(ts, TYPE_NUMBER_VOID), 0);
	types_free(ts);
}

static void names(void **state)
{
	(void)state;
	struct types *ts = types_new();
	int integer = base(ts, TYPE_SIGNED, "int", 4), character = base(ts, TYPE_CHAR, "char", 1);
	int text = derived(ts, TYPE_POINTER, derived(ts, TYPE_CONST, character));
	int g = base(ts, TYPE_STRUCT, "g", 8);
	int f = function(ts, integer, derived(ts, TYPE_POINTER, g), text);
	is_called(ts, TYPE_NUMBER_VOID, "void");
	is_called(ts, g, "struct g");
	is_called(ts, base(ts, TYPE_UNION, NULL, 8), "union {...}");
	is_called(ts, derived(ts, TYPE_POINTER, base(ts, TYPE_UNION, NULL, 8)), "union {...} *");
	is_called(ts, derived(ts, TYPE_POINTER, base(ts, TYPE_STRUCT, "g_", 8)), "struct g_ *");
	is_called(ts, base(ts, TYPE_ENUM, "status", 4), "enum status");
	is_called(ts, base(ts, TYPE_UNKNOWN, NULL, 4), "<unknown type>");
	is_called(ts, text, "const char *");
	is_called(ts, derived(ts, TYPE_CONST, text), "const char * const");
	is_called(ts, derived(ts, TYPE_POINTER, derived(ts, TYPE_CONST, text)),
		"const char * const *");
	is_called(ts, derived(ts, TYPE_VOLATILE, derived(ts, TYPE_CONST, integer)),
		"const volatile int");
	is_called(ts, derived(ts, TYPE_POINTER, text), "const char **");
	is_called(ts, array(ts, text, 2), "const char *[2]");
	is_called(ts, array(ts, array(ts, integer, 3), TYPE_COUNT_UNKNOWN), "int [][3]");
	is_called(ts, derived(ts, TYPE_POINTER, array(ts, integer, 3)), "int (*)[3]");
	is_called(ts, derived(ts, TYPE_CONST, array(ts, integer, 3)), "const int [3]");
	is_called(ts, derived(ts, TYPE_CONST, array(ts, derived(ts, TYPE_CONST, integer), 3)),
		"const int [3]");
	is_called(ts, f, "int (struct g *, const char *)");
	is_called(ts, array(ts, derived(ts, TYPE_POINTER, f), 2),
		"int (*[2])(struct g *, const char *)");
	is_called(ts, function(ts, TYPE_NUMBER_VOID, -1, -1), "void (void)");
	/* What returns a pointer to a function. */
	is_called(ts,
		derived(ts, TYPE_POINTER, function(ts, derived(ts, TYPE_POINTER, f), integer, -1)),
		"int (*(*)(int))(struct g *, const char *)");
	types_free(ts);
}

static void functions_take_more(void **state)
{
	(void)state;
	struct types *ts = types_new();
	int integer = base(ts, TYPE_SIGNED, "int", 4);
	struct type_member one = {.type = integer};
	struct var_type t = {.kind = TYPE_FUNCTION, .of = integer, .unprototyped = true};
	is_called(ts, types_add(ts, &t), "int ()");
	t = (struct var_type){.kind = TYPE_FUNCTION,
		.of = integer,
		.variadic = true,
		.nmembers = 1,
		.members = &one};
	is_called(ts, types_add(ts, &t), "int (int, ...)");
	types_free(ts);
}

/* A name ends where its buffer does, and in a circle somewhere. */
static void endless_names(void **state)
{
	(void)state;
	struct types *ts = types_new();
	char name[64], whole[4096];
	int to_itself = derived(ts, TYPE_POINTER, types_count(ts));
	int is_itself = derived(ts, TYPE_TYPEDEF, types_count(ts));
	int const_itself = derived(ts, TYPE_CONST, types_count(ts));
	int many = array(ts, types_count(ts), 7);
	int f = function(ts, TYPE_NUMBER_VOID, types_count(ts), types_count(ts));
	int wide = types_add(ts, &(struct var_type){.kind = TYPE_STRUCT, .name = "ä€𝄞ä€𝄞ä€𝄞"});
	int endless[] = {to_itself, const_itself, many, f};
	for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
		type_name(ts, endless[i], whole, sizeof whole);
		assert_in_range(strlen(whole), 1, sizeof whole - 1);
		type_name(ts, endless[i], name, sizeof name);
		assert_in_range(strlen(name), 1, sizeof name - 1);
	}
	assert_non_null(strstr(type_name(ts, f, name, sizeof name), "…"));
	assert_int_equal(types_plain(ts, is_itself)->kind, TYPE_UNKNOWN);
	assert_int_equal(types_plain(ts, const_itself)->kind, TYPE_UNKNOWN);
	assert_int_equal(types_size(ts, many), 0);
	/* Whole characters, however many go in. */
	static const char all[] = "struct ä€𝄞ä€𝄞ä€𝄞";
	for (size_t n = 16; n < sizeof all; n++) {
		type_name(ts, wide, name, n);
		size_t len = strlen(name);
		assert_true(len < n);
		assert_string_equal(name + len - 3, "…");
		assert_memory_equal(name, all, len - 3);
		assert_true((all[len - 3] & 0xc0) != 0x80);
	}
	assert_string_equal(type_name(ts, wide, name, sizeof all), all);
	types_free(ts);
}

int test_types(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lookups),
		cmocka_unit_test(plain_and_sizes),
		cmocka_unit_test(names),
		cmocka_unit_test(functions_take_more),
		cmocka_unit_test(endless_names),
	};
	return cmocka_run_group_tests_name("types", tests, NULL, NULL);
}
