/* SPDX-License-Identifier: MIT */
/*
 * Who has nothing to do, and who is woken: an M that sleeps takes no CPU time, and one that finds
 * work wakes the next. No time limit: what is right comes true some time, what is wrong never does.
 */
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "os.h"
#include "runq.h"
#include "test.h"

#define HOUR INT64_C(3600000000000)
enum { STILL = 100, NAP = 1000 };

static int64_t cpu_time(int32_t procid)
{
	struct timespec t;

	/* As pthread_getcpuclockid has it, which only knows pthread_t. */
	CHECK(clock_gettime((clockid_t)((~(unsigned)procid << 3) | 6), &t) == 0);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/*
 * Until none of the Ms but the caller's has had any CPU time for so many naps, one after another.
 * Nor sysmon, if the caller is no M: it is awake while one is.
 */
static void wait_until_all_others_sleep(void)
{
	int64_t last = -1;

	for (int still = 0; still < STILL; still++) {
		int64_t now = 0;
		for (M *mp = allm; mp != NULL; mp = mp->alllink)
			if (mp->procid != 0 &&
				(getg() == NULL || (mp != getg()->m && mp->mstartfn == NULL)))
				now += cpu_time(mp->procid);
		if (now != last)
			still = 0;
		last = now;
		ossleep(NAP);
	}
}

static _Atomic int begun;
static _Atomic bool release;

static void hog(void *unused)
{
	(void)unused;
	begun++;
	while (!release)
		procyield();
}

static void does_nothing(void *unused)
{
	(void)unused;
}

/* Nothing is to be done, by two Ms that have been awake. */
static void idle_ms_sleep(void)
{
	go(hog, NULL);
	go(hog, NULL);
	while (begun < 2)
		procyield();
	release = true;
	while (sched.npidle < 2)
		procyield();
	if (!watched()) /* ThreadSanitizer has them wake now and then */
		wait_until_all_others_sleep();
}

/* One of them keeps the time. */
static void idle_ms_sleep_beside_a_timer(void)
{
	struct timer t = {0};

	timerstart(&t, HOUR, does_nothing, NULL);
	idle_ms_sleep();
	CHECK(timerstop(&t));
}

/* sysmon too, once nobody has a P. */
static void *waits(void *end)
{
	wait_until_all_others_sleep();
	CHECK(sched.sysmonwait);
	CHECK(write(*(int *)end, "x", 1) == 1);
	return NULL;
}

static void sysmon_sleeps(void)
{
	pthread_t thread;
	int to[2];
	char c;

	if (watched())
		return;
	CHECK(pipe(to) == 0 && pthread_create(&thread, NULL, waits, &to[1]) == 0);
	CHECK(g0_read(to[0], &c, 1) == 1);
	pthread_join(thread, NULL);
}

static _Atomic int met;

static void meets_another(void *unused)
{
	(void)unused;
	met++;
	while (met < 2)
		procyield();
}

/*
 * On three Ps: one M is in a hog, one sleeps, and what this one has in its queue it has told nobody
 * of. The hog ends; its M takes one of two Gs, and has to wake the other M for the second.
 */
static void who_finds_work_wakes_the_next(void)
{
	P *pp = getp();

	go(hog, NULL);
	while (begun < 1 || sched.npidle != 1 || sched.nmspinning != 0)
		procyield();
	runqput(pp, newproc1(pp, meets_another, NULL), false);
	runqput(pp, newproc1(pp, meets_another, NULL), false);
	release = true;
	while (met < 2)
		procyield();
}

/* What the runtime keeps of Ms and Ps: g0s run always, and no queue is overlooked. */
static void any_work_is_seen(void)
{
	P *pp = getp();
	G *gp;

	CHECK(getg()->m->g0->atomicstatus == Grunning);
	CHECK(!anywork());
	gp = newproc1(pp, does_nothing, NULL);
	runqput(pp, gp, false);
	CHECK(anywork());
	gosched();
	CHECK(!anywork());
	gp = newproc1(pp, does_nothing, NULL);
	lock(&sched.lock);
	globrunqput(gp);
	unlock(&sched.lock);
	CHECK(anywork());
	gosched();
	CHECK(!anywork());
}

static int length_of(const G *list)
{
	int n = 0;

	for (; list != NULL; list = list->schedlink)
		n++;
	return n;
}

/* Dead Gs: of many, half go to others, who take so many at once. */
static void dead_gs_are_shared(void)
{
	P *a = mallocz(sizeof *a), *b = mallocz(sizeof *b);
	G *gs = mallocz((GFREE_MAX + 1) * sizeof *gs);

	for (int i = 0; i < GFREE_MAX; i++)
		gfput(a, &gs[i]);
	CHECK(a->ngfree == GFREE_MAX / 2 && length_of(a->gfree) == a->ngfree);
	CHECK(length_of(sched.gfree) == GFREE_MAX / 2);
	gs[GFREE_MAX].schedlink = sched.gfree;
	sched.gfree = &gs[GFREE_MAX];
	CHECK(gfget(b) != NULL);
	CHECK(b->ngfree == GFREE_MAX / 2 - 1 && length_of(b->gfree) == b->ngfree);
	CHECK(length_of(sched.gfree) == 1);
}

const struct test idle_tests[] = {
	{"idle: Ms that have nothing to do sleep", idle_ms_sleep, true, "3"},
	{"idle: and so while there is a timer", idle_ms_sleep_beside_a_timer, true, "3"},
	{"idle: so does sysmon", sysmon_sleeps, true, "2"},
	{"idle: who finds work wakes the next", who_finds_work_wakes_the_next, true, "3"},
	{"idle: any work is seen", any_work_is_seen, true, "1"},
	{"idle: dead Gs are shared", dead_gs_are_shared, true, "1"},
	{0},
};
