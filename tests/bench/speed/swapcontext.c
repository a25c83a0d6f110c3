/* SPDX-License-Identifier: MIT */
/* libc's contexts: swapcontext prints the nanoseconds of one switch, two contexts in turn. */
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

#include "now.h"

enum { SWITCHES = 1000000, STACK = 64 << 10 };

static ucontext_t us, them;

static void other(void)
{
	for (;;)
		swapcontext(&them, &us);
}

int main(void)
{
	double t;

	getcontext(&them);
	them.uc_stack.ss_sp = malloc(STACK);
	them.uc_stack.ss_size = STACK;
	makecontext(&them, other, 0);
	t = now();
	for (int i = 0; i < SWITCHES / 2; i++)
		swapcontext(&us, &them);
	printf("%.2f\n", (now() - t) / SWITCHES);
	return 0;
}
