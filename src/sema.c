/* SPDX-License-Identifier: MIT */
/*
 * sema.c - a semaphore that Gs wait at, not Ms, and the mutex made of it.
 *
 * What is released goes to the G that has waited longest, if any does, without ever being free:
 * nobody can overtake it. The lock is held for a few instructions; to park is to wait for the
 * rest.
 */
#include "runtime.h"

static void semacquire(struct sema *s, const char *reason)
{
	lock(&s->lock);
	if (s->n == 0) {
		gqueueput(&s->waiters, getg());
		gopark(parkunlock, &s->lock, reason);
		return;
	}
	s->n--;
	unlock(&s->lock);
}

static void semrelease(struct sema *s)
{
	G *gp;

	lock(&s->lock);
	gp = gqueueget(&s->waiters);
	if (gp == NULL)
		s->n++;
	unlock(&s->lock);
	if (gp != NULL)
		goready(gp);
}

/*
 * users counts who holds the mutex and who wants it. Only with more than one is there anything
 * to wait for: each unlock but the last releases one.
 */
void mutexlock(struct mutex *m)
{
	if (m == NULL)
		throw("mutexlock: m is NULL");
	if (atomic_fetch_add(&m->users, 1) != 0)
		semacquire(&m->sema, "mutex lock");
	preemptlook();
}

bool mutextrylock(struct mutex *m)
{
	uint32_t nobody = 0;
	bool free;

	if (m == NULL)
		throw("mutextrylock: m is NULL");
	free = atomic_compare_exchange_strong(&m->users, &nobody, 1);
	preemptlook();
	return free;
}

void mutexunlock(struct mutex *m)
{
	uint32_t users;

	if (m == NULL)
		throw("mutexunlock: m is NULL");
	users = atomic_fetch_sub(&m->users, 1);
	if (users == 0)
		throw("mutexunlock: of an unlocked mutex");
	if (users > 1)
		semrelease(&m->sema);
	preemptlook();
}
