/* SPDX-License-Identifier: MIT */
/*
 * time.c - the clock, timers, and sleep, which is a timer that makes a G ready.
 *
 * All timers are in one heap under one lock. (Go has a heap a P, as one was too slow for many
 * CPUs; but then idle Ms must steal timers, and ask every P for the time of its first.) Nobody
 * waits for them in particular: each M that looks for a G fires what is due (checktimers),
 * and of the Ms that sleep one does so with a time limit (keeptime in m.c). So who starts a timer
 * that is the first has to see to it that some M looks after it: as with a G that has become
 * runnable, that is wakep.
 *
 * Stepped, a program has a clock of its own, which begins at 0 and stands still while anything
 * can run; when all Ms would sleep it jumps to the first timer, and who steps the program may move
 * it on. So the same schedule gives the same run, and an hour takes no longer than its steps.
 */
#include "os.h"
#include "runq.h"
#include "ticks.h"
#include "timerheap.h"

#define HEAP_HINT 0x7f0800000000
#define HEAP_SIZE ((size_t)256 << 20)
enum { MAP_STEP = 1 << 20, ARITY = 4 };
/* A P asks for the time so many ticks after it last did: some microseconds, if ticks are ns. */
enum { GLANCE = 1 << 14 };

bool stepped;
_Atomic int64_t jumped;

/* Read at every turn of every M, hence not beside what changes more often. */
_Alignas(64) _Atomic int64_t firsttimer = NEVER;

_Alignas(64) struct timerheap timerheap;

void timeinit(void)
{
	stepped = env_stepped();
}

int64_t nanotime(void)
{
	return stepped ? jumped : osnanotime();
}

int64_t g0_nanotime(void)
{
	int64_t now = nanotime();

	preemptlookanywhere();
	return now;
}

/* ---- the heap ---- */

/*
 * Room for one more: in a stretch of address space, so that it grows without being moved. The first
 * node is the last of a line.
 */
static void makeroom(void)
{
	if (timerheap.room.lo == 0) {
		arenainit(&timerheap.room, HEAP_HINT, HEAP_SIZE);
		timerheap.node = (struct timernode *)timerheap.room.lo + ARITY - 1;
	}
	timerheap.room.next = (uintptr_t)&timerheap.node[timerheap.n + 1];
	if (timerheap.room.next <= timerheap.room.mapped)
		return;
	if (timerheap.room.next > timerheap.room.hi || !sysmap(timerheap.room.mapped, MAP_STEP))
		throw("timerstart: out of memory");
	timerheap.room.mapped += MAP_STEP;
}

/* Which of two goes off first: of those that are due at one time, the one started first. */
static bool before(struct timernode a, struct timernode b)
{
	return a.when != b.when ? a.when < b.when : a.t->seq < b.t->seq;
}

static void put(uint32_t i, struct timernode n)
{
	timerheap.node[i] = n;
	n.t->place = i + 1;
}

/* Where n belongs, if place i is free and nothing below it comes before n. */
static uint32_t up(uint32_t i, struct timernode n)
{
	for (uint32_t parent; i > 0 && before(n, timerheap.node[parent = (i - 1) / ARITY]);
		i = parent)
		put(i, timerheap.node[parent]);
	return i;
}

/* Where n belongs, if place i is free and nothing above it comes after n. */
static uint32_t down(uint32_t i, struct timernode n)
{
	for (;;) {
		uint32_t child = i * ARITY + 1, end = child + ARITY, first = child;
		if (end > timerheap.n)
			end = timerheap.n;
		while (++child < end)
			if (before(timerheap.node[child], timerheap.node[first]))
				first = child;
		if (first >= timerheap.n || !before(timerheap.node[first], n))
			return i;
		put(i, timerheap.node[first]);
		i = first;
	}
}

/* Written only when it changes: others are reading it. */
static void setfirst(void)
{
	int64_t first = timerheap.n == 0 ? NEVER : timerheap.node[0].when;

	if (firsttimer == first)
		return;
	lookfurther += (first != NEVER) - (firsttimer != NEVER);
	firsttimer = first;
}

static void takeout(struct timer *t)
{
	uint32_t i = t->place - 1;
	struct timernode last = timerheap.node[--timerheap.n];

	t->place = 0;
	if (i < timerheap.n)
		put(i = down(up(i, last), last), last);
	setfirst();
}

/* Whether t is the first to go off. */
static bool addtimer(struct timer *t)
{
	struct timernode n = {t->when, t};
	bool first;

	lock(&timerheap.lock);
	makeroom();
	t->seq = timerheap.started++;
	put(up(timerheap.n++, n), n);
	setfirst();
	first = t->place == 1;
	unlock(&timerheap.lock);
	return first;
}

/*
 * Take out the first timer if it is due, and copy it: once the lock is free the timer is the
 * program's again.
 */
static bool takedue(int64_t now, struct timer *t)
{
	bool due;

	lock(&timerheap.lock);
	due = timerheap.n > 0 && timerheap.node[0].when <= now;
	if (due) {
		*t = *timerheap.node[0].t;
		takeout(timerheap.node[0].t);
	}
	unlock(&timerheap.lock);
	return due;
}

/* ---- going off ---- */

/* At the tail of the queue, so that Gs run in the order of their times. */
static void fire(const struct timer *t)
{
	P *pp = getg()->m->p;
	G *gp = t->sleeper != NULL ? t->sleeper : newproc1(pp, t->f, t->arg);

	PROBE(timerfire, GOID(gp), t->when);
	if (t->sleeper != NULL) {
		PROBE(goready, GOID(gp));
		casgstatus(gp, Gwaiting, Grunnable);
	}
	runqput(pp, gp, false);
}

bool runtimers(void)
{
	const int64_t now = nanotime();
	const bool busy = !runqempty(getg()->m->p);
	struct timer t;
	int n = 0;

	while (takedue(now, &t)) {
		fire(&t);
		n++;
	}
	/*
	 * This M will run one G. If there is more to do, or the time to be kept, another must. The
	 * fence: the queue's tail is only released, and wakep must not look before it is seen.
	 */
	atomic_thread_fence(memory_order_seq_cst);
	if (n > 0 && (n > 1 || busy || firsttimer != NEVER))
		wakep();
	return n > 0;
}

/* Asking for the time costs more than a turn of the scheduler, hence the glance at the ticks. */
void checktimers(P *pp)
{
	uint64_t ticks;

	if (!stepped) {
		ticks = cputicks();
		if (ticks - pp->glance < GLANCE)
			return;
		pp->glance = ticks;
	}
	runtimers();
}

void timejump(void)
{
	const int64_t now = jumped, first = firsttimer, when = first > now ? first : now;

	jumped = when;
	PROBE(timejump, when);
}

/* ---- what programs call ---- */

static int64_t after(int64_t ns)
{
	const int64_t now = nanotime();

	if (ns < 0)
		return now;
	return ns < NEVER - now ? now + ns : NEVER - 1;
}

void timerstart(struct timer *t, int64_t ns, void (*f)(void *arg), void *arg)
{
	if (t == NULL || f == NULL)
		throw("timerstart: t or f is NULL");
	if (t->place != 0)
		throw("timerstart: it has been started, and has not gone off, or was not all zero "
		      "when it was new");
	t->when = after(ns);
	t->f = f;
	t->arg = arg;
	t->sleeper = NULL;
	sysmonstart();
	PROBE(timerstart, GOID(getg()), t->when);
	if (addtimer(t))
		wakep();
	preemptlook();
}

bool timerstop(struct timer *t)
{
	bool runs;

	if (t == NULL)
		throw("timerstop: t is NULL");
	lock(&timerheap.lock);
	runs = t->place != 0;
	if (runs && (t->place > timerheap.n || timerheap.node[t->place - 1].t != t))
		throw("timerstop: it was not all zero when it was new");
	if (runs)
		takeout(t);
	unlock(&timerheap.lock);
	preemptlook();
	return runs;
}

/*
 * For gopark. This M looks for a G next. If it finds none it waits for the timer itself, and if it
 * steals one it wakes another M. If it has one in a queue it does neither, so wake another M here.
 */
static bool sleepunlock(G *gp, void *timer)
{
	struct timer *t = timer;

	PROBE(timerstart, GOID(gp), t->when);
	if (addtimer(t) && (!runqempty(getg()->m->p) || sched.runq.n > 0))
		wakep();
	return true;
}

void g0_sleep(int64_t ns)
{
	struct timer t;

	if (ns <= 0) {
		goyield();
		return;
	}
	t.when = after(ns);
	t.sleeper = getg();
	t.f = NULL;
	t.arg = NULL;
	t.place = 0;
	gopark(sleepunlock, &t, "sleep");
}
