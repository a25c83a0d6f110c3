/* SPDX-License-Identifier: MIT */
/*
 * Boost.Context: fcontext prints the nanoseconds of one bare jump, two contexts in turn.
 * Its two functions have C's linkage; their C++ header only declares them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "now.h"

enum { JUMPS = 20000000, STACK = 64 << 10 };

struct transfer {
	void *from, *data;
};

struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *top, size_t size, void (*fn)(struct transfer));

static void other(struct transfer t)
{
	for (;;)
		t = jump_fcontext(t.from, NULL);
}

static void *jumps(void *to, int n)
{
	for (int i = 0; i < n; i++)
		to = jump_fcontext(to, NULL).from;
	return to;
}

int main(void)
{
	char *stack = aligned_alloc(16, STACK);
	void *to = make_fcontext(stack + STACK, STACK, other);
	double t;

	to = jumps(to, JUMPS / 10);
	t = now();
	jumps(to, JUMPS / 2);
	printf("%.2f\n", (now() - t) / JUMPS);
	return 0;
}
