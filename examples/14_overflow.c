/* SPDX-License-Identifier: MIT */
/*
 * overflow - a G runs over its stack: it opens a box that is inside of itself. Under each stack
 * is a guard that cannot be touched, and the runtime says whose it was.
 * Ends with status 2; with any but 0 where a sanitizer or valgrind watches.
 *
 * Watch: SP goes down by some 4,000 bytes a call, until the write that faults.
 */
#include "g0.h"

struct box {
	struct box *inside;
};

static long boxes_in(const struct box *b)
{
	char label[4000];

	label[0] = '\0';
	return b == NULL ? label[0] : 1 + boxes_in(b->inside);
}

static void open_it(void *box)
{
	g0_printf("%ld boxes\n", boxes_in(box));
}

void go_main(void)
{
	struct box box = {&box};

	go(open_it, &box);
	for (;;)
		gosched();
}
