/* SPDX-License-Identifier: MIT */
/*
 * A program for the stepper to be tested on. Its first argument says what it does; each of
 * them in a function of that name.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "g0.h"

static struct chan *results;

/* Goes on till it is stopped. */
static void spin(void)
{
	for (volatile long i = 0;; i++)
		if (i % 100 == 0)
			gosched();
}

static void segv(void)
{
	*(volatile int *)8 = 1;
}

/* Runs over its stack. */
static int overflow(int n)
{
	volatile int here = n;
	return here < 0 ? 0 : overflow(n + 1) + here;
}

/* Through stdio, which writes at the end, and without it, at once. */
static void print(void)
{
	printf("printed %d\n", 42);
	g0_puts("put\n");
	fflush(stdout);
}

/* Sleeps in a library, not on a futex. */
static void nap(void)
{
	usleep(2000);
	g0_puts("rested\n");
}

/* Writes before the runtime has begun, and has somebody write and end all while it sleeps. */
__attribute__((constructor)) static void early(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "late") == 0)
		g0_puts("early\n");
}

static void late(void)
{
	if (fork() > 0)
		pause();
	usleep(300000);
	g0_puts("late\n");
	kill(getppid(), SIGKILL);
	_exit(0);
}

/* Reads what nobody writes. */
static void hang(void)
{
	int ends[2];
	char c;
	if (pipe(ends) == 0 && read(ends[0], &c, 1) == 1)
		g0_puts("unexpected\n");
}

/* Sleeps on a futex that nobody wakes. */
static void stuck(void)
{
	static int word;
	syscall(SYS_futex, &word, 0, 0, NULL);
}

/* Waits for itself. */
static void deadlock(void)
{
	long n;
	chanrecv(results, &n);
}

static int compared;
static int compare(const void *a, const void *b)
{
	compared++;
	return *(const int *)a - *(const int *)b;
}

/* A library function that calls back. */
static void callback(void)
{
	int v[] = {3, 1, 2};
	qsort(v, 3, sizeof *v, compare);
	g0_puts(v[0] == 1 && v[2] == 3 && compared > 0 ? "sorted\n" : "not sorted\n");
}

static volatile sig_atomic_t handled;
static void handler(int sig)
{
	handled = sig;
}

/* A signal that is handled: into the handler, and back through the library's trampoline. */
static void signalled(void)
{
	signal(SIGUSR1, handler);
	raise(SIGUSR1);
	g0_puts(handled == SIGUSR1 ? "handled\n" : "not handled\n");
}

static void *aside(void *arg)
{
	*(int *)arg = 7;
	return arg;
}

/* A thread that is no M. */
static void thread(void)
{
	pthread_t t;
	int n = 0;
	pthread_create(&t, NULL, aside, &n);
	pthread_join(t, NULL);
	g0_puts(n == 7 ? "joined\n" : "not joined\n");
}

enum { AREA = 256 << 10 };
static char area[AREA] __attribute__((aligned(4096)));
static int lent_to;

static void count(void *unused)
{
	(void)unused;
	lent_to++;
}

static void *calls_back(void *unused)
{
	cgocallback(count, NULL);
	return unused;
}

/* A thread that calls back, on so much of the area's end. */
static int32_t lend(void *size)
{
	pthread_t t;
	pthread_attr_t attr;
	size_t n = *(size_t *)size;
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, area + AREA - n, n);
	pthread_create(&t, &attr, calls_back, NULL);
	pthread_attr_destroy(&attr);
	pthread_join(t, NULL);
	return 0;
}

/* Threads that call back, one after the other, each on a part of the other's stack. */
static void lent(void)
{
	static size_t sizes[] = {AREA, AREA / 2, AREA};
	for (int i = 0; i < 3; i++)
		cgocall(lend, &sizes[i]);
	g0_puts(lent_to == 3 ? "lent\n" : "not lent\n");
}

static void become(void)
{
	char *args[] = {"true", NULL};
	execv("/bin/true", args);
}

static void add(void *arg)
{
	long n = (long)arg;
	gosched();
	chansend(results, &n);
}

/* As many Gs as the second argument says. */
static void crowd(void)
{
	long n = g0_argc > 2 ? atol(g0_argv[2]) : 10, sum = 0, x;
	for (long i = 1; i <= n; i++)
		go(add, (void *)i);
	for (long i = 1; i <= n; i++) {
		chanrecv(results, &x);
		sum += x;
	}
	g0_puts(sum == n * (n + 1) / 2 ? "all there\n" : "some lost\n");
}

void go_main(void)
{
	const char *what = g0_argc > 1 ? g0_argv[1] : "";
	static const struct {
		const char *name;
		void (*fn)(void);
	} todo[] = {{"spin", spin}, {"segv", segv}, {"print", print}, {"nap", nap}, {"late", late},
		{"hang", hang}, {"stuck", stuck}, {"deadlock", deadlock}, {"callback", callback},
		{"signalled", signalled}, {"thread", thread}, {"become", become}, {"crowd", crowd},
		{"lent", lent}};
	results = makechan(sizeof(long), 0);
	for (size_t i = 0; i < sizeof todo / sizeof *todo; i++)
		if (strcmp(what, todo[i].name) == 0)
			todo[i].fn();
	if (strcmp(what, "overflow") == 0)
		exit(overflow(0));
	if (strcmp(what, "exit3") == 0)
		exit(3);
}
