/* SPDX-License-Identifier: MIT */
/*
 * Says what it has inherited from whoever started it, and what it can read. It asks for nothing
 * that is another each time, so that two runs are the same if they have inherited the same.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "g0.h"
#include "inherited.h"

extern char **environ;

/* The first, and those about 255, by which bash reads a script and g0scope executes a program. */
static void descriptors(void)
{
	printf("descriptors");
	for (int fd = 0; fd < 260; fd = fd == 39 ? 250 : fd + 1)
		if (fcntl(fd, F_GETFD) >= 0)
			printf(" %d", fd);
	printf("\n");
}

/* Two signals libc does not speak of. */
static void signals(void)
{
	uint64_t action[4] = {0}, mask = 0;
	int death = 0;
	printf("ignored");
	for (int sig = 1; sig <= 64; sig++)
		if (syscall(SYS_rt_sigaction, sig, NULL, action, sizeof mask) == 0 &&
			action[0] == (uintptr_t)SIG_IGN)
			printf(" %d", sig);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof mask);
	prctl(PR_GET_PDEATHSIG, &death);
	printf("\nblocked %lx\nsent when the parent ends %d\n", (unsigned long)mask, death);
}

static void limits(void)
{
	struct rlimit l;
	getrlimit(RLIMIT_STACK, &l);
	printf("stack %ld of %ld\n", (long)l.rlim_cur, (long)l.rlim_max);
	getrlimit(RLIMIT_NOFILE, &l);
	printf("files %ld\n", (long)l.rlim_cur);
	getrlimit(RLIMIT_CORE, &l);
	printf("core %ld\n", (long)l.rlim_cur);
	getrlimit(RLIMIT_CPU, &l);
	printf("time %ld\n", (long)l.rlim_cur);
}

static void terminal(void)
{
	printf("terminal %s\n", open("/dev/tty", O_RDWR | O_CLOEXEC) < 0 ? "none" : "one");
}

/* What libc has left on the stack of a thread that it starts, and in such a register. */
static uintptr_t in_register;
static void *left(void *n)
{
	volatile char stack[1024];
	register uintptr_t now __asm__(PASSES_NOTHING);
	__asm__ volatile("" : "=r"(now));
	in_register = now;
	__asm__ volatile("" : "=m"(stack));
	for (size_t i = 0; i < sizeof stack; i++)
		*(int *)n += stack[i] != 0;
	return NULL;
}

/* On the smallest stack there is, with something else below it. */
static int32_t thread(void *n)
{
	enum { SMALLEST = 16384 };
	static _Alignas(4096) char both[2 * SMALLEST], before[SMALLEST];
	pthread_attr_t attr;
	pthread_t t;
	memset(both, 1, SMALLEST);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, both + SMALLEST, SMALLEST);
	if (pthread_create(&t, &attr, left, n) || pthread_join(t, NULL))
		return 1;
	memset(before, 1, SMALLEST);
	*(int *)n += memcmp(both, before, SMALLEST) != 0;
	return 0;
}

void go_main(void)
{
	char line[64];
	int n = 0;
	struct stat st;
	descriptors();
	signals();
	limits();
	terminal();
	for (int i = 0; i < g0_argc; i++)
		printf("argument %s\n", g0_argv[i]);
	for (char **e = environ; *e; e++)
		printf("variable %s\n", *e);
	syscall(SYS_fstat, 1, &st);
	statx(2, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &(struct statx){0});
	syscall(SYS_fstat, 0, &st);
	statx(0, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &(struct statx){0});
	free(malloc(sizeof st));
	if (cgocall(thread, &n) == 0)
		printf("left on a stack %d, in a register %lx\n", n, (unsigned long)in_register);
	ssize_t got = read(0, line, sizeof line);
	printf("input %.*s\n", got > 0 ? (int)got : 0, line);
}
