/* SPDX-License-Identifier: MIT */
/*
 * The variables of a program's functions, as a recording file has them: with the code, those of
 * which the first line is told, and all types that these lead to. Whoever reads believes nothing:
 * an index leads to somewhere, a count is paid for by what is counted.
 */
#include <limits.h>
#include <stdlib.h>

#include "recfile_parts.h"
#include "xalloc.h"

/* Bits of a type, of a variable, and of how a place is: that it is the only one, at every pc. */
enum { INCOMPLETE = 1, VARIADIC = 2, UNPROTOTYPED = 4 };
enum { ARGUMENT = 1 };
enum { EVERYWHERE = 0x80 };

/* ---- what is told ---- */

/* Its number in the file, from 1 on; it gets one if it has none. */
static uint64_t number_of(struct numbered *list, int i)
{
	uint64_t number = addrmap_get(&list->numbers, (uint64_t)i + 1);
	if (number)
		return number;
	list->all = xgrow(list->all, &list->cap, list->n + 1, sizeof *list->all);
	list->all[list->n++] = i;
	addrmap_put(&list->numbers, (uint64_t)i + 1, list->n);
	return list->n;
}

static uint64_t type_number(struct code_writer *w, int type)
{
	return type == TYPE_NUMBER_VOID ? 0 : number_of(&w->types, type);
}

void numbered_free(struct numbered *list)
{
	addrmap_free(&list->numbers);
	free(list->all);
}

void put_function_later(struct code_writer *w, const struct code *c, const struct code_line *l)
{
	bool begins = l->sym && !l->library && l->pc == l->sym_lo;
	ptrdiff_t function = begins ? variables_find(code_variables(c), l->pc) : -1;
	if (function >= 0)
		number_of(&w->functions, (int)function);
}

/* ---- to bytes ---- */

static void put_type(struct code_writer *w, const struct var_type *t, struct bytes *out)
{
	put_u8(out, (uint8_t)t->kind);
	put_u8(out, t->incomplete * INCOMPLETE | t->variadic * VARIADIC |
			    t->unprototyped * UNPROTOTYPED);
	string_put(&w->names, t->name, out);
	put_uv(out, t->size);
	put_uv(out, type_number(w, t->of));
	put_uv(out, t->count + 1); /* 0: not known */
	put_uv(out, t->nmembers);
	for (int i = 0; i < t->nmembers; i++) {
		const struct type_member *m = &t->members[i];
		string_put(&w->names, m->name, out);
		put_uv(out, type_number(w, m->type));
		put_uv(out, m->at);
		put_u8(out, m->bits);
		put_u8(out, m->bit);
	}
	put_uv(out, t->nenumerators);
	for (int i = 0; i < t->nenumerators; i++) {
		string_put(&w->names, t->enumerators[i].name, out);
		put_sv(out, t->enumerators[i].value);
	}
}

static void put_range(uint64_t *at, uint64_t lo, uint64_t hi, struct bytes *out)
{
	put_sv(out, (int64_t)(lo - *at));
	put_uv(out, hi - lo);
	*at = hi;
}

static void put_scope(
	struct code_writer *w, uint64_t *at, const struct var_scope *s, struct bytes *out)
{
	put_sv(out, s->around);
	string_put(&w->names, s->function, out);
	put_uv(out, s->nranges);
	for (int i = 0; i < s->nranges; i++)
		put_range(at, s->ranges[i].lo, s->ranges[i].hi, out);
}

static void put_place(uint64_t *at, const struct var_place *p, struct bytes *out)
{
	bool everywhere = p->lo == 0 && p->hi == UINT64_MAX;
	put_u8(out, p->how | (everywhere ? EVERYWHERE : 0));
	if (!everywhere)
		put_range(at, p->lo, p->hi, out);
	put_u8(out, p->base);
	put_u8(out, p->reg);
	put_sv(out, p->n);
}

static void put_variable(
	struct code_writer *w, uint64_t *at, const struct variable *v, struct bytes *out)
{
	string_put(&w->names, v->name, out);
	put_uv(out, type_number(w, v->type));
	put_uv(out, v->scope);
	put_u8(out, v->is_argument * ARGUMENT);
	put_uv(out, v->nplaces);
	for (int i = 0; i < v->nplaces; i++)
		put_place(at, &v->places[i], out);
}

static void put_function(struct code_writer *w, const struct var_function *f, struct bytes *out)
{
	uint64_t at = 0;
	put_uv(out, f->nscopes);
	for (int i = 0; i < f->nscopes; i++)
		put_scope(w, &at, &f->scopes[i], out);
	put_uv(out, f->nvariables);
	for (int i = 0; i < f->nvariables; i++)
		put_variable(w, &at, &f->variables[i], out);
}

/* Number all types that functions from the first that is not told on lead to. */
static void number_types(struct code_writer *w, const struct variables *vs)
{
	for (size_t i = w->functions.told; i < w->functions.n; i++) {
		const struct var_function *f = variables_nth(vs, (size_t)w->functions.all[i]);
		for (int k = 0; k < f->nvariables; k++)
			type_number(w, f->variables[k].type);
	}
	for (size_t i = w->types.told; i < w->types.n; i++) {
		const struct var_type *t = types_at(variables_types(vs), w->types.all[i]);
		type_number(w, t->of);
		for (int k = 0; k < t->nmembers; k++)
			type_number(w, t->members[k].type);
	}
}

void put_functions(struct code_writer *w, const struct variables *vs, struct bytes *out)
{
	number_types(w, vs);
	put_uv(out, w->types.n - w->types.told);
	for (; w->types.told < w->types.n; w->types.told++)
		put_type(w, types_at(variables_types(vs), w->types.all[w->types.told]), out);
	put_uv(out, w->functions.n - w->functions.told);
	for (; w->functions.told < w->functions.n; w->functions.told++)
		put_function(
			w, variables_nth(vs, (size_t)w->functions.all[w->functions.told]), out);
}

/* ---- from bytes ---- */

static int get_small(struct reader *in)
{
	uint64_t v = get_uv(in);
	in->bad |= v > INT_MAX / 2;
	return in->bad ? 0 : (int)v;
}

/* The number in the table of what has one in the file. */
static int get_type_number(const struct code_reader *cr, struct reader *in)
{
	int number = get_small(in);
	return number ? cr->types_before + number : TYPE_NUMBER_VOID;
}

static void get_members(struct code_reader *cr, struct reader *in, struct var_type *t)
{
	size_t cap = 0;
	for (int n = get_small(in); n-- && !in->bad;) {
		struct type_member m = {.name = string_get(&cr->names, in)};
		m.type = get_type_number(cr, in);
		m.at = get_uv(in);
		m.bits = get_u8(in);
		m.bit = get_u8(in);
		in->bad |= m.bits > 64 || m.bit > 7;
		t->members = xgrow(t->members, &cap, t->nmembers + 1, sizeof m);
		t->members[t->nmembers++] = m;
	}
}

static void get_enumerators(struct code_reader *cr, struct reader *in, struct var_type *t)
{
	size_t cap = 0;
	for (int n = get_small(in); n-- && !in->bad;) {
		struct type_enumerator e = {.name = string_get(&cr->names, in)};
		e.value = get_sv(in);
		in->bad |= !e.name;
		t->enumerators = xgrow(t->enumerators, &cap, t->nenumerators + 1, sizeof e);
		t->enumerators[t->nenumerators++] = e;
	}
}

static void get_type(struct code_reader *cr, struct reader *in, struct types *ts)
{
	uint8_t kind = get_u8(in), bits = get_u8(in);
	struct var_type t = {.kind = kind < TYPE_KINDS ? kind : TYPE_UNKNOWN,
		.incomplete = bits & INCOMPLETE,
		.variadic = bits & VARIADIC,
		.unprototyped = bits & UNPROTOTYPED};
	t.name = string_get(&cr->names, in);
	t.size = get_uv(in);
	t.of = get_type_number(cr, in);
	t.count = get_uv(in) - 1;
	get_members(cr, in, &t);
	get_enumerators(cr, in, &t);
	if (!in->bad)
		types_add(ts, &t);
	free(t.members);
	free(t.enumerators);
}

/* Whether all that types lead to is there, from the i-th on. */
static bool lead_to_types(const struct types *ts, int i)
{
	int n = types_count(ts);
	for (; i < n; i++) {
		const struct var_type *t = types_at(ts, i);
		if (t->of >= n)
			return false;
		for (int k = 0; k < t->nmembers; k++)
			if (t->members[k].type >= n)
				return false;
	}
	return true;
}

static struct var_range get_range(struct reader *in, uint64_t *at)
{
	struct var_range r = {.lo = *at + (uint64_t)get_sv(in)};
	r.hi = r.lo + get_uv(in);
	in->bad |= r.hi < r.lo;
	*at = r.hi;
	return r;
}

static void get_scopes(
	struct code_reader *cr, struct reader *in, uint64_t *at, struct var_function *f)
{
	size_t cap = 0;
	for (int n = get_small(in); n-- && !in->bad;) {
		struct var_scope s = {.around = (int)get_in(in, -1, INT_MAX)};
		size_t ranges_cap = 0;
		s.function = string_get(&cr->names, in);
		for (int k = get_small(in); k-- && !in->bad;) {
			s.ranges = xgrow(s.ranges, &ranges_cap, s.nranges + 1, sizeof *s.ranges);
			s.ranges[s.nranges++] = get_range(in, at);
		}
		f->scopes = xgrow(f->scopes, &cap, f->nscopes + 1, sizeof s);
		f->scopes[f->nscopes++] = s;
	}
}

static struct var_place get_place(struct reader *in, uint64_t *at)
{
	uint8_t how = get_u8(in);
	struct var_range r = {0, UINT64_MAX};
	if (!(how & EVERYWHERE))
		r = get_range(in, at);
	how &= ~EVERYWHERE;
	struct var_place p = {.lo = r.lo, .hi = r.hi, .how = how, .base = get_u8(in)};
	if (how >= VAR_HOWS || p.base >= VAR_BASES) {
		p.how = VAR_UNKNOWN;
		p.base = VAR_FROM_NOTHING;
	}
	p.reg = get_u8(in);
	p.n = get_sv(in);
	return p;
}

static void get_variables(
	struct code_reader *cr, struct reader *in, uint64_t *at, int ntypes, struct var_function *f)
{
	size_t cap = 0;
	for (int n = get_small(in); n-- && !in->bad;) {
		struct variable v = {.name = string_get(&cr->names, in)};
		size_t places_cap = 0;
		v.type = get_type_number(cr, in);
		v.scope = get_small(in);
		v.is_argument = get_u8(in) & ARGUMENT;
		in->bad |= v.type >= ntypes;
		for (int k = get_small(in); k-- && !in->bad;) {
			v.places = xgrow(v.places, &places_cap, v.nplaces + 1, sizeof *v.places);
			v.places[v.nplaces++] = get_place(in, at);
		}
		f->variables = xgrow(f->variables, &cap, f->nvariables + 1, sizeof v);
		f->variables[f->nvariables++] = v;
	}
}

static void get_function(struct code_reader *cr, struct reader *in, struct variables *vs)
{
	struct var_function f = {0};
	uint64_t at = 0;
	get_scopes(cr, in, &at, &f);
	get_variables(cr, in, &at, types_count(variables_types(vs)), &f);
	in->bad |= !in->bad && !var_function_is_sound(&f);
	if (!in->bad)
		variables_add(vs, &f);
	var_function_free(&f);
}

void get_functions(struct code_reader *cr, struct reader *in, struct variables *vs)
{
	struct types *ts = variables_types(vs);
	int before = types_count(ts);
	for (int n = get_small(in); n-- && !in->bad;)
		get_type(cr, in, ts);
	in->bad |= !lead_to_types(ts, before);
	for (int n = get_small(in); n-- && !in->bad;)
		get_function(cr, in, vs);
}
