/* SPDX-License-Identifier: MIT */
/*
 * steal - one G starts many short ones, all in the run queue of its own P; an M whose P has
 * none takes half of them.
 *
 * Watch: P0's queue while go_main fills it, the event runqsteal, and after it the same Gs
 * in P1's queue.
 */
#include "g0.h"

enum { GS = 6 };

static struct chan *results;

static void square(void *arg)
{
	long n = (long)arg, n2 = n * n;

	gosched();
	chansend(results, &n2);
}

void go_main(void)
{
	long sum = 0, n2;

	results = makechan(sizeof n2, GS);
	for (long n = 1; n <= GS; n++)
		go(square, (void *)n);
	for (int i = 0; i < GS; i++) {
		chanrecv(results, &n2);
		sum += n2;
	}
	chanfree(results);
	g0_puts(sum == 91 ? "1 + 4 + 9 + 16 + 25 + 36 = 91\n" : "a square was lost\n");
}
