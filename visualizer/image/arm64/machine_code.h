/* SPDX-License-Identifier: MIT */
/*
 * arm64: how ELF, DWARF and capstone speak of this machine's code. The path chooses;
 * amd64/machine_code.h is the twin.
 */
#ifndef IMAGE_MACHINE_CODE_H
#define IMAGE_MACHINE_CODE_H

#include <capstone/capstone.h>
#include <elf.h>

#include "image/insn.h"
#include "image/regname.h"

#define MACHINE_NAME "arm64"

enum {
	MACHINE_ELF = EM_AARCH64,
	MACHINE_CS_ARCH = CS_ARCH_ARM64,
	MACHINE_CS_MODE = CS_MODE_LITTLE_ENDIAN,
	MACHINE_CS_SYNTAX = CS_OPT_SYNTAX_DEFAULT,
	MACHINE_DWARF_FP = 29,
};

/* DWARF's numbers of the registers that unwinding is about. */
static inline const char *machine_dwarf_reg(int n)
{
	static const char *const name[] = {"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8",
		"x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20",
		"x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp", "pc"};
	return n >= 0 && n < (int)(sizeof name / sizeof *name) ? name[n] : "";
}

static inline bool machine_is_syscall(const cs_insn *in)
{
	return in->id == ARM64_INS_SVC;
}

static inline bool machine_saves_flags(const cs_insn *in)
{
	(void)in;
	return false;
}

/*
 * The bits that an extended index keeps of its register, as a shift; -1: none of those that
 * the model can compute.
 */
static inline int machine_index_shift(const cs_arm64_op *op)
{
	bool whole = op->ext == ARM64_EXT_INVALID || op->ext == ARM64_EXT_UXTX ||
		     op->ext == ARM64_EXT_SXTX;
	bool left = op->shift.type == ARM64_SFT_INVALID || op->shift.type == ARM64_SFT_LSL;
	return whole && left && op->shift.value <= 4 ? (int)op->shift.value : -1;
}

/*
 * One memory operand, if it can be in a stack or in the runtime's structs; false: nobody can
 * say where it is.
 */
static inline bool machine_mem(csh cs, const struct arch_desc *arch, const cs_insn *in,
	const cs_arm64_op *op, struct insn_mem *out)
{
	(void)in;
	*out = (struct insn_mem){.base = -1, .index = -1, .scale = 1, .disp = op->mem.disp};
	out->size = INSN_MEM_MAX; /* capstone does not say; a pair of vectors is half of it */
	out->base = (int8_t)reg_by_name(arch, cs_reg_name(cs, op->mem.base), NULL);
	if (op->mem.index == ARM64_REG_INVALID)
		return out->base >= 0;
	int shift = machine_index_shift(op);
	out->index = (int8_t)reg_by_name(arch, cs_reg_name(cs, op->mem.index), NULL);
	out->scale = (uint8_t)(1 << (shift < 0 ? 0 : shift));
	return out->base >= 0 && out->index >= 0 && shift >= 0;
}

/*
 * The memory that an instruction names. Sets in->opaque where that does not say all it may
 * touch. A pre-indexed store that opens a frame is seen by SP's move as well.
 */
static inline void machine_operands(
	csh cs, const struct arch_desc *arch, const cs_insn *ci, struct insn *in)
{
	const cs_arm64 *x = &ci->detail->arm64;
	for (int i = 0; i < x->op_count; i++) {
		const cs_arm64_op *op = &x->operands[i];
		if (op->type != ARM64_OP_MEM)
			continue;
		if (in->nmem == INSN_NMEM_MAX || !machine_mem(cs, arch, ci, op, &in->mem[in->nmem]))
			in->opaque = true;
		else
			in->nmem++;
	}
}

/* Bytes that an instruction writes at SP as it is afterwards: a store that moves SP first. */
static inline uint8_t machine_pushes(const cs_insn *ci)
{
	const cs_arm64 *x = &ci->detail->arm64;
	bool moves_sp = false;
	for (int i = 0; i < x->op_count; i++)
		if (x->operands[i].type == ARM64_OP_MEM && x->operands[i].mem.base == ARM64_REG_SP)
			moves_sp = x->writeback && x->operands[i].mem.disp < 0;
	if (!moves_sp)
		return 0;
	return ci->id == ARM64_INS_STP ? 16 : ci->id == ARM64_INS_STR ? 8 : 0;
}

static inline bool machine_pushes_flags(const cs_insn *ci)
{
	(void)ci;
	return false;
}

static inline int8_t machine_pops_flags(const cs_insn *ci)
{
	(void)ci;
	return -1;
}

/* Where a call or jump with a fixed target goes; 0: not fixed. */
static inline uint64_t machine_target(const cs_insn *ci)
{
	const cs_arm64 *x = &ci->detail->arm64;
	return x->op_count == 1 && x->operands[0].type == ARM64_OP_IMM
		       ? (uint64_t)x->operands[0].imm
		       : 0;
}

#endif
