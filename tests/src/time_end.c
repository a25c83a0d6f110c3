/* SPDX-License-Identifier: MIT */
/*
 * Programs with timers, by how they end and what they say: what a deadlock is, and what time it is
 * in a program that is stepped.
 */
#include <string.h>

#include "runtime.h"
#include "test.h"

#define MILLISECOND INT64_C(1000000)
#define HOUR INT64_C(3600000000000)
enum { MANY = 10000 };

static struct waitgroup wg;

static void do_nothing(void *unused)
{
	(void)unused;
}

static void wait_for_nobody(void *unused)
{
	struct chan *c = makechan(1, 0);
	char v;

	(void)unused;
	chanrecv(c, &v);
}

static void deadlock_after_a_sleep(void)
{
	g0_sleep(MILLISECOND);
	g0_puts("slept\n");
	wait_for_nobody(NULL);
}

/* A timer that is not to come is no hope, though an M may have been asleep because of it. */
static void deadlock_after_a_stop(void)
{
	struct timer t = {0};

	timerstart(&t, HOUR, do_nothing, NULL);
	go(wait_for_nobody, NULL);
	for (int i = 0; i < 100; i++)
		goyield();
	CHECK(timerstop(&t));
	wait_for_nobody(NULL);
}

static void start_it_twice(void)
{
	static struct timer t;

	timerstart(&t, HOUR, do_nothing, NULL);
	timerstart(&t, HOUR, do_nothing, NULL);
}

static void sleep_for_hours(void)
{
	g0_printf("%ld\n", (long)g0_nanotime());
	g0_sleep(HOUR);
	g0_sleep(HOUR);
	g0_printf("%ld\n", (long)g0_nanotime());
}

static const int hours[] = {5, 3, 8, 1, 4, 3, 5, 9};
enum { NHOURS = sizeof hours / sizeof hours[0] };

static void say(void *i)
{
	g0_printf("%d: %d\n", (int)(g0_nanotime() / HOUR), (int)(intptr_t)i);
	wgdone(&wg);
}

static void sleep_and_say(void *i)
{
	g0_sleep(hours[(intptr_t)i - NHOURS] * HOUR);
	say(i);
}

/* Timers and sleeps; those that are due together in the order they were started. */
static void sleep_sort(void)
{
	struct timer t[NHOURS] = {0};

	wgadd(&wg, 2 * NHOURS);
	for (intptr_t i = 0; i < NHOURS; i++)
		timerstart(&t[i], hours[i] * HOUR, say, (void *)i);
	for (intptr_t i = 0; i < NHOURS; i++)
		go(sleep_and_say, (void *)(NHOURS + i));
	wgwait(&wg);
}

static int64_t random_below(int64_t n)
{
	static uint32_t state = 1;

	return (state = state * 1664525 + 1013904223) % n;
}

struct alarm {
	struct timer t;
	int64_t due;
	int rung;
};

static struct alarm alarms[MANY];
static int64_t last;
static int inorder;

static void expect_order(void *arg)
{
	struct alarm *a = arg;

	CHECK(g0_nanotime() == a->due && a->due >= last);
	last = a->due;
	a->rung++;
	inorder++;
	wgdone(&wg);
}

/* Whatever the heap was through. */
static void many_in_order(void)
{
	int stopped = 0;

	wgadd(&wg, MANY);
	for (int i = 0; i < MANY; i++) {
		struct alarm *a = &alarms[i];
		int64_t ns = 1 + random_below(HOUR);
		a->due = ns;
		timerstart(&a->t, ns, expect_order, a);
		a = &alarms[random_below(i + 1)];
		if (i % 4 == 0 && timerstop(&a->t))
			stopped++, wgdone(&wg);
	}
	wgwait(&wg);
	for (int i = 0; i < MANY; i++)
		CHECK(alarms[i].rung <= 1);
	CHECK(stopped > 1000 && inorder + stopped == MANY);
	g0_puts("in order\n");
}

const struct test time_ends[] = {
	{"deadlock_after_a_sleep", deadlock_after_a_sleep, true, "2"},
	{"deadlock_after_a_stop", deadlock_after_a_stop, true, "2"},
	{"start_it_twice", start_it_twice, true, "2"},
	{"sleep_for_hours", sleep_for_hours, true, "2"},
	{"sleep_sort", sleep_sort, true, "1"},
	{"many_in_order", many_in_order, true, "1"},
	{0},
};

static void a_timer_is_no_deadlock(void)
{
	static const char dead[] = "fatal error: all goroutines are asleep - deadlock!\n";
	struct ending e = run_end("deadlock_after_a_sleep", NULL);

	CHECK(e.status == 2 && strcmp(e.out, "slept\n") == 0 && strstr(e.err, dead) != NULL);
	e = run_end("deadlock_after_a_sleep", "G0_STEPPED=1");
	CHECK(e.status == 2 && strcmp(e.out, "slept\n") == 0 && strstr(e.err, dead) != NULL);
	e = run_end("deadlock_after_a_stop", NULL);
	CHECK(e.status == 2 && strstr(e.err, dead) != NULL);
}

static void starting_it_twice_is_said(void)
{
	struct ending e = run_end("start_it_twice", NULL);

	CHECK(e.status == 2 &&
		strstr(e.err, "fatal error: timerstart: it has been started") != NULL);
}

/* A stepped program's clock jumps, so this takes no hours. */
static void stepped_time_is_its_own(void)
{
	struct ending e = run_end("sleep_for_hours", "G0_STEPPED=1");

	CHECK(e.status == 0 && strcmp(e.out, "0\n7200000000000\n") == 0);
	e = run_end("sleep_sort", "G0_STEPPED=1");
	CHECK(e.status == 0);
	CHECK(strcmp(e.out, "1: 3\n1: 11\n3: 1\n3: 5\n3: 9\n3: 13\n4: 4\n4: 12\n5: 0\n5: 6\n"
			    "5: 8\n5: 14\n8: 2\n8: 10\n9: 7\n9: 15\n") == 0);
	e = run_end("many_in_order", "G0_STEPPED=1");
	CHECK(e.status == 0 && strcmp(e.out, "in order\n") == 0);
}

const struct test time_end_tests[] = {
	{"time: a timer is no deadlock, and hides none", a_timer_is_no_deadlock, true, "2"},
	{"time: starting it twice is said", starting_it_twice_is_said, true, "2"},
	{"time: stepped, time is its own", stepped_time_is_its_own, true, "2"},
	{0},
};
