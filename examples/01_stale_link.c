/* SPDX-License-Identifier: MIT */
/*
 * stale_link - a G releases its M and runs on elsewhere; the M that it left still has a
 * frame pointer into its stack.
 *
 * Watch: the word that gosched_m pushes on M0's g0 stack, and what it points at once M1
 * runs worker on into repaint. work calls gosched and repaint from the same place of its
 * stack, so repaint's frame lies where gosched's and mcall's were, and the record of the
 * stroke that it calls lies where that of mcall_keep was.
 */
#include "g0.h"

static struct chan *done;
static long strokes;

/* Paints one stroke, and the next, each in a frame that is a record and nothing else. */
__attribute__((noinline)) static void stroke(void)
{
	if (--strokes > 0)
		stroke();
}

/*
 * Paints its canvas over: 64 bytes, as many as mcall's frame and gosched's have left
 * between.
 */
__attribute__((noinline)) static void repaint(void)
{
	long canvas[8];

	canvas[0] = canvas[1] = canvas[2] = canvas[3] = 1;
	canvas[4] = canvas[5] = canvas[6] = canvas[7] = 2;
	strokes = canvas[0] + canvas[4];
	stroke();
}

__attribute__((noinline)) static void work(void)
{
	gosched();
	repaint();
}

static void worker(void *arg)
{
	int ok = 1;

	(void)arg;
	work();
	chansend(done, &ok);
}

void go_main(void)
{
	int ok;

	done = makechan(sizeof ok, 1);
	go(worker, NULL);
	chanrecv(done, &ok);
	chanfree(done);
	g0_puts("repainted\n");
}
