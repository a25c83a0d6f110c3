/* SPDX-License-Identifier: MIT */
/* A G that is locked to its thread stays there, and has it for itself. */
#define _GNU_SOURCE
#include <string.h>
#include <unistd.h>

#include "runtime.h"
#include "test.h"

enum { OTHERS = 50, YIELDS = 1000 };

static _Atomic int lockedtid;
static _Atomic bool finished;
static _Atomic int others;

/* Whenever it runs, it is on another thread than the locked G's. */
static void other(void *unused)
{
	(void)unused;
	while (!finished) {
		CHECK(gettid() != lockedtid);
		gosched();
	}
	others--;
}

static void stay(int64_t n)
{
	lockosthread();
	lockedtid = gettid();
	for (others = 0; others < OTHERS; others++)
		go(other, NULL);
	for (int64_t i = 0; i < n; i++) {
		(i % 2 == 0 ? gosched : goyield)();
		CHECK(gettid() == lockedtid);
		CHECK(getg()->m->lockedg == getg() && getg()->m->p != NULL);
	}
	lockedtid = 0;
	CHECK(lookfurther == 1);
	unlockosthread();
	CHECK(lookfurther == 0);
	finished = true;
	while (others > 0)
		gosched();
}

static void stays_on_its_thread(void)
{
	stay(turns(YIELDS));
}

static struct chan *ping, *pong;
static _Atomic int pongtid;

static void plays_locked(void *unused)
{
	int v, tid = gettid();

	(void)unused;
	lockosthread();
	lockosthread();
	pongtid = tid;
	while (chanrecv(ping, &v)) {
		CHECK(gettid() == tid);
		chansend(pong, &v);
		CHECK(gettid() == tid);
		v = 0;
		CHECK(g0_read(-1, NULL, 0) < 0 && gettid() == tid);
	}
	unlockosthread();
	gosched();
	CHECK(gettid() == tid);
	unlockosthread();
	chansend(pong, &v);
}

/* It parks and is readied from another thread, makes system calls, and was locked twice. */
static void is_woken_on_its_thread(void)
{
	const int n = (int)turns(YIELDS);

	ping = makechan(sizeof(int), 0);
	pong = makechan(sizeof(int), 0);
	go(plays_locked, NULL);
	for (int i = 0, v; i < n; i++) {
		chansend(ping, &i);
		chanrecv(pong, &v);
		CHECK(v == i && gettid() != pongtid);
	}
	CHECK(lookfurther == 1);
	chanclose(ping);
	chanrecv(pong, &(int){0});
	CHECK(lookfurther == 0);
}

static void ends_locked(void *done)
{
	lockosthread();
	gosched();
	others++;
	(void)done;
}

/* Its M is anybody's again. */
static void may_end_locked(void)
{
	for (int i = 0; i < OTHERS; i++)
		go(ends_locked, NULL);
	while (others < OTHERS)
		gosched();
	while (lookfurther > 0)
		gosched();
	CHECK(getg()->m->lockedg == NULL);
	CHECK(allglen <= OTHERS + 1);
}

static void deadlock_of_a_locked_g(void)
{
	lockosthread();
	ping = makechan(sizeof(int), 0);
	chanrecv(ping, &(int){0});
}

static void unlock_unlocked(void)
{
	lockosthread();
	unlockosthread();
	unlockosthread();
}

const struct test lockedm_ends[] = {
	{"deadlock_of_a_locked_g", deadlock_of_a_locked_g, true, "2"},
	{"unlock_unlocked", unlock_unlocked, true, "2"},
	{0},
};

static void ends_well(void)
{
	struct ending e = run_end("deadlock_of_a_locked_g", NULL);

	CHECK(e.status == 2 && strstr(e.err, "all goroutines are asleep - deadlock!\n") != NULL);
	e = run_end("unlock_unlocked", NULL);
	CHECK(e.status == 2 && strstr(e.err, "unlockosthread: not locked\n") != NULL);
}

const struct test lockedm_tests[] = {
	{"lockedm: a G stays on its thread", stays_on_its_thread, false, "1"},
	{"lockedm: the same with 2 Ps", stays_on_its_thread, false, "2"},
	{"lockedm: it is woken there", is_woken_on_its_thread, false, "1"},
	{"lockedm: the same with 3 Ps", is_woken_on_its_thread, false, "3"},
	{"lockedm: it may end", may_end_locked, false, "2"},
	{"lockedm: a deadlock and a mistake are said", ends_well, true, "2"},
	{0},
};
