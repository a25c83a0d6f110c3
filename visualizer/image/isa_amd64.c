/* SPDX-License-Identifier: MIT */
/* amd64; isa_arm64.c is the twin. */
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "isa.h"
#include "regname.h"

static const char *const dwarf_regs[] = {"rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
	"r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip"};

/* Of eax, ax, al, sil, r8d the whole register. */
static int part(const char *name, char *whole, size_t n)
{
	size_t len = strlen(name);
	char last = len ? name[len - 1] : '\0';
	if (name[0] == 'r' && strchr("dwb", last)) {
		snprintf(whole, n, "%.*s", (int)(len - 1), name);
		return last == 'd' ? 4 : last == 'w' ? 2 : 1;
	}
	if (name[0] == 'e' && len == 3) {
		snprintf(whole, n, "r%s", name + 1);
		return 4;
	}
	if (last == 'l') {
		snprintf(whole, n, len == 2 ? "r%.*sx" : "r%.*s", (int)(len - 1), name);
		return 1;
	}
	snprintf(whole, n, "r%s", name);
	return 2;
}

/* The one of this machine, those of its 32-bit past, which the kernel serves too, and all traps. */
static bool is_syscall(const cs_insn *ci)
{
	return ci->id == X86_INS_SYSCALL || ci->id == X86_INS_SYSENTER || ci->id == X86_INS_INT;
}

/* ---- the memory that it names ---- */

/*
 * One memory operand, if it can be in a stack or in the runtime's structs; false: nobody can
 * say where it is.
 */
static bool read_mem(csh cs, const cs_insn *ci, const cs_x86_op *op, struct insn_mem *out)
{
	*out = (struct insn_mem){
		.base = -1, .index = -1, .scale = (uint8_t)op->mem.scale, .disp = op->mem.disp};
	out->size = op->size;
	out->segment = op->mem.segment == X86_REG_FS ? 1 : op->mem.segment == X86_REG_GS ? 2 : 0;
	if (op->mem.base == X86_REG_RIP)
		out->disp += (int64_t)(ci->address + ci->size);
	else if (op->mem.base != X86_REG_INVALID)
		out->base = (int8_t)reg_by_name(&isa_amd64, cs_reg_name(cs, op->mem.base), NULL);
	if (op->mem.index != X86_REG_INVALID && op->mem.index != X86_REG_RIZ)
		out->index = (int8_t)reg_by_name(&isa_amd64, cs_reg_name(cs, op->mem.index), NULL);
	bool base_known =
		op->mem.base == X86_REG_INVALID || op->mem.base == X86_REG_RIP || out->base >= 0;
	bool index_known =
		op->mem.index == X86_REG_INVALID || op->mem.index == X86_REG_RIZ || out->index >= 0;
	return base_known && index_known && op->size > 0 && op->size <= INSN_MEM_MAX;
}

/* Whether an instruction only computes the address that it names, or not even that. */
static bool touches_nothing(const cs_insn *ci)
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
static bool touches_more(const cs_insn *ci)
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

/* What push and call write below SP is seen by SP's move, and is not in it. */
static void describe_memory(csh cs, const cs_insn *ci, struct insn *out)
{
	const cs_x86 *x = &ci->detail->x86;
	out->opaque = touches_more(ci);
	if (touches_nothing(ci))
		return;
	for (int i = 0; i < x->op_count; i++) {
		const cs_x86_op *op = &x->operands[i];
		if (op->type != X86_OP_MEM)
			continue;
		if (out->nmem == INSN_NMEM_MAX || !read_mem(cs, ci, op, &out->mem[out->nmem]))
			out->opaque = true;
		else
			out->nmem++;
	}
}

/* ---- the rest ---- */

static uint8_t pushes(const cs_insn *ci)
{
	switch (ci->id) {
	case X86_INS_CALL:
	case X86_INS_PUSH:
	case X86_INS_PUSHFQ: return 8;
	default: return 0;
	}
}

static int8_t pops_flags(const cs_insn *ci)
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

static uint64_t target(const cs_insn *ci)
{
	const cs_x86 *x = &ci->detail->x86;
	return x->op_count == 1 && x->operands[0].type == X86_OP_IMM ? (uint64_t)x->operands[0].imm
								     : 0;
}

static void describe(csh cs, const cs_insn *ci, struct insn *out)
{
	if (is_syscall(ci))
		out->flow = FLOW_SYSCALL;
	describe_memory(cs, ci, out);
	out->pushes = pushes(ci);
	out->pushes_flags = ci->id == X86_INS_PUSHFQ || ci->id == X86_INS_PUSHF;
	out->saves_flags = ci->id == X86_INS_SYSCALL; /* in r11 */
	out->pops_flags = pops_flags(ci);
	if (out->flow == FLOW_CALL || out->flow == FLOW_JUMP)
		out->target = target(ci);
}

const struct isa isa_amd64 = {
	.name = "amd64",
	.elf = EM_X86_64,
	.arch = CS_ARCH_X86,
	.mode = CS_MODE_64,
	.syntax = CS_OPT_SYNTAX_ATT,
	.dwarf_regs = dwarf_regs,
	.ndwarf_regs = sizeof dwarf_regs / sizeof *dwarf_regs,
	.dwarf_fp = 6,
	.dwarf_lr = -1,
	.part = part,
	.describe = describe,
};
