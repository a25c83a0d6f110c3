/* SPDX-License-Identifier: MIT */
/*
 * runq.h - a P's run queue, what every switch does with it: inlined, since a call would cost one of
 * a switch's eleven nanoseconds. The rarer operations are in runq.c.
 *
 * The queue is a ring. Only the M that holds the P moves the tail; whoever takes, the holder or a
 * thief, moves the head by CAS (but see takehead), and has the Gs only once that has succeeded.
 * Before the ring, runnext holds the G that was readied last: most often the one to which the
 * running G has just handed something.
 *
 * runnext and the head are sequentially consistent: whoever readies a G puts it into runnext and
 * looks next at who is idle (wakep), and whoever goes idle looks next at the queues (giveup), so
 * one of the two sees the other. The tail is only released, which is all that a thief needs to
 * see the slots below it: what the holder puts there it will come to itself.
 */
#ifndef RUNQ_H
#define RUNQ_H

#include "runtime.h"

enum { NRUNQ = sizeof(((P *)0)->runq) / sizeof(((P *)0)->runq[0]) };

static INLINE G *slot(P *pp, uint32_t i)
{
	return atomic_load_explicit(&pp->runq[i % NRUNQ], memory_order_relaxed);
}

static INLINE void setslot(P *pp, uint32_t i, G *gp)
{
	atomic_store_explicit(&pp->runq[i % NRUNQ], gp, memory_order_relaxed);
}

/*
 * At the tail of pp's ring, with all that was done to the G before; the caller's M must hold pp.
 * False: it is full.
 */
static INLINE bool ringput(P *pp, G *gp)
{
	uint32_t h = atomic_load(&pp->runqhead);
	uint32_t t = atomic_load_explicit(&pp->runqtail, memory_order_relaxed);

	if (__builtin_expect(t - h >= NRUNQ, 0))
		return false;
	setslot(pp, t, gp);
	atomic_store_explicit(&pp->runqtail, t + 1, memory_order_release);
	return true;
}

/*
 * Move the head from h to h + 1. False: it is not at h any more, and h says where it is. With one P
 * there are no thieves, and no CAS is needed, which would be half a nanosecond of a yield.
 */
static INLINE bool takehead(P *pp, uint32_t *h)
{
	if (gomaxprocs == 1) {
		atomic_store_explicit(&pp->runqhead, *h + 1, memory_order_release);
		return true;
	}
	return atomic_compare_exchange_weak(&pp->runqhead, h, *h + 1);
}

/*
 * The head of pp's ring; the caller's M must hold pp. False: it is empty.
 *
 * The G after it, and where its registers lie, are not in the cache any more if there are many:
 * they are fetched while this one runs. It may be another's by then, or gone, but there is one in
 * every slot (ringinit).
 */
static INLINE bool ringget(P *pp, G **gp)
{
	uint32_t h = atomic_load(&pp->runqhead);

	do {
		if (h == atomic_load_explicit(&pp->runqtail, memory_order_relaxed))
			return false;
		*gp = slot(pp, h);
	} while (__builtin_expect(!takehead(pp, &h), 0));
	fetchstack(slot(pp, h + 1));
	return true;
}

/*
 * Put gp into pp's queue: at the tail, or, next, into runnext, from where the G before goes to
 * the tail. The caller's M must hold pp, here and below.
 */
static INLINE void runqput(P *pp, G *gp, bool next)
{
	PROBE(runqput, ID(pp), GOID(gp));
	if (next) {
		gp = atomic_exchange(&pp->runnext, gp);
		if (gp == NULL)
			return;
	}
	if (__builtin_expect(!ringput(pp, gp), 0))
		runqputfull(pp, gp);
}

/* Take the head of the ring, whatever runnext holds. NULL: it is empty. */
static INLINE G *runqgethead(P *pp)
{
	G *gp;

	if (!ringget(pp, &gp))
		return NULL;
	PROBE(runqget, ID(pp), GOID(gp));
	return gp;
}

/*
 * Take runnext, else the head of the ring. NULL: there is neither. *inherits is set if it is
 * runnext: such a G goes on in the turn of the one that has readied it. Else two that ready each
 * other would have a new turn each time, and be taken for Gs that never run for long. All the same
 * it brings the fair turn nearer.
 */
static INLINE G *runqget(P *pp, bool *inherits)
{
	G *gp = atomic_load(&pp->runnext);

	/* Only the holder fills runnext, so if the CAS fails a thief has it, and it stays empty. */
	if (__builtin_expect(gp == NULL, 1) ||
		!atomic_compare_exchange_strong(&pp->runnext, &gp, NULL))
		return runqgethead(pp);
	PROBE(runqget, ID(pp), GOID(gp));
	pp->fairtick--;
	*inherits = true;
	return gp;
}

/* Whether pp's turn is that of those who wait longest. */
static INLINE bool fairturn(const P *pp)
{
	return (int32_t)(pp->schedtick - pp->fairtick) >= 0;
}

#endif
