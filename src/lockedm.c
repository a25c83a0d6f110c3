/* SPDX-License-Identifier: MIT */
/*
 * lockedm.c - a G and an M that have only each other: lockosthread.
 *
 * Whoever takes a G out of a queue that is locked to another M gives that M its P, and sleeps
 * itself (startlockedm). An M whose G is locked to it runs nothing else: when the G yields it,
 * the M gives its P to whoever has work, and sleeps until it is given one for its G
 * (stoplockedm). Both are in m.c.
 */
#include "runtime.h"

void dolockosthread(void)
{
	G *gp = getg();
	M *mp = gp->m;

	if (gp == mp->g0)
		throw("lockosthread: on g0");
	if (mp->nlocked++ > 0)
		return;
	lookfurther++;
	mp->lockedg = gp;
	mp->locked = true;
	gp->lockedm = mp;
	gp->locked = true;
}

void lockosthread(void)
{
	dolockosthread();
	preemptlook();
}

static void unlockg(G *gp)
{
	M *mp = gp->lockedm;

	lookfurther--;
	mp->lockedg = NULL;
	mp->locked = false;
	gp->lockedm = NULL;
	gp->locked = false;
}

void dounlockosthread(void)
{
	G *gp = getg();
	M *mp = gp->m;

	if (gp->lockedm == NULL)
		throw("unlockosthread: not locked");
	if (--mp->nlocked == 0)
		unlockg(gp);
}

void unlockosthread(void)
{
	dounlockosthread();
	preemptlook();
}

/* gp, which is locked to this M, has ended. On g0. */
void unlockdead(G *gp)
{
	M *mp = gp->lockedm;

	if (mp->ncallbacks > 0)
		throw("goexit: in a callback, to which C waits to return");
	mp->nlocked = 0;
	unlockg(gp);
}
