/* SPDX-License-Identifier: MIT */
/*
 * Gs on several Ms that all want the same word, and the same lock: each adds to a counter by an
 * atomic instruction, which on arm64 is a loop of a load and a store that can fail, and to another
 * under a lock that is such a loop too.
 */
#include <g0.h>

enum { GS = 4, TIMES = 25 };

static int atomic, locked, lock;
static struct chan *done;

static void add_under_lock(void)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
		gosched();
	locked++;
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

static void add(void *arg)
{
	for (int i = 0; i < TIMES; i++) {
		__atomic_fetch_add(&atomic, 1, __ATOMIC_SEQ_CST);
		add_under_lock();
	}
	chansend(done, &arg);
}

void go_main(void)
{
	void *arg;

	done = makechan(sizeof arg, 0);
	for (int i = 0; i < GS; i++)
		go(add, NULL);
	for (int i = 0; i < GS; i++)
		chanrecv(done, &arg);
	g0_printf("%d and %d\n", atomic, locked);
}
