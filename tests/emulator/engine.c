/* SPDX-License-Identifier: MIT */
/* Code at which Unicorn would end the process. */
#include "emulator/engine.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "emulator_tests.h"
#include "child.h"

enum { CODE = 0x1000, PLACE = 0x100 };

/* An engine that knows better says that itself. */
static void is_not_executed(uc_engine *engine)
{
	uc_err why = UC_ERR_OK;
	assert_true(!engine_run(engine, CODE, &why) || why == UC_ERR_INSN_INVALID);
}

static void far_call_is_survived(void **state)
{
	static const uint8_t far_call[] = {0xff, 0xd8}, plain[] = {0xb8, 7, 0, 0, 0, 0xf4};
	uc_engine *engine;
	uint64_t rax = 0;
	uc_err why = UC_ERR_OK;
	(void)state;
	engine_begin();
	assert_int_equal(uc_open(UC_ARCH_X86, UC_MODE_64, &engine), UC_ERR_OK);
	uc_mem_map(engine, CODE, 4096, UC_PROT_ALL);
	uc_mem_write(engine, CODE, far_call, sizeof far_call);
	uc_mem_write(engine, CODE + PLACE, plain, sizeof plain);
	for (int i = 0; i < 10; i++)
		is_not_executed(engine);
	assert_true(engine_run(engine, CODE + PLACE, &why));
	assert_int_equal(why, UC_ERR_OK);
	uc_reg_read(engine, UC_X86_REG_RAX, &rax);
	assert_int_equal(rax, 7);
	/* More often than an engine can be begun within itself, as it believes that it was. */
	for (int i = 0; i < 100; i++)
		is_not_executed(engine);
	uc_close(engine);
}

/* While nothing is executed it is our own fault, and ends us. */
static void our_own_abort_ends_us(void **state)
{
	(void)state;
	pid_t pid = fork();
	if (pid == 0) {
		child_begins();
		engine_begin();
		abort();
	}
	assert_int_equal(child_status(pid), 128 + SIGABRT);
}

int test_engine(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(far_call_is_survived),
		cmocka_unit_test(our_own_abort_ends_us),
	};
	return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
