/* SPDX-License-Identifier: MIT */
#include "variables_places.h"

#include <dwarf.h>
#include <string.h>

#include "model/xalloc.h"
#include "regname.h"
#include "type_attrs.h"

enum { SUMS_MAX = 8 };

/* An expression being read: a small machine with a stack, as DWARF has it. */
struct reckoner {
	const struct isa *isa;
	const struct place_sum *frame_base;
	Dwarf_Attribute *attr; /* what the expression is of */
	struct place_sum stack[SUMS_MAX];
	int n;
};

static bool push(struct reckoner *r, struct place_sum sum)
{
	if (r->n == SUMS_MAX || !sum.known)
		return false;
	r->stack[r->n++] = sum;
	return true;
}

static struct place_sum constant(int64_t n)
{
	return (struct place_sum){.known = true, .base = VAR_FROM_NOTHING, .n = n};
}

static struct place_sum from_register(
	const struct isa *isa, enum var_base base, int dwarf_reg, int64_t n)
{
	int reg = reg_by_dwarf(isa, dwarf_reg);
	return (struct place_sum){.known = reg >= 0, .base = base, .reg = reg, .n = n};
}

/* The register that an operation names as the place itself; -1: it is none that does. */
static int register_named(const Dwarf_Op *op)
{
	if (op->atom >= DW_OP_reg0 && op->atom <= DW_OP_reg31)
		return op->atom - DW_OP_reg0;
	return op->atom == DW_OP_regx ? (int)op->number : -1;
}

/* What a register was when the function was entered; of anything else it is not known. */
static struct place_sum at_entry(const struct reckoner *r, const Dwarf_Op *op)
{
	Dwarf_Attribute inner;
	Dwarf_Op *ops;
	size_t n;
	if (dwarf_getlocation_attr(r->attr, op, &inner) != 0 ||
		dwarf_getlocation(&inner, &ops, &n) != 0 || n != 1)
		return (struct place_sum){0};
	return from_register(r->isa, VAR_FROM_ENTRY, register_named(&ops[0]), 0);
}

/* An address that stands in a table of the file's. */
static struct place_sum at_index(const struct reckoner *r, const Dwarf_Op *op)
{
	Dwarf_Attribute attr;
	Dwarf_Addr addr;
	if (dwarf_getlocation_attr(r->attr, op, &attr) != 0 || dwarf_formaddr(&attr, &addr) != 0)
		return (struct place_sum){0};
	return constant((int64_t)addr);
}

/* The upper two become one: their sum, or the lower less the upper. */
static bool join(struct reckoner *r, bool minus)
{
	if (r->n < 2)
		return false;
	struct place_sum upper = r->stack[--r->n], *lower = &r->stack[r->n - 1];
	if (minus && upper.base != VAR_FROM_NOTHING)
		return false;
	if (minus)
		upper.n = (int64_t) - (uint64_t)upper.n;
	if (lower->base == VAR_FROM_NOTHING) {
		upper.n = (int64_t)((uint64_t)upper.n + (uint64_t)lower->n);
		*lower = upper;
		return true;
	}
	lower->n = (int64_t)((uint64_t)lower->n + (uint64_t)upper.n);
	return upper.base == VAR_FROM_NOTHING;
}

static bool add(struct reckoner *r, int64_t n)
{
	return push(r, constant(n)) && join(r, false);
}

static bool reckon(struct reckoner *r, const Dwarf_Op *op)
{
	if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31)
		return push(r, constant(op->atom - DW_OP_lit0));
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
		return push(r, from_register(r->isa, VAR_FROM_REGISTER, op->atom - DW_OP_breg0,
				       (int64_t)op->number));
	switch (op->atom) {
	case DW_OP_addr:
	case DW_OP_const1u:
	case DW_OP_const1s:
	case DW_OP_const2u:
	case DW_OP_const2s:
	case DW_OP_const4u:
	case DW_OP_const4s:
	case DW_OP_const8u:
	case DW_OP_const8s:
	case DW_OP_constu:
	case DW_OP_consts: return push(r, constant((int64_t)op->number));
	case DW_OP_addrx: return push(r, at_index(r, op));
	case DW_OP_bregx:
		return push(r, from_register(r->isa, VAR_FROM_REGISTER, (int)op->number,
				       (int64_t)op->number2));
	case DW_OP_fbreg: return push(r, *r->frame_base) && add(r, (int64_t)op->number);
	case DW_OP_call_frame_cfa:
		return push(r, (struct place_sum){.known = true, .base = VAR_FROM_CFA});
	case DW_OP_entry_value:
	case DW_OP_GNU_entry_value: return push(r, at_entry(r, op));
	case DW_OP_plus_uconst: return r->n && add(r, (int64_t)op->number);
	case DW_OP_plus: return join(r, false);
	case DW_OP_minus: return join(r, true);
	case DW_OP_nop: return true;
	default: return false;
	}
}

/* The lower bytes of a constant that is given as they are in memory; false: too many. */
static bool number_in(const Dwarf_Block *block, int64_t *number)
{
	uint64_t v = 0;
	if (block->length > sizeof v)
		return false;
	for (size_t i = block->length; i-- > 0;)
		v = v << 8 | block->data[i];
	*number = (int64_t)v;
	return true;
}

static void set_place(struct var_place *p, enum var_how how, const struct place_sum *sum)
{
	p->how = how;
	p->base = sum->base;
	p->reg = sum->base >= VAR_FROM_REGISTER ? sum->reg : 0;
	p->n = sum->n;
}

/* What an expression says; p is not known until it does. */
static void read_expression(struct reckoner *r, const Dwarf_Op *ops, size_t n, struct var_place *p)
{
	Dwarf_Block block;
	int64_t number;
	int reg = n == 1 ? reg_by_dwarf(r->isa, register_named(&ops[0])) : -1;
	r->n = 0;
	if (n == 0) {
		p->how = VAR_GONE;
	} else if (reg >= 0) {
		p->how = VAR_IN_REGISTER;
		p->reg = reg;
	} else if (n == 1 && ops[0].atom == DW_OP_implicit_value) {
		if (dwarf_getlocation_implicit_value(r->attr, &ops[0], &block) == 0 &&
			number_in(&block, &number))
			set_place(p, VAR_IS, &(struct place_sum){.n = number});
	} else {
		bool is_value = ops[n - 1].atom == DW_OP_stack_value;
		for (size_t i = 0; i < n - is_value; i++)
			if (!reckon(r, &ops[i]))
				return;
		if (r->n)
			set_place(p, is_value ? VAR_IS : VAR_IN_MEMORY, &r->stack[r->n - 1]);
	}
}

struct place_sum places_frame_base(const struct isa *isa, Dwarf_Die *function)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	size_t n;
	struct place_sum none = {0};
	struct reckoner r = {.isa = isa, .frame_base = &none, .attr = &attr};
	if (dwarf_getlocation(dwarf_attr_integrate(function, DW_AT_frame_base, &attr), &ops, &n) !=
			0 ||
		n != 1)
		return none;
	int reg = register_named(&ops[0]);
	if (reg >= 0)
		return from_register(isa, VAR_FROM_REGISTER, reg, 0);
	return reckon(&r, &ops[0]) ? r.stack[0] : none;
}

/* What a variable always is, without being anywhere. */
static struct var_place read_constant(Dwarf_Attribute *attr)
{
	Dwarf_Block block;
	int64_t number;
	struct var_place p = {.hi = UINT64_MAX, .how = VAR_UNKNOWN};
	if (type_attr_number_in(attr, &number) ||
		(dwarf_formblock(attr, &block) == 0 && number_in(&block, &number)))
		set_place(&p, VAR_IS, &(struct place_sum){.n = number});
	return p;
}

struct var_place *places_read(const struct isa *isa, const struct place_sum *frame_base,
	Dwarf_Die *variable, Dwarf_Die *origin, int *n)
{
	Dwarf_Attribute attr;
	Dwarf_Op *ops;
	Dwarf_Addr base, lo, hi;
	size_t nops, cap = 0;
	ptrdiff_t at = 0;
	struct var_place *places = NULL;
	struct reckoner r = {.isa = isa, .frame_base = frame_base, .attr = &attr};
	*n = 0;
	if (!dwarf_attr(variable, DW_AT_location, &attr)) {
		if (!dwarf_attr(variable, DW_AT_const_value, &attr))
			return origin ? places_read(isa, frame_base, origin, NULL, n) : NULL;
		places = xmalloc(sizeof *places);
		places[(*n)++] = read_constant(&attr);
		return places;
	}
	while ((at = dwarf_getlocations(&attr, at, &base, &lo, &hi, &ops, &nops)) > 0) {
		struct var_place p = {.lo = lo, .hi = hi, .how = VAR_UNKNOWN};
		read_expression(&r, ops, nops, &p);
		places = xgrow(places, &cap, *n + 1, sizeof *places);
		places[*n] = p;
		*n += lo < hi;
	}
	/* The rest cannot be read: there it may be anywhere. */
	if (at < 0) {
		places = xgrow(places, &cap, *n + 1, sizeof *places);
		places[(*n)++] = (struct var_place){.hi = UINT64_MAX, .how = VAR_UNKNOWN};
	}
	return *n ? xrealloc(places, *n * sizeof *places) : places;
}
