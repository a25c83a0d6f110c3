/* SPDX-License-Identifier: MIT */
/* Mutex, RWMutex, WaitGroup: who may be in is alone, who waits comes in, in its turn. */
#include "g0.h"
#include "test.h"

enum { GS = 40, TURNS = 300 };

static struct mutex mu;
static struct rwmutex rw;
static struct waitgroup wg;
static int count, in, most;

static void run_all(int n, void (*fn)(void *))
{
	wgadd(&wg, n);
	for (intptr_t i = 0; i < n; i++)
		go(fn, (void *)i);
	wgwait(&wg);
}

static void count_under_the_mutex(void *arg)
{
	for (int i = 0; i < TURNS; i++) {
		mutexlock(&mu);
		CHECK(in++ == 0);
		if ((i + (intptr_t)arg) % 7 == 0)
			gosched(); /* others come to wait */
		count++;
		in--;
		mutexunlock(&mu);
	}
	wgdone(&wg);
}

static void one_at_a_time(void)
{
	run_all(GS, count_under_the_mutex);
	CHECK(count == GS * TURNS);
	CHECK(mutextrylock(&mu) && !mutextrylock(&mu));
	mutexunlock(&mu);
}

static int arrived;

static void wait_in_turn(void *arg)
{
	int turn = arrived++;

	(void)arg;
	mutexlock(&mu);
	CHECK(count++ == turn);
	mutexunlock(&mu);
	wgdone(&wg);
}

/* On one P nobody comes between arriving and waiting. Nobody overtakes those who wait. */
static void the_mutex_is_had_in_turn(void)
{
	mutexlock(&mu);
	wgadd(&wg, GS);
	for (int i = 0; i < GS; i++)
		go(wait_in_turn, NULL);
	while (arrived < GS)
		gosched();
	mutexunlock(&mu);
	CHECK(!mutextrylock(&mu));
	mutexlock(&mu);
	CHECK(count == GS);
	mutexunlock(&mu);
	wgwait(&wg);
}

static _Atomic int readers_in, writers_in;

static void read_or_write(void *arg)
{
	for (int i = 0; i < TURNS; i++) {
		if ((i + (intptr_t)arg) % 5 == 0) {
			rwmutexlock(&rw);
			CHECK(writers_in++ == 0 && readers_in == 0);
			count++;
			gosched();
			CHECK(--writers_in == 0 && readers_in == 0);
			rwmutexunlock(&rw);
		} else {
			rwmutexrlock(&rw);
			readers_in++;
			if (i % 3 == 0)
				gosched();
			CHECK(writers_in == 0);
			readers_in--;
			rwmutexrunlock(&rw);
		}
	}
	wgdone(&wg);
}

static void a_writer_is_alone(void)
{
	run_all(GS, read_or_write);
	CHECK(count == GS * TURNS / 5);
}

static void read_together(void *arg)
{
	(void)arg;
	rwmutexrlock(&rw);
	if (++in > most)
		most = in;
	gosched();
	in--;
	rwmutexrunlock(&rw);
	wgdone(&wg);
}

static void readers_are_together(void)
{
	run_all(GS, read_together);
	CHECK(most == GS);
}

static _Atomic bool enough;

static void read_on(void *arg)
{
	(void)arg;
	while (!enough) {
		rwmutexrlock(&rw);
		gosched();
		rwmutexrunlock(&rw);
	}
	wgdone(&wg);
}

static void write_on(void *arg)
{
	(void)arg;
	while (!enough) {
		rwmutexlock(&rw);
		gosched();
		rwmutexunlock(&rw);
	}
	wgdone(&wg);
}

/* Each kind keeps coming, so one that may overtake would keep the other out for ever. */
static void readers_and_writers_take_turns(void)
{
	wgadd(&wg, 4);
	for (int i = 0; i < 2; i++) {
		go(read_on, NULL);
		go(write_on, NULL);
	}
	for (int i = 0; i < TURNS; i++) {
		rwmutexlock(&rw);
		gosched();
		rwmutexunlock(&rw);
		rwmutexrlock(&rw);
		gosched();
		rwmutexrunlock(&rw);
	}
	enough = true;
	wgwait(&wg);
}

static struct waitgroup start, finish;
static _Atomic int started;

static void wait_for_the_start(void *arg)
{
	(void)arg;
	wgwait(&start);
	started++;
	wgdone(&finish);
}

/* A group for many who wait; then the same again. */
static void all_who_wait_go_on(void)
{
	for (int round = 1; round <= 20; round++) {
		wgadd(&start, 1);
		wgadd(&finish, GS);
		for (int i = 0; i < GS; i++)
			go(wait_for_the_start, NULL);
		gosched();
		CHECK(started == (round - 1) * GS);
		wgdone(&start);
		wgwait(&finish);
		CHECK(started == round * GS);
	}
	wgwait(&finish);
}

static void done_with_it(void *arg)
{
	wgdone(arg);
}

/* Nobody touches a group once wgwait has returned. */
static void a_group_may_be_short_lived(void)
{
	for (int64_t i = turns(20000); i > 0; i--) {
		struct waitgroup mine = {0};
		wgadd(&mine, 2);
		go(done_with_it, &mine);
		go(done_with_it, &mine);
		wgwait(&mine);
	}
}

const struct test sync_tests[] = {
	{"sync: a mutex lets in one at a time", one_at_a_time, false, "3"},
	{"sync: a mutex is had in turn", the_mutex_is_had_in_turn, false, "1"},
	{"sync: a writer is alone", a_writer_is_alone, false, "3"},
	{"sync: readers are together", readers_are_together, false, "1"},
	{"sync: readers and writers take turns", readers_and_writers_take_turns, false, "2"},
	{"sync: all who wait for a group go on", all_who_wait_go_on, false, "3"},
	{"sync: a group may be short-lived", a_group_may_be_short_lived, false, "2"},
	{0},
};
