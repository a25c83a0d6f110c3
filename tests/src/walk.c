/* SPDX-License-Identifier: MIT */
/*
 * Golden walks: the frame-pointer chain, followed as a profiler does, as symbol names. `0` is
 * the end. What is walked from inside a function that mcall has called on g0 is the lesson: it
 * differs by policy.
 */
#include <stdio.h>
#include <string.h>

#include "runtime.h"
#include "test.h"

static char names[1024];

/* The chain from fp on: the names of the functions that the return addresses lie in. */
static void walk(uintptr_t fp)
{
	size_t n = 0;

	names[0] = '\0';
	for (int i = 0; fp != 0 && i < 20; i++) {
		const uintptr_t *record = (const uintptr_t *)fp;
		const char *name = symbol(record[1] - 1);
		if (strncmp(name, "fiber_", 6) != 0) /* a sanitizer's, not ours */
			n += (size_t)snprintf(names + n, sizeof names - n, "%s ", name);
		CHECK(n < sizeof names);
		fp = record[0];
	}
	strcat(names, fp == 0 ? "0" : "…");
}

static void expect(const char *golden)
{
	if (strcmp(names, golden) == 0)
		return;
	printf("# walked:   %s\n# expected: %s\n", names, golden);
	fflush(stdout);
	CHECK(!"the chain is the expected one");
}

/* On g0; goes back to gp, which this M still owns. */
static void walk_m(G *gp)
{
	walk((uintptr_t)__builtin_frame_address(0));
	gogo(&gp->sched);
}

NOINLINE static void inner(void)
{
	mcall(walk_m);
}

NOINLINE static void outer(void)
{
	inner();
}

static struct chan *done;

static void on_g0(void *arg)
{
	int ok = 1;

	(void)arg;
	outer();
	chansend(done, &ok);
}

static const char *golden_on_g0(void)
{
	if (mcall_policy == mcall_clear)
		return "mcall_clear 0";
	if (mcall_policy == mcall_g0bp)
		return "mcall_g0bp 0";
	if (mcall_policy == mcall_keep)
		return "mcall_keep mcall inner outer on_g0 goexit_stub 0";
	return "mcall_cycle mcall inner outer on_g0 goexit_stub 0";
}

/* On g0, but to come back: the chain goes on where the G called, under every policy. */
static void walk_systemstack(void *arg)
{
	(void)arg;
	walk((uintptr_t)__builtin_frame_address(0));
}

static void calls_systemstack(void *arg)
{
	int ok = 1;

	(void)arg;
	systemstack(walk_systemstack, NULL);
	chansend(done, &ok);
}

static void run(void (*fn)(void *))
{
	int ok;

	done = makechan(sizeof ok, 0);
	go(fn, NULL);
	chanrecv(done, &ok);
}

static void chain_on_g0_is_the_policys(void)
{
	run(on_g0);
	expect(golden_on_g0());
}

static void chain_crosses_systemstack(void)
{
	run(calls_systemstack);
	expect("systemstack calls_systemstack goexit_stub 0");
}

static void on_g(void *arg)
{
	int ok = 1;

	(void)arg;
	walk((uintptr_t)__builtin_frame_address(0));
	chansend(done, &ok);
}

static void chain_of_a_new_g_ends_in_goexit_stub_and_0(void)
{
	run(on_g);
	expect("goexit_stub 0");
}

/* Stacks are used again: what a dead G has left must not show. */
static void chain_of_a_used_g_ends_so_too(void)
{
	for (int i = 0; i < 10; i++) {
		run(on_g0);
		gosched();
		run(on_g);
		expect("goexit_stub 0");
		gosched();
	}
}

NOINLINE static void after(void)
{
	walk((uintptr_t)__builtin_frame_address(0));
}

static void on_g_resumed(void *arg)
{
	int ok = 1;

	(void)arg;
	gosched();
	after();
	chansend(done, &ok);
}

static void chain_is_whole_after_a_switch(void)
{
	run(on_g_resumed);
	expect("on_g_resumed goexit_stub 0");
}

const struct test walk_tests[] = {
	{"walk: on g0, what the policy leaves", chain_on_g0_is_the_policys, false, "2"},
	{"walk: systemstack links g0 to its G", chain_crosses_systemstack, false, "2"},
	{"walk: a new G ends in goexit_stub and 0", chain_of_a_new_g_ends_in_goexit_stub_and_0,
		false, "2"},
	{"walk: so does one on a used stack", chain_of_a_used_g_ends_so_too, false, "1"},
	{"walk: a G that was resumed has its own chain again", chain_is_whole_after_a_switch, false,
		"2"},
	{0},
};
