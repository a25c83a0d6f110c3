/* SPDX-License-Identifier: MIT */
/* Copies of memory, beside the original being written, or taken away. */
#include "engine_tests.h"

#include <string.h>

#include "engine/memory.h"

enum { PAGE = 4096, STACK = 2 * PAGE };
#define BASE 0x7e0000000000ull

/* A stack of two pages, of which the upper one can be taken away. */
static uint8_t original[STACK];
static bool upper_is_there;

/* Up to the end of a page, as a kernel may. */
static ssize_t read_original(const struct machine *m, uint64_t addr, void *to, size_t n)
{
	(void)m;
	uint64_t at = addr - BASE, left = PAGE - at % PAGE;
	if (at >= (upper_is_there ? STACK : PAGE))
		return -1;
	n = n < left ? n : left;
	memcpy(to, original + at, n);
	return (ssize_t)n;
}

static const struct machine_ops ops = {.read = read_original};
static const struct machine machine = {.ops = &ops};

static struct memory watch(void)
{
	struct memory mem = {.machine = &machine};
	memset(original, 0, sizeof original);
	upper_is_there = true;
	struct region *r = memory_watch(&mem, BASE, BASE + STACK, true);
	assert_non_null(r);
	r->index = 0;
	memory_begin(&mem);
	return mem;
}

/* What changed is found once, wherever it lies in what was touched, and what did not is not. */
static void test_compares(void **state)
{
	(void)state;
	struct memory mem = watch();
	original[PAGE + 1] = 7;
	assert_true(memory_touched(&mem, BASE + PAGE - 3, 64));
	assert_true(memory_touched(&mem, BASE + PAGE, 8));
	assert_int_equal(mem.nwrites, 1);
	assert_true(mem.writes[0].addr == BASE + PAGE && mem.writes[0].now == 7 << 8);
	assert_int_equal(memory_errors(&mem), 0);
	memory_free(&mem);
}

/* What reaches to where nothing can be read is not compared, and that is said. */
static void test_says_what_was_not_read(void **state)
{
	(void)state;
	struct memory mem = watch();
	original[PAGE - 8] = 7;
	upper_is_there = false;
	assert_false(memory_touched(&mem, BASE + PAGE - 8, 64));
	assert_int_equal(mem.nwrites, 0);
	assert_true(memory_touched(&mem, BASE + PAGE - 8, 8));
	assert_int_equal(mem.nwrites, 1);
	memory_free(&mem);
}

/* Of what is not kept there is nothing to be read. */
static void test_leaves_the_rest_alone(void **state)
{
	(void)state;
	struct memory mem = watch();
	assert_true(memory_touched(&mem, BASE - 64, 32));
	assert_true(memory_touched(&mem, BASE + STACK, 64));
	assert_int_equal(mem.nwrites, 0);
	memory_free(&mem);
}

int test_memory(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compares),
		cmocka_unit_test(test_says_what_was_not_read),
		cmocka_unit_test(test_leaves_the_rest_alone),
	};
	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
