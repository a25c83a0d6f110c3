/* SPDX-License-Identifier: MIT */
/*
 * systemstack - a G has something done on its M's g0, and comes back; later it leaves for good.
 *
 * Watch: the first go() has no dead G to use again, so it calls malg, which has the new G and its
 * stack made on g0. The chain leads from there into G1's stack, as it does under keep after
 * mcall; but the one link is sound and the other is not.
 */
#include "g0.h"

static struct chan *done;

static void worker(void *arg)
{
	int ok = 1;

	(void)arg;
	chansend(done, &ok);
}

/* By systemstack onto g0 and back; then, by mcall, away. */
static void start(void)
{
	go(worker, NULL);
	gosched();
}

void go_main(void)
{
	int ok;

	done = makechan(sizeof ok, 1);
	start();
	chanrecv(done, &ok);
	chanfree(done);
	g0_puts("there and back\n");
}
