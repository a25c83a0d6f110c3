/* SPDX-License-Identifier: MIT */
/*
 * Variables as a recording's file has them: out and in again, whole, cut off and changed, and in
 * the files of two runs.
 */
#include "model/recfile_parts.h"

#include <stdlib.h>
#include <string.h>

#include "model/snapshot.h"
#include "model/xalloc.h"
#include "model_tests.h"

static uint64_t draw(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return *seed >> 33;
}

/* ---- tables by lot ---- */

static const char *const words[] = {"a", "gp", "a name with blanks", "ä€", "x"};
#define A_WORD words[draw(seed) % (sizeof words / sizeof *words)]

static uint64_t any_number(uint64_t *seed)
{
	return draw(seed) << 33 >> draw(seed) % 64;
}

static void add_type(struct types *ts, int ntypes, uint64_t *seed)
{
	struct type_member members[4] = {0};
	struct type_enumerator values[4];
	struct var_type t = {.kind = (enum type_kind)(draw(seed) % TYPE_KINDS),
		.name = draw(seed) % 3 ? A_WORD : NULL,
		.size = any_number(seed),
		.of = (int)(draw(seed) % (uint64_t)ntypes),
		.count = draw(seed) % 4 ? any_number(seed) : TYPE_COUNT_UNKNOWN,
		.incomplete = draw(seed) % 2,
		.variadic = draw(seed) % 2,
		.unprototyped = draw(seed) % 2,
		.nmembers = (int)(draw(seed) % 5),
		.nenumerators = (int)(draw(seed) % 5),
		.members = members,
		.enumerators = values};
	for (int i = 0; i < 4; i++) {
		members[i].name = draw(seed) % 3 ? A_WORD : NULL;
		members[i].type = (int)(draw(seed) % (uint64_t)ntypes);
		members[i].at = any_number(seed);
		members[i].bits = (uint8_t)(draw(seed) % 65);
		members[i].bit = members[i].bits ? draw(seed) % 8 : 0;
		values[i] = (struct type_enumerator){A_WORD, (int64_t)any_number(seed)};
	}
	types_add(ts, &t);
}

static struct var_place a_place(uint64_t *seed)
{
	struct var_place p = {.how = (enum var_how)(draw(seed) % VAR_HOWS),
		.base = (enum var_base)(draw(seed) % VAR_BASES),
		.lo = any_number(seed)};
	p.hi = draw(seed) % 2 ? p.lo + any_number(seed) / 2 : UINT64_MAX;
	if (p.hi == UINT64_MAX)
		p.lo = 0;
	if (p.hi < p.lo)
		p.hi = p.lo;
	if (p.how == VAR_IN_REGISTER || p.base >= VAR_FROM_REGISTER)
		p.reg = (int)(draw(seed) % SNAP_NREGS_MAX);
	if (p.how == VAR_IN_MEMORY || p.how == VAR_IS)
		p.n = (int64_t)any_number(seed);
	return p;
}

/* The i-th, with the line that it begins with. */
static void add_function(struct code *c, int i_th, int ntypes, uint64_t *seed)
{
	uint64_t lo = 0x1000 * ((uint64_t)i_th + 1);
	struct var_function f = {
		.nscopes = 1 + (int)(draw(seed) % 4), .nvariables = draw(seed) % 6};
	f.scopes = xcalloc(f.nscopes, sizeof *f.scopes);
	f.variables = xcalloc(f.nvariables, sizeof *f.variables);
	for (int i = 0; i < f.nscopes; i++) {
		struct var_scope *s = &f.scopes[i];
		s->around = i ? (int)(draw(seed) % (uint64_t)i) : -1;
		s->function = !i || draw(seed) % 2 ? A_WORD : NULL;
		s->nranges = i ? (int)(draw(seed) % 3) : 1;
		s->ranges = xcalloc(s->nranges, sizeof *s->ranges);
		for (int k = 0; k < s->nranges; k++) {
			s->ranges[k].lo = i ? any_number(seed) / 2 : lo;
			s->ranges[k].hi = s->ranges[k].lo + 1 + draw(seed) % 1000;
		}
	}
	for (int i = 0; i < f.nvariables; i++) {
		struct variable *v = &f.variables[i];
		v->name = A_WORD;
		v->type = (int)(draw(seed) % (uint64_t)ntypes);
		v->scope = (int)(draw(seed) % (uint64_t)f.nscopes);
		v->is_argument = draw(seed) % 2;
		v->nplaces = (int)(draw(seed) % 4);
		v->places = xcalloc(v->nplaces, sizeof *v->places);
		for (int k = 0; k < v->nplaces; k++)
			v->places[k] = a_place(seed);
	}
	variables_add(code_variables(c), &f);
	code_add(c, &(struct code_line){.pc = lo, .sym = "f", .sym_lo = lo, .sym_hi = lo + 1});
}

/* That many types and functions more. */
static void add_some(struct code *c, int types, int functions, uint64_t *seed)
{
	struct variables *vs = code_variables(c);
	struct types *ts = variables_types(vs);
	int n = types_count(ts) + types;
	while (types_count(ts) < n)
		add_type(ts, n, seed);
	while (functions-- > 0)
		add_function(c, (int)variables_count(vs), n, seed);
}

/* ---- the same again ---- */

static void same_name(const char *a, const char *b)
{
	assert_int_equal(!a, !b);
	if (a)
		assert_string_equal(a, b);
}

/* Two tables, and which types are held to be the same; what these lead to is to be looked at. */
struct pair {
	const struct types *a, *b;
	struct addrmap there, back; /* number and 1, by number and 1 */
	int *queue;
	size_t n, cap;
};

/* One stands for one, and is found anew by it. */
static void same_number(struct pair *p, int a, int b)
{
	uint64_t there = addrmap_get(&p->there, (uint64_t)a + 1);
	uint64_t back = addrmap_get(&p->back, (uint64_t)b + 1);
	assert_int_equal(a == TYPE_NUMBER_VOID, b == TYPE_NUMBER_VOID);
	if (there || back) {
		assert_int_equal(there, b + 1);
		assert_int_equal(back, a + 1);
		return;
	}
	addrmap_put(&p->there, (uint64_t)a + 1, (uint64_t)b + 1);
	addrmap_put(&p->back, (uint64_t)b + 1, (uint64_t)a + 1);
	p->queue = xgrow(p->queue, &p->cap, p->n + 1, sizeof *p->queue);
	p->queue[p->n++] = a;
}

static void same_type(struct pair *p, const struct var_type *a, const struct var_type *b)
{
	assert_int_equal(a->kind, b->kind);
	same_name(a->name, b->name);
	assert_int_equal(a->size, b->size);
	same_number(p, a->of, b->of);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->incomplete, b->incomplete);
	assert_int_equal(a->variadic, b->variadic);
	assert_int_equal(a->unprototyped, b->unprototyped);
	assert_int_equal(a->nmembers, b->nmembers);
	assert_int_equal(a->nenumerators, b->nenumerators);
	for (int i = 0; i < a->nmembers; i++) {
		same_name(a->members[i].name, b->members[i].name);
		same_number(p, a->members[i].type, b->members[i].type);
		assert_int_equal(a->members[i].at, b->members[i].at);
		assert_int_equal(a->members[i].bit, b->members[i].bit);
		assert_int_equal(a->members[i].bits, b->members[i].bits);
	}
	for (int i = 0; i < a->nenumerators; i++) {
		same_name(a->enumerators[i].name, b->enumerators[i].name);
		assert_int_equal(a->enumerators[i].value, b->enumerators[i].value);
	}
}

static void same_places(const struct variable *a, const struct variable *b)
{
	assert_int_equal(a->nplaces, b->nplaces);
	for (int i = 0; i < a->nplaces; i++) {
		const struct var_place *p = &a->places[i], *q = &b->places[i];
		assert_int_equal(p->lo, q->lo);
		assert_int_equal(p->hi, q->hi);
		assert_int_equal(p->how, q->how);
		assert_int_equal(p->base, q->base);
		assert_int_equal(p->reg, q->reg);
		assert_int_equal(p->n, q->n);
	}
}

static void same_function(
	struct pair *p, const struct var_function *a, const struct var_function *b)
{
	assert_int_equal(a->nscopes, b->nscopes);
	for (int i = 0; i < a->nscopes; i++) {
		const struct var_scope *s = &a->scopes[i], *t = &b->scopes[i];
		assert_int_equal(s->around, t->around);
		assert_int_equal(s->depth, t->depth);
		same_name(s->function, t->function);
		assert_int_equal(s->nranges, t->nranges);
		assert_memory_equal(s->ranges, t->ranges, s->nranges * sizeof *s->ranges);
	}
	assert_int_equal(a->nvariables, b->nvariables);
	for (int i = 0; i < a->nvariables; i++) {
		const struct variable *v = &a->variables[i], *w = &b->variables[i];
		same_name(v->name, w->name);
		same_number(p, v->type, w->type);
		assert_int_equal(v->scope, w->scope);
		assert_int_equal(v->is_argument, w->is_argument);
		same_places(v, w);
	}
}

/* All types that were found so far, and those that they lead to; returns how many that are. */
static size_t same_types(struct pair *p)
{
	for (size_t i = 0; i < p->n; i++) {
		uint64_t there = addrmap_get(&p->there, (uint64_t)p->queue[i] + 1);
		same_type(p, types_at(p->a, p->queue[i]), types_at(p->b, (int)there - 1));
	}
	size_t n = p->n;
	addrmap_free(&p->there);
	addrmap_free(&p->back);
	free(p->queue);
	return n;
}

/* All functions, and the types that they lead to: there are no others in b. */
static void same_tables(const struct code *a, const struct code *b)
{
	struct variables *v = code_variables(a), *w = code_variables(b);
	struct pair p = {.a = variables_types(v), .b = variables_types(w)};
	assert_int_equal(variables_count(v), variables_count(w));
	same_number(&p, TYPE_NUMBER_VOID, TYPE_NUMBER_VOID);
	for (size_t i = 0; i < variables_count(v); i++)
		same_function(&p, variables_nth(v, i), variables_nth(w, i));
	assert_int_equal(types_count(variables_types(w)), same_types(&p));
}

/* Code, as far as it is known by now, from frame to frame. */
static void send(struct code_writer *w, const struct code *out, const struct code *told,
	struct code_reader *cr, struct code *in)
{
	struct bytes b = {0};
	put_code(w, out, code_count(out), 0, told, &b);
	struct reader r = reader_of(b.p, b.n);
	assert_int_equal(get_u8(&r), FRAME_CODE);
	assert_true(get_code(cr, r, in));
	bytes_free(&b);
}

/* Piece by piece, as a run goes on. */
static void there_and_back(void **state)
{
	(void)state;
	uint64_t seed = 20250502;
	for (int round = 0; round < 50; round++) {
		struct code *out = code_new(), *in = code_new();
		struct code_writer w = {0};
		struct code_reader cr = {0};
		for (int piece = 0; piece < 4; piece++) {
			add_some(out, (int)(draw(&seed) % 20), (int)(draw(&seed) % 8), &seed);
			send(&w, out, NULL, &cr, in);
			same_tables(out, in);
		}
		code_writer_free(&w);
		code_reader_free(&cr);
		code_free(out);
		code_free(in);
	}
}

/* The second run of a file says what the first did not, and is read before it. */
static void two_runs(void **state)
{
	(void)state;
	uint64_t seed = 11;
	struct code *first = code_new(), *second = code_new(), *in = code_new();
	struct code *beside = code_new_beside(in);
	struct code_writer w = {0}, v = {0};
	struct code_reader cr = {0}, cs = {0};
	add_some(first, 9, 2, &seed);
	seed = 11;
	add_some(second, 9, 3, &seed);
	send(&v, second, first, &cs, in);
	assert_int_equal(variables_count(code_variables(in)), 1);
	cr.types_before = types_count(variables_types(code_variables(in))) - 1;
	send(&w, first, NULL, &cr, beside);
	code_free(beside);
	struct variables *all = code_variables(in);
	assert_int_equal(variables_count(all), 3);
	for (int i = 0; i < 3; i++) {
		struct pair p = {
			.a = variables_types(code_variables(second)), .b = variables_types(all)};
		uint64_t pc = 0x1000 * ((uint64_t)i + 1);
		same_function(&p, variables_nth(code_variables(second), (size_t)i),
			variables_nth(all, (size_t)variables_find(all, pc)));
		same_types(&p);
	}
	code_writer_free(&w);
	code_writer_free(&v);
	code_reader_free(&cr);
	code_reader_free(&cs);
	code_free(first);
	code_free(second);
	code_free(in);
}

/* Of code that is not told nothing is, and what is, once. */
static void says_what_is_new(void **state)
{
	(void)state;
	uint64_t seed = 1;
	struct code *c = code_new();
	struct code_writer w = {0};
	struct bytes b = {0};
	add_some(c, 1, 1, &seed);
	put_functions(&w, code_variables(c), &b);
	assert_int_equal(b.n, 2);
	put_function_later(&w, c, code_nth(c, 0));
	put_functions(&w, code_variables(c), &b);
	size_t n = b.n;
	assert_true(n > 4);
	put_function_later(&w, c, code_nth(c, 0));
	put_functions(&w, code_variables(c), &b);
	assert_int_equal(b.n, n + 2);
	code_writer_free(&w);
	bytes_free(&b);
	code_free(c);
}

/* ---- what is damaged ---- */

/* Whatever came in can be looked at. */
static void look_at_all(const struct code *c)
{
	struct variables *vs = code_variables(c);
	struct types *ts = variables_types(vs);
	struct var_seen seen[8];
	uint64_t regs[SNAP_NREGS_MAX] = {0};
	struct var_frame f = {.regs = regs, .known = ~UINT64_C(0), .entry = regs, .has_cfa = true};
	char buf[64];
	for (int i = 0; i < types_count(ts); i++) {
		type_name(ts, i, buf, sizeof buf);
		type_format(ts, i, &(struct value){.depth = 4}, buf, sizeof buf);
	}
	for (size_t i = 0; i < variables_count(vs); i++) {
		const struct var_function *of = variables_nth(vs, i);
		if (of->scopes[0].nranges)
			f.pc = of->scopes[0].ranges[0].lo;
		size_t n = variables_at(vs, f.pc, seen, 8);
		for (size_t k = 0; k < n && k < 8; k++)
			var_format(
				ts, seen[k].var, &f, (struct value){.depth = 4}, buf, sizeof buf);
	}
}

bool vars_come_in(const void *p, size_t n)
{
	struct code *c = code_new();
	struct code_reader cr = {0};
	struct reader r = reader_of(p, n);
	get_functions(&cr, &r, code_variables(c));
	look_at_all(c);
	code_reader_free(&cr);
	code_free(c);
	return !r.bad;
}

static struct bytes some_piece(int types, int functions)
{
	uint64_t seed = 7;
	struct code *c = code_new();
	struct code_writer w = {0};
	struct bytes b = {0};
	add_some(c, types, functions, &seed);
	for (size_t i = 0; i < code_count(c); i++)
		put_function_later(&w, c, code_nth(c, i));
	put_functions(&w, code_variables(c), &b);
	code_writer_free(&w);
	code_free(c);
	return b;
}

/* Cut off anywhere; from memory of just that size, so that a byte too far is seen. */
static void cut(void **state)
{
	(void)state;
	struct bytes b = some_piece(12, 6);
	assert_true(vars_come_in(b.p, b.n));
	for (size_t n = 0; n < b.n; n++) {
		uint8_t *only = xmalloc(n);
		memcpy(only, b.p, n);
		assert_false(vars_come_in(only, n));
		free(only);
	}
	free(b.p);
}

/* Any bytes changed: it comes in or not, and does no harm. */
static void changed(void **state)
{
	(void)state;
	uint64_t seed = 3;
	struct bytes b = some_piece(12, 6);
	int whole = 0, damaged = 0;
	for (int round = 0; round < 3000; round++) {
		uint8_t *other = xmalloc(b.n);
		memcpy(other, b.p, b.n);
		for (uint64_t k = 1 + draw(&seed) % 3; k > 0; k--)
			other[draw(&seed) % b.n] = (uint8_t)draw(&seed);
		if (vars_come_in(other, b.n))
			whole++;
		else
			damaged++;
		free(other);
	}
	assert_true(whole > 100);
	assert_true(damaged > 100);
	free(b.p);
}

int test_recfile_vars(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(two_runs),
		cmocka_unit_test(says_what_is_new),
		cmocka_unit_test(cut),
		cmocka_unit_test(changed),
	};
	return cmocka_run_group_tests_name("recfile_vars", tests, NULL, NULL);
}
