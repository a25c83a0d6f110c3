/* SPDX-License-Identifier: MIT */
/* arm64; isa_amd64.c is the twin. */
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "exclusives.h"
#include "isa.h"
#include "regname.h"

static const char *const dwarf_regs[] = {"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9",
	"x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22",
	"x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp", "pc"};

/* w0 is the lower half of x0; x29 and x30 have names of their own. */
static int part(const char *name, char *whole, size_t n)
{
	if (strcmp(name, "fp") == 0 || strcmp(name, "lr") == 0) {
		snprintf(whole, n, name[0] == 'f' ? "x29" : "x30");
		return 8;
	}
	snprintf(whole, n, "x%s", name[0] == 'w' ? name + 1 : "");
	return 4;
}

/* ---- the memory that it names ---- */

/*
 * The bits that an extended index keeps of its register, as a shift; -1: none of those that
 * the model can compute.
 */
static int index_shift(const cs_arm64_op *op)
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
static bool read_mem(csh cs, const cs_arm64_op *op, struct insn_mem *out)
{
	*out = (struct insn_mem){.base = -1, .index = -1, .scale = 1, .disp = op->mem.disp};
	out->size = INSN_MEM_MAX; /* capstone does not say; a pair of vectors is half of it */
	out->base = (int8_t)reg_by_name(&isa_arm64, cs_reg_name(cs, op->mem.base), NULL);
	if (op->mem.index == ARM64_REG_INVALID)
		return out->base >= 0;
	int shift = index_shift(op);
	out->index = (int8_t)reg_by_name(&isa_arm64, cs_reg_name(cs, op->mem.index), NULL);
	out->scale = (uint8_t)(1 << (shift < 0 ? 0 : shift));
	return out->base >= 0 && out->index >= 0 && shift >= 0;
}

/* A pre-indexed store that opens a frame is seen by SP's move as well. */
static void describe_memory(csh cs, const cs_insn *ci, struct insn *out)
{
	const cs_arm64 *x = &ci->detail->arm64;
	for (int i = 0; i < x->op_count; i++) {
		const cs_arm64_op *op = &x->operands[i];
		if (op->type != ARM64_OP_MEM)
			continue;
		if (out->nmem == INSN_NMEM_MAX || !read_mem(cs, op, &out->mem[out->nmem]))
			out->opaque = true;
		else
			out->nmem++;
	}
}

/* ---- the rest ---- */

/* What a stored register adds: its name says how large it is, be it a vector or not. */
static uint8_t register_bytes(csh cs, const cs_arm64_op *op)
{
	if (op->type != ARM64_OP_REG)
		return 0;
	switch (*cs_reg_name(cs, op->reg)) {
	case 'q': return 16;
	case 'x':
	case 'f': /* fp and lr, as capstone 5 calls x29 and x30 */
	case 'l':
	case 'd': return 8;
	default: return 4;
	}
}

/* A store that moves SP first. */
static uint8_t pushes(csh cs, const cs_insn *ci)
{
	enum { WORD = 8 };
	const cs_arm64 *x = &ci->detail->arm64;
	bool moves_sp = false;
	int bytes = 0;
	for (int i = 0; i < x->op_count; i++) {
		const cs_arm64_op *op = &x->operands[i];
		bytes += register_bytes(cs, op);
		if (op->type == ARM64_OP_MEM && op->mem.base == ARM64_REG_SP)
			moves_sp = x->writeback && op->mem.disp < 0;
	}
	bool stores = ci->id == ARM64_INS_STP || ci->id == ARM64_INS_STR;
	return moves_sp && stores ? (uint8_t)((bytes + WORD - 1) / WORD * WORD) : 0;
}

/* The last operand: what is tested to go there, a register or a bit of it, comes before. */
static uint64_t target(const cs_insn *ci)
{
	const cs_arm64 *x = &ci->detail->arm64;
	const cs_arm64_op *last = x->op_count ? &x->operands[x->op_count - 1] : NULL;
	return last && last->type == ARM64_OP_IMM ? (uint64_t)last->imm : 0;
}

static void describe(csh cs, const cs_insn *ci, struct insn *out)
{
	if (ci->id == ARM64_INS_SVC)
		out->flow = FLOW_SYSCALL;
	/* To capstone 4 these are jumps. */
	if (ci->id == ARM64_INS_BL || ci->id == ARM64_INS_BLR)
		out->flow = FLOW_CALL;
	describe_memory(cs, ci, out);
	if (ci->id == ARM64_INS_DC) /* dc zva: zeros over a block, whose address is no operand */
		out->opaque = true;
	out->pushes = pushes(cs, ci);
	if (out->flow == FLOW_CALL || out->flow == FLOW_JUMP)
		out->target = target(ci);
}

/*
 * At SP there is siginfo, of 128 bytes, and what the handler was given to look at: 176 bytes before
 * the registers, the first of which is the address of a fault; then x0 to x30, sp and pc.
 */
enum { X0_AT = 128 + 176 + 8, FP_AT = X0_AT + 29 * 8, SP_AT = X0_AT + 31 * 8 };
static const struct sigreturn sigreturn = {
	.name = "__kernel_rt_sigreturn",
	.code = {0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4}, /* mov x8, #139; svc #0 */
	.cfi = {.known = true,
		.signal = true,
		.cfa_reg = 31,
		.cfa_off = SP_AT,
		.cfa_is_word = true,
		.ra = CFI_AT_BASE,
		.ra_off = SP_AT + 8,
		.fp = CFI_AT_BASE,
		.fp_off = FP_AT,
		.lr_off = FP_AT + 8},
};

const struct isa isa_arm64 = {
	.name = "arm64",
	.elf = EM_AARCH64,
	.arch = CS_ARCH_ARM64,
	.mode = CS_MODE_LITTLE_ENDIAN,
	.syntax = CS_OPT_SYNTAX_DEFAULT,
	.dwarf_regs = dwarf_regs,
	.ndwarf_regs = sizeof dwarf_regs / sizeof *dwarf_regs,
	.dwarf_fp = 29,
	.dwarf_lr = 30,
	.sigreturn = &sigreturn,
	.part = part,
	.describe = describe,
	.describe_ahead = exclusives_describe,
};
