/* SPDX-License-Identifier: MIT */
/* Instructions of both architectures, out of their bytes, and what the stepper is told of each. */
#include "image_tests.h"

#include <string.h>

#include "image/isa.h"
#include "image/regname.h"

enum { PC = 0x1000 };

struct place {
	const char *base, *index;
	int scale, disp, size, segment;
};

struct sample {
	const char *text; /* that its disassembly begins with */
	uint8_t bytes[12];
	uint32_t len;
	struct insn in;
	struct place mem[INSN_NMEM_MAX];
};

/* What most instructions are. */
#define ON .pops_flags = -1
#define FIXED(flow_, to) ON, .flow = FLOW_##flow_, .target = PC + (to)

/* clang-format off */
static const struct sample amd64[] = {
	{"push", {0x55}, 1, {ON, .pushes = 8}, {{0}}},
	{"push", {0x66, 0x50}, 2, {ON, .pushes = 8}, {{0}}},
	{"pop", {0x5b}, 1, {ON}, {{0}}},
	{"pop", {0x8f, 0x44, 0x24, 8}, 4, {ON, .opaque = true}, {{"rsp", NULL, 1, 8, 8, 0}}},
	{"call", {0xe8, 0, 1}, 5, {FIXED(CALL, 0x105), .pushes = 8}, {{0}}},
	{"call", {0xff, 0xd0}, 2, {ON, .flow = FLOW_CALL, .pushes = 8}, {{0}}},
	{"call", {0xff, 0x50, 8}, 3, {ON, .flow = FLOW_CALL, .pushes = 8},
		{{"rax", NULL, 1, 8, 8, 0}}},
	{"ret", {0xc3}, 1, {ON, .flow = FLOW_RET}, {{0}}},
	{"jmp", {0xeb, 2}, 2, {FIXED(JUMP, 4)}, {{0}}},
	{"je", {0x74, 2}, 2, {FIXED(JUMP, 4)}, {{0}}},
	{"jmp", {0xff, 0xe2}, 2, {ON, .flow = FLOW_JUMP}, {{0}}},
	{"syscall", {0x0f, 5}, 2, {ON, .flow = FLOW_SYSCALL, .saves_flags = true}, {{0}}},
	{"int", {0xcd, 0x80}, 2, {ON, .flow = FLOW_SYSCALL, .opaque = true}, {{0}}},
	{"pushf", {0x9c}, 1, {ON, .pushes = 8, .pushes_flags = true}, {{0}}},
	{"popf", {0x9d}, 1, {.pops_flags = 0}, {{0}}},
	{"iret", {0x48, 0xcf}, 2, {.flow = FLOW_RET, .pops_flags = 16}, {{0}}},
	{"rep movs", {0xf3, 0x48, 0xa5}, 3, {ON, .opaque = true},
		{{"rsi", NULL, 1, 0, 8, 0}, {"rdi", NULL, 1, 0, 8, 0}}},
	{"movs", {0x48, 0xa5}, 2, {ON}, {{"rsi", NULL, 1, 0, 8, 0}, {"rdi", NULL, 1, 0, 8, 0}}},
	{"mov", {0x48, 0x89, 0x44, 0x8d, 0xf8}, 5, {ON}, {{"rbp", "rcx", 4, -8, 8, 0}}},
	{"mov", {0x48, 0x89, 5, 0x10}, 7, {ON}, {{NULL, NULL, 1, PC + 0x17, 8, 0}}},
	{"mov", {0x64, 0x48, 0x89, 4, 0x25, 0x10}, 9, {ON}, {{NULL, NULL, 1, 0x10, 8, 1}}},
	{"mov", {0x65, 0x89, 2}, 3, {ON}, {{"rdx", NULL, 1, 0, 4, 2}}},
	{"mov", {0x67, 0x89, 2}, 3, {ON, .opaque = true}, {{"rdx", NULL, 1, 0, 4, 0}}},
	{"lea", {0x48, 0x8d, 0x50, 8}, 4, {ON}, {{0}}},
	{"lock cmpxchg", {0xf0, 0x48, 0x0f, 0xb1, 0x0a}, 5, {ON}, {{"rdx", NULL, 1, 0, 8, 0}}},
	{"vmovups", {0xc5, 0xfc, 0x11, 7}, 4, {ON}, {{"rdi", NULL, 1, 0, 32, 0}}},
	{"(not", {0x06}, 0, {ON, .opaque = true}, {{0}}},
};

static const struct sample arm64[] = {
	{"stp", {0xfd, 0x7b, 0xbe, 0xa9}, 4, {ON, .pushes = 16}, {{"sp", NULL, 1, -32, 64, 0}}},
	{"stp", {0xe0, 0x07, 0xbf, 0xad}, 4, {ON, .pushes = 32}, {{"sp", NULL, 1, -32, 64, 0}}},
	{"stp", {0xe0, 0x07, 0xbe, 0x29}, 4, {ON, .pushes = 8}, {{"sp", NULL, 1, -16, 64, 0}}},
	{"str", {0xf3, 0x0f, 0x1f, 0xf8}, 4, {ON, .pushes = 8}, {{"sp", NULL, 1, -16, 64, 0}}},
	{"str", {0xe0, 0x0f, 0x1f, 0xb8}, 4, {ON, .pushes = 8}, {{"sp", NULL, 1, -16, 64, 0}}},
	{"stp", {0xfd, 0x7b, 0x01, 0xa9}, 4, {ON}, {{"sp", NULL, 1, 16, 64, 0}}},
	{"ldp", {0xfd, 0x7b, 0xc2, 0xa8}, 4, {ON}, {{"sp", NULL, 1, 0, 64, 0}}},
	{"str", {0x20, 0x84, 0x00, 0xf8}, 4, {ON}, {{"x1", NULL, 1, 0, 64, 0}}},
	{"str", {0x20, 0x8c, 0x00, 0xf8}, 4, {ON}, {{"x1", NULL, 1, 8, 64, 0}}},
	{"ldr", {0x20, 0x78, 0x62, 0xf8}, 4, {ON}, {{"x1", "x2", 8, 0, 64, 0}}},
	{"str", {0x20, 0x58, 0x22, 0xb8}, 4, {ON, .opaque = true}, {{0}}},
	{"ldr", {0x80, 0x00, 0x00, 0x58}, 4, {ON}, {{0}}},
	{"stxr", {0x41, 0x7c, 0x00, 0xc8}, 4, {ON}, {{"x2", NULL, 1, 0, 64, 0}}},
	{"dc", {0x20, 0x74, 0x0b, 0xd5}, 4, {ON, .opaque = true}, {{0}}},
	{"bl", {0x40, 0x00, 0x00, 0x94}, 4, {FIXED(CALL, 0x100)}, {{0}}},
	{"blr", {0x60, 0x00, 0x3f, 0xd6}, 4, {ON, .flow = FLOW_CALL}, {{0}}},
	{"br", {0x60, 0x00, 0x1f, 0xd6}, 4, {ON, .flow = FLOW_JUMP}, {{0}}},
	{"ret", {0xc0, 0x03, 0x5f, 0xd6}, 4, {ON, .flow = FLOW_RET}, {{0}}},
	{"b", {0x02, 0x00, 0x00, 0x14}, 4, {FIXED(JUMP, 8)}, {{0}}},
	{"b.eq", {0x40, 0x00, 0x00, 0x54}, 4, {FIXED(JUMP, 8)}, {{0}}},
	{"cbz", {0x40, 0x00, 0x00, 0xb4}, 4, {FIXED(JUMP, 8)}, {{0}}},
	{"tbz", {0x40, 0x00, 0x18, 0x36}, 4, {FIXED(JUMP, 8)}, {{0}}},
	{"svc", {0x01, 0x00, 0x00, 0xd4}, 4, {ON, .flow = FLOW_SYSCALL}, {{0}}},
	{"nop", {0x1f, 0x20, 0x03, 0xd5}, 4, {ON}, {{0}}},
	{"sub", {0xff, 0x83, 0x00, 0xd1}, 4, {ON}, {{0}}},
	{"(not", {0xff, 0xff, 0xff, 0xff}, 0, {ON, .opaque = true}, {{0}}},
};
/* clang-format on */

static void same_memory(const struct isa *isa, const struct sample *s, const struct insn *in)
{
	int n = 0;
	for (; n < INSN_NMEM_MAX && s->mem[n].size; n++) {
		const struct insn_mem *m = &in->mem[n];
		assert_int_equal(m->base, reg_by_name(isa, s->mem[n].base, NULL));
		assert_int_equal(m->index, reg_by_name(isa, s->mem[n].index, NULL));
		assert_int_equal(m->scale, s->mem[n].scale);
		assert_int_equal(m->disp, s->mem[n].disp);
		assert_int_equal(m->size, s->mem[n].size);
		assert_int_equal(m->segment, s->mem[n].segment);
	}
	assert_int_equal(in->nmem, n);
}

static void decodes(const struct isa *isa, const struct sample *samples, size_t n)
{
	struct decoder *d = decoder_new(isa);
	assert_non_null(d);
	for (const struct sample *s = samples; s < samples + n; s++) {
		struct insn in;
		char text[160];
		decode(d, PC, s->bytes, sizeof s->bytes, &in, text, sizeof text);
		print_message("%s: %s\n", isa->name, text);
		assert_memory_equal(text, s->text, strlen(s->text));
		assert_int_equal(in.pc, PC);
		assert_int_equal(in.len, s->len);
		assert_int_equal(in.flow, s->in.flow);
		assert_int_equal(in.opaque, s->in.opaque);
		assert_int_equal(in.pushes, s->in.pushes);
		assert_int_equal(in.pushes_flags, s->in.pushes_flags);
		assert_int_equal(in.saves_flags, s->in.saves_flags);
		assert_int_equal(in.pops_flags, s->in.pops_flags);
		assert_int_equal(in.target, s->in.target);
		same_memory(isa, s, &in);
	}
	decoder_free(d);
}

static void decodes_amd64(void **state)
{
	(void)state;
	decodes(&isa_amd64, amd64, sizeof amd64 / sizeof *amd64);
}

static void decodes_arm64(void **state)
{
	(void)state;
	decodes(&isa_arm64, arm64, sizeof arm64 / sizeof *arm64);
}

int test_insn(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_amd64),
		cmocka_unit_test(decodes_arm64),
	};
	return cmocka_run_group_tests_name("insn", tests, NULL, NULL);
}
