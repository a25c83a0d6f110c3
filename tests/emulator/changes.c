/* SPDX-License-Identifier: MIT */
/* What an instruction changes is held against the engine: random ones, with random registers. */
#include "emulator/changes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator/isa.h"
#include "emulator_tests.h"

/*
 * Each instruction at another place, farther off than short jumps go: what the engine has
 * translated at one it may execute still, when something else stands there.
 */
enum { CODE = 0x1000000, CODE_SIZE = 1 << 26, PLACE = 256, DATA = 0x40000000, DATA_SIZE = 1 << 20 };

static uint32_t random_u32(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;
	state = state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(state >> 32);
}

/* Numbers small, large, and addresses of data. */
static uint64_t random_value(void)
{
	switch (random_u32() % 4) {
	case 0: return random_u32() % 256;
	case 1: return (uint64_t)random_u32() << 32 | random_u32();
	default: return DATA + DATA_SIZE / 2 + random_u32() % 65536;
	}
}

static uc_engine *engine_of(const struct guest_isa *isa)
{
	uc_engine *engine;
	assert_int_equal(uc_open(isa->arch, isa->mode, &engine), UC_ERR_OK);
	uc_mem_map(engine, CODE, CODE_SIZE, UC_PROT_ALL);
	uc_mem_map(engine, DATA, DATA_SIZE, UC_PROT_READ | UC_PROT_WRITE);
	return engine;
}

static uint64_t get(uc_engine *engine, const struct guest_isa *isa, int i)
{
	uint64_t value = 0;
	uc_reg_read(engine, isa->regs[i], &value);
	return i == isa->flags_at ? value & isa->flags_seen : value;
}

static void fill_registers(uc_engine *engine, const struct guest_isa *isa)
{
	uint64_t flags = random_u32() & (isa == &isa_amd64 ? 0x8d5 : isa->flags_seen);
	for (int i = 0; i < isa->nregs; i++) {
		uint64_t value = random_value();
		if (i != isa->flags_at)
			uc_reg_write(engine, isa->regs[i], &value);
	}
	uc_reg_write(engine, isa->flags, &flags);
}

/* Execute it; whether it was executed. */
static bool changes_no_more(uc_engine *engine, const struct guest_isa *isa, const uint8_t *code)
{
	uint64_t was[GUEST_NREGS_MAX], may = isa->changes(code);
	static uint64_t at = CODE;
	at = CODE + (at + PLACE - CODE) % CODE_SIZE;
	uc_mem_write(engine, at, code, GUEST_INSN);
	fill_registers(engine, isa);
	for (int i = 0; i < isa->nregs; i++)
		was[i] = get(engine, isa, i);
	uc_err e = uc_emu_start(engine, at, 0, 0, 1);
	/* Gone to where nothing is: it has been executed. */
	if (e != UC_ERR_OK && e != UC_ERR_FETCH_UNMAPPED)
		return false;
	for (int i = 0; i < isa->nregs; i++)
		if (i != isa->pc_at && !(may >> i & 1) && get(engine, isa, i) != was[i])
			fail_msg("%s: %02x %02x %02x %02x %02x %02x changes register %d", isa->name,
				code[0], code[1], code[2], code[3], code[4], code[5], i);
	return true;
}

/* ---- amd64: each opcode of both maps ---- */

static void make_amd64(uint8_t *code, bool two, int opcode)
{
	enum {
		NOP = 0x90,
		BREAKPOINT = 0xcc,
		LOCK = 0xf0,
		CMPXCHG = 0xb1,
		XADD = 0xc1,
		GROUP = 0xff,
		FAR = 8,
		BY_MEMORY = 0x3f
	};
	static const uint8_t prefixes[] = {0x66, 0xf2, 0xf3, 0x64, 0x65};
	bool locks = two && (opcode == CMPXCHG || opcode == XADD);
	memset(code, NOP, GUEST_INSN);
	code[GUEST_INSN - 1] = BREAKPOINT; /* that no more than these are translated */
	if (random_u32() % 4 == 0)
		*code++ = locks ? LOCK : prefixes[random_u32() % sizeof prefixes];
	if (random_u32() % 2)
		*code++ = 0x40 | (random_u32() & 15);
	if (two)
		*code++ = 0x0f;
	*code++ = (uint8_t)opcode;
	code[0] = (uint8_t)random_u32();
	code[1] = (uint8_t)random_u32();
	/* Of a far call by register the engine dies. */
	if (opcode == GROUP && code[0] & FAR)
		code[0] &= BY_MEMORY;
}

/* How many of so many tries of an opcode were executed, of which it is known what they change. */
static int try_amd64(uc_engine *engine, bool two, int opcode, bool *known)
{
	enum { TRIES = 40 };
	int n = 0;
	for (int i = 0; i < TRIES; i++) {
		uint8_t code[GUEST_INSN];
		make_amd64(code, two, opcode);
		bool is = isa_amd64.changes(code) != CHANGES_ANY;
		*known |= is;
		n += is && changes_no_more(engine, &isa_amd64, code);
	}
	return n;
}

static void amd64(void **state)
{
	uc_engine *engine = engine_of(&isa_amd64);
	int nknown = 0;
	(void)state;
	for (int i = 0; i < 512; i++) {
		bool known = false;
		int n = try_amd64(engine, i >= 256, i % 256, &known);
		nknown += known;
		if (known && n == 0)
			fail_msg("%s%02x was never executed", i >= 256 ? "0f " : "", i % 256);
	}
	assert_true(nknown > 200);
	uc_close(engine);
}

/* ---- arm64: anything ---- */

static void arm64(void **state)
{
	enum { TRIES = 15000 };
	uc_engine *engine = engine_of(&isa_arm64);
	int groups[16] = {0};
	(void)state;
	for (int i = 0; i < TRIES; i++) {
		uint32_t code[GUEST_INSN / 4] = {random_u32()};
		if (isa_arm64.changes((uint8_t *)code) == CHANGES_ANY)
			continue;
		groups[code[0] >> 25 & 15] += changes_no_more(engine, &isa_arm64, (uint8_t *)code);
	}
	/* With constants, branches, between registers, and of memory. */
	static const int known[] = {8, 9, 10, 11, 5, 13, 4, 12};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		assert_true(groups[known[i]] > 30);
	uc_close(engine);
}

int test_changes(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amd64),
		cmocka_unit_test(arm64),
	};
	return cmocka_run_group_tests_name("changes", tests, NULL, NULL);
}
