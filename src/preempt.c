/* SPDX-License-Identifier: MIT */
/*
 * preempt.c - a G that keeps its M for long, while others wait, is made to yield it.
 *
 *   sysmon        finds a P that is in the same turn as 10 ms ago: preemptone notes that this
 *                 turn is to end, and sends the M a signal
 *   the handler   (os_linux.c) if it has interrupted the G between two instructions of the
 *                 program's own code, puts a call of asyncPreempt there, and returns into it
 *   asyncPreempt  keeps all registers on the G's stack; asyncPreempt2 goes through mcall, as
 *                 gosched does
 *   preemptlook   the same without a signal: what a G looks at as it leaves the runtime, at the
 *                 end of every call that can be made in a loop
 *
 * A turn is what a P does for one G, from schedule on, and for those that go on in its place since
 * it has readied them (runqget); schedtick counts them. What is asked for is the end of that one
 * (pp->preempt == pp->schedtick): so it has gone with the turn if that ends by itself, and nobody
 * need take it back.
 *
 * Only the program's own code is ever preempted. The runtime may hold a lock, or the M
 * that it has just looked up; libc keeps things by thread, and in malloc they are half done now
 * and then. Which code it is, the pc says: see arch/<arch>/text.S. A signal that comes elsewhere
 * is dropped. What it was for stands: the runtime sees it on the way out; libc comes back into the
 * program sooner or later, and sysmon sends the signal again. (For the thread sanitizer's library,
 * which takes most of the time of a loop, that is too rare: atomics.c.)
 *
 * While a program is stepped there is no sysmon. Who steps it sends the signal, and that it comes
 * is the request: the handler does what preemptone would have done before.
 */
#define _GNU_SOURCE
#include <ucontext.h>

#include "async.h"
#include "os.h"
#include "runtime.h"

/* Of the stack, below asyncPreempt: what mcall and those whom it calls may use. */
enum { CALLEES = STACK_SIZE / 32 };

_Atomic int64_t forcepreemptns = 10 * 1000 * 1000;

bool asyncpreempt;

LOOKS static bool programs(uintptr_t pc)
{
	return pc >= (uintptr_t)_start && pc < (uintptr_t)runtime_text;
}

/* Where libraries lie in the midst of the program, as they were linked before us: no signals. */
void preemptinit(void)
{
	asyncpreempt = !programs(oslibrary()) && asyncinit(ospatch) && ospreemptinit();
}

/* What another M has, just now: it may have something else at once, but no G or M is ever freed. */
LOOKS static G *running(P *pp, M **mp)
{
	*mp = *(M *volatile *)&pp->m;
	return *mp == NULL ? NULL : *(G *volatile *)&(*mp)->curg;
}

LOOKS uint32_t preemptturn(P *pp)
{
	return *(volatile uint32_t *)&pp->schedtick;
}

LOOKS void preemptone(P *pp)
{
	M *mp;
	G *gp = running(pp, &mp);

	if (gp == NULL)
		return;
	PROBE(preemptone, GOID(gp), ID(mp));
	atomic_store(&pp->preempt, preemptturn(pp));
	if (asyncpreempt && !stepped && atomic_load(&pp->status) == Prunning)
		ospreempt(mp->procid);
}

NOINLINE void gopreempt(void)
{
	G *gp = getg();

	if (gp == gp->m->g0 || gp->m->locks != 0)
		return;
	mcall(gopreempt_m);
}

/* Called by asyncPreempt: the handler has looked at all that gopreempt looks at. */
void asyncPreempt2(void)
{
	gopreempt();
}

LOOKS void preemptarrived(void)
{
	G *gp = getg();

	if (stepped && gp != NULL && gp->m != NULL && gp->m->p != NULL)
		preemptone(gp->m->p);
}

LOOKS bool asyncsafepoint(uintptr_t pc, uintptr_t sp)
{
	G *gp = getg();
	M *mp;

	if (gp == NULL || !programs(pc))
		return false;
	mp = gp->m;
	if (gp == mp->g0 || mp->curg != gp || mp->p == NULL || mp->locks != 0)
		return false;
	if (atomic_load(&gp->atomicstatus) != Grunning ||
		atomic_load(&mp->p->preempt) != mp->p->schedtick)
		return false;
	return sp <= gp->stack.hi && sp >= gp->stack.lo + ASYNC_ROOM + CALLEES;
}

void preemptpoint(void)
{
	preemptlook();
}

void preemptoff(void)
{
	getg()->m->locks++;
}

void preempton(void)
{
	M *mp = getg()->m;

	if (mp->locks == 0)
		throw("preempton: without preemptoff");
	if (--mp->locks == 0)
		preemptlook();
}
