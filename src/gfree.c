/* SPDX-License-Identifier: MIT */
/*
 * gfree.c - every G there is (allgs), and those of them that are dead, kept with their stacks
 * for the next newproc.
 *
 * Each P has some dead Gs, taken without a lock; between Ps they travel in batches by way
 * of sched.gfree.
 */
#include "runtime.h"

enum { BATCH = GFREE_MAX / 2, NALLGS = 64 };

G **allgs;
_Atomic int32_t allglen;
static int32_t allgcap;

/* pp has many: some for the others. */
void gfputmany(P *pp)
{
	G *gp;

	lock(&sched.lock);
	while (pp->ngfree > BATCH) {
		gp = pp->gfree;
		pp->gfree = gp->schedlink;
		pp->ngfree--;
		gp->schedlink = sched.gfree;
		sched.gfree = gp;
	}
	unlock(&sched.lock);
}

/* pp has none: some of the others'. */
void gfgetmany(P *pp)
{
	G *gp;

	lock(&sched.lock);
	while (pp->ngfree < BATCH && (gp = sched.gfree) != NULL) {
		sched.gfree = gp->schedlink;
		gp->schedlink = pp->gfree;
		pp->gfree = gp;
		pp->ngfree++;
	}
	unlock(&sched.lock);
}

/*
 * Readers without the lock see either array whole: the new one is published when it is filled,
 * and the old one is kept, because a signal handler (prof.c) may be reading it.
 */
static void allgsgrow(void)
{
	int32_t cap = allgcap == 0 ? NALLGS : 2 * allgcap;
	G **was = allgs, **grown = mallocz((size_t)cap * sizeof *grown);

	for (int32_t i = 0; i < allglen; i++)
		grown[i] = was[i];
	allgs = grown;
	allgcap = cap;
}

/* malg's work, on g0. */
static void malg_m(void *made)
{
	G *gp = mallocz(sizeof *gp);

	gp->stack = stackalloc();
	casgstatus(gp, Gidle, Gdead);
	lock(&sched.lock);
	if (allglen == allgcap)
		allgsgrow();
	allgs[allglen] = gp;
	allglen++;
	unlock(&sched.lock);
	*(G **)made = gp;
}

/*
 * A G that never was before, dead, with a stack. Made on g0: the G that wants it may have
 * little left of its own.
 */
G *malg(void)
{
	G *gp;

	/* With a second G there is one that could keep the other waiting. */
	if (mainstarted)
		sysmonstart();
	systemstack(malg_m, &gp);
	return gp;
}
