/* SPDX-License-Identifier: MIT */
/*
 * chan.c - channels: a queue of elements, of Gs that wait to receive and of Gs that wait to send.
 *
 * Invariant, while the lock is free: if a G waits to receive, the buffer is empty and nobody
 * waits to send; if a G waits to send, the buffer is full; if the channel is closed, nobody
 * waits. (One G may stand in both queues: a select that would do either. It serves others, never
 * itself.) So an element goes straight to a G that waits for it, onto that G's stack, which is
 * safe because a G that waits touches nothing; and order is kept because the buffer is always
 * older than those who wait to send.
 */
#include "chan.h"

/* A word wherever it lies. */
typedef uint64_t __attribute__((aligned(1), may_alias)) word;

/* to may be NULL: nobody wants to know. */
static INLINE void copyelem(const struct chan *c, void *to, const void *from)
{
	size_t i = 0;

	if (to == NULL)
		return;
	for (; i + sizeof(word) <= c->elemsize; i += sizeof(word))
		*(word *)((char *)to + i) = *(const word *)((const char *)from + i);
	for (; i < c->elemsize; i++)
		((char *)to)[i] = ((const char *)from)[i];
}

static void zeroelem(const struct chan *c, void *elem)
{
	for (size_t i = 0; elem != NULL && i < c->elemsize; i++)
		((char *)elem)[i] = 0;
}

struct chan *makechan(size_t elemsize, size_t n)
{
	struct chan *c;

	/* One that is not kept in the buffer is copied all the same. */
	if (elemsize > (MAXALLOC - sizeof *c) / (n != 0 ? n : 1)) {
		eprint("g0: %U elements of %U bytes; a channel has room for %D MiB\n", n, elemsize,
			(int64_t)MAXALLOC >> 20);
		throw("makechan: too large");
	}
	c = mallocz(sizeof *c + elemsize * n);
	c->elemsize = elemsize;
	c->dataqsiz = n;
	preemptlook();
	return c;
}

void chanfree(struct chan *c)
{
	if (c == NULL)
		throw("chanfree: of a nil channel");
	if (c->freed)
		throw("chanfree: of a freed channel");
	if (c->recvq.first != NULL || c->sendq.first != NULL)
		throw("chanfree: somebody waits on the channel");
	c->freed = c->closed = true;
	c->qcount = 0;
	mfree(c, sizeof *c + c->elemsize * c->dataqsiz);
	preemptlook();
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

void waitqput(struct waitq *q, struct sudog *s)
{
	s->next = NULL;
	s->prev = q->last;
	if (q->last == NULL)
		q->first = s;
	else
		q->last->next = s;
	q->last = s;
}

/* Does nothing if s has been taken already. */
INLINE void waitqremove(struct waitq *q, struct sudog *s)
{
	if (s->prev == NULL && q->first != s)
		return;
	if (s->prev == NULL)
		q->first = s->next;
	else
		s->prev->next = s->next;
	if (s->next == NULL)
		q->last = s->prev;
	else
		s->next->prev = s->prev;
	s->next = s->prev = NULL;
}

/* The first whose G can still be taken: a select may have been served on another channel. */
static INLINE struct sudog *waitqget(struct waitq *q)
{
	struct sudog *s;

	while ((s = q->first) != NULL) {
		struct sudog *nobody = NULL;
		waitqremove(q, s);
		if (s->fired == NULL || atomic_compare_exchange_strong(s->fired, &nobody, s))
			return s;
	}
	return NULL;
}

INLINE bool sendlocked(struct chan *c, const void *elem, G **wake)
{
	struct sudog *s;

	*wake = NULL;
	if (c->closed)
		throw(c->freed ? "chansend: on a freed channel" : "chansend: on a closed channel");
	if (elem == NULL && c->elemsize != 0)
		throw("chansend: of no element: elem is NULL");
	s = waitqget(&c->recvq);
	if (s != NULL) {
		copyelem(c, s->elem, elem);
		s->ok = true;
		*wake = s->g;
		return true;
	}
	if (c->qcount == c->dataqsiz)
		return false;
	bufput(c, elem);
	return true;
}

INLINE bool recvlocked(struct chan *c, void *elem, bool *ok, G **wake)
{
	struct sudog *s = waitqget(&c->sendq);

	*wake = NULL;
	*ok = s != NULL || c->qcount != 0;
	if (!*ok) {
		if (!c->closed)
			return false;
		if (c->freed)
			throw("chanrecv: from a freed channel");
		zeroelem(c, elem);
		return true;
	}
	if (c->qcount == 0)
		copyelem(c, elem, s->elem);
	else
		bufget(c, elem);
	if (s != NULL) {
		if (c->dataqsiz != 0)
			bufput(c, s->elem);
		s->ok = true;
		*wake = s->g;
	}
	return true;
}

/*
 * Wait in q, with the lock held until nobody can wake us too early. Whether an element went
 * over; if not, the channel was closed.
 */
RESUMED static bool chanwait(struct chan *c, struct waitq *q, void *elem, const char *reason)
{
	struct sudog s = {.g = getg(), .c = c, .elem = elem};

	waitqput(q, &s);
	gopark(parkunlock, &c->lock, reason);
	return s.ok;
}

static INLINE void wakeup(G *gp)
{
	if (gp != NULL)
		goready(gp);
}

RESUMED void chansend(struct chan *c, const void *elem)
{
	G *gp;

	PROBE(chansend, GOID(getg()), c);
	if (c == NULL)
		gopark(NULL, NULL, "chan send (nil chan)");
	lock(&c->lock);
	if (!sendlocked(c, elem, &gp)) {
		if (!chanwait(c, &c->sendq, (void *)(uintptr_t)elem, "chan send"))
			throw("chansend: the channel was closed before anybody received");
		return;
	}
	unlock(&c->lock);
	wakeup(gp);
	preemptlook();
}

RESUMED bool chanrecv(struct chan *c, void *elem)
{
	bool ok;
	G *gp;

	PROBE(chanrecv, GOID(getg()), c);
	if (c == NULL)
		gopark(NULL, NULL, "chan receive (nil chan)");
	lock(&c->lock);
	if (!recvlocked(c, elem, &ok, &gp))
		return chanwait(c, &c->recvq, elem, "chan receive");
	unlock(&c->lock);
	wakeup(gp);
	preemptlook();
	return ok;
}

bool chantrysend(struct chan *c, const void *elem)
{
	bool done;
	G *gp;

	PROBE(chansend, GOID(getg()), c);
	if (c == NULL)
		return false;
	lock(&c->lock);
	done = sendlocked(c, elem, &gp);
	unlock(&c->lock);
	wakeup(gp);
	preemptlook();
	return done;
}

bool chantryrecv(struct chan *c, void *elem, bool *ok)
{
	bool done, received;
	G *gp;

	PROBE(chanrecv, GOID(getg()), c);
	if (c == NULL)
		return false;
	lock(&c->lock);
	done = recvlocked(c, elem, &received, &gp);
	unlock(&c->lock);
	if (ok != NULL)
		*ok = received;
	wakeup(gp);
	preemptlook();
	return done;
}

/* A G that waited to send learns of it when it runs, and ends the process. */
void chanclose(struct chan *c)
{
	struct gqueue gs = {0};
	struct sudog *s;

	PROBE(chanclose, GOID(getg()), c);
	if (c == NULL)
		throw("chanclose: of a nil channel");
	lock(&c->lock);
	if (c->closed)
		throw(c->freed ? "chanclose: of a freed channel"
			       : "chanclose: of a closed channel");
	c->closed = true;
	while ((s = waitqget(&c->recvq)) != NULL) {
		zeroelem(c, s->elem);
		gqueueput(&gs, s->g);
	}
	while ((s = waitqget(&c->sendq)) != NULL)
		gqueueput(&gs, s->g);
	unlock(&c->lock);
	goreadyall(&gs);
	preemptlook();
}
