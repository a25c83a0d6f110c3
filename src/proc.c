/* SPDX-License-Identifier: MIT */
/*
 * proc.c - the life of a G: newproc, execute, gosched, goyield, gopark and goready, goexit.
 *
 *                       newproc                    execute                  goexit
 *   Gidle ──▶ Gdead ─────────────▶ Grunnable ◀──────────────▶ Grunning ─────────────▶ Gdead
 *                                      ▲            gosched      │
 *                                      └──────── Gwaiting ◀──────┘
 *                                        goready            gopark
 *
 * Whoever changes a status to Grunning owns the G's stack, until it changes it back; gp->m says
 * which M that is. A G gives its stack up from g0: gosched, gopark and goexit call mcall, which
 * changes to g0's stack, and there gosched_m, park_m and goexit0 change the status, part with
 * the G (dropg) and look for another (schedule), which they resume (execute). None of them
 * returns: the next mcall starts again at the top of g0's stack. After the status has changed,
 * any M may run the G, before we are in schedule.
 *
 * Where the next G comes from: findrunnable.c. Who runs it: m.c.
 */
#include "runq.h"

_Alignas(64) struct sched sched;
_Thread_local struct G *tls_g; /* the current G, for getg and the assembly */
_Thread_local struct M *tls_m; /* this thread's M, for getm */

/* Read at every turn of every M, so in a cache line of its own, which seldom changes. */
_Alignas(64) _Atomic int32_t lookfurther;

static NOINLINE void badstatus(G *gp, uint32_t was, uint32_t from, uint32_t to)
{
	if (was == Gsyscall && from == Grunning) {
		eprint("g0: G%D (fn %p)\n", gp->goid, gp->startfn);
		throw("yielded its M, or ended, between entersyscall and exitsyscall");
	}
	eprint("g0: G%D has status %d, not %d, and cannot get %d\n", gp->goid, was, from, to);
	throw("casgstatus: not the status expected");
}

/*
 * gp's status must be `from`; change it. In Go an atomic compare-and-swap, as the collector marks
 * statuses too; here a load and a store, since only one M at a time may change it.
 */
INLINE void casgstatus(G *gp, uint32_t from, uint32_t to)
{
	uint32_t was = atomic_load_explicit(&gp->atomicstatus, memory_order_acquire);

	if (was != from)
		badstatus(gp, was, from, to);
	atomic_store_explicit(&gp->atomicstatus, to, memory_order_release);
	PROBE(casgstatus, GOID(gp), from, to);
}

/* One G more, or one less. Only pp's holder writes, so this need not be one step. */
static void countg(P *pp, int32_t n)
{
	int64_t ngs = atomic_load_explicit(&pp->ngs, memory_order_relaxed);

	atomic_store_explicit(&pp->ngs, ngs + n, memory_order_relaxed);
}

/*
 * A new runnable G that will call fn(arg), in no queue yet. On a G's stack, or on g0; the caller's
 * M must hold pp.
 */
INLINE G *newproc1(P *pp, void (*fn)(void *), void *arg)
{
	G *gp = gfget(pp);

	if (gp == NULL)
		gp = malg();
	gp->goid = atomic_fetch_add(&sched.goidgen, 1) + 1;
	gp->startfn = fn;
	gp->startarg = arg;
	gp->waitreason = NULL;
	gp->sched.pc = (uintptr_t)gostart + PCQUANTUM;
	gp->sched.sp = fiber_new(gp);
	gp->sched.bp = 0;
	gp->sched.g = gp;
	countg(pp, 1);
	PROBE(newproc, GOID(gp), fn);
	casgstatus(gp, Gdead, Grunnable);
	return gp;
}

/* The same, in the queue of this M's P. */
G *newproc(void (*fn)(void *), void *arg)
{
	P *pp = getp();
	G *gp = newproc1(pp, fn, arg);

	runqput(pp, gp, true);
	wakep();
	return gp;
}

void go(void (*fn)(void *arg), void *arg)
{
	if (fn == NULL)
		throw("go: fn is NULL");
	newproc(fn, arg);
	preemptlook();
}

int64_t goid(void)
{
	int64_t id = getg()->goid;

	preemptlookanywhere();
	return id;
}

/* Those of callbacks by foreign threads begin and end without a P. */
int64_t numgoroutine(void)
{
	int64_t n = sched.nlent;

	for (int32_t i = 0; i < gomaxprocs; i++)
		n += atomic_load_explicit(&allp[i]->ngs, memory_order_relaxed);
	preemptlookanywhere();
	return n;
}

int32_t numprocs(void)
{
	preemptlookanywhere();
	return gomaxprocs;
}

/*
 * Resume gp, which nobody but the caller knows any longer, or which is locked to this M. On g0,
 * with a P. Never returns.
 */
NOINLINE void execute(G *gp)
{
	M *mp = getm();

	if (gp->m != NULL) {
		eprint("g0: M%d, G%D\n", mp->id, gp->goid);
		throw("execute: the G has an M");
	}
	mp->curg = gp;
	gp->m = mp;
	casgstatus(gp, Grunnable, Grunning);
	PROBE(execute, GOID(gp), ID(mp));
	gogo(&gp->sched);
	badreturn("execute: gogo returned");
}

/* What nextown returns for an M that is locked or spins. */
static NOINLINE G *nextlocked(M *mp)
{
	if (!mp->locked)
		return NULL;
	stoplockedm();
	return mp->lockedg;
}

/*
 * The next G of the P's own queue, without a call. NULL: there is none, or others are to be looked
 * at first, or it may be a G that another M is to run. *inherits: as runqget's.
 */
static INLINE G *nextown(M *mp, bool *inherits)
{
	P *pp = mp->p;

	if (__builtin_expect(mp->locked || mp->spinning, 0))
		return nextlocked(mp);
	if (__builtin_expect(fairturn(pp) || mustlookfurther(), 0))
		return NULL;
	return runqget(pp, inherits);
}

/*
 * Find a G and run it. On g0, with a P and without a curg. Each M is here whenever it has no G
 * to run. Never returns.
 */
NOINLINE void schedule(void)
{
	M *mp = getm();
	bool inherits = false, found;
	G *gp;

	PROBE(schedule, ID(mp));
	gp = nextown(mp, &inherits);
	if (__builtin_expect(gp == NULL, 0)) {
		gp = findrunnable(&found);
		while (gp->locked && gp->lockedm != mp) {
			startlockedm(gp);
			gp = findrunnable(&found);
		}
		inherits = found;
	}
	if (!inherits)
		mp->p->schedtick++;
	execute(gp);
	badreturn("schedule: execute returned");
}

static NOINLINE void badletgo(const G *gp, const char *to)
{
	eprint("g0: G%D would yield its M: %s; call preempton first\n", gp->goid, to);
	throw("preemptoff: nothing that waits or yields may be called before preempton");
}

/*
 * The G that mp runs is about to yield mp, which it may not after preemptoff. Checked while nobody
 * else can have the G, on its own stack where that is possible, so that a debugger sees who called.
 */
INLINE void mayletgo(const M *mp, const char *to)
{
	if (__builtin_expect(mp->locks != 0, 0))
		badletgo(mp->curg, to);
}

/* This M and its G have no more to do with each other. On g0, once the G's status says so. */
INLINE void dropg(void)
{
	M *mp = getm();
	G *gp = mp->curg;

	gp->m = NULL;
	mp->curg = NULL;
	PROBE(dropg, GOID(gp));
}

/* Called by mcall, on the G's stack, when it is back. The M may be another than before. */
void gresumed(void)
{
	G *gp = getg();

	/* A record, whatever happens below: under cycle it is the one that points at itself. */
	__asm__ volatile("" : : "r"(__builtin_frame_address(0)));
	PROBE(gresume, GOID(gp));
}

/* gp has yielded its M: put it behind all other Gs, and run another. Never returns. */
static INLINE void goschedImpl(G *gp)
{
	lock(&sched.lock);
	globrunqput(gp);
	unlock(&sched.lock);
	wakep();
	schedule();
	badreturn("goschedImpl: schedule returned");
}

/* gosched continuation on g0. */
static void gosched_m(G *gp)
{
	casgstatus(gp, Grunning, Grunnable);
	dropg();
	PROBE(gosched, GOID(gp));
	goschedImpl(gp);
}

/* gopreempt continuation on g0: as gosched, but nobody has called that. */
void gopreempt_m(G *gp)
{
	casgstatus(gp, Grunning, Grunnable);
	dropg();
	PROBE(gopreempt, GOID(gp));
	goschedImpl(gp);
}

RESUMED void gosched(void)
{
	mayletgo(getm(), "gosched");
	mcall(gosched_m);
}

/*
 * goyield continuation on g0: no lock, as it is not the global queue, and nobody to be woken, as
 * no more Gs wait than before.
 */
void goyield_m(G *gp)
{
	M *mp = getm();
	P *pp = mp->p;

	mayletgo(mp, "goyield");
	casgstatus(gp, Grunning, Grunnable);
	dropg();
	PROBE(goyield, GOID(gp));
	runqput(pp, gp, false);
	schedule();
	badreturn("goyield_m: schedule returned");
}

/* For callers that do not inline it (g0.h). RESUMED, as runtime.h says. */
void goyield(void)
{
	mcall(goyield_m);
}

/* gopark continuation on g0. */
static void park_m(G *gp)
{
	M *mp = getm();
	bool (*unlockf)(G *, void *) = mp->waitunlockf;

	casgstatus(gp, Grunning, Gwaiting);
	dropg();
	PROBE(gopark, GOID(gp), gp->waitreason);
	if (unlockf != NULL && !unlockf(gp, gp->waitlock)) {
		casgstatus(gp, Gwaiting, Grunnable);
		runqput(mp->p, gp, true);
	}
	schedule();
	badreturn("park_m: schedule returned");
}

/*
 * Wait until goready. unlockf(gp, lock) is called on g0 once the G waits and its stack is not
 * ours any more, so that whoever needs the lock to find the G cannot ready it too early; if it
 * returns false the G goes on. Each reason is a string of its own: do not use one twice.
 */
RESUMED void gopark(bool (*unlockf)(G *gp, void *lock), void *lock, const char *reason)
{
	G *gp = getg();

	if (gp == gp->m->g0)
		badmcall();
	mayletgo(gp->m, reason);
	gp->m->waitunlockf = unlockf;
	gp->waitlock = lock;
	gp->waitreason = reason;
	mcall(park_m);
}

/* Make a G that waits runnable. It may run on another M before this returns. */
void goready(G *gp)
{
	PROBE(goready, GOID(gp));
	casgstatus(gp, Gwaiting, Grunnable);
	runqput(getp(), gp, true);
	wakep();
}

/* Make all of q ready; nobody else may have it. */
void goreadyall(struct gqueue *q)
{
	G *gp;

	while ((gp = gqueueget(q)) != NULL)
		goready(gp);
}

/* For gopark, where a lock is all that keeps the G from being found. */
bool parkunlock(G *gp, void *l)
{
	(void)gp;
	unlock(l);
	return true;
}

/* goexit continuation on g0: nobody will return to gp's stack; the next newproc may have it. */
static void goexit0(G *gp)
{
	P *pp = getm()->p;

	casgstatus(gp, Grunning, Gdead);
	dropg();
	PROBE(goexit, GOID(gp));
	if (__builtin_expect(gp->locked, 0))
		unlockdead(gp);
	if (poisoning)
		stackpoison(gp->stack);
	countg(pp, -1);
	gfput(pp, gp);
	schedule();
	badreturn("goexit0: schedule returned");
}

void goexit1(void)
{
	mayletgo(getm(), "goexit");
	mcall(goexit0);
	throw("goexit1: a dead G goes on");
}

void goexit(void)
{
	goexit1();
}
