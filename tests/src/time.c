/* SPDX-License-Identifier: MIT */
/*
 * Timers and sleep: what is due goes off, once, never too early, and somebody is always there to
 * see to it. How late, these tests do not ask.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"
#include "test.h"

#define MICROSECOND INT64_C(1000)
#define MILLISECOND INT64_C(1000000)
#define HOUR INT64_C(3600000000000)
enum { MANY = 10000, SLEEPERS = 50, NAPS = 20, ROOM = 70000 };

static struct waitgroup wg;
static _Atomic bool flag, release;

static int64_t random_below(int64_t n)
{
	static _Atomic uint32_t drawn;
	uint32_t x = atomic_fetch_add(&drawn, 1) * 2654435761u;

	return (x ^ x >> 15) % n;
}

static void set_flag(void *unused)
{
	(void)unused;
	flag = true;
}

/* ---- sleep ---- */

static void nap(void *unused)
{
	(void)unused;
	for (int i = 0; i < NAPS; i++) {
		int64_t ns = random_below(MILLISECOND), start = g0_nanotime();
		g0_sleep(ns);
		CHECK(g0_nanotime() - start >= ns);
		CHECK(getg()->atomicstatus == Grunning);
	}
	wgdone(&wg);
}

static void nobody_wakes_too_early(void)
{
	wgadd(&wg, SLEEPERS);
	for (int i = 0; i < SLEEPERS; i++)
		go(nap, NULL);
	wgwait(&wg);
	CHECK(firsttimer == NEVER && lookfurther == 0);
}

static int naps;

static void count_naps(void *ns)
{
	for (; naps < 5; naps++)
		g0_sleep((int64_t)(intptr_t)ns);
}

/* No time at all is still a chance for the others. */
static void sleep_of_nothing_yields(void)
{
	go(count_naps, (void *)(intptr_t)-1);
	while (naps < 5) {
		g0_sleep(0);
		CHECK(firsttimer == NEVER && lookfurther == 0);
	}
}

static G *_Atomic sleeper;

static void sleep_for_an_hour(void *unused)
{
	(void)unused;
	sleeper = getg();
	g0_sleep(HOUR);
	CHECK(!"an hour has passed");
}

static void others_run_meanwhile(void)
{
	go(sleep_for_an_hour, NULL);
	while (sleeper == NULL || sleeper->atomicstatus != Gwaiting)
		gosched();
	CHECK(strcmp(sleeper->waitreason, "sleep") == 0);
	for (int i = 0; i < 1000; i++)
		gosched();
	CHECK(sleeper->atomicstatus == Gwaiting && sleeper->m == NULL);
}

/* ---- who looks after the timers ---- */

static void nap_and_set_flag(void *unused)
{
	(void)unused;
	g0_sleep(MILLISECOND);
	flag = true;
}

/* The only M is never idle. */
static void a_busy_m_looks(void)
{
	go(nap_and_set_flag, NULL);
	while (!flag)
		gosched();
	flag = false;
	go(nap_and_set_flag, NULL);
	while (!flag)
		goyield();
}

/* Never yields its M. */
static void hog_until_release(void)
{
	while (!release)
		procyield();
}

static void hog(void *unused)
{
	(void)unused;
	flag = true;
	hog_until_release();
	wgdone(&wg);
}

static void let_go(void *unused)
{
	(void)unused;
	release = true;
}

/* An M that never looks: another one must, which has been asleep, or is new. */
static void a_hog_keeps_no_timer_waiting(void)
{
	struct timer t = {0};

	for (int i = 0; i < 20; i++) {
		release = false;
		timerstart(&t, i % 2 * MILLISECOND, let_go, NULL);
		hog_until_release();
		g0_sleep(10 * MICROSECOND);
	}
}

/* The M that has kept the time becomes a hog itself: a third must take over. */
static void somebody_else_keeps_the_time(void)
{
	struct timer first = {0}, second = {0};

	for (int i = 0; i < 20; i++) {
		release = flag = false;
		wgadd(&wg, 1);
		timerstart(&second, 3 * MILLISECOND, let_go, NULL);
		timerstart(&first, MILLISECOND, hog, NULL);
		while (!flag)
			procyield();
		hog_until_release();
		wgwait(&wg);
	}
}

static bool kept(void)
{
	bool is;

	lock(&sched.lock);
	is = sched.timekeeper != NULL;
	unlock(&sched.lock);
	return is;
}

/* What goes off on an M that runs another G, or with another timer, is work for two Ms. */
static void two_at_once_need_two_ms(void)
{
	struct timer first = {0}, second = {0};

	for (int i = 0; i < 20; i++) {
		release = flag = false;
		wgadd(&wg, 1);
		timerstart(&first, MILLISECOND, hog, NULL);
		if (i % 2 == 0)
			timerstart(&second, MILLISECOND, let_go, NULL);
		while (i % 2 != 0 && !kept() && !flag)
			procyield();
		while (i % 2 != 0 && !flag)
			goyield();
		release = i % 2 != 0;
		wgwait(&wg);
	}
}

/* Whoever keeps the time wakes for a timer that has been stopped, and there is another. */
static void a_stopped_timer_hides_no_other(void)
{
	struct timer first = {0}, second = {0};

	for (int i = 0; i < 20; i++) {
		release = false;
		timerstart(&second, 2 * MILLISECOND, let_go, NULL);
		timerstart(&first, MILLISECOND, set_flag, NULL);
		while (!kept() && !release)
			procyield();
		timerstop(&first);
		hog_until_release();
	}
}

/* The P is in a system call, of which it is taken away: somebody must keep the time with it. */
static int fds[2];

static void read_one(void *unused)
{
	char c;

	(void)unused;
	flag = true;
	CHECK(g0_read(fds[0], &c, 1) == 1);
	wgdone(&wg);
}

static void a_system_call_keeps_no_timer_waiting(void)
{
	CHECK(pipe(fds) == 0);
	for (int i = 0; i < 5; i++) {
		flag = false;
		wgadd(&wg, 1);
		go(read_one, NULL);
		while (!flag)
			g0_sleep(10 * MICROSECOND);
		g0_sleep(MILLISECOND);
		CHECK(write(fds[1], "x", 1) == 1);
		wgwait(&wg);
	}
}

/* ---- timers ---- */

struct alarm {
	struct timer t;
	int64_t due;
	_Atomic int rung;
};

static struct alarm alarms[MANY];

static void ring(void *arg)
{
	struct alarm *a = arg;

	CHECK(g0_nanotime() >= a->due);
	a->rung++;
	wgdone(&wg);
}

static void set(struct alarm *a, int64_t ns)
{
	a->due = g0_nanotime() + ns;
	timerstart(&a->t, ns, ring, a);
}

static void each_goes_off_once(void)
{
	const int n = (int)turns(MANY);

	wgadd(&wg, n);
	for (int i = 0; i < n; i++)
		set(&alarms[i], random_below(20 * MILLISECOND));
	wgwait(&wg);
	for (int i = 0; i < n; i++)
		CHECK(alarms[i].rung == 1 && !timerstop(&alarms[i].t));
	CHECK(firsttimer == NEVER && lookfurther == 0);
}

/* From every place of the heap; and it is a heap afterwards. */
static void those_that_are_stopped_do_not(void)
{
	const int n = (int)turns(MANY), kept = (n + 2) / 3;

	wgadd(&wg, kept);
	for (int i = 0; i < n; i++)
		set(&alarms[i], i % 3 == 0 ? random_below(20 * MILLISECOND) : HOUR + i * 7919 % n);
	for (int i = 0; i < n; i++)
		if (i % 3 != 0)
			CHECK(timerstop(&alarms[i].t) && !timerstop(&alarms[i].t));
	wgwait(&wg);
	for (int i = 0; i < n; i++)
		CHECK(alarms[i].rung == (i % 3 == 0));
	CHECK(firsttimer == NEVER && lookfurther == 0);
}

static _Atomic int rung;

static void ring_once(void *unused)
{
	(void)unused;
	rung++;
	wgdone(&wg);
}

/* Stopped about when it is due: it rings or was stopped, and is nobody's afterwards. */
static void it_rings_or_was_stopped(void)
{
	const int n = (int)turns(20000);
	int stopped = 0;

	for (int i = 0; i < n; i++) {
		struct timer *t = calloc(1, sizeof *t);
		CHECK(t != NULL);
		wgadd(&wg, 1);
		timerstart(t, random_below(10 * MICROSECOND), ring_once, NULL);
		for (int64_t k = random_below(300); k > 0; k--)
			i % 2 == 0 ? procyield() : goyield();
		if (timerstop(t))
			stopped++, wgdone(&wg);
		free(t);
		wgwait(&wg);
		CHECK(rung + stopped == i + 1);
	}
}

struct again {
	struct timer t;
	int left;
};

/* What has gone off may be started again by its own function, or freed. */
static void ring_again(void *arg)
{
	struct again *a = arg;

	if (--a->left > 0) {
		timerstart(&a->t, random_below(10 * MICROSECOND), ring_again, a);
		return;
	}
	free(a);
	wgdone(&wg);
}

static void it_may_be_started_again(void)
{
	wgadd(&wg, SLEEPERS);
	for (int i = 0; i < SLEEPERS; i++) {
		struct again *a = calloc(1, sizeof *a);
		CHECK(a != NULL);
		a->left = (int)turns(100 * NAPS) / NAPS;
		ring_again(a);
	}
	wgwait(&wg);
	CHECK(firsttimer == NEVER && lookfurther == 0);
}

/* No such time: it does not come round to the past. */
static void for_ever_is_long(void)
{
	struct timer t = {0}, u = {0};

	timerstart(&t, INT64_MAX, set_flag, NULL);
	timerstart(&u, MILLISECOND, let_go, NULL);
	while (!release)
		gosched();
	CHECK(timerstop(&t) && !flag);
}

/* More than the first piece of memory holds: with each, the heap has room for the next. */
static void there_is_room_for_many(void)
{
	static struct timer t[ROOM];
	const int n = (int)turns(ROOM);

	for (int i = 0; i < n; i++)
		timerstart(&t[i], HOUR, set_flag, NULL);
	for (int i = 0; i < n; i++)
		CHECK(timerstop(&t[i]));
	CHECK(!flag && firsttimer == NEVER && lookfurther == 0);
}

const struct test time_tests[] = {
	{"time: nobody wakes too early", nobody_wakes_too_early, false, "3"},
	{"time: and on one P", nobody_wakes_too_early, true, "1"},
	{"time: a sleep of nothing yields", sleep_of_nothing_yields, true, "1"},
	{"time: others run while one sleeps", others_run_meanwhile, false, "2"},
	{"time: a busy M looks after timers", a_busy_m_looks, false, "1"},
	{"time: a hog keeps no timer waiting", a_hog_keeps_no_timer_waiting, false, "2"},
	{"time: somebody else keeps the time", somebody_else_keeps_the_time, true, "3"},
	{"time: two at once need two Ms", two_at_once_need_two_ms, true, "2"},
	{"time: a stopped timer hides no other", a_stopped_timer_hides_no_other, true, "2"},
	{"time: a system call keeps no timer waiting", a_system_call_keeps_no_timer_waiting, true,
		"1"},
	{"time: each timer goes off once", each_goes_off_once, false, "3"},
	{"time: those that are stopped do not", those_that_are_stopped_do_not, true, "2"},
	{"time: it rings or was stopped", it_rings_or_was_stopped, true, "2"},
	{"time: it may be started again", it_may_be_started_again, true, "3"},
	{"time: for ever is long", for_ever_is_long, true, "2"},
	{"time: there is room for many", there_is_room_for_many, true, "1"},
	{0},
};
