/* SPDX-License-Identifier: MIT */
/*
 * amd64: how ELF, DWARF and capstone speak of this machine's code. The path chooses;
 * arm64/machine_code.h is the twin.
 */
#ifndef IMAGE_MACHINE_CODE_H
#define IMAGE_MACHINE_CODE_H

#include <capstone/capstone.h>
#include <elf.h>

#include "image/insn.h"
#include "image/regname.h"

#define MACHINE_NAME "amd64"

enum {
	MACHINE_ELF = EM_X86_64,
	MACHINE_CS_ARCH = CS_ARCH_X86,
	MACHINE_CS_MODE = CS_MODE_64,
	MACHINE_CS_SYNTAX = CS_OPT_SYNTAX_ATT,
	MACHINE_DWARF_FP = 6,
};

/* DWARF's numbers of the registers that unwinding is about. */
static inline const char *machine_dwarf_reg(int n)
{
	static const char *const name[] = {"rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
		"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip"};
	return n >= 0 && n < (int)(sizeof name / sizeof *name) ? name[n] : "";
}

/* The one of this machine, those of its 32-bit past, which the kernel serves too, and all traps. */
static inline bool machine_is_syscall(const cs_insn *in)
{
	return in->id == X86_INS_SYSCALL || in->id == X86_INS_SYSENTER || in->id == X86_INS_INT;
}

/* Whether it leaves the flags in r11. */
static inline bool machine_saves_flags(const cs_insn *in)
{
	return in->id == X86_INS_SYSCALL;
}

/*
 * One memory operand, if it can be in a stack or in the runtime's structs; false: nobody can
 * say where it is.
 */
static inline bool machine_mem(csh cs, const struct arch_desc *arch, const cs_insn *in,
	const cs_x86_op *op, struct insn_mem *out)
{
	*out = (struct insn_mem){
		.base = -1, .index = -1, .scale = (uint8_t)op->mem.scale, .disp = op->mem.disp};
	out->size = op->size;
	out->segment = op->mem.segment == X86_REG_FS ? 1 : op->mem.segment == X86_REG_GS ? 2 : 0;
	if (op->mem.base == X86_REG_RIP)
		out->disp += (int64_t)(in->address + in->size);
	else if (op->mem.base != X86_REG_INVALID)
		out->base = (int8_t)reg_by_name(arch, cs_reg_name(cs, op->mem.base), NULL);
	if (op->mem.index != X86_REG_INVALID && op->mem.index != X86_REG_RIZ)
		out->index = (int8_t)reg_by_name(arch, cs_reg_name(cs, op->mem.index), NULL);
	bool base_known =
		op->mem.base == X86_REG_INVALID || op->mem.base == X86_REG_RIP || out->base >= 0;
	bool index_known =
		op->mem.index == X86_REG_INVALID || op->mem.index == X86_REG_RIZ || out->index >= 0;
	return base_known && index_known && op->size > 0 && op->size <= INSN_MEM_MAX;
}

/* Whether an instruction only computes the address that it names, or not even that. */
static inline bool machine_touches_nothing(const cs_insn *ci)
{
	switch (ci->id) {
	case X86_INS_NOP:
	case X86_INS_LEA:
	case X86_INS_PREFETCH:
	case X86_INS_PREFETCHNTA:
	case X86_INS_PREFETCHT0:
	case X86_INS_PREFETCHT1:
	case X86_INS_PREFETCHT2:
	case X86_INS_PREFETCHW: return true;
	default: return false;
	}
}

/* Whether what it touches is more, or elsewhere, than its operands say. */
static inline bool machine_touches_more(const cs_insn *ci)
{
	const cs_x86 *x = &ci->detail->x86;
	switch (ci->id) {
	case X86_INS_BTS: /* a bit that may lie far beyond the operand */
	case X86_INS_BTR:
	case X86_INS_BTC:
		return x->operands[0].type != X86_OP_IMM && x->operands[1].type != X86_OP_IMM;
	case X86_INS_POP: /* moves SP before it computes where to write to */
		return x->operands[0].type == X86_OP_MEM;
	case X86_INS_ENTER:
	case X86_INS_INT:
	case X86_INS_SYSENTER:
	case X86_INS_FXSAVE:
	case X86_INS_FXSAVE64:
	case X86_INS_XSAVE:
	case X86_INS_XSAVE64:
	case X86_INS_XSAVEC:
	case X86_INS_XSAVEC64:
	case X86_INS_XSAVEOPT:
	case X86_INS_XSAVEOPT64:
	case X86_INS_XSAVES:
	case X86_INS_XSAVES64:
	case X86_INS_FNSAVE:
	case X86_INS_FNSTENV:
	case X86_INS_MASKMOVDQU:
	case X86_INS_MASKMOVQ:
	case X86_INS_VMASKMOVDQU: return true;
	default:
		return x->prefix[0] == X86_PREFIX_REP || x->prefix[0] == X86_PREFIX_REPNE ||
		       x->addr_size != 8;
	}
}

/*
 * The memory that an instruction names. Sets in->opaque where that does not say all it may touch.
 * What push and call write below SP is seen by SP's move, and is not in it.
 */
static inline void machine_operands(
	csh cs, const struct arch_desc *arch, const cs_insn *ci, struct insn *in)
{
	const cs_x86 *x = &ci->detail->x86;
	in->opaque = machine_touches_more(ci);
	if (machine_touches_nothing(ci))
		return;
	for (int i = 0; i < x->op_count; i++) {
		const cs_x86_op *op = &x->operands[i];
		if (op->type != X86_OP_MEM)
			continue;
		if (in->nmem == INSN_NMEM_MAX || !machine_mem(cs, arch, ci, op, &in->mem[in->nmem]))
			in->opaque = true;
		else
			in->nmem++;
	}
}

/* Bytes that an instruction writes at SP as it is afterwards. */
static inline uint8_t machine_pushes(const cs_insn *ci)
{
	switch (ci->id) {
	case X86_INS_CALL:
	case X86_INS_PUSH:
	case X86_INS_PUSHFQ: return 8;
	default: return 0;
	}
}

static inline bool machine_pushes_flags(const cs_insn *ci)
{
	return ci->id == X86_INS_PUSHFQ || ci->id == X86_INS_PUSHF;
}

/* How far above SP the flags are that it takes from there; -1: it takes none. */
static inline int8_t machine_pops_flags(const cs_insn *ci)
{
	switch (ci->id) {
	case X86_INS_POPF:
	case X86_INS_POPFQ: return 0;
	case X86_INS_IRET: return 4;
	case X86_INS_IRETD: return 8;
	case X86_INS_IRETQ: return 16;
	default: return -1;
	}
}

/* Where a call or jump with a fixed target goes; 0: not fixed. */
static inline uint64_t machine_target(const cs_insn *ci)
{
	const cs_x86 *x = &ci->detail->x86;
	return x->op_count == 1 && x->operands[0].type == X86_OP_IMM ? (uint64_t)x->operands[0].imm
								     : 0;
}

#endif
