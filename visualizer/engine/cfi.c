/* SPDX-License-Identifier: MIT */
#include "cfi.h"

#include <dwarf.h>
#include <stdlib.h>

#include "machine.h"
#include "machine_code.h"
#include "model/xalloc.h"

struct cfi {
	Dwarf_CFI *eh_frame;
	const struct arch_desc *arch;
};

struct cfi *cfi_new(Elf *elf, const struct arch_desc *arch)
{
	struct cfi *c = xcalloc(1, sizeof *c);
	c->eh_frame = dwarf_getcfi_elf(elf);
	c->arch = arch;
	return c;
}

void cfi_free(struct cfi *c)
{
	if (!c)
		return;
	dwarf_cfi_end(c->eh_frame);
	free(c);
}

/* cfa = register + offset is what compilers and our assembly use; anything else is not told. */
static bool read_cfa(const struct cfi *c, Dwarf_Frame *frame, struct cfi_rule *rule)
{
	Dwarf_Op *ops;
	size_t n;
	if (dwarf_frame_cfa(frame, &ops, &n) != 0 || n != 1 || ops[0].atom != DW_OP_bregx)
		return false;
	int reg = reg_by_name(c->arch, machine_dwarf_reg((int)ops[0].number), NULL);
	if (reg < 0)
		return false;
	rule->cfa_reg = (uint8_t)reg;
	rule->cfa_off = (int32_t)ops[0].number2;
	return true;
}

/*
 * Where the caller's value of a register is. libdw answers in location expressions: none and
 * a NULL pointer for "the same value", none and its scratch space for "undefined",
 * DW_OP_call_frame_cfa [DW_OP_plus_uconst] for a word at an offset from the CFA, DW_OP_regx
 * for another register.
 */
static enum cfi_kind read_rule(const struct cfi *c, Dwarf_Frame *frame, int dwarf_reg, int32_t *off)
{
	Dwarf_Op scratch[3], *ops;
	size_t n;
	*off = 0;
	if (dwarf_frame_register(frame, dwarf_reg, scratch, &ops, &n) != 0)
		return CFI_NONE;
	if (n == 0)
		return ops ? CFI_UNDEFINED : CFI_SAME;
	if (ops[0].atom == DW_OP_call_frame_cfa && n <= 2) {
		*off = n == 2 ? (int32_t)ops[1].number : 0;
		return n == 1 || ops[1].atom == DW_OP_plus_uconst ? CFI_AT_CFA : CFI_NONE;
	}
	if (n == 1 && ops[0].atom == DW_OP_regx) {
		*off = reg_by_name(c->arch, machine_dwarf_reg((int)ops[0].number), NULL);
		return *off >= 0 ? CFI_REG : CFI_NONE;
	}
	return CFI_NONE;
}

struct cfi_rule cfi_at(struct cfi *c, uint64_t pc)
{
	struct cfi_rule rule = {0};
	Dwarf_Frame *frame;
	if (!c->eh_frame || dwarf_cfi_addrframe(c->eh_frame, pc, &frame) != 0)
		return rule;
	Dwarf_Addr lo, hi;
	int ra = dwarf_frame_info(frame, &lo, &hi, NULL);
	if (ra >= 0 && read_cfa(c, frame, &rule)) {
		rule.ra = (uint8_t)read_rule(c, frame, ra, &rule.ra_off);
		rule.fp = (uint8_t)read_rule(c, frame, MACHINE_DWARF_FP, &rule.fp_off);
		rule.known = rule.ra != CFI_NONE && rule.fp != CFI_NONE;
	}
	free(frame);
	return rule;
}
