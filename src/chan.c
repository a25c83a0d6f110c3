/* SPDX-License-Identifier: MIT */
/*
 * chan.c - channels: a queue of elements, of Gs that wait to receive and of Gs that wait to send.
 *
 * Invariant, while the lock is free: if a G waits to receive, the buffer is empty and nobody
 * waits to send; if a G waits to send, the buffer is full. So an element goes straight to a G
 * that waits for it, onto that G's stack, which is safe because a G that waits touches nothing;
 * and order is kept because the buffer is always older than those who wait to send.
 */
#include "runtime.h"

struct chan {
	_Atomic uint32_t lock; /* guards all below, and waitelem of the Gs in the queues */
	size_t elemsize;
	size_t dataqsiz; /* elements that fit */
	size_t qcount;   /* elements there */
	size_t sendx, recvx;
	struct gqueue recvq, sendq;
	char buf[];
};

/* A word wherever it lies. */
typedef uint64_t __attribute__((aligned(1), may_alias)) word;

static void copyelem(const struct chan *c, void *to, const void *from)
{
	size_t i = 0;

	for (; i + sizeof(word) <= c->elemsize; i += sizeof(word))
		*(word *)((char *)to + i) = *(const word *)((const char *)from + i);
	for (; i < c->elemsize; i++)
		((char *)to)[i] = ((const char *)from)[i];
}

struct chan *makechan(size_t elemsize, size_t n)
{
	struct chan *c;

	if (n != 0 && elemsize > SIZE_MAX / 2 / n)
		throw("makechan: too large");
	c = mallocz(sizeof *c + elemsize * n);
	c->elemsize = elemsize;
	c->dataqsiz = n;
	return c;
}

void chanfree(struct chan *c)
{
	if (c->recvq.head != NULL || c->sendq.head != NULL)
		throw("chanfree: somebody waits on the channel");
	mfree(c, sizeof *c + c->elemsize * c->dataqsiz);
}

/* At the tail of the buffer, which must have room. */
static void bufput(struct chan *c, const void *elem)
{
	copyelem(c, c->buf + c->sendx * c->elemsize, elem);
	c->sendx = c->sendx + 1 == c->dataqsiz ? 0 : c->sendx + 1;
	c->qcount++;
}

/* The head of the buffer, which must not be empty. */
static void bufget(struct chan *c, void *elem)
{
	copyelem(c, elem, c->buf + c->recvx * c->elemsize);
	c->recvx = c->recvx + 1 == c->dataqsiz ? 0 : c->recvx + 1;
	c->qcount--;
}

static bool chanparkcommit(G *gp, void *chanlock)
{
	(void)gp;
	unlock(chanlock);
	return true;
}

/* Wait in q, with the lock held until nobody can wake us too early. */
static void chanwait(struct chan *c, struct gqueue *q, void *elem, const char *reason)
{
	G *gp = getg();

	gp->waitelem = elem;
	gqueueput(q, gp);
	gopark(chanparkcommit, &c->lock, reason);
}

void chansend(struct chan *c, const void *elem)
{
	G *gp;

	PROBE(chansend, getg()->goid, c);
	lock(&c->lock);
	gp = gqueueget(&c->recvq);
	if (gp == NULL && c->qcount == c->dataqsiz) {
		chanwait(c, &c->sendq, (void *)(uintptr_t)elem, "chan send");
		return;
	}
	if (gp != NULL)
		copyelem(c, gp->waitelem, elem);
	else
		bufput(c, elem);
	unlock(&c->lock);
	if (gp != NULL)
		goready(gp);
}

void chanrecv(struct chan *c, void *elem)
{
	G *gp;

	PROBE(chanrecv, getg()->goid, c);
	lock(&c->lock);
	gp = gqueueget(&c->sendq);
	if (gp == NULL && c->qcount == 0) {
		chanwait(c, &c->recvq, elem, "chan receive");
		return;
	}
	if (c->qcount == 0)
		copyelem(c, elem, gp->waitelem);
	else
		bufget(c, elem);
	if (gp != NULL && c->dataqsiz != 0)
		bufput(c, gp->waitelem);
	unlock(&c->lock);
	if (gp != NULL)
		goready(gp);
}
