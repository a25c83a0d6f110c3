/* SPDX-License-Identifier: MIT */
/* Preemption: a G that does not let go of its M. */
#include <stdlib.h>

#include "runtime.h"
#include "sentinels.h"
#include "test.h"

void _start(void);

static bool of_the_program(uintptr_t pc)
{
	return pc >= (uintptr_t)_start && pc < (uintptr_t)runtime_text;
}

/* The linker has left the order of files as it was: the program, the runtime, libraries. */
static void program_runtime_and_libc_lie_in_this_order(void)
{
	CHECK(of_the_program((uintptr_t)program_runtime_and_libc_lie_in_this_order));
	CHECK(of_the_program((uintptr_t)go_main));
	CHECK(of_the_program((uintptr_t)sentinels_survive));
	CHECK(!of_the_program((uintptr_t)gosched) && !of_the_program((uintptr_t)mcall));
	CHECK(!of_the_program((uintptr_t)goexit_stub) && !of_the_program((uintptr_t)chansend));
	CHECK(!of_the_program((uintptr_t)malloc) && !of_the_program((uintptr_t)qsort));
}

const struct test preempt_tests[] = {
	{"preempt: program, runtime and libc lie in this order",
		program_runtime_and_libc_lie_in_this_order, true, "2"},
	{0},
};
