/* SPDX-License-Identifier: MIT */
/* By the opcode maps of the Intel manual, volume 2, appendix A. */
#include "changes.h"

#include <stdbool.h>
#include <string.h>

enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, EFLAGS_AT = 17 };
#define BIT(reg) (UINT64_C(1) << (reg))

/* What an opcode changes. 0: it is not known. */
enum {
	NOTHING = 1,
	RM = 2,  /* of ModRM: what is a register or in memory */
	REG = 4, /* and what is always a register */
	LOW = 8, /* the register in the opcode itself */
	AX = 16,
	DX = 32,
	SP = 64,
	BP = 128,
	FLAGS = 256
};

/* 0x00 to 0x3f are the eight of arithmetic, in six forms each. */
static const uint16_t arithmetic[8] = {
	RM | FLAGS, RM | FLAGS, REG | FLAGS, REG | FLAGS, AX | FLAGS, AX | FLAGS};

static const uint16_t one_byte[256] = {
	[0x50 ... 0x57] = SP,                   /* push */
	[0x58 ... 0x5f] = SP | LOW,             /* pop */
	[0x63] = REG,                           /* movsxd */
	[0x68] = SP,                            /* push */
	[0x6a] = SP,                            /* push */
	[0x69] = REG | FLAGS,                   /* imul */
	[0x6b] = REG | FLAGS,                   /* imul */
	[0x70 ... 0x7f] = NOTHING,              /* jcc */
	[0x80 ... 0x81] = RM | FLAGS,           /* add to cmp */
	[0x83] = RM | FLAGS,                    /* add to cmp */
	[0x84 ... 0x85] = FLAGS,                /* test */
	[0x86 ... 0x87] = RM | REG,             /* xchg */
	[0x88 ... 0x89] = RM,                   /* mov */
	[0x8a ... 0x8b] = REG,                  /* mov */
	[0x8d] = REG,                           /* lea */
	[0x90 ... 0x97] = LOW | AX,             /* xchg, nop, pause */
	[0x98] = AX,                            /* cdqe */
	[0x99] = DX,                            /* cqo */
	[0xa8 ... 0xa9] = FLAGS,                /* test */
	[0xb0 ... 0xbf] = LOW,                  /* mov */
	[0xc0 ... 0xc1] = RM | FLAGS,           /* shifts */
	[0xc2 ... 0xc3] = SP,                   /* ret */
	[0xc6 ... 0xc7] = RM,                   /* mov */
	[0xc9] = SP | BP,                       /* leave */
	[0xd0 ... 0xd3] = RM | FLAGS,           /* shifts */
	[0xe8] = SP,                            /* call */
	[0xe9] = NOTHING,                       /* jmp */
	[0xeb] = NOTHING,                       /* jmp */
	[0xf6 ... 0xf7] = RM | AX | DX | FLAGS, /* test, not, neg, mul, div */
	[0xfe] = RM | FLAGS,                    /* inc, dec */
	[0xff] = RM | FLAGS | SP,               /* inc, dec, call, jmp, push */
};

static const uint16_t two_bytes[256] = {
	[0x10 ... 0x11] = NOTHING,          /* movups and its like, of vectors */
	[0x1e] = RM,                        /* endbr64, and rdssp */
	[0x1f] = NOTHING,                   /* nop */
	[0x28 ... 0x29] = NOTHING,          /* movaps */
	[0x40 ... 0x4f] = REG,              /* cmovcc */
	[0x57] = NOTHING,                   /* xorps */
	[0x6f] = NOTHING,                   /* movdqa */
	[0x7f] = NOTHING,                   /* movdqa */
	[0x80 ... 0x8f] = NOTHING,          /* jcc */
	[0x90 ... 0x9f] = RM,               /* setcc */
	[0xa3] = FLAGS,                     /* bt */
	[0xab] = RM | FLAGS,                /* bts */
	[0xaf] = REG | FLAGS,               /* imul */
	[0xb0 ... 0xb1] = RM | AX | FLAGS,  /* cmpxchg */
	[0xb3] = RM | FLAGS,                /* btr */
	[0xb6 ... 0xb7] = REG,              /* movzx */
	[0xba ... 0xbb] = RM | FLAGS,       /* bt and its like */
	[0xbc ... 0xbd] = REG | FLAGS,      /* bsf, bsr */
	[0xbe ... 0xbf] = REG,              /* movsx */
	[0xc0 ... 0xc1] = RM | REG | FLAGS, /* xadd */
	[0xc8 ... 0xcf] = LOW,              /* bswap */
	[0xef] = NOTHING,                   /* pxor */
};

/* A register by its number in the code; without REX, 4 to 7 may be AH to BH. */
static uint64_t numbered(int number, bool rex)
{
	static const uint8_t place[8] = {RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI};
	uint64_t bit = number < 8 ? BIT(place[number]) : BIT(number);
	return rex || number < 4 ? bit : bit | BIT(place[number - 4]);
}

/* Operand size, LOCK, what FS and GS are for, REP where it is no string instruction. */
static bool is_prefix(uint8_t byte)
{
	return memchr("\x66\xf0\x64\x65\xf2\xf3", byte, 6) != NULL;
}

uint64_t changes_amd64(const uint8_t *code)
{
	enum { PREFIXES_MAX = 4, TWO_BYTES = 0x0f, REX = 4, REX_R = 4, REX_B = 1 };
	const uint8_t *at = code;
	while (at < code + PREFIXES_MAX && is_prefix(*at))
		at++;
	int rex = *at >> 4 == REX ? *at++ : 0;
	bool two = *at == TWO_BYTES;
	at += two;
	int op = at[0], modrm = at[1];
	int what = two ? two_bytes[op] : op < 0x40 ? arithmetic[op & 7] : one_byte[op];
	if (!what)
		return CHANGES_ANY;
	int high = rex & REX_B ? 8 : 0;
	uint64_t bits = 0;
	if (what & RM && modrm >> 6 == 3)
		bits |= numbered((modrm & 7) + high, rex);
	if (what & REG)
		bits |= numbered((modrm >> 3 & 7) + (rex & REX_R ? 8 : 0), rex);
	if (what & LOW)
		bits |= numbered((op & 7) + high, rex);
	bits |= what & AX ? BIT(RAX) : 0;
	bits |= what & DX ? BIT(RDX) : 0;
	bits |= what & SP ? BIT(RSP) : 0;
	bits |= what & BP ? BIT(RBP) : 0;
	return bits | (what & FLAGS ? BIT(EFLAGS_AT) : 0);
}
