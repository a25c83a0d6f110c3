/* SPDX-License-Identifier: MIT */
/*
 * A thread that is an M must not end: whoever ends it is told so, wherever that is. One that only
 * was an M, for a callback, may.
 */
#include <pthread.h>
#include <string.h>

#include "runtime.h"
#include "test.h"

static void ends_the_thread(void *unused)
{
	pthread_exit(unused);
}

static int32_t c_ends_the_thread(void *unused)
{
	pthread_exit(unused);
	return 0;
}

static int32_t calls_back(void *unused)
{
	cgocallback(ends_the_thread, unused);
	return 0;
}

static void *foreign(void *unused)
{
	cgocallback(ends_the_thread, unused);
	return unused;
}

static void in_go_main(void)
{
	ends_the_thread(NULL);
}

static void in_a_g(void)
{
	go(ends_the_thread, NULL);
	chanrecv(makechan(1, 0), NULL);
}

static void in_c(void)
{
	cgocall(c_ends_the_thread, NULL);
}

static void in_a_callback(void)
{
	cgocall(calls_back, NULL);
}

static void in_a_foreign_thread(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, foreign, NULL) == 0);
	entersyscall();
	pthread_join(thread, NULL);
	exitsyscall();
}

static void in_a_system_call(void)
{
	entersyscall();
	ends_the_thread(NULL);
}

const struct test thread_ends[] = {
	{"thread ends in go_main", in_go_main, true, "1"},
	{"thread ends in a G", in_a_g, true, "1"},
	{"thread ends in C", in_c, true, "1"},
	{"thread ends in a callback", in_a_callback, true, "1"},
	{"thread ends in a foreign thread", in_a_foreign_thread, true, "1"},
	{"thread ends in a system call", in_a_system_call, true, "1"},
	{0},
};

static void an_m_is_said(void)
{
	static const char *const procs[] = {"G0_PROCS=1", "G0_PROCS=2"};

	if (watched())
		return; /* the tool does not know a thread that ends on a stack of ours */
	for (int i = 0; i < 2; i++) {
		for (const struct test *t = thread_ends; t->name != NULL; t++) {
			struct ending e = run_end(t->name, procs[i]);
			if (e.status == 2 && strstr(e.err, "fatal error: pthread_exit, or") != NULL)
				continue;
			g0_printf("# %s: status %d, %s\n", t->name, e.status, e.err);
			CHECK(!"it ends as expected");
		}
	}
}

static void does_nothing(void *unused)
{
	(void)unused;
}

static void *was_an_m(void *unused)
{
	cgocallback(does_nothing, unused);
	pthread_exit(unused);
}

static void who_was_one_may(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, was_an_m, NULL) == 0);
	entersyscall();
	pthread_join(thread, NULL);
	exitsyscall();
}

const struct test thread_end_tests[] = {
	{"thread: the end of an M is said", an_m_is_said, true, "1"},
	{"thread: who was an M may end", who_was_one_may, true, "1"},
	{0},
};
