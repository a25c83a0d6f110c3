/* SPDX-License-Identifier: MIT */
/*
 * chan.h - what chan.c and select.c share: how a channel is laid out and who waits on it.
 *
 * A G that waits on a channel stands in its queue with a sudog, on the G's own stack; one that
 * waits in a select has one in the queue of each case. Whoever takes a sudog from a queue, with
 * the channel's lock held, has the G to itself: it does the G's part of the sending and receiving
 * and makes it ready.
 */
#ifndef CHAN_H
#define CHAN_H

#include "runtime.h"

struct sudog {
	G *g;
	struct chan *c; /* where it waits */
	void *elem;     /* where the element is copied from or to */
	bool ok;        /* set by who takes it: an element went over; else the channel was closed */
	/* In a select, where all its sudogs note which was the first to be taken; else NULL. */
	_Atomic(struct sudog *) *fired;
	struct sudog *next, *prev;
};

struct waitq {
	struct sudog *first, *last;
};

struct chan {
	_Atomic uint32_t lock; /* guards all below, and the sudogs in the queues */
	bool closed;
	bool freed;      /* so it is closed and empty, too: whoever comes looks closer */
	size_t elemsize; /* once it is freed, malloc.c's */
	size_t dataqsiz; /* elements that fit */
	size_t qcount;   /* elements there */
	size_t sendx, recvx;
	struct waitq recvq, sendq;
	char buf[];
};
_Static_assert(offsetof(struct chan, buf) == sizeof(struct chan), "who looks from outside knows");

/* The cases of a select that have a channel, in both orders (select.c). */
struct select {
	int n;
	struct scase **pollorder, **lockorder;
	struct sudog *waiters; /* n of them, while the G waits */
};

void waitqput(struct waitq *q, struct sudog *s);
void waitqremove(struct waitq *q, struct sudog *s);

/*
 * Send or receive if that needs no waiting; false if it does. With c's lock held; afterwards
 * *wake, unless NULL, is to be made ready. *ok is chanrecv's result.
 */
bool sendlocked(struct chan *c, const void *elem, G **wake);
bool recvlocked(struct chan *c, void *elem, bool *ok, G **wake);

#endif
