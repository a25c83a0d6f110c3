/* SPDX-License-Identifier: MIT */
/*
 * echo - Gs that read from pipes, which blocks until somebody has written. Each keeps the M that
 * it is on, and no other G.
 *
 * The argument is the number of Gs that echo; without one, 2. Try 100, with G0_PROCS=1: a P that
 * an M has left in a system call is given to another.
 *
 * Watch: an M asleep in read, with its G in status syscall; the P that it had, in status syscall
 * too, is there for it to take back. While the program is stepped nobody else takes it, so there
 * must be one P more than Gs that block.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "g0.h"

enum { ROUNDS = 2, MAX = 100 };

static struct pipes {
	int there[2], back[2];
} pipes[MAX];

/* Sends back whatever comes, in capital letters. */
static void echo(void *arg)
{
	const struct pipes *p = arg;
	char c;

	while (g0_read(p->there[0], &c, 1) == 1) {
		c = (char)(c - 'a' + 'A');
		g0_write(p->back[1], &c, 1);
	}
	close(p->back[1]);
}

void go_main(void)
{
	const int n = g0_argc > 1 ? atoi(g0_argv[1]) : 2;
	char c;

	if (n < 1 || n > MAX)
		exit(2);
	for (int i = 0; i < n; i++) {
		if (pipe(pipes[i].there) != 0 || pipe(pipes[i].back) != 0)
			exit(1);
		go(echo, &pipes[i]);
	}
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < n; i++) {
			c = (char)('a' + i % 26);
			g0_write(pipes[i].there[1], &c, 1);
			g0_read(pipes[i].back[0], &c, 1);
			g0_printf("%s%s", (char[]){c, '\0'}, i == n - 1 ? "\n" : "");
		}
	for (int i = 0; i < n; i++) {
		close(pipes[i].there[1]);
		if (g0_read(pipes[i].back[0], &c, 1) != 0)
			exit(1);
	}
}
