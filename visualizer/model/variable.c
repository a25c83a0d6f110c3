/* SPDX-License-Identifier: MIT */
#include "variable.h"

#include <assert.h>
#include <stdlib.h>

#include "snapshot.h"
#include "strpool.h"
#include "xalloc.h"

/* Which function has a stretch of code. */
struct owner {
	struct var_range range;
	size_t function;
};

struct variables {
	int users;
	struct types *types;
	struct strpool strings;
	struct var_function *functions;
	size_t n, cap;
	/* In order of address, the first nsorted of the functions'. */
	struct owner *owners;
	size_t nowners, owners_cap, nsorted;
};

struct variables *variables_new(void)
{
	struct variables *vs = xcalloc(1, sizeof *vs);
	vs->types = types_new();
	vs->users = 1;
	return vs;
}

struct variables *variables_keep(struct variables *vs)
{
	vs->users++;
	return vs;
}

void var_function_free(struct var_function *f)
{
	for (int i = 0; i < f->nscopes; i++)
		free(f->scopes[i].ranges);
	for (int i = 0; i < f->nvariables; i++)
		free(f->variables[i].places);
	free(f->scopes);
	free(f->variables);
	*f = (struct var_function){0};
}

void variables_free(struct variables *vs)
{
	if (!vs || --vs->users)
		return;
	for (size_t i = 0; i < vs->n; i++)
		var_function_free(&vs->functions[i]);
	free(vs->functions);
	free(vs->owners);
	strpool_free(&vs->strings);
	types_free(vs->types);
	free(vs);
}

struct types *variables_types(const struct variables *vs)
{
	return vs->types;
}

/* ---- to add ---- */

static bool is_place_sound(const struct var_place *p)
{
	bool has_reg = p->how == VAR_IN_REGISTER || p->base >= VAR_FROM_REGISTER;
	return p->how < VAR_HOWS && p->base < VAR_BASES &&
	       (!has_reg || (p->reg >= 0 && p->reg < SNAP_NREGS_MAX));
}

/* How many scopes each is in; false: more than there can be. */
static bool count_depths(struct var_function *f)
{
	for (int i = 0; i < f->nscopes; i++) {
		struct var_scope *s = &f->scopes[i];
		if (i ? s->around < 0 || s->around >= i : s->around != -1 || !s->function)
			return false;
		s->depth = i ? f->scopes[s->around].depth + 1 : 0;
		if (s->depth > VAR_DEPTH_MAX)
			return false;
	}
	return f->nscopes > 0;
}

bool var_function_is_sound(struct var_function *f)
{
	if (!count_depths(f))
		return false;
	for (int i = 0; i < f->nvariables; i++) {
		const struct variable *v = &f->variables[i];
		if (!v->name || v->scope < 0 || v->scope >= f->nscopes || v->type < 0)
			return false;
		for (int k = 0; k < v->nplaces; k++)
			if (!is_place_sound(&v->places[k]))
				return false;
	}
	return true;
}

/* An array that does not grow any more; NULL of none. */
static void *fit(void *p, int n, size_t size)
{
	if (n)
		return xrealloc(p, n * size);
	free(p);
	return NULL;
}

void variables_add(struct variables *vs, struct var_function *f)
{
	bool is_sound = var_function_is_sound(f);
	assert(is_sound);
	(void)is_sound;
	f->scopes = fit(f->scopes, f->nscopes, sizeof *f->scopes);
	f->variables = fit(f->variables, f->nvariables, sizeof *f->variables);
	for (int i = 0; i < f->nscopes; i++) {
		struct var_scope *s = &f->scopes[i];
		s->function = strpool_keep(&vs->strings, s->function);
		s->ranges = fit(s->ranges, s->nranges, sizeof *s->ranges);
	}
	for (int i = 0; i < f->nvariables; i++) {
		struct variable *v = &f->variables[i];
		v->name = strpool_keep(&vs->strings, v->name);
		v->places = fit(v->places, v->nplaces, sizeof *v->places);
	}
	vs->functions = xgrow(vs->functions, &vs->cap, vs->n + 1, sizeof *vs->functions);
	vs->functions[vs->n++] = *f;
	*f = (struct var_function){0};
}

size_t variables_count(const struct variables *vs)
{
	return vs->n;
}

const struct var_function *variables_nth(const struct variables *vs, size_t i)
{
	return i < vs->n ? &vs->functions[i] : NULL;
}

/* ---- to look up ---- */

static int by_address(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;
	if (x->range.lo != y->range.lo)
		return x->range.lo < y->range.lo ? -1 : 1;
	return (x->function > y->function) - (x->function < y->function);
}

/* A lookup does not change what is true of the functions, hence const. */
static void sort(const struct variables *vs)
{
	struct variables *at = (struct variables *)vs;
	if (vs->nsorted == vs->n)
		return;
	for (; at->nsorted < at->n; at->nsorted++) {
		const struct var_scope *s = &at->functions[at->nsorted].scopes[0];
		at->owners = xgrow(
			at->owners, &at->owners_cap, at->nowners + s->nranges, sizeof *at->owners);
		for (int i = 0; i < s->nranges; i++)
			at->owners[at->nowners++] = (struct owner){s->ranges[i], at->nsorted};
	}
	if (at->nowners)
		qsort(at->owners, at->nowners, sizeof *at->owners, by_address);
}

ptrdiff_t variables_find(const struct variables *vs, uint64_t pc)
{
	sort(vs);
	size_t lo = 0, hi = vs->nowners;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (vs->owners[mid].range.lo <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || pc >= vs->owners[lo - 1].range.hi)
		return -1;
	return (ptrdiff_t)vs->owners[lo - 1].function;
}

static bool is_in(const struct var_scope *s, uint64_t pc)
{
	for (int i = 0; i < s->nranges; i++)
		if (pc >= s->ranges[i].lo && pc < s->ranges[i].hi)
			return true;
	return false;
}

/* Whose body a scope is of. */
static const char *body_of(const struct var_function *f, const struct var_scope *s)
{
	while (!s->function)
		s = &f->scopes[s->around];
	return s->function;
}

/* Which scopes pc is in, by index, and how deep the innermost is; caller frees. */
static bool *scopes_at(const struct var_function *f, uint64_t pc, int *deepest)
{
	bool *in = xcalloc(f->nscopes, sizeof *in);
	*deepest = 0;
	for (int i = 0; i < f->nscopes; i++) {
		in[i] = is_in(&f->scopes[i], pc);
		if (in[i] && f->scopes[i].depth > *deepest)
			*deepest = f->scopes[i].depth;
	}
	return in;
}

size_t variables_at(const struct variables *vs, uint64_t pc, struct var_seen *seen, size_t max)
{
	ptrdiff_t function = variables_find(vs, pc);
	size_t n = 0;
	int depth;
	if (function < 0)
		return 0;
	const struct var_function *f = &vs->functions[function];
	bool *in = scopes_at(f, pc, &depth);
	for (; depth >= 0; depth--) {
		for (int i = 0; i < f->nvariables; i++) {
			const struct variable *v = &f->variables[i];
			const struct var_scope *s = &f->scopes[v->scope];
			if (!in[v->scope] || s->depth != depth)
				continue;
			if (n < max)
				seen[n] = (struct var_seen){v, body_of(f, s), depth};
			n++;
		}
	}
	free(in);
	return n;
}

/* ---- where a variable is ---- */

const struct var_place *var_place(const struct variable *var, uint64_t pc)
{
	static const struct var_place gone = {.hi = UINT64_MAX, .how = VAR_GONE};
	for (int i = 0; i < var->nplaces; i++)
		if (pc >= var->places[i].lo && pc < var->places[i].hi)
			return &var->places[i];
	return &gone;
}

static bool register_in(const struct var_frame *f, int reg, uint64_t *value)
{
	if (!(f->known >> reg & 1))
		return false;
	*value = f->regs[reg];
	return true;
}

static bool base_of(const struct var_frame *f, const struct var_place *p, uint64_t *base)
{
	*base = 0;
	switch (p->base) {
	case VAR_FROM_CFA: *base = f->cfa; return f->has_cfa;
	case VAR_FROM_REGISTER: return register_in(f, p->reg, base);
	case VAR_FROM_ENTRY: *base = f->entry ? f->entry[p->reg] : 0; return f->entry;
	default: return true;
	}
}

struct var_location var_locate(const struct variable *var, const struct var_frame *f)
{
	const struct var_place *p = var_place(var, f->pc);
	struct var_location at = {.found = VAR_AT_UNKNOWN, .reg = p->reg};
	switch (p->how) {
	case VAR_GONE: at.found = VAR_AT_NOWHERE; break;
	case VAR_IN_REGISTER:
		if (register_in(f, p->reg, &at.n))
			at.found = VAR_AT_REGISTER;
		break;
	case VAR_IN_MEMORY:
	case VAR_IS:
		if (!base_of(f, p, &at.n))
			break;
		at.found = p->how == VAR_IS ? VAR_AS_VALUE : VAR_AT_ADDRESS;
		at.n += (uint64_t)p->n;
		break;
	default: break;
	}
	return at;
}
