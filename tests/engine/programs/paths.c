/* SPDX-License-Identifier: MIT */
/*
 * paths - the ways off a G's stack that the examples do not take: goyield, and system calls, some
 * of which block.
 */
#include <unistd.h>

#include "g0.h"

static int to[2], back[2];

static void echo(void *arg)
{
	char c;

	(void)arg;
	while (g0_read(to[0], &c, 1) == 1) {
		goyield();
		g0_write(back[1], &c, 1);
	}
}

void go_main(void)
{
	char c = 'x';

	if (pipe(to) != 0 || pipe(back) != 0)
		return;
	go(echo, NULL);
	for (int i = 0; i < 3; i++) {
		g0_write(to[1], &c, 1);
		goyield();
		g0_read(back[0], &c, 1);
	}
	g0_puts(c == 'x' ? "echoed\n" : "garbled\n");
}
