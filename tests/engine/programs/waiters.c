/* SPDX-License-Identifier: MIT */
/*
 * Gs that wait for each kind of thing, as the argument says. Whenever it is worth a look, at what
 * they wait for, G1 calls look; the last time nobody waits any more.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "g0.h"

static struct chan *a, *b;
static struct mutex m;
static struct rwmutex rw;
static volatile int looks;

__attribute__((noinline)) static void look(void)
{
	looks++;
}

/* A G that does this, up to where it waits. */
static void begin(void (*fn)(void *), void *arg)
{
	go(fn, arg);
	gosched();
}

/* ---- channels ---- */

static void send(void *arg)
{
	int elem = (int)(intptr_t)arg;

	chansend(a, &elem);
}

static void receive(void *unused)
{
	(void)unused;
	chanrecv(a, NULL);
}

/* The buffer is full, and begins in its middle; then it is closed, when nobody waits to send. */
static void channel(void)
{
	int elem;

	a = makechan(sizeof elem, 2);
	for (int i = 9; i < 12; i++) {
		chansend(a, &i);
		if (i < 10)
			chanrecv(a, &elem);
	}
	begin(send, (void *)12);
	begin(send, (void *)13);
	look();
	chanrecv(a, &elem);
	look();
	for (int i = 0; i < 3; i++)
		chanrecv(a, &elem);
	gosched();
	begin(receive, NULL);
	look();
	chanclose(a);
	gosched();
	look();
	chanfree(a);
}

/* Elements of no word: too large, and none. */
static void elements(void)
{
	char large[9] = "a large";

	a = makechan(sizeof large, 1);
	b = makechan(0, 3);
	chansend(b, NULL);
	begin(receive, NULL);
	look();
	chansend(a, large);
	gosched();
	look();
}

static void select_both(void *unused)
{
	int elem = 7;
	struct scase cases[] = {
		{.c = a, .elem = &elem}, {.c = NULL}, {.c = b, .elem = &elem, .send = true}};

	(void)unused;
	selectgo(cases, 3, true);
}

/* G2 is taken by way of b, and still stands in a's queue, before G3, until it runs. */
static void selects(void)
{
	int elem;

	a = makechan(sizeof elem, 0);
	b = makechan(sizeof elem, 0);
	begin(select_both, NULL);
	begin(receive, NULL);
	look();
	chanrecv(b, &elem);
	look();
	gosched();
	look();
	chanclose(a);
	gosched();
	look();
}

/* ---- locks ---- */

static void lock_it(void *unused)
{
	(void)unused;
	mutexlock(&m);
	mutexunlock(&m);
}

static void mutexes(void)
{
	mutexlock(&m);
	begin(lock_it, NULL);
	begin(lock_it, NULL);
	look();
	mutexunlock(&m);
	look();
	gosched();
	look();
}

static void write_it(void *unused)
{
	(void)unused;
	rwmutexlock(&rw);
	gosched();
	rwmutexunlock(&rw);
}

static void read_it(void *unused)
{
	(void)unused;
	rwmutexrlock(&rw);
	rwmutexrunlock(&rw);
}

static void rwmutexes(void)
{
	rwmutexrlock(&rw);
	begin(write_it, NULL);
	look();
	begin(read_it, NULL);
	begin(read_it, NULL);
	look();
	rwmutexrunlock(&rw);
	gosched();
	look();
	gosched();
	gosched();
	look();
}

static void wait_for_it(void *wg)
{
	wgwait(wg);
}

/* On a stack that is written to meanwhile. */
static void waitgroups(void)
{
	struct waitgroup wg = {0};

	wgadd(&wg, 2);
	begin(wait_for_it, &wg);
	begin(wait_for_it, &wg);
	look();
	wgdone(&wg);
	look();
	wgdone(&wg);
	gosched();
	look();
}

/* ---- on the stack of a thread that is no M yet ---- */

static int go_on[2];
static struct waitgroup *on_its_stack;

static void is_done(void *wg)
{
	look();
	wgdone(wg);
}

static void *call_back(void *ready)
{
	struct waitgroup wg = {0};
	char c = 0;

	on_its_stack = &wg;
	if (write(*(int *)ready, &c, 1) == 1 && read(go_on[0], &c, 1) == 1)
		cgocallback(is_done, &wg);
	return NULL;
}

/* G2 waits there before the stack is known as one. */
static void thread(void)
{
	int ready[2];
	char c = 0;
	pthread_t t;

	if (pipe(ready) != 0 || pipe(go_on) != 0 || pthread_create(&t, NULL, call_back, &ready[1]))
		abort();
	g0_read(ready[0], &c, 1);
	wgadd(on_its_stack, 1);
	begin(wait_for_it, on_its_stack);
	look();
	g0_write(go_on[1], &c, 1);
	wgwait(on_its_stack);
	entersyscall();
	pthread_join(t, NULL);
	exitsyscall();
	look();
}

/* ---- timers ---- */

static void doze(void *ns)
{
	g0_sleep((intptr_t)ns);
}

static void tick(void *unused)
{
	(void)unused;
}

/* The last one in the heap takes the place of that which is stopped. */
static void timers(void)
{
	static struct timer t;
	struct timer *other = calloc(1, sizeof *other);

	begin(doze, (void *)1000);
	begin(doze, (void *)500);
	timerstart(other, 800, tick, NULL);
	timerstart(&t, 700, tick, (void *)5);
	look();
	timerstop(other);
	free(other);
	look();
	g0_sleep(600);
	look();
	g0_sleep(600);
	look();
}

void go_main(void)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} modes[] = {{"channel", channel}, {"elements", elements}, {"selects", selects},
		{"mutexes", mutexes}, {"rwmutexes", rwmutexes}, {"waitgroups", waitgroups},
		{"timers", timers}, {"thread", thread}};

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (g0_argc > 1 && strcmp(g0_argv[1], modes[i].name) == 0)
			modes[i].fn();
}
