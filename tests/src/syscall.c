/* SPDX-License-Identifier: MIT */
/* System calls that block: they keep their G waiting and nobody else. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os.h"
#include "runtime.h"
#include "test.h"

enum { READERS = 20, ROUNDS = 1000, SHORT = 100 * 1000 };

static int to[2], back[2];
static struct chan *done;
static G *_Atomic reader;

static void reads_one(void *arg)
{
	char c = 0;

	reader = getg();
	CHECK(g0_read(to[0], &c, 1) == 1 && c == 'x');
	CHECK(getg()->atomicstatus == Grunning && getg()->m->p != NULL);
	chansend(done, arg);
}

/* There is one P. The G that runs it blocks in the kernel; we run on until we let it go. */
static void blocking_read_keeps_nobody_waiting(void)
{
	int64_t v = 7;

	CHECK(pipe(to) == 0);
	done = makechan(sizeof v, 0);
	go(reads_one, &v);
	while (reader == NULL)
		gosched();
	for (int i = 0; i < 100; i++) {
		CHECK(reader->atomicstatus == Gsyscall && reader->m != getg()->m);
		gosched();
	}
	CHECK(g0_write(to[1], "x", 1) == 1);
	chanrecv(done, &v);
	CHECK(v == 7);
}

static _Atomic int got[READERS];

static void reads_his(void *arg)
{
	char c;
	int64_t ok = 1;

	(void)arg;
	CHECK(g0_read(to[0], &c, 1) == 1);
	got[(int)c]++;
	chansend(done, &ok);
}

/* More Gs in the kernel than there are Ps; each message is read once. */
static void many_may_block(void)
{
	int64_t ok;

	CHECK(pipe(to) == 0);
	done = makechan(sizeof ok, 0);
	for (int i = 0; i < READERS; i++)
		go(reads_his, NULL);
	for (int i = 0; i < 100; i++)
		gosched();
	for (char c = 0; c < READERS; c++)
		CHECK(g0_write(to[1], &c, 1) == 1);
	for (int i = 0; i < READERS; i++)
		chanrecv(done, &ok);
	for (int i = 0; i < READERS; i++)
		CHECK(got[i] == 1);
}

static void echo(void *arg)
{
	char c;

	(void)arg;
	while (g0_read(to[0], &c, 1) == 1)
		CHECK(g0_write(back[1], &c, 1) == 1);
	close(back[1]);
}

/* Both sides block in turns, so Ps are taken and got back all the time. */
static void echo_of_blocking_reads(void)
{
	const int n = (int)turns(ROUNDS);
	char c;

	CHECK(pipe(to) == 0 && pipe(back) == 0);
	go(echo, NULL);
	for (int i = 0; i < n; i++) {
		char sent = (char)i;
		CHECK(g0_write(to[1], &sent, 1) == 1);
		CHECK(g0_read(back[0], &c, 1) == 1 && c == sent);
	}
	close(to[1]);
	CHECK(g0_read(back[0], &c, 1) == 0);
}

static _Atomic int running;

static void makes_short_calls(void *arg)
{
	const int n = (int)turns(SHORT);

	(void)arg;
	for (int i = 0; i < n; i++)
		CHECK(g0_read(-1, NULL, 0) == -EBADF);
	running--;
}

/* Three Gs, two Ps, and calls too short for sysmon, which sometimes takes a P all the same. */
static void short_calls_give_the_p_back(void)
{
	for (; running < 3; running++)
		go(makes_short_calls, NULL);
	while (running > 0)
		gosched();
	CHECK(getg()->m->p != NULL && getg()->m->oldp == NULL);
}

/* Not an M: writes as soon as sysmon sleeps. */
static void *wake_when_sysmon_waits(void *unused)
{
	bool waits = false;

	while (!waits) {
		ossleep(100);
		lock(&sched.lock);
		waits = sched.sysmonwait;
		unlock(&sched.lock);
	}
	CHECK(write(to[1], "x", 1) == 1);
	return unused;
}

static _Atomic bool locked;

/* Not an M: has sched.lock from before the G calls until sysmon, which is awake, has seen it. */
static void *keep_sched_lock(void *unused)
{
	lock(&sched.lock);
	locked = true;
	while (atomic_load(&allp[0]->status) == Prunning)
		ossleep(100);
	ossleep(50 * 1000);
	CHECK(atomic_load(&allp[0]->status) == Psyscall);
	unlock(&sched.lock);
	CHECK(write(to[1], "x", 1) == 1);
	return unused;
}

/*
 * Before it takes a P it counts itself as an M that is awake, which needs the lock: or the M that
 * comes out of the call meanwhile takes itself for the last, and its G for a deadlock.
 */
static void sysmon_is_awake_before_it_takes_a_p(void)
{
	pthread_t thread;
	char c;

	sysmonstart();
	CHECK(pipe(to) == 0 && pthread_create(&thread, NULL, keep_sched_lock, NULL) == 0);
	while (!locked)
		ossleep(100);
	CHECK(g0_read(to[0], &c, 1) == 1);
	pthread_join(thread, NULL);
}

static int32_t nap(void *us)
{
	usleep(*(useconds_t *)us);
	return 0;
}

/* About as long as sysmon leaves a P in a call: it takes one just as the call returns. */
static void naps_are_no_deadlock(void)
{
	const useconds_t n = (useconds_t)turns(ROUNDS);

	for (useconds_t i = 0; i < n; i++) {
		useconds_t us = i % 100;
		cgocall(nap, &us);
	}
}

static _Atomic bool told;

static void tell(void *unused)
{
	(void)unused;
	told = true;
}

/* There is one P, and nobody who has it: sysmon sleeps. It is awake again when it is wanted. */
static void sysmon_sleeps_while_nothing_runs(void)
{
	pthread_t thread;
	char c;

	CHECK(pipe(to) == 0 && pthread_create(&thread, NULL, wake_when_sysmon_waits, NULL) == 0);
	CHECK(g0_read(to[0], &c, 1) == 1);
	CHECK(!sched.sysmonwait);
	forcepreemptns = 10 * 1000 * 1000;
	go(tell, NULL);
	while (!told)
		preemptpoint();
	pthread_join(thread, NULL);
}

static _Atomic int handled;

static void handler(int sig)
{
	handled = sig;
}

/* Well asleep, by now. */
static void send_to_a_sleeper(void *id)
{
	const int64_t ok = 1;

	usleep(10 * 1000);
	CHECK(syscall(SYS_tgkill, getpid(), *(int *)id, SIGUSR1) == 0);
	while (!handled)
		gosched();
	chansend(done, &ok);
}

/* To its thread, which has nothing else to do: ThreadSanitizer puts handlers off for as long. */
static void an_m_that_sleeps_handles_a_signal(void)
{
	struct sigaction sa = {.sa_handler = handler, .sa_flags = SA_RESTART};
	int id = getg()->m->procid;
	int64_t v;

	done = makechan(sizeof v, 0);
	CHECK(sigaction(SIGUSR1, &sa, NULL) == 0);
	lockosthread();
	go(send_to_a_sleeper, &id);
	chanrecv(done, &v);
	unlockosthread();
}

const struct test syscall_tests[] = {
	{"syscall: a blocking read keeps nobody waiting", blocking_read_keeps_nobody_waiting, false,
		"1"},
	{"syscall: many may block", many_may_block, false, "2"},
	{"syscall: an echo of blocking reads", echo_of_blocking_reads, false, "1"},
	{"syscall: the same with 2 Ps", echo_of_blocking_reads, false, "2"},
	{"syscall: sysmon sleeps while nothing runs", sysmon_sleeps_while_nothing_runs, false, "1"},
	{"syscall: sysmon is awake before it takes a P", sysmon_is_awake_before_it_takes_a_p, false,
		"1"},
	{"syscall: naps are no deadlock", naps_are_no_deadlock, false, "1"},
	{"syscall: short calls give the P back", short_calls_give_the_p_back, false, "2"},
	{"syscall: an M that sleeps handles a signal", an_m_that_sleeps_handles_a_signal, true,
		"1"},
	{0},
};
