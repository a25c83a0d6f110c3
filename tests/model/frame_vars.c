/* SPDX-License-Identifier: MIT */
/* Variables of two frames of an M: what is in its registers and on its stack. */
#include "model/frame_vars.h"

#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "model_tests.h"

enum { CALLEE = 0x400100, CALLER = 0x400200 };

/* A function of these two variables, each in one place. */
static void add_function(struct code *c, const char *name, uint64_t lo, int type,
	const struct var_place *a, const struct var_place *b)
{
	struct var_function f = {.nscopes = 1, .nvariables = 2};
	f.scopes = xcalloc(1, sizeof *f.scopes);
	f.scopes[0] = (struct var_scope){.around = -1, .function = name, .nranges = 1};
	f.scopes[0].ranges = xcalloc(1, sizeof *f.scopes[0].ranges);
	f.scopes[0].ranges[0] = (struct var_range){lo, lo + 0x10};
	f.variables = xcalloc(2, sizeof *f.variables);
	for (int i = 0; i < 2; i++) {
		f.variables[i] =
			(struct variable){.name = i ? "b" : "a", .type = type, .nplaces = 1};
		f.variables[i].places = xcalloc(1, sizeof *a);
		f.variables[i].places[0] = i ? *b : *a;
		f.variables[i].places[0].hi = UINT64_MAX;
	}
	variables_add(code_variables(c), &f);
}

/* "a = 1 b = 2": those of a frame. */
static const char *words_of(const struct frame_at *at)
{
	static char words[256];
	char value[64];
	struct var_seen seen[4];
	size_t n = frame_vars(at, seen, 4);
	words[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		strcat(words, i ? " " : "");
		strcat(words, seen[i].var->name);
		strcat(words, " = ");
		strcat(words, frame_var_words(at, seen[i].var, 4, value, sizeof value));
	}
	return words;
}

static void frames(void **state)
{
	(void)state;
	struct code *c = code_new();
	struct types *ts = variables_types(code_variables(c));
	int n = types_add(ts, &(struct var_type){.kind = TYPE_UNSIGNED, .size = 2});
	int f = types_add(ts, &(struct var_type){.kind = TYPE_FUNCTION});
	int to_f = types_add(ts, &(struct var_type){.kind = TYPE_POINTER, .of = f, .size = 8});
	struct var_place rax = {.how = VAR_IN_REGISTER, .reg = 0};
	struct var_place low = {.how = VAR_IN_MEMORY, .base = VAR_FROM_CFA, .n = -18};
	struct var_place fp = {.how = VAR_IN_MEMORY, .base = VAR_FROM_REGISTER, .reg = 6, .n = -8};
	add_function(c, "body", CALLEE, n, &rax, &low);
	add_function(c, "caller", CALLER, to_f, &rax, &fp);
	code_add(c, &(struct code_line){.pc = CALLEE, .sym = "body", .sym_lo = CALLEE});

	/* 0x7000: words of which those from 0x7010 on are known. */
	uint64_t words[] = {0x1111222233334444, 0x5555666677778888, CALLEE};
	struct stack_image stack = {.lo = 0x7000, .hi = 0x7028, .from = 0x7010, .words = words};
	struct m_state m = {.regs = {[0] = 0x12345, [6] = 0x7020}};
	struct snapshot s = {
		.arch = arch_by_name("amd64"), .nms = 1, .ms = &m, .nstacks = 1, .stacks = &stack};
	struct truth t = {.n = 2,
		.frame = {{.pc = CALLEE + 4, .cfa = 0x7028, .fp = 0x7020},
			{.pc = CALLER + 0x10, .cfa = 0x9000, .fp = 0x7028, .is_ret = true}}};
	struct frame_at at = {&s, c, &m, &t, 0};
	/* Over two words: the high byte of the first is the low one of the number. */
	t.frame[0].cfa = 0x7029;
	assert_string_equal(words_of(&at), "a = 9029 b = 34833"); /* 0x2345; 0x8811 */
	t.frame[0].cfa = 0x7028;
	assert_string_equal(words_of(&at), "a = 9029 b = 4369");
	t.frame[0].cfa = 0x7021; /* half of it below what is known */
	assert_string_equal(words_of(&at), "a = 9029 b = <unavailable>");
	t.frame[0].cfa = 0;
	assert_string_equal(words_of(&at), "a = 9029 b = <unknown>");
	/* The caller's frame pointer is known, and no other register of its. */
	at.i = 1;
	assert_string_equal(words_of(&at), "a = <unknown> b = 0x400100 <body>");
	t.frame[1].fp = 0x7020;
	assert_string_equal(words_of(&at), "a = <unknown> b = 0x5555666677778888");
	t.frame[1].pc++; /* behind the function */
	assert_string_equal(words_of(&at), "");
	code_free(c);
}

int test_frame_vars(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames),
	};
	return cmocka_run_group_tests_name("frame_vars", tests, NULL, NULL);
}
