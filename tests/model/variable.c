/* SPDX-License-Identifier: MIT */
/* Which variables are seen from a pc, and where they are in a frame. */
#include "model/variable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/code.h"
#include "model/snapshot.h"
#include "model/xalloc.h"
#include "model_tests.h"

static void *copied(const void *p, size_t n)
{
	void *to = xmalloc(n);
	memcpy(to, p, n);
	return to;
}

static void add_scope(struct var_function *f, int around, const char *function, uint64_t lo,
	uint64_t hi, uint64_t lo2, uint64_t hi2)
{
	struct var_range ranges[] = {{lo, hi}, {lo2, hi2}};
	f->scopes = xrealloc(f->scopes, (f->nscopes + 1) * sizeof *f->scopes);
	f->scopes[f->nscopes++] = (struct var_scope){.around = around,
		.function = function,
		.nranges = 2,
		.ranges = copied(ranges, sizeof ranges)};
}

static void add_variable(struct var_function *f, const char *name, int scope, struct var_place p)
{
	f->variables = xrealloc(f->variables, (f->nvariables + 1) * sizeof *f->variables);
	f->variables[f->nvariables++] = (struct variable){
		.name = name, .scope = scope, .nplaces = 1, .places = copied(&p, sizeof p)};
}

static const struct var_place anywhere = {.hi = UINT64_MAX, .how = VAR_IS};

/* outer, with a block, in that the body of inner, and a part elsewhere. */
static struct var_function outer(void)
{
	struct var_function f = {0};
	add_scope(&f, -1, "outer", 0x100, 0x200, 0x900, 0x910);
	add_scope(&f, 0, NULL, 0x110, 0x180, 0x900, 0x908);
	add_scope(&f, 1, "inner", 0x120, 0x130, 0x150, 0x160);
	add_scope(&f, 0, NULL, 0x120, 0x121, 0, 0);
	add_variable(&f, "a", 0, anywhere);
	add_variable(&f, "i", 1, anywhere);
	add_variable(&f, "v", 2, anywhere);
	add_variable(&f, "w", 2, anywhere);
	add_variable(&f, "b", 0, anywhere);
	add_variable(&f, "k", 3, anywhere);
	return f;
}

/* "w.inner a.outer": what is seen from pc. */
static const char *seen_from(const struct code *c, uint64_t pc)
{
	static char words[256];
	struct var_seen seen[16];
	words[0] = '\0';
	size_t n = code_vars_at(c, pc, seen, 16);
	for (size_t i = 0; i < n; i++) {
		strcat(words, i ? " " : "");
		strcat(words, seen[i].var->name);
		strcat(words, ".");
		strcat(words, seen[i].function);
	}
	return words;
}

static void seen(void **state)
{
	(void)state;
	struct code *c = code_new();
	struct var_function f = outer(), other = {0};
	struct var_seen one;
	assert_string_equal(seen_from(c, 0x100), "");
	variables_add(code_variables(c), &f);
	assert_null(f.variables); /* the table's now */
	assert_string_equal(seen_from(c, 0xff), "");
	assert_string_equal(seen_from(c, 0x100), "a.outer b.outer");
	assert_string_equal(seen_from(c, 0x11f), "i.outer a.outer b.outer");
	assert_string_equal(seen_from(c, 0x120), "v.inner w.inner i.outer k.outer a.outer b.outer");
	assert_string_equal(seen_from(c, 0x121), "v.inner w.inner i.outer a.outer b.outer");
	assert_string_equal(seen_from(c, 0x130), "i.outer a.outer b.outer");
	assert_string_equal(seen_from(c, 0x15f), "v.inner w.inner i.outer a.outer b.outer");
	assert_string_equal(seen_from(c, 0x200), "");
	assert_string_equal(seen_from(c, 0x907), "i.outer a.outer b.outer");
	assert_string_equal(seen_from(c, 0x90f), "a.outer b.outer");
	/* There may be more than there is room for. */
	assert_int_equal(code_vars_at(c, 0x120, &one, 1), 6);
	assert_string_equal(one.var->name, "v");
	assert_int_equal(one.depth, 2);
	/* One that comes later and lies before. */
	add_scope(&other, -1, "other", 0x80, 0xa0, 0, 0);
	add_variable(&other, "z", 0, anywhere);
	variables_add(code_variables(c), &other);
	assert_string_equal(seen_from(c, 0x9f), "z.other");
	assert_string_equal(seen_from(c, 0x100), "a.outer b.outer");
	assert_int_equal(variables_count(code_variables(c)), 2);
	code_free(c);
}

/* ---- what is sound ---- */

/* What does not hang together is not taken. */
static void soundness(void **state)
{
	(void)state;
	struct var_function f = outer();
	assert_true(var_function_is_sound(&f));
	for (int i = 0; i < f.nvariables; i++) {
		f.variables[i].scope = f.nscopes;
		assert_false(var_function_is_sound(&f));
		f.variables[i].scope = -1;
		assert_false(var_function_is_sound(&f));
		f.variables[i].scope = f.nscopes - 1;
		assert_true(var_function_is_sound(&f));
	}
	for (int i = 0; i < f.nscopes; i++) {
		int was = f.scopes[i].around;
		for (int around = -2; around <= f.nscopes; around++) {
			f.scopes[i].around = around;
			assert_int_equal(var_function_is_sound(&f),
				i ? around >= 0 && around < i : around == -1);
		}
		f.scopes[i].around = was;
	}
	f.variables[0].places[0] = (struct var_place){.how = VAR_IN_REGISTER, .reg = 99};
	assert_false(var_function_is_sound(&f));
	f.variables[0].places[0] =
		(struct var_place){.how = VAR_IS, .base = VAR_FROM_ENTRY, .reg = SNAP_NREGS_MAX};
	assert_false(var_function_is_sound(&f));
	f.variables[0].places[0] = (struct var_place){.how = VAR_HOWS};
	assert_false(var_function_is_sound(&f));
	f.variables[0].places[0] = anywhere;
	f.variables[0].name = NULL;
	assert_false(var_function_is_sound(&f));
	f.variables[0].name = "a";
	f.scopes[0].function = NULL;
	assert_false(var_function_is_sound(&f));
	var_function_free(&f);
	assert_false(var_function_is_sound(&f));
}

/* Scopes in each other, up to where there are too many. */
static void deep_scopes(void **state)
{
	(void)state;
	struct var_function f = {0};
	for (int i = 0; i <= VAR_DEPTH_MAX; i++)
		add_scope(&f, i - 1, i ? NULL : "f", 0x100, 0x200, 0, 0);
	add_variable(&f, "deep", VAR_DEPTH_MAX, anywhere);
	assert_true(var_function_is_sound(&f));
	struct code *c = code_new();
	add_scope(&f, VAR_DEPTH_MAX, NULL, 0x100, 0x200, 0, 0);
	assert_false(var_function_is_sound(&f));
	f.nscopes--;
	free(f.scopes[f.nscopes].ranges);
	variables_add(code_variables(c), &f);
	assert_string_equal(seen_from(c, 0x100), "deep.f");
	code_free(c);
}

/* ---- where ---- */

static struct var_location located(struct var_place p, const struct var_frame *f)
{
	struct variable v = {.name = "v", .nplaces = 1, .places = &p};
	p.lo = 0x100;
	p.hi = 0x110;
	return var_locate(&v, f);
}

static void is_at(struct var_location at, enum var_found found, uint64_t n)
{
	assert_int_equal(at.found, found);
	if (found >= VAR_AT_ADDRESS)
		assert_int_equal(at.n, n);
}

static void locates(void **state)
{
	(void)state;
	uint64_t regs[SNAP_NREGS_MAX] = {[3] = 0x7000, [33] = 0x33},
		 entry[SNAP_NREGS_MAX] = {[5] = 55};
	struct var_frame f = {.pc = 0x10f, .regs = regs, .known = 1 << 3 | UINT64_C(1) << 33};
	struct var_place in = {.how = VAR_IN_REGISTER, .reg = 3};
	struct var_place off = {.how = VAR_IN_MEMORY, .base = VAR_FROM_REGISTER, .reg = 3, .n = -8};
	struct var_place cfa = {.how = VAR_IN_MEMORY, .base = VAR_FROM_CFA, .n = -16};
	struct var_place at_entry = {.how = VAR_IS, .base = VAR_FROM_ENTRY, .reg = 5, .n = 1};

	is_at(located(in, &f), VAR_AT_REGISTER, 0x7000);
	assert_int_equal(located(in, &f).reg, 3);
	is_at(located(off, &f), VAR_AT_ADDRESS, 0x6ff8);
	off.how = VAR_IS;
	is_at(located(off, &f), VAR_AS_VALUE, 0x6ff8);
	in.reg = off.reg = 4; /* of which nothing is known in this frame */
	is_at(located(in, &f), VAR_AT_UNKNOWN, 0);
	is_at(located(off, &f), VAR_AT_UNKNOWN, 0);
	in.reg = 33;
	is_at(located(in, &f), VAR_AT_REGISTER, 0x33);
	is_at(located(cfa, &f), VAR_AT_UNKNOWN, 0);
	f.has_cfa = true;
	f.cfa = 0x8000;
	is_at(located(cfa, &f), VAR_AT_ADDRESS, 0x7ff0);
	is_at(located(at_entry, &f), VAR_AT_UNKNOWN, 0);
	f.entry = entry;
	is_at(located(at_entry, &f), VAR_AS_VALUE, 56);
	is_at(located((struct var_place){.how = VAR_IS, .n = -5}, &f), VAR_AS_VALUE, -5);
	is_at(located((struct var_place){.how = VAR_IN_MEMORY, .n = 0x4c0}, &f), VAR_AT_ADDRESS,
		0x4c0);
	is_at(located((struct var_place){.how = VAR_UNKNOWN}, &f), VAR_AT_UNKNOWN, 0);
	is_at(located((struct var_place){.how = VAR_GONE}, &f), VAR_AT_NOWHERE, 0);
	f.pc = 0x110;
	is_at(located(cfa, &f), VAR_AT_NOWHERE, 0);
}

/* Of places that overlap the first holds. */
static void places(void **state)
{
	(void)state;
	struct var_place all[] = {{0x100, 0x108, VAR_IS, 0, 0, 1}, {0x100, 0x110, VAR_IS, 0, 0, 2}};
	struct variable v = {.nplaces = 2, .places = all};
	assert_int_equal(var_place(&v, 0x107)->n, 1);
	assert_int_equal(var_place(&v, 0x108)->n, 2);
	assert_int_equal(var_place(&v, 0x110)->how, VAR_GONE);
	assert_int_equal(var_place(&v, 0xff)->how, VAR_GONE);
}

static void formats(void **state)
{
	(void)state;
	struct types *ts = types_new();
	int small = types_add(ts, &(struct var_type){.kind = TYPE_SIGNED, .size = 2});
	int wide = types_add(ts, &(struct var_type){.kind = TYPE_UNSIGNED, .size = 8});
	int large = types_add(ts, &(struct var_type){.kind = TYPE_STRUCT, .size = 9});
	uint64_t regs[SNAP_NREGS_MAX] = {UINT64_MAX - 1 - (1 << 16)};
	struct var_frame f = {.regs = regs, .known = 1};
	struct var_place p = {.hi = UINT64_MAX, .how = VAR_IN_REGISTER};
	struct variable v = {.type = small, .nplaces = 1, .places = &p};
	struct value how = {.depth = 8};
	char buf[64];
#define WORDS var_format(ts, &v, &f, how, buf, sizeof buf)
	assert_string_equal(WORDS, "-2");
	v.type = wide;
	assert_string_equal(WORDS, "18446744073709486078");
	p.how = VAR_IN_MEMORY;
	assert_string_equal(WORDS, "<unavailable>");
	how.bytes = (const uint8_t *)"12345678"; /* which is another's value */
	how.n = 8;
	assert_string_equal(WORDS, "<unavailable>");
	p.how = VAR_UNKNOWN;
	assert_string_equal(WORDS, "<unknown>");
	v.type = large;
	p.how = VAR_IN_REGISTER;
	assert_string_equal(WORDS, "<unknown>");
	v.nplaces = 0;
	assert_string_equal(WORDS, "<optimized out>");
#undef WORDS
	types_free(ts);
}

int test_variable(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seen),
		cmocka_unit_test(soundness),
		cmocka_unit_test(deep_scopes),
		cmocka_unit_test(locates),
		cmocka_unit_test(places),
		cmocka_unit_test(formats),
	};
	return cmocka_run_group_tests_name("variable", tests, NULL, NULL);
}
