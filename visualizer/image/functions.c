/* SPDX-License-Identifier: MIT */
#include "functions.h"

#include <dwarf.h>
#include <stdlib.h>

#include "model/xalloc.h"
#include "program.h"

/* Code, and what has it: the number of a unit, or that of one of its functions. */
struct stretch {
	struct code_range range;
	size_t of;
};

struct stretches {
	struct stretch *all; /* in order of address, once they are sorted */
	size_t n, cap;
};

struct unit_functions {
	Dwarf_Die unit;
	bool read;
	Dwarf_Die *functions;
	size_t n, cap;
	struct stretches code;
};

struct functions {
	Dwarf *dwarf;
	bool read;
	struct unit_functions *units;
	size_t n, cap;
	struct stretches code;
};

/* ---- stretches of code ---- */

static void add_code(struct stretches *s, Dwarf_Die *die, size_t of)
{
	Dwarf_Addr base, lo, hi;
	for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &lo, &hi)) > 0;) {
		if (lo >= hi)
			continue;
		s->all = xgrow(s->all, &s->cap, s->n + 1, sizeof *s->all);
		s->all[s->n++] = (struct stretch){{lo, hi}, of};
	}
}

static int by_address(const void *a, const void *b)
{
	const struct stretch *x = a, *y = b;
	if (x->range.lo != y->range.lo)
		return x->range.lo < y->range.lo ? -1 : 1;
	return (x->of > y->of) - (x->of < y->of);
}

static void sort(struct stretches *s)
{
	if (s->n)
		qsort(s->all, s->n, sizeof *s->all, by_address);
}

static const struct stretch *stretch_at(const struct stretches *s, uint64_t pc)
{
	size_t lo = 0, hi = s->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (s->all[mid].range.lo <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo && pc < s->all[lo - 1].range.hi ? &s->all[lo - 1] : NULL;
}

/* ---- units and functions ---- */

static void read_units(struct functions *f)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;
	f->read = true;
	while (f->dwarf && dwarf_get_units(f->dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0) {
		f->units = xgrow(f->units, &f->cap, f->n + 1, sizeof *f->units);
		f->units[f->n] = (struct unit_functions){.unit = unit};
		add_code(&f->code, &unit, f->n++);
	}
	sort(&f->code);
}

static void read_functions(struct unit_functions *u)
{
	Dwarf_Die die;
	u->read = true;
	if (dwarf_child(&u->unit, &die) != 0)
		return;
	do {
		if (dwarf_tag(&die) != DW_TAG_subprogram)
			continue;
		u->functions = xgrow(u->functions, &u->cap, u->n + 1, sizeof *u->functions);
		u->functions[u->n] = die;
		add_code(&u->code, &die, u->n++);
	} while (dwarf_siblingof(&die, &die) == 0);
	sort(&u->code);
}

bool functions_at(struct functions *f, uint64_t pc, Dwarf_Die *function)
{
	if (!f->read)
		read_units(f);
	const struct stretch *s = stretch_at(&f->code, pc);
	struct unit_functions *u = s ? &f->units[s->of] : NULL;
	if (u && !u->read)
		read_functions(u);
	s = u ? stretch_at(&u->code, pc) : NULL;
	if (s)
		*function = u->functions[s->of];
	return s;
}

struct functions *functions_new(Dwarf *dwarf)
{
	struct functions *f = xcalloc(1, sizeof *f);
	f->dwarf = dwarf;
	return f;
}

void functions_free(struct functions *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++) {
		free(f->units[i].functions);
		free(f->units[i].code.all);
	}
	free(f->units);
	free(f->code.all);
	free(f);
}
