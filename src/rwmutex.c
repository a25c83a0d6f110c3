/* SPDX-License-Identifier: MIT */
/*
 * rwmutex.c - many readers or one writer, who take turns, so that neither starves: who comes to
 * read while a writer waits lets it go first; a writer that is done lets all readers in that
 * wait. Whoever unlocks counts those in that come next before they are awake, so nobody slips
 * in between.
 */
#include "runtime.h"

void rwmutexrlock(struct rwmutex *rw)
{
	if (rw == NULL)
		throw("rwmutexrlock: rw is NULL");
	lock(&rw->lock);
	if (rw->writing || rw->writers.head != NULL) {
		gqueueput(&rw->readers, getg());
		gopark(parkunlock, &rw->lock, "rwmutex rlock");
		return;
	}
	rw->reading++;
	unlock(&rw->lock);
	preemptlook();
}

/* The last reader lets one writer in. */
void rwmutexrunlock(struct rwmutex *rw)
{
	G *gp = NULL;

	if (rw == NULL)
		throw("rwmutexrunlock: rw is NULL");
	lock(&rw->lock);
	if (rw->reading == 0)
		throw("rwmutexrunlock: nobody reads");
	if (--rw->reading == 0)
		gp = gqueueget(&rw->writers);
	rw->writing = gp != NULL;
	unlock(&rw->lock);
	if (gp != NULL)
		goready(gp);
	preemptlook();
}

void rwmutexlock(struct rwmutex *rw)
{
	if (rw == NULL)
		throw("rwmutexlock: rw is NULL");
	lock(&rw->lock);
	if (rw->writing || rw->reading > 0) {
		gqueueput(&rw->writers, getg());
		gopark(parkunlock, &rw->lock, "rwmutex lock");
		return;
	}
	rw->writing = true;
	unlock(&rw->lock);
	preemptlook();
}

/* All readers that wait, or, without any, the next writer. */
void rwmutexunlock(struct rwmutex *rw)
{
	struct gqueue next;
	G *gp;

	if (rw == NULL)
		throw("rwmutexunlock: rw is NULL");
	lock(&rw->lock);
	if (!rw->writing)
		throw("rwmutexunlock: nobody writes");
	next = rw->readers;
	rw->readers = (struct gqueue){0};
	rw->reading = next.n;
	if (rw->reading == 0 && (gp = gqueueget(&rw->writers)) != NULL)
		gqueueput(&next, gp);
	rw->writing = rw->reading == 0 && next.head != NULL;
	unlock(&rw->lock);
	goreadyall(&next);
	preemptlook();
}
