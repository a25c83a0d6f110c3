/* SPDX-License-Identifier: MIT */
/*
 * Asks for what may be another each time. The first argument says for what, the second for which
 * file; what it is told comes to lie on a stack, and with a third decides where it goes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "g0.h"

static void one(void)
{
}

static void zero(void)
{
}

/* Now here, now there, as the number's bits say. */
static void goes(uint64_t number)
{
	for (int i = 0; i < 64; i++)
		if (number >> i & 1)
			one();
		else
			zero();
}

static uint64_t ask(const char *what, const char *path)
{
	uint64_t number = 0;
	struct timespec now;
	if (strcmp(what, "random") == 0 && getrandom(&number, sizeof number, 0) < 0)
		number = 1;
	if (strcmp(what, "counter") == 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		number = (uint64_t)now.tv_nsec * (uint64_t)now.tv_nsec + (uint64_t)now.tv_sec;
	}
	if (strcmp(what, "file") == 0) {
		int fd = open(path, O_RDONLY);
		if (read(fd, &number, sizeof number) < 0)
			number = 2;
		close(fd);
	}
	return number;
}

static void beside(void *unused)
{
	for (int i = 0; i < 20; i++)
		gosched();
	(void)unused;
}

void go_main(void)
{
	go(beside, NULL);
	for (int i = 0; i < 5; i++)
		gosched();
	uint64_t number = ask(g0_argv[1], g0_argv[2]);
	if (g0_argc > 3)
		goes(number);
	for (int i = 0; i < 5; i++)
		gosched();
}
