/* SPDX-License-Identifier: MIT */
/*
 * Our own figures, at full speed: g0 WHAT prints nanoseconds per operation.
 *
 *   yield    1,000 Gs that call goyield in turn; over all Ms, the aggregate with G0_PROCS=2
 *   gosched  the same with gosched: by way of the global queue
 *   create   a G is created, runs and ends, and the next one gets its stack
 *   channel  an element goes to another G through an unbuffered channel, and one comes back
 *   park     a million Gs wait on a channel, and all are woken; says what that took, and how much
 *            more the last tenth of them took than the first
 *   hog      a G wants to run every millisecond, beside one that computes, and then beside one that
 *            blocks in a read: the longest that it waited. For G0_PROCS=1
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "g0.h"
#include "now.h"

enum {
	YIELDERS = 1000,
	YIELDS = 10000,
	CREATES = 2000000,
	TRIPS = 1000000,
	WARM_UP = 20000,
	BATCH = 50
};

enum { MILLISECOND = 1000 * 1000, SECONDS = 5 };

enum { PARKED = 1000000, PARK_BATCH = PARKED / 10 };

static struct chan *done, *there, *back;

static void yielder(void *times)
{
	const int n = *(int *)times;
	char c = 0;

	for (int i = 0; i < n; i++)
		goyield();
	chansend(done, &c);
}

static void goscheder(void *times)
{
	const int n = *(int *)times;
	char c = 0;

	for (int i = 0; i < n; i++)
		gosched();
	chansend(done, &c);
}

static void yields(void (*how)(void *), int times)
{
	char c;

	for (int i = 0; i < YIELDERS; i++)
		go(how, &times);
	for (int i = 0; i < YIELDERS; i++)
		chanrecv(done, &c);
}

/* The turns that the first takes before the last is there are few beside YIELDS. */
static double yield(void (*how)(void *))
{
	double t;

	yields(how, WARM_UP / YIELDERS);
	t = now();
	yields(how, YIELDS);
	return (now() - t) / YIELDERS / YIELDS;
}

static void nothing(void *arg)
{
	(void)arg;
}

/* BATCH at a time, which then run and are dead before we go on. */
static void creates(int n)
{
	for (int i = 0; i < n; i += BATCH) {
		for (int j = 0; j < BATCH; j++)
			go(nothing, NULL);
		gosched();
	}
}

static double create(void)
{
	double t;

	creates(WARM_UP);
	t = now();
	creates(CREATES);
	return (now() - t) / CREATES;
}

static void echo(void *arg)
{
	char c;

	(void)arg;
	for (;;) {
		chanrecv(there, &c);
		chansend(back, &c);
	}
}

static void trips(int n)
{
	char c = 0;

	for (int i = 0; i < n; i++) {
		chansend(there, &c);
		chanrecv(back, &c);
	}
}

static double channel(void)
{
	double t;

	go(echo, NULL);
	trips(WARM_UP);
	t = now();
	trips(TRIPS);
	return (now() - t) / TRIPS;
}

static _Atomic int begun, ended;

static void parker(void *arg)
{
	char c;

	(void)arg;
	begun++;
	chanrecv(there, &c);
	ended++;
}

/* Creates Gs until there are n, and lets them run until they wait. Nanoseconds of CPU each. */
static double parkers(int n)
{
	int from = begun;
	double t = cpu_time();

	for (int i = from; i < n; i++)
		go(parker, NULL);
	while (begun < n)
		gosched();
	return (cpu_time() - t) / (n - from);
}

static double resident(void)
{
	double pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL || fscanf(f, "%*s %lf", &pages) != 1)
		exit(1);
	fclose(f);
	return pages * (double)sysconf(_SC_PAGESIZE);
}

/*
 * Use n bytes of memory, if there are so many twice over, and give them back. A virtual machine may
 * get them from its host first, which takes several times as long as to use them again; without
 * this, that would be in what the last Gs take, and not in what the first do.
 */
static void warm_up(size_t n)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p;

	if ((size_t)sysconf(_SC_AVPHYS_PAGES) < 2 * n / page)
		return;
	p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return;
	madvise(p, n, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < n; i += page)
		p[i] = 1;
	munmap(p, n);
}

/* PARKED Gs, each asleep, and then each woken. */
static void park(void)
{
	double before, first, last, each, t;
	char c = 0;

	warm_up(PARKED * (size_t)6000);
	before = resident();
	first = last = parkers(PARK_BATCH);
	for (int n = 2 * PARK_BATCH; n <= PARKED; n += PARK_BATCH)
		last = parkers(n);
	each = (resident() - before) / PARKED;
	t = cpu_time();
	for (int i = 0; i < PARKED; i++)
		chansend(there, &c);
	while (ended < PARKED)
		gosched();
	printf("%d Gs wait, %.0f bytes resident each (goal: 4,600); CPU time to create one of the "
	       "first %d %.0f ns, of the last %.0f: %.2f times; to wake one %.0f\n",
		PARKED, each, PARK_BATCH, first, last, last / first, (cpu_time() - t) / PARKED);
}

/* The longest that this G, which sleeps a millisecond again and again, came too late: in ms. */
static double longest_wait(double seconds)
{
	const double end = now() + seconds * 1e9;
	double longest = 0, from, late;

	while ((from = now()) < end) {
		g0_sleep(MILLISECOND);
		late = now() - from - MILLISECOND;
		if (late > longest)
			longest = late;
	}
	return longest / MILLISECOND;
}

static void computes(void *stop)
{
	while (!*(volatile bool *)stop)
		;
}

static void reads(void *fd)
{
	char c;

	g0_read(*(int *)fd, &c, 1);
}

static void hog(void)
{
	bool stop = false;
	int fd[2];
	double beside_hog, beside_read;

	go(computes, &stop);
	beside_hog = longest_wait(SECONDS);
	stop = true;
	gosched();
	if (pipe(fd) != 0)
		exit(1);
	go(reads, &fd[0]);
	beside_read = longest_wait(SECONDS);
	printf("hog: others wait at most %.1f ms (goal: 30); a blocking read: %.1f ms\n",
		beside_hog, beside_read);
}

void go_main(void)
{
	const char *what = g0_argc > 1 ? g0_argv[1] : "";

	done = makechan(1, YIELDERS);
	there = makechan(1, 0);
	back = makechan(1, 0);
	if (strcmp(what, "yield") == 0)
		printf("%.2f\n", yield(yielder));
	else if (strcmp(what, "gosched") == 0)
		printf("%.2f\n", yield(goscheder));
	else if (strcmp(what, "create") == 0)
		printf("%.2f\n", create());
	else if (strcmp(what, "channel") == 0)
		printf("%.2f\n", channel());
	else if (strcmp(what, "park") == 0)
		park();
	else if (strcmp(what, "hog") == 0)
		hog();
	else
		exit(2);
}
