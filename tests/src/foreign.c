/* SPDX-License-Identifier: MIT */
/*
 * Threads that the runtime has not made: while there is one, what looks like a deadlock may not
 * be one; afterwards it is.
 */
#include <pthread.h>
#include <string.h>

#include "os.h"
#include "runtime.h"
#include "test.h"

static struct chan *c;

static pthread_t start(void *(*fn)(void *))
{
	pthread_t thread;

	c = makechan(sizeof(int), 0);
	CHECK(pthread_create(&thread, NULL, fn, NULL) == 0);
	return thread;
}

static void wait_for_nobody(void *unused)
{
	int v;

	(void)unused;
	chanrecv(c, &v);
	g0_printf("got %d\n", v);
}

/* Until no M is awake that could do anything. */
static void let_all_sleep(void)
{
	bool sleep = false;

	while (!sleep) {
		ossleep(100);
		lock(&sched.lock);
		sleep = mainstarted &&
			sched.nmidle + sched.nmlocked + sched.nmsys + sched.nmextra == sched.mcount;
		unlock(&sched.lock);
	}
}

static void sends_7(void *unused)
{
	int v = 7;

	(void)unused;
	chansend(c, &v);
}

static void *calls_back_late(void *unused)
{
	let_all_sleep();
	cgocallback(sends_7, unused);
	return unused;
}

static void *ends_late(void *unused)
{
	let_all_sleep();
	return unused;
}

static void *ends_at_once(void *unused)
{
	return unused;
}

static void *waits_in_a_callback(void *unused)
{
	cgocallback(wait_for_nobody, unused);
	return unused;
}

static void foreign_call_comes_late(void)
{
	pthread_detach(start(calls_back_late));
	wait_for_nobody(NULL);
}

/* That the thread has ended does not mean that the kernel has forgotten it. */
static void foreign_thread_was(void)
{
	CHECK(pthread_join(start(ends_at_once), NULL) == 0);
	wait_for_nobody(NULL);
}

static void foreign_thread_ends_late(void)
{
	pthread_detach(start(ends_late));
	wait_for_nobody(NULL);
}

/* There is no M that sleeps but the one that can do nothing else. */
static void foreign_thread_ends_beside_a_locked_g(void)
{
	lockosthread();
	foreign_thread_ends_late();
}

static void foreign_thread_ends_after_a_call(void)
{
	foreign_call_comes_late();
	wait_for_nobody(NULL);
}

static void foreign_thread_waits_too(void)
{
	pthread_detach(start(waits_in_a_callback));
	wait_for_nobody(NULL);
}

static int32_t returns(void *unused)
{
	(void)unused;
	return 0;
}

static void deadlock_after_a_call_of_c(void)
{
	c = makechan(sizeof(int), 0);
	cgocall(returns, NULL);
	wait_for_nobody(NULL);
}

const struct test foreign_ends[] = {
	{"foreign_call_comes_late", foreign_call_comes_late, true, "1"},
	{"foreign_thread_was", foreign_thread_was, true, "1"},
	{"foreign_thread_ends_late", foreign_thread_ends_late, true, "2"},
	{"foreign_thread_ends_beside_a_locked_g", foreign_thread_ends_beside_a_locked_g, true, "1"},
	{"foreign_thread_ends_after_a_call", foreign_thread_ends_after_a_call, true, "2"},
	{"foreign_thread_waits_too", foreign_thread_waits_too, true, "1"},
	{"deadlock_after_a_call_of_c", deadlock_after_a_call_of_c, true, "2"},
	{0},
};

static void expect_deadlock(const char *name, const char *out)
{
	struct ending e = run_end(name, NULL);

	CHECK(e.status == 2 && strcmp(e.out, out) == 0);
	CHECK(strstr(e.err, "fatal error: all goroutines are asleep - deadlock!\n") != NULL);
	CHECK(strstr(e.err, "\tG1 (fn ") != NULL);
}

static void a_call_that_comes_late_comes(void)
{
	const char *const procs[] = {NULL, "G0_PROCS=2", "G0_PROCS=8", "G0_STEPPED=1"};

	for (int i = 0; i < 4; i++) {
		struct ending e = run_end("foreign_call_comes_late", procs[i]);
		CHECK(e.status == 0 && strcmp(e.out, "got 7\n") == 0);
	}
}

static void deadlock_is_said_once_it_is_one(void)
{
	expect_deadlock("deadlock_after_a_call_of_c", "");
	expect_deadlock("foreign_thread_was", "");
	expect_deadlock("foreign_thread_waits_too", "");
	expect_deadlock("foreign_thread_ends_late", "");
	expect_deadlock("foreign_thread_ends_beside_a_locked_g", "");
	expect_deadlock("foreign_thread_ends_after_a_call", "got 7\n");
}

const struct test foreign_tests[] = {
	{"foreign: a call that comes late comes", a_call_that_comes_late_comes, true, "1"},
	{"foreign: a deadlock is said once it is one", deadlock_is_said_once_it_is_one, true, "1"},
	{0},
};
