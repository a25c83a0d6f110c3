/* SPDX-License-Identifier: MIT */
/*
 * ping_pong - two Gs and two unbuffered channels: whoever sends waits until the other has
 * received.
 *
 * Watch: each wait is an mcall of park_m, each goready puts a G into runnext, and with two
 * Ps the Gs may change Ms.
 */
#include "g0.h"

enum { ROUNDS = 4 };

static struct chan *ping, *pong;

static void player(void *arg)
{
	int ball;

	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		chanrecv(ping, &ball);
		ball++;
		chansend(pong, &ball);
	}
}

void go_main(void)
{
	int ball = 0;

	ping = makechan(sizeof ball, 0);
	pong = makechan(sizeof ball, 0);
	go(player, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		chansend(ping, &ball);
		chanrecv(pong, &ball);
	}
	chanfree(ping);
	chanfree(pong);
	g0_puts(ball == ROUNDS ? "every ball came back\n" : "a ball was lost\n");
}
