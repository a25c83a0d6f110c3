/* SPDX-License-Identifier: MIT */
/*
 * damage_waits - damages what G2 waits for, or the heap of timers, as its argument says, goes on
 * for a moment, and ends with status 7.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chan.h"
#include "timerheap.h"

enum { FAR = 8, MANY = (1 << 14) + 1, APART = 64 };

static struct chan *c;
static struct mutex m;
static struct timernode *nodes;
static volatile int sink;

static void spin(int n)
{
	for (int i = 0; i < n; i++)
		sink += i;
}

static void receives(void *unused)
{
	(void)unused;
	chanrecv(c, NULL);
}

static void selects(void *unused)
{
	struct scase cases[] = {{.c = c}};

	(void)unused;
	selectgo(cases, 1, true);
}

static void locks(void *unused)
{
	(void)unused;
	mutexlock(&m);
}

static G *waits(void (*how)(void *))
{
	c = makechan(sizeof(long), 0);
	mutexlock(&m);
	go(how, NULL);
	while (allgs[1]->atomicstatus != Gwaiting)
		gosched();
	return allgs[1];
}

/* ---- the G, and what it says that it waits for ---- */

static void wait_far(void)
{
	waits(receives)->waitlock = (void *)FAR;
}

static void select_far(void)
{
	waits(selects)->waitlock = (void *)FAR;
}

static void select_many(void)
{
	((struct select *)waits(selects)->waitlock)->n = 1 << 30;
}

static void select_elsewhere(void)
{
	((struct select *)waits(selects)->waitlock)->waiters = (struct sudog *)&m;
}

static void select_no_chan(void)
{
	((struct select *)waits(selects)->waitlock)->waiters->c = (struct chan *)FAR;
}

/* ---- its queue ---- */

static void queue_far(void)
{
	waits(receives);
	c->recvq.first = (struct sudog *)FAR;
}

static void queue_no_g(void)
{
	waits(receives);
	c->recvq.first->g = (G *)FAR;
}

static void queue_of_another(void)
{
	waits(receives);
	c->recvq.first->c = makechan(0, 0);
}

static void queue_cycle(void)
{
	waits(receives);
	c->recvq.first->next = c->recvq.first;
}

static void mutex_far(void)
{
	waits(locks);
	m.sema.waiters.head = (G *)FAR;
}

static void mutex_cycle(void)
{
	G *gp = waits(locks);

	gp->schedlink = gp;
}

/* ---- its elements ---- */

static void elements_more(void)
{
	waits(receives);
	c->qcount = 1;
}

static void elements_beyond(void)
{
	waits(receives);
	c->dataqsiz = 2;
	c->recvx = 2;
	c->qcount = 1;
}

static void elements_many(void)
{
	waits(receives);
	c->dataqsiz = (size_t)1 << 61;
	c->qcount = 2;
}

/* ---- timers ---- */

static void timers_far(void)
{
	timerheap.node = (struct timernode *)FAR;
	timerheap.n = 1;
}

static void timers_none(void)
{
	timerheap.node = nodes;
	nodes[3].t = (struct timer *)FAR;
	timerheap.n = 4;
}

static void timers_more(void)
{
	timerheap.node = nodes;
	timerheap.n = UINT32_MAX;
}

/* All of which are in places of their own; and then one, and then all again. */
static void timers_apart(void)
{
	timerheap.node = nodes;
	for (int i = 0; i < 4; i++)
		timerheap.n = i % 2 ? MANY : 1;
}

static void timer_no_g(void)
{
	timerheap.node = nodes;
	nodes->t->sleeper = (G *)FAR;
	timerheap.n = 1;
}

static const struct {
	const char *name;
	void (*damage)(void);
} modes[] = {{"wait_far", wait_far}, {"select_far", select_far}, {"select_many", select_many},
	{"select_elsewhere", select_elsewhere}, {"select_no_chan", select_no_chan},
	{"queue_far", queue_far}, {"queue_no_g", queue_no_g}, {"queue_cycle", queue_cycle},
	{"queue_of_another", queue_of_another}, {"mutex_far", mutex_far},
	{"mutex_cycle", mutex_cycle}, {"elements_more", elements_more},
	{"elements_beyond", elements_beyond}, {"elements_many", elements_many},
	{"timers_far", timers_far}, {"timers_none", timers_none}, {"timers_more", timers_more},
	{"timers_apart", timers_apart}, {"timer_no_g", timer_no_g}};

/* Timers that nobody has started; what makes them is not to be stepped: it is long. */
__attribute__((constructor)) static void prepare(void)
{
	char *timers = calloc(MANY, APART);

	nodes = calloc(MANY, sizeof *nodes);
	for (int i = 0; i < MANY; i++) {
		nodes[i].t = (struct timer *)(timers + (size_t)i * APART);
		nodes[i].t->place = (uint32_t)i + 1;
	}
}

void go_main(void)
{
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (g0_argc > 1 && strcmp(g0_argv[1], modes[i].name) == 0)
			modes[i].damage();
	spin(10);
	_exit(7);
}
