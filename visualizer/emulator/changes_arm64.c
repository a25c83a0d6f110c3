/* SPDX-License-Identifier: MIT */
/* By the encoding index of the Arm Architecture Reference Manual, C4.1. */
#include "changes.h"

#include <string.h>

enum { LR = 30, SP_AT = 31, FLAGS_AT = 33 };
#define BIT(reg) (UINT64_C(1) << (reg))

/* With constants, and between registers: one register, and perhaps the flags. 31 may be SP. */
static uint64_t of_arithmetic(uint32_t insn)
{
	return BIT(insn & 31) | BIT(FLAGS_AT);
}

static uint64_t of_branch(uint32_t insn)
{
	if (insn >> 26 == 0x25 || (insn & 0xfffffc1f) == 0xd63f0000) /* bl, blr */
		return BIT(LR);
	if (insn >> 26 == 0x05 || insn >> 24 == 0x54) /* b, b.cond */
		return 0;
	if ((insn & 0x7c000000) == 0x34000000) /* cbz, tbz and their like */
		return 0;
	if ((insn & 0xff9ffc1f) == 0xd61f0000) /* br, ret */
		return 0;
	return CHANGES_ANY;
}

/* Of a pair or one register, with the base, which may be moved. */
static uint64_t of_memory(uint32_t insn)
{
	uint64_t base = BIT(insn >> 5 & 31), first = BIT(insn & 31), second = BIT(insn >> 10 & 31);
	if (insn & 1 << 26) /* vectors */
		return CHANGES_ANY;
	if ((insn & 0x3a000000) == 0x28000000) /* ldp, stp */
		return base | first | second;
	if ((insn & 0x3b000000) == 0x18000000) /* ldr of what lies beside the code */
		return first;
	if ((insn & 0x3b000000) == 0x39000000) /* ldr, str with an offset */
		return first;
	if ((insn & 0x3b200000) == 0x38000000) /* moving the base, or not */
		return base | first;
	if ((insn & 0x3b200c00) == 0x38200800) /* with a register for offset */
		return first;
	return CHANGES_ANY;
}

uint64_t changes_arm64(const uint8_t *code)
{
	uint32_t insn;
	memcpy(&insn, code, sizeof insn);
	switch (insn >> 25 & 15) {
	case 8:
	case 9:
	case 5:
	case 13: return of_arithmetic(insn);
	case 10:
	case 11: return of_branch(insn);
	case 4:
	case 6:
	case 12:
	case 14: return of_memory(insn);
	default: return CHANGES_ANY;
	}
}
