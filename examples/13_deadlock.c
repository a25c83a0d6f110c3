/* SPDX-License-Identifier: MIT */
/*
 * deadlock - two Gs, two mutexes, taken in opposite order: each holds what the other waits for.
 * No G can go on, which the last M sees when it goes to sleep.
 * Ends with status 2.
 *
 * Watch: G1 and G2 park; M0 and M1 find nothing to run; then the event deadlock.
 */
#include "g0.h"

static struct mutex fork_left, fork_right;
static struct waitgroup both_have_one;

/* Dijkstra's philosophers, with two at the table. */
static void eat(struct mutex *first, struct mutex *second)
{
	mutexlock(first);
	wgdone(&both_have_one);
	wgwait(&both_have_one);
	mutexlock(second);
	g0_puts("this is not reached\n");
	mutexunlock(second);
	mutexunlock(first);
}

static void opposite(void *arg)
{
	(void)arg;
	eat(&fork_right, &fork_left);
}

void go_main(void)
{
	wgadd(&both_have_one, 2);
	go(opposite, NULL);
	eat(&fork_left, &fork_right);
}
