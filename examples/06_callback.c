/* SPDX-License-Identifier: MIT */
/*
 * callback - C calls back, on a thread that the runtime has not made.
 *
 * Watch: the thread is lent an M; its own stack, with C functions on it, is that M's g0, and
 * g0.sched.bp says where they are. In the callback a G calls gosched. Under the old policy of
 * arm64, g0bp, the chain of the scheduler then leads into those C functions, which never called it.
 */
#include <pthread.h>
#include <stdlib.h>

#include "g0.h"

enum { STACK = 64 << 10 };

static struct chan *done;
static int turns = 1;

/* Called by C, as a G: it may wait, and does. */
static void report(void *arg)
{
	gosched();
	chansend(done, arg);
}

/* C: what a library does when it has something to tell. */
static void notify(int value)
{
	cgocallback(report, &value);
}

static void *library_thread(void *arg)
{
	for (int i = 0; i < turns; i++)
		notify(i);
	return arg;
}

static int32_t start(void *unused)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	(void)unused;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &attr, library_thread, NULL);
	pthread_attr_destroy(&attr);
	return err;
}

void go_main(void)
{
	int value;

	if (g0_argc > 1)
		turns = atoi(g0_argv[1]);
	done = makechan(sizeof value, 0);
	if (cgocall(start, NULL) != 0)
		return;
	for (int i = 0; i < turns; i++)
		chanrecv(done, &value);
	g0_puts("called back\n");
}
