/* SPDX-License-Identifier: MIT */
/*
 * One instruction, as far as the stepper cares: where it may write and whether it leaves the
 * straight line. What it really wrote is never taken from here, but found by comparing memory
 * (disassemblers get that wrong).
 */
#ifndef IMAGE_INSN_H
#define IMAGE_INSN_H

#include "model/code.h"
#include "model/snapshot.h"

enum { INSN_NMEM_MAX = 2, INSN_MEM_MAX = 64 };

enum insn_flow { FLOW_ON, FLOW_CALL, FLOW_JUMP, FLOW_RET, FLOW_SYSCALL };

/* address = regs[base] + regs[index] * scale + disp; a register of -1 counts as 0. */
struct insn_mem {
	int8_t base, index;
	uint8_t scale;
	uint8_t size;
	uint8_t segment; /* whose base is added, as the machine knows it; 0: none */
	int64_t disp;
};

/*
 * It begins a sequence that would fail if anything came between: it is executed as a whole, up to
 * its end, or to where it leads out before. If it has failed all the same, a register says so.
 */
struct insn_whole {
	uint64_t end;  /* 0: there is no such sequence */
	uint64_t out;  /* 0: nowhere */
	int8_t failed; /* unless this is 0; -1: nobody knows */
};

struct insn {
	uint64_t pc;
	uint32_t len; /* 0: not decoded */
	enum insn_flow flow;
	bool opaque;    /* may write where `mem` does not say */
	uint8_t pushes; /* bytes, whole words, that it writes at SP as it is afterwards */
	/* It copies the flags: to where it pushes, or into a register. */
	bool pushes_flags, saves_flags;
	int8_t pops_flags; /* how far above SP it takes the flags from; -1: it does not */
	int nmem;
	struct insn_mem mem[INSN_NMEM_MAX];
	uint64_t target; /* of a call or jump; 0: not fixed */
	struct insn_whole whole;
};

static inline uint64_t insn_address(const struct insn_mem *m, const uint64_t *regs)
{
	uint64_t base = m->base < 0 ? 0 : regs[m->base];
	uint64_t index = m->index < 0 ? 0 : regs[m->index] * m->scale;
	return base + index + (uint64_t)m->disp;
}

struct isa;
struct decoder;

/* NULL: capstone, as it was built here, does not know that architecture. */
struct decoder *decoder_new(const struct isa *isa);
void decoder_free(struct decoder *d);
/*
 * Decode the instruction at pc out of its bytes; text gets its disassembly. Undecodable: len
 * 0, opaque.
 */
void decode(struct decoder *d, uint64_t pc, const uint8_t *bytes, size_t nbytes, struct insn *out,
	char *text, size_t ntext);

#endif
