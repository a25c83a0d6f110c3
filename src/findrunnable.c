/* SPDX-License-Identifier: MIT */
/*
 * findrunnable.c - where the next G comes from: a timer, the P's own queue, the global queue,
 * another P's queue; else sleep.
 *
 * An M that looks at other Ps' queues spins: it is counted in sched.nmspinning, and while
 * anybody is, a new G wakes nobody, since a spinning M will find it. The promise is kept by the
 * order of things: the M that puts a G looks at nmspinning afterwards (wakep); the M that stops
 * spinning looks at all queues afterwards (giveup).
 */
#include "runq.h"

/* ROUNDS is small because an M that is stepped alone goes through all of them. */
enum { FAIR = 61, ROUNDS = 4 };

uint32_t fastrand(M *mp)
{
	uint32_t x = mp->fastrand;
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return mp->fastrand = x;
}

static G *globrunqgetlocked(P *pp, int32_t max)
{
	G *gp;

	if (sched.runq.n == 0)
		return NULL;
	lock(&sched.lock);
	gp = globrunqget(pp, max);
	unlock(&sched.lock);
	return gp;
}

/*
 * Now it is the turn of those who could wait for ever: by turns of the global queue, behind a P's
 * own, and of the head of the ring, behind two Gs that ready each other through runnext. (These are
 * preempted after their time, as in Go; but not while the program is stepped.) NULL: nobody
 * waits there.
 */
static G *findfair(P *pp)
{
	G *gp = pp->ringsturn ? runqgethead(pp) : globrunqgetlocked(pp, 1);

	pp->fairtick = pp->schedtick + FAIR;
	pp->ringsturn = !pp->ringsturn;
	return gp;
}

/* A G without looking at other Ps. */
static G *findlocal(P *pp, bool *inherits)
{
	G *gp = NULL;

	if (fairturn(pp))
		gp = findfair(pp);
	if (gp == NULL)
		gp = runqget(pp, inherits);
	return gp != NULL ? gp : globrunqgetlocked(pp, 0);
}

static void startspinning(M *mp)
{
	mp->spinning = true;
	atomic_fetch_add(&sched.nmspinning, 1);
}

static void stopspinning(M *mp)
{
	mp->spinning = false;
	if (atomic_fetch_sub(&sched.nmspinning, 1) <= 0)
		throw("stopspinning: nobody was counted");
}

/*
 * A G from another P. At most half of the busy Ps' worth of Ms spin; others do not try. The
 * runnext of a P goes last.
 */
static G *stealwork(M *mp)
{
	if (!mp->spinning) {
		if (2 * sched.nmspinning >= gomaxprocs - sched.npidle)
			return NULL;
		startspinning(mp);
	}
	for (int round = 0; round < ROUNDS; round++) {
		uint32_t first = fastrand(mp) % (uint32_t)gomaxprocs;
		for (uint32_t i = 0; i < (uint32_t)gomaxprocs; i++) {
			P *victim = allp[(first + i) % (uint32_t)gomaxprocs];
			G *gp = victim == mp->p ? NULL
						: runqsteal(mp->p, victim, round == ROUNDS - 1);
			if (gp != NULL)
				return gp;
		}
		procyield();
	}
	return NULL;
}

bool anywork(void)
{
	for (int32_t i = 0; i < gomaxprocs; i++)
		if (!runqempty(allp[i]))
			return true;
	return sched.runq.n > 0;
}

/* Whether there is work and a P to do it with; if so the M spins with it. */
static bool lookagain(M *mp)
{
	P *pp;

	if (!anywork())
		return false;
	lock(&sched.lock);
	pp = pidleget();
	unlock(&sched.lock);
	if (pp == NULL)
		return false;
	acquirep(pp);
	startspinning(mp);
	return true;
}

/*
 * Nothing found. A G that has come into the global queue meanwhile; else give the P up and
 * sleep: NULL once the M has one again, or if a timer has gone off.
 */
static G *giveup(M *mp)
{
	G *gp;

	if (firsttimer != NEVER && runtimers())
		return NULL;
	lock(&sched.lock);
	gp = globrunqget(mp->p, 0);
	if (gp == NULL)
		pidleput(releasep());
	unlock(&sched.lock);
	if (gp != NULL)
		return gp;
	if (mp->spinning) {
		stopspinning(mp);
		if (lookagain(mp))
			return NULL;
	}
	stopm();
	return NULL;
}

/*
 * The next G to run, where schedule does not find it by itself; sleeps until there is one. On g0,
 * with a P; the P may be another afterwards. *inherits: as runqget's.
 *
 * Whether the M is as it should be is looked at here and not in schedule: each comes by once in a
 * while.
 */
NOINLINE G *findrunnable(bool *inherits)
{
	M *mp = getm();
	G *gp;

	if (mp->g0 != getg() || mp->curg != NULL || mp->p == NULL)
		throw("findrunnable: not on g0, with a G, or without a P");
	*inherits = false;
	do {
		if (firsttimer != NEVER)
			checktimers(mp->p);
		gp = findlocal(mp->p, inherits);
		if (gp == NULL)
			gp = stealwork(mp);
		if (gp == NULL)
			gp = giveup(mp);
	} while (gp == NULL);

	/* There is work: if this was the last M looking for some, another should. */
	if (mp->spinning) {
		stopspinning(mp);
		wakep();
	}
	return gp;
}
