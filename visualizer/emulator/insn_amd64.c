/* SPDX-License-Identifier: MIT */
#include "insn_amd64.h"

#include <string.h>

#include "cpu.h"

/* Behind its prefixes. */
struct opcode {
	uint64_t at;
	uint8_t byte, rex;
	bool rep, half, by_base; /* by_base: from what FS or GS is */
};

/* Operand and address size, segments, LOCK; and REX. */
static bool is_prefix(uint8_t byte)
{
	return memchr("\x66\x67\x26\x2e\x36\x3e\x64\x65\xf0", byte, 9) || byte >> 4 == 4;
}

static bool find_opcode(struct guest *g, uint64_t pc, struct opcode *o)
{
	enum { LONGEST = 15, FS = 0x64, GS = 0x65, HALF = 0x66 };
	*o = (struct opcode){.at = pc};
	for (int i = 0; i < LONGEST && cpu_read(g, o->at, &o->byte, 1); i++, o->at++) {
		bool rep = o->byte == 0xf2 || o->byte == 0xf3;
		if (!rep && !is_prefix(o->byte))
			return true;
		o->rep |= rep;
		o->half |= o->byte == HALF;
		o->by_base |= o->byte == FS || o->byte == GS;
		o->rex = o->byte >> 4 == 4 ? o->byte : 0;
	}
	return false;
}

static uint8_t byte_at(struct guest *g, uint64_t addr)
{
	uint8_t byte = 0;
	cpu_read(g, addr, &byte, 1);
	return byte;
}

static bool is_one_of(uint8_t byte, const char *list, size_t n)
{
	return memchr(list, byte, n) != NULL;
}
#define IS_ONE_OF(byte, list) is_one_of(byte, list, sizeof(list) - 1)

bool insn_repeats(struct guest *g, uint64_t pc)
{
	struct opcode o;
	return find_opcode(g, pc, &o) && o.rep &&
	       IS_ONE_OF(o.byte, "\xa4\xa5\xa6\xa7\xaa\xab\xac\xad\xae\xaf\x6c\x6d\x6e\x6f");
}

bool insn_is_int(struct guest *g, uint64_t pc)
{
	return byte_at(g, pc) == 0xcd;
}

bool insn_loads_segment(struct guest *g, uint64_t pc)
{
	enum { MOV = 0x8e, FAR_RETURN_POPS = 0xca, FAR_RETURN = 0xcb, IRET = 0xcf, GROUP = 0xff };
	struct opcode o;
	if (!find_opcode(g, pc, &o))
		return false;
	int field = byte_at(g, o.at + 1) >> 3 & 7;
	return o.byte == MOV || o.byte == FAR_RETURN || o.byte == FAR_RETURN_POPS ||
	       o.byte == IRET || (o.byte == GROUP && (field == 3 || field == 5));
}

uint64_t insn_narrow_return(struct guest *g, uint64_t pc)
{
	enum { IRET = 0xcf, WIDE = 8 };
	struct opcode o;
	if (!find_opcode(g, pc, &o) || o.rex & WIDE || !IS_ONE_OF(o.byte, "\xca\xcb\xcf"))
		return 0;
	/* PC and CS; and for iret the flags, SP and SS. */
	return (o.byte == IRET ? 5 : 2) * (o.half ? 2 : 4);
}

/* push, pop, call, enter, leave, pushf, popf, and returns. */
static bool is_stacks_own(const struct opcode *o, uint8_t modrm)
{
	enum { GROUP = 0xff, CALL = 2, PUSH = 6 };
	int field = modrm >> 3 & 7;
	return o->byte >> 4 == 5 ||
	       IS_ONE_OF(o->byte, "\x68\x6a\x8f\x9c\x9d\xc2\xc3\xc8\xc9\xca\xcb\xcf\xe8") ||
	       (o->byte == GROUP && (field == CALL || field == PUSH) && modrm >> 6 == 3);
}

bool insn_is_by_stack(struct guest *g, uint64_t pc)
{
	enum { TWO_BYTES = 0x0f, SIB = 4, SP = 4, BP = 5, OTHER_BASE = 1 };
	struct opcode o;
	if (!find_opcode(g, pc, &o) || o.by_base)
		return false;
	uint64_t at = o.at + 1;
	if (o.byte == TWO_BYTES)
		at += byte_at(g, at) == 0x38 || byte_at(g, at) == 0x3a ? 2 : 1;
	uint8_t modrm = byte_at(g, at);
	int mode = modrm >> 6, base = modrm & 7;
	if (is_stacks_own(&o, modrm))
		return true;
	if (mode == 3 || o.rex & OTHER_BASE)
		return false;
	bool has_sib = base == SIB;
	if (has_sib)
		base = byte_at(g, at + 1) & 7;
	return (has_sib && base == SP) || (base == BP && mode != 0);
}

/* Of these: ud; rdpmc, sysret, sysexit; a comparison of vectors, with more ways than it has. */
static enum insn_unknown unknown_of_two(uint8_t byte)
{
	enum { COMPARE = 0xc2 };
	if (IS_ONE_OF(byte, "\x0b\xb9\xff"))
		return INSN_ILLEGAL;
	if (IS_ONE_OF(byte, "\x07\x33\x35"))
		return INSN_OF_KERNEL;
	return byte == COMPARE ? INSN_PLAIN : INSN_NEWER;
}

enum insn_unknown insn_unknown(struct guest *g, uint64_t pc, uint64_t *behind)
{
	enum { TWO_BYTES = 0x0f, BREAKPOINT = 0xf1, TEST = 1 };
	struct opcode o;
	if (!find_opcode(g, pc, &o))
		return INSN_ILLEGAL;
	if (o.byte == TWO_BYTES)
		return unknown_of_two(byte_at(g, o.at + 1));
	*behind = o.at + 1;
	if (o.byte == BREAKPOINT)
		return INSN_BREAKPOINT;
	/* The other code of test. */
	if (IS_ONE_OF(o.byte, "\xf6\xf7") && (byte_at(g, o.at + 1) >> 3 & 7) == TEST)
		return INSN_PLAIN;
	return IS_ONE_OF(o.byte, "\x06\x07\x0e\x16\x17\x1e\x1f\x27\x2f\x37\x3f\x60\x61\x82"
				 "\x9a\xce\xd4\xd5\xd6\xea")
		       ? INSN_ILLEGAL
		       : INSN_NEWER;
}

bool insn_moved_sp(struct guest *g, uint64_t pc, int64_t *by)
{
	enum { RET_N = 0xc2, RET = 0xc3, GROUP = 0xff, CALL = 2, JUMP = 4 };
	struct opcode o;
	uint16_t more = 0;
	if (!find_opcode(g, pc, &o) ||
		(o.byte == RET_N && !cpu_read(g, o.at + 1, &more, sizeof more)))
		return false;
	int which = byte_at(g, o.at + 1) >> 3 & 7;
	*by = o.byte != GROUP ? 8 + more : which == CALL ? -8 : 0;
	return o.byte == RET || o.byte == RET_N ||
	       (o.byte == GROUP && (which == CALL || which == JUMP));
}
