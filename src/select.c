/* SPDX-License-Identifier: MIT */
/*
 * select.c - wait on several channels, until one of them can go on.
 *
 * All the channels are locked for as long as it takes to look at them, in the order of their
 * addresses, so that two selects cannot wait for each other's locks; and looked at in an order
 * drawn anew each time, so that no case starves another. If none can go on, the G stands in all
 * their queues at once, in that same order, for where several cases are of one channel. Whoever
 * comes first takes it, by CAS (waitqget in chan.c); back on its stack, it takes its other sudogs
 * out of the queues.
 */
#include "chan.h"

enum { MAXCASES = 256 };

/* Both orders are made by insertion. */
static void addcase(struct select *sel, struct scase *cs)
{
	int i = sel->n++;
	int j = (int)(fastrand(getg()->m) % (uint32_t)sel->n);

	sel->pollorder[i] = sel->pollorder[j];
	sel->pollorder[j] = cs;
	for (; i > 0 && (uintptr_t)sel->lockorder[i - 1]->c > (uintptr_t)cs->c; i--)
		sel->lockorder[i] = sel->lockorder[i - 1];
	sel->lockorder[i] = cs;
}

/* A channel may have several cases, next to each other in this order, and is locked once. */
static void sellock(const struct select *sel)
{
	for (int i = 0; i < sel->n; i++)
		if (i == 0 || sel->lockorder[i]->c != sel->lockorder[i - 1]->c)
			lock(&sel->lockorder[i]->c->lock);
}

/*
 * Also gopark's unlockf. With the last lock the G may be back, and sel gone: until then it could
 * not get past sellock, which begins with that one.
 */
static bool selunlock(G *gp, void *select)
{
	const struct select *sel = select;

	(void)gp;
	for (int i = sel->n; i-- > 0;)
		if (i == 0 || sel->lockorder[i]->c != sel->lockorder[i - 1]->c)
			unlock(&sel->lockorder[i]->c->lock);
	return true;
}

/* With the locks held: do the first case that can go on, and return it; NULL if none can. */
static struct scase *selpoll(const struct select *sel, G **wake)
{
	for (int i = 0; i < sel->n; i++) {
		struct scase *cs = sel->pollorder[i];
		cs->ok = true;
		if (cs->send ? sendlocked(cs->c, cs->elem, wake)
			     : recvlocked(cs->c, cs->elem, &cs->ok, wake))
			return cs;
	}
	return NULL;
}

static struct waitq *selqueue(const struct scase *cs)
{
	return cs->send ? &cs->c->sendq : &cs->c->recvq;
}

/* With the locks held, which are free afterwards: wait until a case has been done. */
static struct scase *selwait(struct select *sel)
{
	struct sudog waiters[sel->n];
	_Atomic(struct sudog *) fired = NULL;
	struct scase *cs;

	for (int i = 0; i < sel->n; i++) {
		cs = sel->pollorder[i];
		waiters[i] =
			(struct sudog){.g = getg(), .c = cs->c, .elem = cs->elem, .fired = &fired};
		waitqput(selqueue(cs), &waiters[i]);
	}
	sel->waiters = waiters;
	gopark(selunlock, sel, "select");
	sellock(sel);
	for (int i = 0; i < sel->n; i++)
		waitqremove(selqueue(sel->pollorder[i]), &waiters[i]);
	selunlock(NULL, sel);
	cs = sel->pollorder[fired - waiters];
	cs->ok = fired->ok;
	if (cs->send && !cs->ok)
		throw("selectgo: a channel was closed before anybody received");
	return cs;
}

/* With the cases in their orders, of which there are some. */
static struct scase *selectchans(struct select *sel, bool block)
{
	struct scase *cs;
	G *gp = NULL;

	sellock(sel);
	cs = selpoll(sel, &gp);
	if (cs == NULL && block)
		return selwait(sel);
	selunlock(NULL, sel);
	if (gp != NULL)
		goready(gp);
	return cs;
}

int selectgo(struct scase *cases, int n, bool block)
{
	struct scase *pollorder[n < 1 || n > MAXCASES ? 1 : n];
	struct scase *lockorder[n < 1 || n > MAXCASES ? 1 : n], *cs = NULL;
	struct select sel = {0, pollorder, lockorder, NULL};

	PROBE(selectgo, GOID(getg()), n);
	if (n < 0 || n > MAXCASES) {
		eprint("g0: %d cases\n", n);
		throw("selectgo: not 0 to 256 cases");
	}
	if (cases == NULL && n > 0)
		throw("selectgo: cases is NULL");
	for (int i = 0; i < n; i++)
		if (cases[i].c != NULL)
			addcase(&sel, &cases[i]);
	if (sel.n > 0)
		cs = selectchans(&sel, block);
	else if (block)
		gopark(NULL, NULL, "select (no cases)");
	preemptlook();
	return cs == NULL ? -1 : (int)(cs - cases);
}
