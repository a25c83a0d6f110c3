/* SPDX-License-Identifier: MIT */
/*
 * Frames that are larger than a stack and its guard together: the first that is touched of them
 * may be another G's stack, unless the compiler has each page touched as it is taken.
 */
#include <alloca.h>
#include <string.h>

#include "runtime.h"
#include "test.h"

/* Beyond the whole slot, and some way into the one below. */
enum { HUGE = STACK_GUARD + (64 << 10) + 4000, USED = 300 };

static const volatile size_t huge = HUGE;

/* Only the lowest bytes are used: these are the farthest away. */
NOINLINE static void use(volatile char *lowest)
{
	for (int i = 0; i < USED; i++)
		lowest[i] = 0x55;
}

static void takes_an_array(void *unused)
{
	volatile char array[HUGE];

	(void)unused;
	use(array);
}

static void takes_a_vla(void *unused)
{
	volatile char array[huge];

	(void)unused;
	use(array);
}

static void takes_alloca(void *unused)
{
	(void)unused;
	use(alloca(huge));
}

/* Its stack is the one below. */
static void neighbour(void *unused)
{
	volatile long mine[64];

	(void)unused;
	for (int i = 0; i < 64; i++)
		mine[i] = 1;
	gosched();
	for (int i = 0; i < 64; i++)
		CHECK(mine[i] == 1);
}

static void beside_a_neighbour(void (*fn)(void *))
{
	go(neighbour, NULL);
	gosched();
	go(fn, NULL);
	for (int i = 0; i < 8; i++)
		gosched();
}

static void huge_array(void)
{
	beside_a_neighbour(takes_an_array);
}

static void huge_vla(void)
{
	beside_a_neighbour(takes_a_vla);
}

static void huge_alloca(void)
{
	beside_a_neighbour(takes_alloca);
}

const struct test overflow_ends[] = {
	{"huge_array", huge_array, true, "1"},
	{"huge_vla", huge_vla, true, "1"},
	{"huge_alloca", huge_alloca, true, "1"},
	{0},
};

static void a_frame_beyond_the_guard_is_found(void)
{
	struct ending e;

	if (watched())
		return; /* the tool has its own word for it */
	for (const struct test *t = overflow_ends; t->name != NULL; t++) {
		e = run_end(t->name, NULL);
		CHECK(e.status == 2 && e.out[0] == '\0');
		CHECK(strstr(e.err, "g0: stack overflow: G3 (fn 0x") != NULL);
		CHECK(strstr(e.err, ") ran over its 64 KiB stack\n") != NULL);
	}
}

const struct test overflow_tests[] = {
	{"overflow: a frame beyond the guard is found", a_frame_beyond_the_guard_is_found, true,
		"1"},
	{0},
};
