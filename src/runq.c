/* SPDX-License-Identifier: MIT */
/*
 * runq.c - run queues: one a P, without a lock (runq.h), and the global one under sched.lock.
 */
#include "runq.h"

/* Whoever writes n has the queue's lock: no locked add, which would cost as much as the lock. */
static void setn(struct gqueue *q, int32_t n)
{
	atomic_store_explicit(&q->n, n, memory_order_relaxed);
}

void gqueueput(struct gqueue *q, G *gp)
{
	gp->schedlink = NULL;
	if (q->tail == NULL)
		q->head = gp;
	else
		q->tail->schedlink = gp;
	q->tail = gp;
	setn(q, q->n + 1);
}

G *gqueueget(struct gqueue *q)
{
	G *gp = q->head;

	if (gp == NULL)
		return NULL;
	q->head = gp->schedlink;
	if (q->head == NULL)
		q->tail = NULL;
	gp->schedlink = NULL;
	setn(q, q->n - 1);
	return gp;
}

/* ringget looks at slots in which no G has been yet. */
void ringinit(P *pp)
{
	static G nobody;

	for (uint32_t i = 0; i < NRUNQ; i++)
		setslot(pp, i, &nobody);
}

/*
 * The ring is full: move its older half and gp to the global queue. False: thieves have made
 * room meanwhile.
 */
static bool runqputslow(P *pp, G *gp)
{
	struct gqueue q = {0};
	G *batch[NRUNQ / 2];
	uint32_t h = atomic_load(&pp->runqhead);

	if (atomic_load(&pp->runqtail) - h < NRUNQ)
		return false;
	for (uint32_t i = 0; i < NRUNQ / 2; i++)
		batch[i] = slot(pp, h + i);
	if (!atomic_compare_exchange_strong(&pp->runqhead, &h, h + NRUNQ / 2))
		return false;
	for (uint32_t i = 0; i < NRUNQ / 2; i++)
		gqueueput(&q, batch[i]);
	gqueueput(&q, gp);
	lock(&sched.lock);
	globrunqputbatch(&q);
	unlock(&sched.lock);
	return true;
}

/* ringput, when it has said no. */
void runqputfull(P *pp, G *gp)
{
	while (!runqputslow(pp, gp) && !ringput(pp, gp))
		;
}

/*
 * Whether pp has nothing, at one instant. For anyone; runqput moves runnext to the tail, hence
 * the second look.
 */
bool runqempty(P *pp)
{
	for (;;) {
		uint32_t h = atomic_load(&pp->runqhead);
		uint32_t t = atomic_load(&pp->runqtail);
		G *next = atomic_load(&pp->runnext);
		if (t == atomic_load(&pp->runqtail))
			return h == t && next == NULL;
	}
}

/*
 * Take half of victim's ring into pp's, from slot t on, without moving pp's tail. Returns how
 * many.
 */
static uint32_t runqgrab(P *pp, uint32_t t, P *victim)
{
	for (;;) {
		uint32_t h = atomic_load(&victim->runqhead);
		uint32_t n = atomic_load(&victim->runqtail) - h;
		n -= n / 2;
		if (n > NRUNQ / 2)
			continue; /* h and tail are of different times */
		for (uint32_t i = 0; i < n; i++)
			setslot(pp, t + i, slot(victim, h + i));
		if (n == 0 || atomic_compare_exchange_strong(&victim->runqhead, &h, h + n))
			return n;
	}
}

/*
 * Steal from victim for pp, which the caller's M must hold with an empty queue: half of its
 * ring, or, if that is empty and takenext, its runnext. Returns one of the Gs, to run; the
 * others are in pp's queue. NULL: none.
 */
G *runqsteal(P *pp, P *victim, bool takenext)
{
	uint32_t t = atomic_load(&pp->runqtail);
	uint32_t n = runqgrab(pp, t, victim);
	G *gp;

	if (n == 0) {
		gp = takenext ? atomic_load(&victim->runnext) : NULL;
		if (gp == NULL || !atomic_compare_exchange_strong(&victim->runnext, &gp, NULL))
			return NULL;
		PROBE(runqsteal, ID(pp), ID(victim), 1);
		return gp;
	}
	PROBE(runqsteal, ID(pp), ID(victim), n);
	gp = slot(pp, t + n - 1);
	if (t + n - 1 - atomic_load(&pp->runqhead) >= NRUNQ)
		throw("runqsteal: the thief's ring overflows");
	atomic_store(&pp->runqtail, t + n - 1);
	return gp;
}

/* Put gp at the tail of the global queue. sched.lock must be held, here and below. */
void globrunqput(G *gp)
{
	PROBE(globrunqput, GOID(gp));
	gqueueput(&sched.runq, gp);
}

/* Put all of q at the tail of the global queue. */
void globrunqputbatch(struct gqueue *q)
{
	for (G *gp; (gp = gqueueget(q)) != NULL;)
		globrunqput(gp);
}

/*
 * Take a P's fair share of the global queue, at most max (0: as many as half a ring). Returns
 * one, to run; the others are in pp's queue, which the caller's M must hold. NULL: none.
 */
G *globrunqget(P *pp, int32_t max)
{
	int32_t n = sched.runq.n / gomaxprocs + 1;
	G *gp;

	if (n > sched.runq.n)
		n = sched.runq.n;
	if (max > 0 && n > max)
		n = max;
	if (n > NRUNQ / 2)
		n = NRUNQ / 2;
	if (n == 0)
		return NULL;
	gp = gqueueget(&sched.runq);
	PROBE(globrunqget, GOID(gp));
	while (--n > 0) {
		G *gp1 = gqueueget(&sched.runq);
		PROBE(globrunqget, GOID(gp1));
		runqput(pp, gp1, false);
	}
	return gp;
}
