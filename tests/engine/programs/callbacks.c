/* SPDX-License-Identifier: MIT */
/*
 * callbacks - C that calls back: called by a G, twice one inside the other, and on two threads that
 * come one after the other or at once, with a G that is locked to its thread beside them.
 */
#include <pthread.h>

#include "g0.h"

enum { THREADS = 2, CALLS = 2, STACK = 64 << 10 };

static pthread_t threads[THREADS];
static struct chan *told;

static void tell(void *arg)
{
	gosched();
	chansend(told, arg);
}

static void *calls_back(void *unused)
{
	for (int i = 0; i < CALLS; i++)
		cgocallback(tell, &i);
	return unused;
}

static int32_t start(void *unused)
{
	pthread_attr_t attr;

	(void)unused;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], &attr, calls_back, NULL);
	pthread_attr_destroy(&attr);
	return 0;
}

static int32_t once_more(void *depth);

static void in_a_g(void *depth)
{
	gosched();
	if (--*(int *)depth > 0)
		cgocall(once_more, depth);
	goyield();
}

static int32_t once_more(void *depth)
{
	cgocallback(in_a_g, depth);
	return 0;
}

static void locked(void *arg)
{
	lockosthread();
	tell(arg);
	unlockosthread();
}

void go_main(void)
{
	int depth = 2, n = 0, value;

	told = makechan(sizeof value, 0);
	go(locked, &(int){0});
	cgocall(once_more, &depth);
	cgocall(start, NULL);
	for (n = 0; n < 1 + THREADS * CALLS; n++)
		chanrecv(told, &value);
	g0_printf("told %d times\n", n);
}
