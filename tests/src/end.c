/* SPDX-License-Identifier: MIT */
/*
 * How programs end: each of ends[] is run as a process, and judged by its status and by what it
 * wrote.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime.h"
#include "test.h"

/* ---- the programs ---- */

static struct chan *c;

static void wait_for_nobody(void *arg)
{
	int v;

	(void)arg;
	chanrecv(c, &v);
}

static void deadlock(void)
{
	c = makechan(sizeof(int), 0);
	printf("printed before\n");
	go(wait_for_nobody, NULL);
	go(wait_for_nobody, NULL);
	wait_for_nobody(NULL);
}

/* sysmon is awake by then, and is nobody who could end the wait. */
static void deadlock_after_a_system_call(void)
{
	g0_write(1, "written before\n", 15);
	c = makechan(sizeof(int), 0);
	wait_for_nobody(NULL);
}

static void goexit_and_nobody(void)
{
	goexit();
}

/* For ever, though the compiler cannot know, in frames that it cannot do without. */
NOINLINE static int deeper(volatile int *n)
{
	volatile int frame[50];

	frame[*n % 50] = ++*n;
	return (*n >= 0 ? deeper(n) : 0) + frame[0];
}

static void overflow_now(void)
{
	volatile int n = 0;

	deeper(&n);
}

static void overflow(void *arg)
{
	(void)arg;
	overflow_now();
}

/* Waiting, not going round and round: that would push what came before out of a trace. */
static void g_overflow(void)
{
	c = makechan(sizeof(int), 0);
	go(overflow, NULL);
	wait_for_nobody(NULL);
}

static void overflow_m(G *gp)
{
	(void)gp;
	overflow_now();
}

static void g0_overflow(void)
{
	mcall(overflow_m);
}

static void segv(void)
{
	volatile int *volatile nowhere = (int *)16;

	*nowhere = 1;
}

static void mcall_again_m(G *gp)
{
	(void)gp;
	mcall(mcall_again_m);
}

static void mcall_on_g0(void)
{
	mcall(mcall_again_m);
}

static void returns_m(G *gp)
{
	(void)gp;
}

static void fn_returns(void)
{
	mcall(returns_m);
}

static void free_a_channel_in_use(void)
{
	c = makechan(sizeof(int), 0);
	go(wait_for_nobody, NULL);
	gosched();
	chanfree(c);
}

static void send_on_a_closed_channel(void)
{
	int v = 0;

	c = makechan(sizeof v, 1);
	chanclose(c);
	chansend(c, &v);
}

static void send_and_wait(void *arg)
{
	chansend(c, &arg);
}

static void close_with_a_sender(void)
{
	c = makechan(sizeof(void *), 0);
	go(send_and_wait, NULL);
	gosched();
	chanclose(c);
	for (;;)
		gosched();
}

static void close_twice(void)
{
	c = makechan(sizeof(int), 0);
	chanclose(c);
	chanclose(c);
}

static void select_on_nothing(void)
{
	struct scase none = {0};

	selectgo(&none, 1, true);
}

static void select_too_much(void)
{
	selectgo(NULL, 257, false);
}

static void unlock_an_unlocked_mutex(void)
{
	static struct mutex m;

	mutexlock(&m);
	mutexunlock(&m);
	mutexunlock(&m);
}

static void write_unlock_of_a_reader(void)
{
	static struct rwmutex rw;

	rwmutexrlock(&rw);
	rwmutexunlock(&rw);
}

static void read_unlock_of_a_writer(void)
{
	static struct rwmutex rw;

	rwmutexlock(&rw);
	rwmutexrunlock(&rw);
}

static void one_done_too_many(void)
{
	struct waitgroup wg = {0};

	wgadd(&wg, 1);
	wgdone(&wg);
	wgdone(&wg);
}

static void lock_a_mutex_twice(void)
{
	static struct mutex m;

	mutexlock(&m);
	mutexlock(&m);
}

static void unlock_an_unlocked_lock(void)
{
	static _Atomic uint32_t l;

	unlock(&l);
}

static void system_call_in_a_system_call(void)
{
	entersyscall();
	g0_write(1, "x", 1);
}

static void leave_no_system_call(void)
{
	exitsyscall();
}

static void ready_a_g_that_runs(void)
{
	goready(getg());
}

static void sched_forever(void *arg)
{
	(void)arg;
	for (;;)
		gosched();
}

static void return_from_main(void)
{
	M *m = getg()->m;

	for (int i = 0; i < 4; i++)
		go(sched_forever, NULL);
	for (int i = 0; i < 1000000 && getg()->m == m; i++)
		gosched();
	printf("printed, not flushed");
}

static void hello(void)
{
	g0_puts("hello\n");
}

static void print_each(void)
{
	g0_printf("%d %d %ld %ld %s %x %p %%\n", 0, INT32_MIN, 1L << 40, INT64_MIN, "a string",
		0xbeefu, (void *)0x7f001000);
	g0_printf("%s", "");
	g0_printf("%d of %d Gs\n", (int)numgoroutine(), numprocs());
}

static void print_too_much(void)
{
	char s[1000];

	memset(s, 'x', sizeof s);
	s[sizeof s - 1] = '\0';
	g0_printf("%s\n", s);
}

static void print_unknown(void)
{
	const char *volatile fmt = "%f";

	g0_printf(fmt, 1.5);
}

/* More events than the flight recorder keeps. */
static void gosched_often(void)
{
	for (int i = 0; i < 20000; i++)
		gosched();
}

/* Something for the sampler to find: three tenths of a second of CPU time, in one function. */
NOINLINE static void busy(void)
{
	struct timespec used;

	do {
		for (volatile int i = 0; i < 1000 * 1000; i++)
			;
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	} while (used.tv_sec == 0 && used.tv_nsec < 300 * 1000 * 1000);
}

const struct test ends[] = {
	{"deadlock", deadlock, true, "2"},
	{"deadlock_after_a_system_call", deadlock_after_a_system_call, true, "2"},
	{"goexit_and_nobody", goexit_and_nobody, true, "2"},
	{"g_overflow", g_overflow, true, "2"},
	{"g0_overflow", g0_overflow, true, "2"},
	{"segv", segv, true, "2"},
	{"mcall_on_g0", mcall_on_g0, true, "2"},
	{"fn_returns", fn_returns, true, "2"},
	{"free_a_channel_in_use", free_a_channel_in_use, true, "1"},
	{"send_on_a_closed_channel", send_on_a_closed_channel, true, "2"},
	{"close_with_a_sender", close_with_a_sender, true, "1"},
	{"close_twice", close_twice, true, "2"},
	{"select_on_nothing", select_on_nothing, true, "2"},
	{"select_too_much", select_too_much, true, "2"},
	{"unlock_an_unlocked_mutex", unlock_an_unlocked_mutex, true, "2"},
	{"write_unlock_of_a_reader", write_unlock_of_a_reader, true, "2"},
	{"read_unlock_of_a_writer", read_unlock_of_a_writer, true, "2"},
	{"one_done_too_many", one_done_too_many, true, "2"},
	{"lock_a_mutex_twice", lock_a_mutex_twice, true, "2"},
	{"unlock_an_unlocked_lock", unlock_an_unlocked_lock, true, "2"},
	{"system_call_in_a_system_call", system_call_in_a_system_call, true, "2"},
	{"leave_no_system_call", leave_no_system_call, true, "2"},
	{"ready_a_g_that_runs", ready_a_g_that_runs, true, "2"},
	{"return_from_main", return_from_main, true, "2"},
	{"hello", hello, true, "2"},
	{"print_each", print_each, true, "2"},
	{"print_too_much", print_too_much, true, "2"},
	{"print_unknown", print_unknown, true, "2"},
	{"gosched_often", gosched_often, true, "1"},
	{"busy", busy, true, "2"},
	{0},
};

/* ---- what is expected of them ---- */

static void expect(const struct ending *e, int status, const char *out, const char *err)
{
	if (e->status == status && strcmp(e->out, out) == 0 && strstr(e->err, err) != NULL)
		return;
	printf("# status %d, expected %d\n# out: %s\n# err: %s\n", e->status, status, e->out,
		e->err);
	fflush(stdout);
	CHECK(!"it ends as expected");
}

static void expect_throw(const char *name, const char *err)
{
	struct ending e = run_end(name, NULL);
	expect(&e, 2, "", err);
}

static void deadlock_is_found_and_said(void)
{
	struct ending e = run_end("deadlock", NULL);

	expect(&e, 2, "printed before\n", "fatal error: all goroutines are asleep - deadlock!\n");
	CHECK(strstr(e.err, "\tG1 (fn ") != NULL && strstr(e.err, "): chan receive\n") != NULL);
	CHECK(strstr(e.err, "\tG2 (fn ") != NULL && strstr(e.err, "\tG3 (fn ") != NULL);
	e = run_end("deadlock_after_a_system_call", NULL);
	expect(&e, 2, "written before\n", "fatal error: all goroutines are asleep - deadlock!\n");
	e = run_end("goexit_and_nobody", NULL);
	expect(&e, 2, "", "no goroutines (go_main called goexit) - deadlock!\n");
}

static void overflow_is_found_and_said(void)
{
	struct ending e;
	char kib[64];

	if (watched())
		return; /* the tool has its own word for it */
	snprintf(kib, sizeof kib, ") ran over its %d KiB stack\n", (int)(stacksize >> 10));
	e = run_end("g_overflow", NULL);
	expect(&e, 2, "", "g0: stack overflow: G2 (fn 0x");
	expect(&e, 2, "", kib);
	e = run_end("g_overflow", "G0_STACK=32");
	expect(&e, 2, "", ") ran over its 32 KiB stack\n");
	e = run_end("g0_overflow", NULL);
	expect(&e, 2, "", "g0: stack overflow: the g0 of M");
}

static void other_segv_is_a_segv(void)
{
	struct ending e;

	if (watched())
		return;
	e = run_end("segv", NULL);
	CHECK(e.status == 128 + SIGSEGV);
	CHECK(strstr(e.err, "stack overflow") == NULL);
}

static void misuse_goes_to_named_traps(void)
{
	expect_throw("mcall_on_g0", "fatal error: mcall: called on g0\n\ton M");
	expect_throw("fn_returns", "fatal error: mcall: its function returned\n\ton M");
	expect_throw(
		"free_a_channel_in_use", "fatal error: chanfree: somebody waits on the channel\n");
	expect_throw(
		"send_on_a_closed_channel", "fatal error: chansend: on a closed channel\n\ton M");
	expect_throw("close_with_a_sender",
		"fatal error: chansend: the channel was closed before anybody received\n"
		"\ton M0, on G2");
	expect_throw("close_twice", "fatal error: chanclose: of a closed channel\n");
	expect_throw("select_on_nothing", "): select (no cases)\n");
	expect_throw(
		"select_too_much", "g0: 257 cases\nfatal error: selectgo: not 0 to 256 cases\n");
	expect_throw(
		"unlock_an_unlocked_mutex", "fatal error: mutexunlock: of an unlocked mutex\n");
	expect_throw("write_unlock_of_a_reader", "fatal error: rwmutexunlock: nobody writes\n");
	expect_throw("read_unlock_of_a_writer", "fatal error: rwmutexrunlock: nobody reads\n");
	expect_throw("one_done_too_many", "fatal error: wgadd: the counter is negative\n");
	expect_throw("lock_a_mutex_twice", "): mutex lock\n");
	expect_throw("unlock_an_unlocked_lock", "fatal error: unlock: of an unlocked lock\n");
	expect_throw("system_call_in_a_system_call",
		"fatal error: entersyscall: on g0, or in a system call already\n");
	expect_throw("leave_no_system_call", "fatal error: exitsyscall: not in a system call\n");
	expect_throw("ready_a_g_that_runs", "fatal error: casgstatus: not the status expected\n");
}

static void return_from_go_main_ends_with_0(void)
{
	struct ending e = run_end("return_from_main", NULL);

	expect(&e, 0, "printed, not flushed", "");
	e = run_end("hello", NULL);
	expect(&e, 0, "hello\n", "");
	CHECK(e.err[0] == '\0');
}

static void printf_prints(void)
{
	struct ending e = run_end("print_each", NULL);

	expect(&e, 0,
		"0 -2147483648 1099511627776 -9223372036854775808 a string beef 0x7f001000 %\n"
		"1 of 2 Gs\n",
		"");
	e = run_end("print_too_much", NULL);
	CHECK(e.status == 0 && strspn(e.out, "x") == 512 && e.out[512] == '\0');
	expect_throw("print_unknown", "g0: %f: use %d, ");
}

#define D24 "dddddddddddddddddddddddd"
#define D240 D24 D24 D24 D24 D24 D24 D24 D24 D24 D24

#define D24 "dddddddddddddddddddddddd"
#define D240 D24 D24 D24 D24 D24 D24 D24 D24 D24 D24

static void bad_environment_is_said(void)
{
	static const struct {
		const char *env, *err;
	} bad[] = {
		{"G0_MCALL=kept",
			"g0: G0_MCALL=kept: no such policy; use one of: clear keep g0bp cycle\n"},
		{"G0_MCALL=clearx", "g0: G0_MCALL=clearx: no such policy"},
		/* What would steer a terminal; and what it means comes after the longest value. */
		{"G0_MCALL=a\n\x1b[2J\xff\x7f",
			"g0: G0_MCALL=a\\x0a\\x1b[2J\\xff\\x7f: no such policy; use one of: clear"},
		{"G0_MCALL=" D240 "ddddd",
			"g0: G0_MCALL=" D240 "...: no such policy; use one of: clear"},
		{"G0_PROCS=0", "g0: G0_PROCS=0: use the number of Ps, 1 to 256\n"},
		{"G0_PROCS=257", "g0: G0_PROCS=257: use the number of Ps"},
		{"G0_PROCS=-1", "g0: G0_PROCS=-1: use the number of Ps"},
		{"G0_SEED=1x", "g0: G0_SEED=1x: use a number, 0 to 4294967295\n"},
		{"G0_SEED=4294967296", "g0: G0_SEED=4294967296: use a number"},
		{"G0_STACK=15", "g0: G0_STACK=15: use the KiB of stack that each G is to have"},
		{"G0_POISON=yes", "g0: G0_POISON=yes: use 1 to have dead stacks filled, or 0\n"},
	};
	struct ending e;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		e = run_end("hello", bad[i].env);
		expect(&e, 2, "", bad[i].err);
	}
	e = run_end("hello", "G0_MCALL=");
	expect(&e, 0, "hello\n", "");
	e = run_end("hello", "G0_PROCS=");
	expect(&e, 0, "hello\n", "");
	e = run_end("hello", "G0_SEED=4294967295");
	expect(&e, 0, "hello\n", "");
}

const struct test end_tests[] = {
	{"end: a deadlock is found and said", deadlock_is_found_and_said, false, "2"},
	{"end: a stack that is run over names its G", overflow_is_found_and_said, false, "2"},
	{"end: any other SIGSEGV stays one", other_segv_is_a_segv, true, "2"},
	{"end: misuse goes to named traps", misuse_goes_to_named_traps, false, "2"},
	{"end: go_main's return ends the process with 0", return_from_go_main_ends_with_0, false,
		"2"},
	{"end: g0_printf prints", printf_prints, false, "2"},
	{"end: a bad environment is said", bad_environment_is_said, true, "2"},
	{0},
};
