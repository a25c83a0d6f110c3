/* SPDX-License-Identifier: MIT */
/* The arguments of probes, in the spellings of both architectures; register names. */
#include "image_tests.h"

#include <string.h>

#include "image/isa.h"
#include "image/regname.h"
#include "image/sdt.h"
#include "model/event.h"

static const uint8_t memory[64] = {
	[8] = 0xef, 0xbe, 0xad, 0xde, 0xff, 0xff, 0xff, 0xff, [16] = 0x80};

/* Memory as the arguments see it: at 0x1000. */
static bool read_memory(void *ctx, uint64_t addr, void *to, size_t n)
{
	(void)ctx;
	if (addr < 0x1000 || addr + n > 0x1000 + sizeof memory)
		return false;
	memcpy(to, memory + (addr - 0x1000), n);
	return true;
}

static int64_t value_of(const struct isa *isa, const char *text, const char *reg, uint64_t content)
{
	uint64_t regs[SNAP_NREGS_MAX] = {0};
	struct probe_arg a;
	int64_t v = 0;
	regs[reg_by_name(isa, reg, NULL)] = content;
	const char *rest = probe_arg_parse(isa, text, &a);
	if (!rest || *rest || !probe_arg_value(&a, regs, read_memory, NULL, &v))
		fail_msg("%s does not parse", text);
	return v;
}

static void test_amd64(void **state)
{
	(void)state;
	assert_int_equal(value_of(&isa_amd64, "-4@%eax", "rax", 0x1fffffffe), -2);
	assert_int_equal(value_of(&isa_amd64, "4@%eax", "rax", 0x1fffffffe), 0xfffffffe);
	assert_int_equal(value_of(&isa_amd64, "8@%r8", "r8", 0x123456789abc), 0x123456789abc);
	assert_int_equal(value_of(&isa_amd64, "-1@%r8b", "r8", 0x1ff), -1);
	assert_int_equal(value_of(&isa_amd64, "1@%sil", "rsi", 0x155), 0x55);
	assert_int_equal(value_of(&isa_amd64, "2@%bx", "rbx", 0x12345), 0x2345);
	assert_int_equal(value_of(&isa_amd64, "-4@$-3", "rax", 0), -3);
	assert_int_equal(value_of(&isa_amd64, "8@$7", "rax", 0), 7);
	assert_int_equal(value_of(&isa_amd64, "8@-24(%rbp)", "rbp", 0x1020), -0x21524111);
	assert_int_equal(value_of(&isa_amd64, "4@(%rax)", "rax", 0x1008), 0xdeadbeef);
	assert_int_equal(value_of(&isa_amd64, "-1@4096(,%rcx,8)", "rcx", 2), -128);
	assert_int_equal(value_of(&isa_amd64, "-1@4088(%rcx,%rcx,1)", "rcx", 12), -128);
}

static void test_arm64(void **state)
{
	(void)state;
	assert_int_equal(value_of(&isa_arm64, "8@x0", "x0", 5), 5);
	assert_int_equal(value_of(&isa_arm64, "-4@w19", "x19", 0xffffffff), -1);
	assert_int_equal(value_of(&isa_arm64, "8@x29", "x29", 77), 77);
	assert_int_equal(value_of(&isa_arm64, "4@[sp, 12]", "sp", 0xffc), 0xdeadbeef);
	assert_int_equal(value_of(&isa_arm64, "4@[x1]", "x1", 0x1008), 0xdeadbeef);
	assert_int_equal(value_of(&isa_arm64, "4@[x1, -8]", "x1", 0x1010), 0xdeadbeef);
	assert_int_equal(value_of(&isa_arm64, "4@[x1, x1]", "x1", 0x804), 0xdeadbeef);
	assert_int_equal(value_of(&isa_arm64, "-4@5", "x0", 0), 5);
}

static void test_nonsense(void **state)
{
	static const char *const bad[] = {"", "8", "8@", "8@%xyz", "9@%rax", "8@(%rax", "8@[x0",
		"0@$1", "8@%rax)", "-2147483648@%rax", "4294967304@%rax", "8@[x0, x1, lsl 64]",
		"8@[x0, x1, lsl -1]"};
	struct probe_arg a;
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (int arm = 0; arm < 2; arm++)
			assert_null(probe_arg_parse(arm ? &isa_arm64 : &isa_amd64, bad[i], &a));
	const char *two = "8@%rax 4@$1";
	assert_string_equal(probe_arg_parse(&isa_amd64, two, &a), "4@$1");
}

static void test_registers(void **state)
{
	const struct arch_desc *amd64 = arch_by_name("amd64"), *arm64 = arch_by_name("arm64");
	int bytes;
	(void)state;
	assert_int_equal(reg_by_name(&isa_amd64, "%rsp", &bytes), amd64->sp);
	assert_int_equal(bytes, 8);
	assert_int_equal(reg_by_name(&isa_amd64, "ebp", &bytes), amd64->fp);
	assert_int_equal(bytes, 4);
	assert_int_equal(
		reg_by_name(&isa_amd64, "al", &bytes), reg_by_name(&isa_amd64, "rax", NULL));
	assert_int_equal(bytes, 1);
	assert_int_equal(
		reg_by_name(&isa_amd64, "r15d", &bytes), reg_by_name(&isa_amd64, "r15", NULL));
	assert_int_equal(reg_by_name(&isa_arm64, "fp", &bytes), arm64->fp);
	assert_int_equal(reg_by_name(&isa_arm64, "lr", &bytes), arm64->lr);
	assert_int_equal(reg_by_name(&isa_arm64, "w29", &bytes), arm64->fp);
	assert_int_equal(bytes, 4);
	assert_int_equal(reg_by_name(&isa_amd64, "x0", NULL), -1);
}

static void test_events(void **state)
{
	(void)state;
	static const enum event_arg kinds[] = {ARG_NUMBER, ARG_STATUS, ARG_STATUS, ARG_NUMBER};
	for (int i = 0; i < 4; i++)
		assert_int_equal(event_arg_kind(event_by_name("casgstatus"), i), kinds[i]);
	assert_int_equal(event_by_name("nothing"), -1);
}

int test_sdt(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_amd64),
		cmocka_unit_test(test_arm64),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_events),
	};
	return cmocka_run_group_tests_name("sdt", tests, NULL, NULL);
}
