/* SPDX-License-Identifier: MIT */
/*
 * The variables of tests/image/programs/variables.c: which there are, of which types, and where,
 * with and without optimisation, for either architecture; arm64's is that which `make ARCH=arm64`
 * builds. tests/variables.py holds all of their places against what gdb says.
 */
#include "image/variables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/isa.h"
#include "image/program.h"
#include "image/regname.h"
#include "image_tests.h"

struct subject {
	const char *path;
	const char *frame;    /* what locals are counted from, where that is no CFA */
	const char *argument; /* the register that the first one comes in */
};

static const struct subject subjects[] = {
	{"variables/O0", "rbp", "rdi"},
	{"variables/O2", "rbp", "rdi"},
	{"arm64/variables/O0", "x29", "x0"},
	{"arm64/variables/O2", "x29", "x0"},
};

/* A program, with all that is told of it. */
struct open_program {
	struct program *program;
	Dwarf *dwarf;
	struct functions *functions;
	struct var_reader *reader;
	struct variables *variables;
	struct types *types;
};

static struct open_program open_program(const char *path)
{
	char err[1024] = "";
	struct open_program p = {.program = program_open(path, err, sizeof err)};
	assert_string_equal(err, "");
	p.dwarf = dwarf_begin_elf(p.program->elf, DWARF_C_READ, NULL);
	p.functions = functions_new(p.dwarf);
	p.variables = variables_new();
	p.reader = var_reader_new(p.functions, p.program->isa, p.variables);
	p.types = variables_types(p.variables);
	for (size_t i = 0; i < p.program->nsyms; i++)
		var_reader_tell(p.reader, p.program->syms[i].lo);
	return p;
}

static void close_program(struct open_program *p)
{
	var_reader_free(p->reader);
	variables_free(p->variables);
	functions_free(p->functions);
	dwarf_end(p->dwarf);
	program_close(p->program);
}

static struct open_program open_subject(const struct subject *s)
{
	char path[4096];
	if (!find_program(s->path, path, sizeof path)) {
		print_message("no %s here: make ARCH=arm64 tests builds it\n", s->path);
		skip();
	}
	return open_program(path);
}

/* A variable, of a function or of one that is inlined in it; NULL: there is none. */
static const struct variable *find(const struct open_program *p, const char *function,
	const char *name, const struct var_function **of)
{
	for (size_t i = 0; i < variables_count(p->variables); i++) {
		const struct var_function *f = variables_nth(p->variables, i);
		for (int k = 0; k < f->nvariables; k++) {
			const struct var_scope *s = &f->scopes[f->variables[k].scope];
			while (!s->function)
				s = &f->scopes[s->around];
			*of = f;
			if (!strcmp(s->function, function) && !strcmp(f->variables[k].name, name))
				return &f->variables[k];
		}
	}
	return NULL;
}

/* ---- which there are ---- */

static const struct {
	const char *function, *name, *type;
	uint64_t size;
	bool is_argument;
} expected[] = {
	{"main", "first", "G", 96, false},
	{"main", "is", "int", 4, false},
	{"main", "all", "double", 8, false},
	{"work", "gp", "G *", 8, true},
	{"work", "n", "int", 4, true},
	{"work", "why", "const char * const", 8, true},
	{"work", "fn", "start_fn", 8, true},
	{"work", "mine", "struct m", 48, false},
	{"work", "copy", "G", 96, false},
	{"work", "sum", "int", 4, false},
	{"work", "i", "int", 4, false},
	{"work", "other", "struct m * const", 8, false},
	{"work", "text", "char [16]", 16, false},
	{"twice", "value", "int", 4, true},
	{"twice", "doubled", "int", 4, false},
	{"start", "gp", "struct g *", 8, true},
	{"start", "why", "const char *", 8, true},
	{"start", "starts", "int", 4, false},
	{"start", "length", "int", 4, false},
	{"numbers", "tiny", "signed char", 1, true},
	{"numbers", "byte", "unsigned char", 1, true},
	{"numbers", "large", "int64_t", 8, true},
	{"numbers", "half", "float", 4, true},
	{"numbers", "third", "double", 8, true},
	{"numbers", "flags", "enum flags", 4, false},
	{"numbers", "precise", "long double", 16, false},
	{"numbers", "same", "_Bool", 1, false},
};

static void finds_variables(void **state)
{
	struct open_program p = open_subject(*state);
	const struct var_function *of;
	char name[64];
	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
		const struct variable *v = find(&p, expected[i].function, expected[i].name, &of);
		if (!v)
			fail_msg("no %s in %s", expected[i].name, expected[i].function);
		assert_string_equal(
			type_name(p.types, v->type, name, sizeof name), expected[i].type);
		assert_int_equal(types_size(p.types, v->type), expected[i].size);
		assert_int_equal(v->is_argument, expected[i].is_argument);
	}
	assert_null(find(&p, "work", "nothing", &of));
	assert_null(find(&p, "stop", "calls", &of)); /* which is of no function */
	close_program(&p);
}

/* ---- where ---- */

/* Without optimisation each has its place in the frame, at every pc, but what is static. */
static void check_frame_place(
	const struct open_program *p, const struct subject *s, const struct variable *v)
{
	const struct var_place *place = &v->places[0];
	assert_int_equal(v->nplaces, 1);
	assert_int_equal(place->how, VAR_IN_MEMORY);
	assert_true(place->lo == 0 && place->hi == UINT64_MAX);
	bool is_static = !strcmp(v->name, "starts") || !strcmp(v->name, "uses");
	assert_int_equal(is_static, place->base == VAR_FROM_NOTHING);
	if (is_static)
		return;
	if (place->base != VAR_FROM_CFA) {
		assert_int_equal(place->base, VAR_FROM_REGISTER);
		assert_int_equal(place->reg, reg_by_name(p->program->isa, s->frame, NULL));
	}
	assert_in_range(place->n < 0 ? -place->n : place->n, 0, 512);
}

static void places_in_frames(void **state)
{
	const struct subject *s = *state;
	struct open_program p = open_subject(s);
	int n = 0;
	for (size_t i = 0; i < variables_count(p.variables); i++) {
		const struct var_function *f = variables_nth(p.variables, i);
		for (int k = 0; k < f->nvariables; k++, n++)
			check_frame_place(&p, s, &f->variables[k]);
	}
	assert_true(n >= (int)(sizeof expected / sizeof *expected));
	close_program(&p);
}

/* Where a function is entered its arguments are in registers, and later elsewhere or nowhere. */
static void places_in_registers(void **state)
{
	const struct subject *s = *state;
	struct open_program p = open_subject(s);
	const struct var_function *of;
	const struct variable *gp = find(&p, "start", "gp", &of);
	assert_non_null(gp);
	uint64_t entry = of->scopes[0].ranges[0].lo, end = of->scopes[0].ranges[0].hi;
	const struct var_place *at = var_place(gp, entry);
	assert_int_equal(at->how, VAR_IN_REGISTER);
	assert_int_equal(at->reg, reg_by_name(p.program->isa, s->argument, NULL));
	assert_true(var_place(gp, end - 1) != at);
	assert_int_equal(var_place(gp, end)->how, VAR_GONE);
	close_program(&p);
}

/* What is seen from the body of a function, of which another stands in it. */
static void sees_scopes(void **state)
{
	struct open_program p = open_subject(*state);
	const struct var_function *of;
	const struct variable *doubled = find(&p, "twice", "doubled", &of);
	struct var_seen seen[64];
	assert_non_null(doubled);
	uint64_t in = of->scopes[doubled->scope].ranges[0].lo;
	size_t n = variables_at(p.variables, in, seen, 64), nsums = 0, ntwice = 0;
	for (size_t i = 0; i < n; i++) {
		assert_true(i == 0 || seen[i].depth <= seen[i - 1].depth);
		nsums += !strcmp(seen[i].var->name, "sum") && !strcmp(seen[i].function, "work");
		ntwice += !strcmp(seen[i].function, "twice");
		assert_string_not_equal(seen[i].var->name, "text");
	}
	assert_int_equal(nsums, 2);
	assert_true(ntwice >= 2);
	assert_string_equal(seen[0].function, "twice");
	assert_string_equal(seen[n - 1].function, "work");
	/* From the function's first instruction on, what is in blocks is not. */
	n = variables_at(p.variables, of->scopes[0].ranges[0].lo, seen, 64);
	assert_int_equal(n, 7);
	close_program(&p);
}

/* ---- types ---- */

static const struct {
	const char *name, *type;
	uint64_t at;
	int bit, bits;
} members[] = {{"status", "enum status", 0, 0, 0}, {"m", "struct m *", 8, 0, 0},
	{"name", "char [8]", 16, 0, 0}, {"low", "unsigned int", 24, 0, 3},
	{"high", "unsigned int", 28, 0, 30}, {"sign", "int", 31, 6, 2},
	{NULL, "union {...}", 32, 0, 0}, {"start", "start_fn", 40, 0, 0},
	{"hidden", "const volatile struct hidden *", 48, 0, 0}, {"bytes", "uint8_t [12]", 56, 0, 0},
	{"grid", "short [2][3]", 68, 0, 0}, {"handlers", "void (*[2])(void)", 80, 0, 0}};

static const struct type_member *member(const struct var_type *t, const char *name)
{
	for (int i = 0; i < t->nmembers; i++)
		if (t->members[i].name && !strcmp(t->members[i].name, name))
			return &t->members[i];
	fail_msg("no %s in %s", name, t->name);
	return NULL;
}

static void reads_types(void **state)
{
	struct open_program p = open_subject(*state);
	const struct var_function *of;
	const struct var_type *g = types_plain(p.types, find(&p, "main", "first", &of)->type);
	char name[64];
	assert_string_equal(g->name, "g");
	assert_int_equal(g->nmembers, sizeof members / sizeof *members);
	for (int i = 0; i < g->nmembers; i++) {
		const struct type_member *m = &g->members[i];
		if (members[i].name)
			assert_string_equal(m->name, members[i].name);
		else
			assert_null(m->name);
		assert_string_equal(
			type_name(p.types, m->type, name, sizeof name), members[i].type);
		assert_int_equal(m->at, members[i].at);
		assert_int_equal(m->bit, members[i].bit);
		assert_int_equal(m->bits, members[i].bits);
	}
	/* Round in a circle, and back to the same. */
	const struct var_type *to_m = types_at(p.types, member(g, "m")->type);
	const struct var_type *m = types_plain(p.types, to_m->of);
	const struct var_type *to_g = types_at(p.types, member(m, "curg")->type);
	assert_ptr_equal(types_plain(p.types, to_g->of), g);
	const struct var_type *to_hidden = types_at(p.types, member(g, "hidden")->type);
	assert_true(types_plain(p.types, to_hidden->of)->incomplete);
	const struct var_type *status = types_plain(p.types, g->members[0].type);
	assert_int_equal(status->nenumerators, 3);
	assert_string_equal(status->enumerators[2].name, "DEAD");
	assert_int_equal(status->enumerators[2].value, -1);
	close_program(&p);
}

/* Each unit of the runtime describes its structs, and each struct is there once. */
static void holds_each_once(void **state)
{
	(void)state;
	char path[4096];
	assert_true(find_program("examples/01_stale_link", path, sizeof path));
	struct open_program p = open_program(path);
	int gs = 0, ints = 0, pointers = 0;
	for (int i = 0; i < types_count(p.types); i++) {
		const struct var_type *t = types_at(p.types, i);
		gs += t->kind == TYPE_STRUCT && t->name && !strcmp(t->name, "G") && !t->incomplete;
		ints += t->kind == TYPE_SIGNED && t->name && !strcmp(t->name, "int");
		pointers += t->kind == TYPE_POINTER && t->of == TYPE_NUMBER_VOID;
	}
	assert_int_equal(gs, 1);
	assert_int_equal(ints, 1);
	assert_int_equal(pointers, 1);
	assert_in_range(variables_count(p.variables), 100, 10000);
	/* What was read once is not read again. */
	size_t n = variables_count(p.variables);
	uint64_t at = program_address(p.program, "schedule");
	var_reader_tell(p.reader, at + 1);
	assert_int_equal(variables_count(p.variables), n);
	assert_int_equal(variables_find(p.variables, at), variables_find(p.variables, at + 1));
	assert_true(variables_find(p.variables, at) >= 0);
	/* What is in assembly has none. */
	assert_int_equal(variables_find(p.variables, program_address(p.program, "gogo")), -1);
	close_program(&p);
}

int test_variables(void)
{
#define OF(test, i)                                                                                \
	{                                                                                          \
#test, test, NULL, NULL, (void *)&subjects[i]                                      \
	}
	const struct CMUnitTest tests[] = {
		OF(finds_variables, 0),
		OF(finds_variables, 1),
		OF(finds_variables, 2),
		OF(finds_variables, 3),
		OF(places_in_frames, 0),
		OF(places_in_frames, 2),
		OF(places_in_registers, 1),
		OF(places_in_registers, 3),
		OF(sees_scopes, 0),
		OF(sees_scopes, 2),
		OF(reads_types, 0),
		OF(reads_types, 1),
		OF(reads_types, 2),
		OF(reads_types, 3),
		cmocka_unit_test(holds_each_once),
	};
#undef OF
	return cmocka_run_group_tests_name("variables", tests, NULL, NULL);
}
