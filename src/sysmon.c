/* SPDX-License-Identifier: MIT */
/*
 * sysmon.c - the M that runs no Gs: looks from time to time for Ps whose Ms are kept in a system
 * call, and gives them to others; and for Gs that keep a P while others wait, and has them
 * preempted.
 *
 * It has a thread and a g0 but never a P, and is not counted among the Ms that could run
 * something (sched.nmsys). Its thread is started with the second G, or by the first system call or
 * timer: a program without these has no use for it. While the program is stepped there is no
 * sysmon, since it goes by the clock; a P then waits for the system call or the G that has it.
 */
#include "os.h"
#include "runtime.h"

/*
 * How long it sleeps while any P is busy, in microseconds: MIN if it found anything in the last
 * EAGER looks, or has asked a G to yield: the signal may have come while that was in libc, and
 * has to come again. After EAGER times that G counts as one that cannot yield, and is asked only
 * every AGAIN microseconds, since a signal costs it some. At MAX, a turn may be seen so much later
 * than it began, and end as much later than its 10 ms: others wait for 20 then.
 */
enum { MIN = 20, MAX = 5 * 1000, EAGER = 50, AGAIN = 1000 };

static _Atomic bool started; /* or never to be; set under sched.lock */

void sysmoninit(void)
{
	started = stepped;
}

/*
 * Give pp to an M that can use it, if it is still in its system call. Whose call that was may be
 * back before somebody has it, and go to sleep as the last M that is awake, but for us.
 */
static void handover(P *pp)
{
	sysmonawake(true);
	if (retakep(pp))
		handoffp(pp);
	sysmonawake(false);
}

/*
 * Take the Ps that are in the same system call as at the last look. Returns whether any P is in
 * one.
 */
static bool retake(void)
{
	bool any = false;

	for (int32_t i = 0; i < gomaxprocs; i++) {
		P *pp = allp[i];
		uint32_t tick = atomic_load(&pp->syscalltick);
		if (atomic_load(&pp->status) != Psyscall)
			continue;
		any = true;
		if (tick == pp->sysmontick)
			handover(pp);
		pp->sysmontick = tick;
	}
	return any;
}

/* Whether pp has been in the same turn for too long. In a system call that is a turn too. */
static bool overdue(P *pp, int64_t now)
{
	uint32_t turn = preemptturn(pp);

	if (turn == pp->sysmonturn && atomic_load(&pp->status) != Pidle)
		return now - pp->sysmonwhen >= forcepreemptns;
	pp->sysmonturn = turn;
	pp->sysmonwhen = now;
	return false;
}

/*
 * Have those preempted who keep others waiting, be it in a queue or for a timer that is due: it is
 * who looks for a G that lets it go off. Returns whether there is anybody.
 */
static bool preemptlong(void)
{
	const int64_t now = nanotime();
	const bool waiting = anywork() || firsttimer <= now;
	bool any = false;

	for (int32_t i = 0; i < gomaxprocs; i++) {
		if (!overdue(allp[i], now) || !waiting)
			continue;
		any = true;
		preemptone(allp[i]);
	}
	return any;
}

void sysmonwake(void)
{
	sched.sysmonwait = false;
	notewakeup(&sched.sysmonnote);
}

/* Sleep while all Ps are idle: there is nothing to look at. Returns whether that was so. */
static bool sleepwhileidle(void)
{
	bool waits;

	lock(&sched.lock);
	waits = sched.sysmonwait = sched.npidle == gomaxprocs;
	unlock(&sched.lock);
	if (waits) {
		notesleep(&sched.sysmonnote);
		noteclear(&sched.sysmonnote);
	}
	return waits;
}

/* What this M does instead of scheduling. Never returns. */
static void sysmon(void)
{
	uint32_t idle = 0, asked = 0, delay = MIN;

	for (;;) {
		ossleep(delay);
		if (delay >= MAX && sleepwhileidle())
			idle = 0;
		idle = retake() ? 0 : idle + 1;
		if (idle < EAGER)
			delay = MIN;
		else if (delay < MAX)
			delay *= 2;
		asked = preemptlong() ? asked + 1 : 0;
		if (asked > 0)
			delay = asked < EAGER ? MIN : AGAIN;
	}
}

/* On g0, as a thread is started. */
static void sysmonstart_m(void *unused)
{
	M *mp = NULL;

	(void)unused;
	lock(&sched.lock);
	if (!started) {
		mp = allocm(stackalloc());
		mp->mstartfn = sysmon;
		sched.nmsys++;
		started = true;
	}
	unlock(&sched.lock);
	if (mp != NULL)
		newm(mp);
}

void sysmonstart(void)
{
	if (!started)
		systemstack(sysmonstart_m, NULL);
}
