/* SPDX-License-Identifier: MIT */
/* The variables of an M's frames, in dump --json --vars. */
#include <stdio.h>
#include <stdlib.h>

#include "../model/sim.h"
#include "export/export.h"
#include "export_tests.h"
#include "model/xalloc.h"

/* A function of one variable, which is an int and said to be there. */
static void add_function(struct code *c, const char *name, uint64_t lo, struct var_place place)
{
	struct variables *vs = code_variables(c);
	struct var_type an_int = {.kind = TYPE_SIGNED, .name = "int", .size = 4};
	struct var_function f = {.nscopes = 1, .nvariables = 1};
	f.scopes = xcalloc(1, sizeof *f.scopes);
	f.scopes[0] = (struct var_scope){.around = -1, .function = name, .nranges = 1};
	f.scopes[0].ranges = xcalloc(1, sizeof *f.scopes[0].ranges);
	f.scopes[0].ranges[0] = (struct var_range){lo, lo + 0x20};
	f.variables = xcalloc(1, sizeof *f.variables);
	f.variables[0] = (struct variable){.name = "n\"", .is_argument = true, .nplaces = 1};
	f.variables[0].type = types_add(variables_types(vs), &an_int);
	f.variables[0].places = xcalloc(1, sizeof place);
	f.variables[0].places[0] = place;
	variables_add(vs, &f);
}

/* What stands at the last step, with variables or without. */
static char *exported(const struct recording *r, bool vars)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	assert_true(export_json(r, &(struct export_more){.vars = vars}, recording_last(r), f));
	fclose(f);
	return text;
}

static void of_frames(void **state)
{
	(void)state;
	struct sim *s = a_run();
	struct code *c = recording_code(s->r);
	add_function(c, "gosched_m", 0x4010b0,
		(struct var_place){.hi = UINT64_MAX, .how = VAR_IS, .n = -7});
	add_function(c, "mstart", 0x401000,
		(struct var_place){.hi = UINT64_MAX,
			.how = VAR_IN_MEMORY,
			.base = VAR_FROM_REGISTER,
			.reg = s->k.s.arch->sp,
			.n = 8});
	char *text = exported(s->r, true);
	assert_one_json(text);
	assert_true(holds(text, "'vars':[[{'name':'n\\'','of':'gosched_m','type':'int',"
				"'argument':true,'value':'-7'}],["));
	assert_true(holds(text, "[[{'name':'n\\'','of':'mstart','type':'int','argument':true,"
				"'addr':'0x7f10000011f8','value':'<unavailable>'}]]"));
	free(text);
	text = exported(s->r, false);
	assert_false(holds(text, "'vars'"));
	free(text);
	sim_free(s);
}

int test_json_vars(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_frames),
	};
	return cmocka_run_group_tests_name("json_vars", tests, NULL, NULL);
}
