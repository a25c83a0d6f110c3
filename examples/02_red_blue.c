/* SPDX-License-Identifier: MIT */
/*
 * red_blue - many Gs at full speed, for the real perf. Each goes through red and through blue in
 * turn, which never call each other: a stack that has both in it is a chimera.
 *
 * Both end in the same depth of the stack, in frames of the same shape, work a little there, and
 * release their M. There is one brush, so one G can run and the other Ms look for one. An M
 * that was left in red has a frame pointer to where red's frames were; when perf samples it in
 * the scheduler, another M may have run the G on into blue.
 *
 * The argument is the number of turns; without one, about a second's worth. Try, with
 * G0_MCALL=keep and then clear:
 *     G0_PROCS=4 perf record --call-graph fp -F 1999 red_blue
 */
#include <stdio.h>
#include <stdlib.h>

#include "g0.h"

enum { GS = 32, TURNS = 2000, STROKES = 500, WORK = 300 };

static long turns = TURNS;
static struct chan *brush, *done;

/* The work is in line: a call would paint over what the stale link leads to. */
__attribute__((noinline)) static unsigned red(unsigned x, int depth)
{
	if (depth > 0)
		return red(x, depth - 1);
	for (int i = 0; i < WORK; i++)
		x = x * 1664525 + 1013904223;
	gosched();
	return x;
}

__attribute__((noinline)) static unsigned blue(unsigned x, int depth)
{
	if (depth > 0)
		return blue(x, depth - 1);
	for (int i = 0; i < WORK; i++)
		x = x * 22695477 + 1;
	gosched();
	return x;
}

/* Takes the brush for some strokes, as often as its share of the turns. */
static void painter(void *share)
{
	unsigned x;

	for (long turn = 0; turn < (long)share; turn++) {
		chanrecv(brush, &x);
		for (int stroke = 0; stroke < STROKES; stroke++) {
			x = red(x, 1);
			x = blue(x, 1);
		}
		chansend(brush, &x);
	}
	chansend(done, &x);
}

void go_main(void)
{
	unsigned x = 1;

	if (g0_argc > 1 && (turns = atol(g0_argv[1])) <= 0) {
		fprintf(stderr, "red_blue: how many turns with the brush? A number from 1.\n");
		exit(2);
	}
	brush = makechan(sizeof x, 1);
	done = makechan(sizeof x, 0);
	chansend(brush, &x);
	for (long i = 0; i < GS; i++)
		go(painter, (void *)((turns + i) / GS));
	for (int i = 0; i < GS; i++)
		chanrecv(done, &x);
	printf("%d Gs have painted %ld times %d strokes in red and in blue\n", GS, turns, STROKES);
}
