/* SPDX-License-Identifier: MIT */
/* Waits for what no M of it brings. Its first argument says for what. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "g0.h"

/* Longer than a step waits by itself. */
enum { LONG_US = 600000 };

static void sleeps(void)
{
	usleep(LONG_US);
}

/* Its standard input has a line at some time. */
static void reads(void)
{
	char c;
	while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
		;
}

static void has_child(void)
{
	int pid = fork();
	if (pid == 0) {
		usleep(LONG_US);
		_exit(write(STDOUT_FILENO, "the child\n", 10) != 10);
	}
	waitpid(pid, NULL, 0);
}

static void *sleeper(void *arg)
{
	sleeps();
	return arg;
}

/* Who is waited for here comes after who waits for it. */
static void joins(void)
{
	pthread_t t;
	if (pthread_create(&t, NULL, sleeper, NULL) == 0)
		pthread_join(t, NULL);
}

/* What comes for nobody. */
static void pauses(void)
{
	pause();
}

void go_main(void)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} todo[] = {{"sleeps", sleeps}, {"reads", reads}, {"has_child", has_child},
		{"joins", joins}, {"pauses", pauses}};
	for (size_t i = 0; i < sizeof todo / sizeof *todo; i++)
		if (strcmp(g0_argv[1], todo[i].name) == 0)
			todo[i].fn();
	g0_puts("done\n");
}
