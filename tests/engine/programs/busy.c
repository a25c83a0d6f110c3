/* SPDX-License-Identifier: MIT */
/* busy - two Gs that compute and call, and keep their Ms. With an argument one of them naps. */
#include <time.h>

#include "g0.h"

__attribute__((noinline)) static unsigned mix(unsigned x, int depth)
{
	unsigned here[4] = {x, x + 1, x + 2, x + 3};
	if (depth > 0)
		return mix(here[x % 4], depth - 1) + here[1];
	for (int i = 0; i < 20; i++)
		here[i % 4] = here[(i + 1) % 4] * 1664525 + 1013904223;
	return here[0];
}

static void work(void *arg)
{
	volatile unsigned *x = arg;
	for (;;)
		*x = mix(*x, 3);
}

/* Shorter than a turn of the other's. */
static void nap(void *arg)
{
	struct timespec t = {.tv_nsec = 700};
	volatile unsigned *x = arg;
	for (;;) {
		nanosleep(&t, NULL);
		*x = mix(*x, 1);
	}
}

void go_main(void)
{
	static unsigned a, b;
	go(g0_argc > 1 ? nap : work, &a);
	work(&b);
}
