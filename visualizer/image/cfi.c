/* SPDX-License-Identifier: MIT */
#include "cfi.h"

#include <dwarf.h>
#include <stdlib.h>

#include "isa.h"
#include "regname.h"
#include "model/xalloc.h"

struct cfi {
	Dwarf_CFI *eh_frame;
	const struct isa *isa;
};

struct cfi *cfi_new(Elf *elf, const struct isa *isa)
{
	struct cfi *c = xcalloc(1, sizeof *c);
	c->eh_frame = dwarf_getcfi_elf(elf);
	c->isa = isa;
	return c;
}

void cfi_free(struct cfi *c)
{
	if (!c)
		return;
	dwarf_cfi_end(c->eh_frame);
	free(c);
}

/* Whether an operation is a register and an offset; *reg: the register as the model has it. */
static bool is_breg(const struct cfi *c, const Dwarf_Op *op, int *reg, int32_t *off)
{
	bool x = op->atom == DW_OP_bregx;
	if (!x && (op->atom < DW_OP_breg0 || op->atom > DW_OP_breg31))
		return false;
	int dwarf_reg = x ? (int)op->number : op->atom - DW_OP_breg0;
	*reg = reg_by_dwarf(c->isa, dwarf_reg);
	*off = (int32_t)(x ? op->number2 : op->number);
	return *reg >= 0;
}

/*
 * cfa = register + offset is what compilers and our assembly use, and the word there what libc does
 * where a signal handler returns to; anything else is not told.
 */
static bool read_cfa(const struct cfi *c, Dwarf_Frame *frame, struct cfi_rule *rule)
{
	Dwarf_Op *ops;
	size_t n;
	int reg;
	if (dwarf_frame_cfa(frame, &ops, &n) != 0 || n < 1 || n > 2 ||
		!is_breg(c, &ops[0], &reg, &rule->cfa_off))
		return false;
	rule->cfa_reg = (uint8_t)reg;
	rule->cfa_is_word = n == 2;
	return n == 1 || ops[1].atom == DW_OP_deref;
}

/*
 * Where the caller's value of a register is. libdw answers in location expressions: none and
 * a NULL pointer for "the same value", none and its scratch space for "undefined",
 * DW_OP_call_frame_cfa [DW_OP_plus_uconst] for a word at an offset from the CFA, DW_OP_regx
 * for another register; and before an expression of the program's own the CFA, which that need not
 * take: here a register and an offset.
 */
static enum cfi_kind read_rule(
	const struct cfi *c, Dwarf_Frame *frame, int dwarf_reg, int base, int32_t *off)
{
	Dwarf_Op scratch[3], *ops;
	size_t n;
	int reg;
	*off = 0;
	if (dwarf_frame_register(frame, dwarf_reg, scratch, &ops, &n) != 0)
		return CFI_NONE;
	if (n == 0)
		return ops ? CFI_UNDEFINED : CFI_SAME;
	if (n == 2 && ops[0].atom == DW_OP_call_frame_cfa && is_breg(c, &ops[1], &reg, off))
		return reg == base ? CFI_AT_BASE : CFI_NONE;
	if (ops[0].atom == DW_OP_call_frame_cfa && n <= 2) {
		*off = n == 2 ? (int32_t)ops[1].number : 0;
		return n == 1 || ops[1].atom == DW_OP_plus_uconst ? CFI_AT_CFA : CFI_NONE;
	}
	if (n == 1 && ops[0].atom == DW_OP_regx) {
		*off = reg_by_dwarf(c->isa, (int)ops[0].number);
		return *off >= 0 ? CFI_REG : CFI_NONE;
	}
	return CFI_NONE;
}

/* Where a signal frame keeps the link register, from its base on; 0: it does not. */
static int32_t find_lr(const struct cfi *c, Dwarf_Frame *frame, const struct cfi_rule *rule)
{
	int32_t off;
	if (!rule->signal || c->isa->dwarf_lr < 0 || rule->cfa_is_word)
		return 0;
	switch (read_rule(c, frame, c->isa->dwarf_lr, rule->cfa_reg, &off)) {
	case CFI_AT_CFA: return rule->cfa_off + off;
	case CFI_AT_BASE: return off;
	default: return 0;
	}
}

struct cfi_rule cfi_at(struct cfi *c, uint64_t pc)
{
	struct cfi_rule rule = {0};
	Dwarf_Frame *frame;
	if (!c->eh_frame || dwarf_cfi_addrframe(c->eh_frame, pc, &frame) != 0)
		return rule;
	Dwarf_Addr lo, hi;
	int ra = dwarf_frame_info(frame, &lo, &hi, &rule.signal), base;
	if (ra >= 0 && read_cfa(c, frame, &rule)) {
		base = rule.cfa_reg;
		rule.ra = (uint8_t)read_rule(c, frame, ra, base, &rule.ra_off);
		rule.fp = (uint8_t)read_rule(c, frame, c->isa->dwarf_fp, base, &rule.fp_off);
		rule.lr_off = find_lr(c, frame, &rule);
		rule.known = rule.ra != CFI_NONE && rule.fp != CFI_NONE;
	}
	free(frame);
	return rule;
}
