/* SPDX-License-Identifier: MIT */
/*
 * m.c - Ms and Ps: who holds which, who sleeps, who is woken.
 *
 * An M without work gives its P to the list of idle Ps and sleeps on its note (stopm). Whoever
 * makes a G runnable while a P is idle and no M spins hands such a P to an M that sleeps, or to
 * a new one (wakep, startm). So there are at most gomaxprocs Ms awake, and threads are started
 * only when they are of use. If there are timers, one of the Ms that sleep keeps the time: it
 * wakes by itself when the first is due. Likewise if there are threads that are no M: they may end
 * without telling, and what they leave behind may be a deadlock.
 */
#include "os.h"
#include "runtime.h"

M *allm;
P **allp;
int32_t gomaxprocs;

/* How often, in nanoseconds, one looks whether foreign threads have ended. */
#define FOREIGN_WATCH INT64_C(1000000000)

/*
 * A new M with its g0; the thread is started by newm. sched.lock must be held, so that
 * checkdead counts it.
 */
M *allocm(struct stack g0stack)
{
	M *mp = mallocz(sizeof *mp);
	G *g0 = mallocz(sizeof *g0);

	mp->id = sched.mcount++;
	mp->fastrand = (sched.seed + (uint32_t)mp->id) * 2654435761u | 1;
	mp->g0 = g0;
	g0->m = mp;
	g0->goid = -1 - mp->id;
	g0->stack = g0stack;
	g0->sched.sp = g0->stack.hi;
	g0->sched.g = g0;
	/* A g0 is its M's, always: it never has another status, and casgstatus nothing to do. */
	atomic_store(&g0->atomicstatus, Grunning);
	mp->trace = tracenew();
	mp->prof = profnew();
	mp->alllink = allm;
	allm = mp;
	return mp;
}

/* The Ps, all idle. */
void procinit(int32_t n)
{
	gomaxprocs = n;
	allp = mallocz((size_t)n * sizeof *allp);
	for (int32_t i = n - 1; i >= 0; i--) {
		allp[i] = mallocz(sizeof *allp[i]);
		allp[i]->id = i;
		atomic_store(&allp[i]->preempt, UINT32_MAX); /* not the turn to come, 0 */
		ringinit(allp[i]);
		pidleput(allp[i]);
	}
}

void acquirep(P *pp)
{
	M *mp = getg()->m;

	if (mp->p != NULL || pp->m != NULL) {
		eprint("g0: M%d, P%d\n", mp->id, pp->id);
		throw("acquirep: the M has a P, or the P an M");
	}
	mp->p = pp;
	pp->m = mp;
	atomic_store(&pp->status, Prunning);
}

P *releasep(void)
{
	M *mp = getg()->m;
	P *pp = mp->p;

	if (pp == NULL || pp->m != mp)
		throw("releasep: nothing to release");
	mp->p = NULL;
	pp->m = NULL;
	atomic_store(&pp->status, Pidle);
	return pp;
}

/* The list of idle Ps. sched.lock must be held. */
void pidleput(P *pp)
{
	pp->link = sched.pidle;
	sched.pidle = pp;
	atomic_fetch_add(&sched.npidle, 1);
}

/* NULL: none. sched.lock must be held. */
P *pidleget(void)
{
	P *pp = sched.pidle;

	if (pp != NULL) {
		sched.pidle = pp->link;
		atomic_fetch_sub(&sched.npidle, 1);
		if (sched.sysmonwait)
			sysmonwake();
	}
	return pp;
}

/* The list of Ms that sleep. sched.lock must be held. */
static void mput(M *mp)
{
	mp->schedlink = sched.midle;
	sched.midle = mp;
	sched.nmidle++;
}

/* Whether mp was in the list; then it is no longer. sched.lock must be held. */
static bool mremove(M *mp)
{
	M **at = &sched.midle;

	while (*at != NULL && *at != mp)
		at = &(*at)->schedlink;
	if (*at == NULL)
		return false;
	*at = mp->schedlink;
	sched.nmidle--;
	if (sched.timekeeper == mp)
		sched.timekeeper = NULL;
	return true;
}

/* NULL: none. sched.lock must be held. */
static M *mget(void)
{
	M *mp = sched.midle;

	if (mp != NULL)
		mremove(mp);
	return mp;
}

/* Wake mp, which is no longer in the list, with a P to go on with. */
static void wakewith(M *mp, P *pp)
{
	mp->nextp = pp;
	PROBE(startm, ID(mp), ID(pp));
	notewakeup(&mp->park);
}

/* The Gs that wait, each with its reason if print. Returns how many. For when no M is awake. */
static int32_t waiting(bool print)
{
	int32_t n = 0;

	for (int32_t i = 0; i < allglen; i++) {
		G *gp = allgs[i];
		uint32_t status = atomic_load(&gp->atomicstatus);
		if (status == Gdead)
			continue;
		if (status != Gwaiting)
			throw("checkdead: a G could run, and no M is awake");
		if (print)
			eprint("\tG%D (fn %p): %s\n", gp->goid, gp->startfn, gp->waitreason);
		n++;
	}
	return n;
}

/*
 * An M is about to sleep, and counted so. If it is the last one, nobody will ever wake another,
 * but for a timer, or for a thread that is no M and may call back: end the process. sched.lock
 * must be held. No other M is awake, so libc may still put out what was printed. Stepped, this is
 * when time goes on.
 */
static void checkdead(void)
{
	const int32_t ours = sched.mcount - sched.nmextra;

	if (sched.nmidle + sched.nmlocked + sched.nmsys < ours)
		return;
	if (firsttimer != NEVER) {
		if (stepped) {
			timejump();
			wakewith(mget(), pidleget());
		}
		return;
	}
	if (osthreads() > ours) {
		sched.foreign = true;
		return;
	}
	PROBE(deadlock);
	if (waiting(false) > 0)
		eprint("fatal error: all goroutines are asleep - deadlock!\n");
	else
		eprint("fatal error: no goroutines (go_main called goexit) - deadlock!\n");
	waiting(true);
	PROBE(exit, 2);
	goexitprocess(2);
}

/* newm's work, on g0. */
static void newm_m(void *arg)
{
	M *mp = arg;
	int32_t err;

	PROBE(newm, ID(mp));
	err = newosproc(mp);
	if (err != 0) {
		eprint("g0: no thread for M%d: error %d; is there a limit (ulimit -u)?\n", mp->id,
			err);
		throw("newm: no thread");
	}
}

/* Start the thread of an M fresh from allocm. On g0, as libc goes deep for it. */
void newm(M *mp)
{
	systemstack(newm_m, mp);
}

/*
 * Give an idle P to an M that sleeps, or to a new one, which starts to spin: the caller has
 * counted it.
 */
static void startm(void)
{
	M *mp;
	P *pp;
	bool isnew;

	lock(&sched.lock);
	pp = pidleget();
	if (pp == NULL) {
		/* Under the lock: who puts a P there next must not think that we look for it. */
		atomic_fetch_sub(&sched.nmspinning, 1);
		unlock(&sched.lock);
		return;
	}
	mp = mget();
	isnew = mp == NULL;
	if (isnew)
		mp = allocm(stackalloc());
	unlock(&sched.lock);
	mp->spinning = true;
	if (isnew) {
		mp->nextp = pp;
		newm(mp);
	} else {
		wakewith(mp, pp);
	}
}

/* wakep, when there is an idle P and nobody looks for work. */
void wakepslow(void)
{
	int32_t none = 0;

	if (mainstarted && atomic_compare_exchange_strong(&sched.nmspinning, &none, 1))
		startm();
}

static void takenextp(M *mp)
{
	P *pp = mp->nextp;
	mp->nextp = NULL;
	acquirep(pp);
}

/*
 * mp is going to sleep: for how long. One of those that sleep is to be awake when the first timer
 * is due, and every so often where a foreign thread may end, which wakes nobody; the others have no
 * limit, -1. Whoever kept the time until later finds out when it wakes. sched.lock must be held.
 */
static int64_t keeptime(M *mp)
{
	int64_t until = firsttimer, now;

	if (stepped || (until == NEVER && !sched.foreign))
		return -1;
	now = nanotime();
	if (sched.foreign && until - now > FOREIGN_WATCH)
		until = now + FOREIGN_WATCH;
	if (sched.timekeeper != NULL && sched.keptuntil <= until)
		return -1;
	sched.timekeeper = mp;
	sched.keptuntil = until;
	return until > now ? until - now : 0;
}

/*
 * mp has slept until its limit, and is to go on if a timer is due; if there is no idle P it need
 * not, since each M that has one looks at the timers. Perhaps a foreign thread has ended that was
 * all hope. Returns for how long to sleep now.
 */
static int64_t timeisup(M *mp)
{
	int64_t ns = -1;
	P *pp = NULL;

	lock(&sched.lock);
	if (mremove(mp)) { /* nobody is about to wake it */
		const bool due = firsttimer <= nanotime();
		if (due)
			pp = pidleget();
		if (pp != NULL) {
			wakewith(mp, pp);
		} else {
			mput(mp);
			checkdead();
			ns = due ? -1 : keeptime(mp);
		}
	}
	unlock(&sched.lock);
	return ns;
}

/*
 * A P that nobody holds, and that perhaps has Gs: to an M that can use it, or that keeps the time.
 * Without a P oneself.
 */
void handoffp(P *pp)
{
	PROBE(handoffp, ID(pp));
	lock(&sched.lock);
	pidleput(pp);
	unlock(&sched.lock);
	if (anywork() || firsttimer != NEVER)
		wakep();
}

void sysmonawake(bool awake)
{
	lock(&sched.lock);
	sched.nmsys += awake ? -1 : 1;
	checkdead();
	unlock(&sched.lock);
}

/*
 * Sleep until somebody hands mp, which is the caller's, a P; or until a timer is due, which may be
 * in ns. On g0, without a P. In line: a chain is to show who sleeps.
 */
static INLINE void mpark(M *mp, int64_t ns)
{
	PROBE(stopm, ID(mp));
	while (!notetsleep(&mp->park, ns))
		ns = timeisup(mp);
	noteclear(&mp->park);
	PROBE(wakem, ID(mp));
	takenextp(mp);
}

/* Sleep until startm hands over a P, or a timer is due. On g0, without a P. */
NOINLINE void stopm(void)
{
	M *mp = getg()->m;
	int64_t ns;

	if (mp->p != NULL || mp->spinning)
		throw("stopm: with a P, or spinning");
	lock(&sched.lock);
	mput(mp);
	checkdead();
	ns = keeptime(mp);
	unlock(&sched.lock);
	mpark(mp, ns);
}

/*
 * Sleep until the G that is locked to this M is runnable, nobody else has it, and there is a P
 * for it. On g0, with a P or without.
 */
NOINLINE void stoplockedm(void)
{
	M *mp = getg()->m;
	bool unwatched;

	if (mp->p != NULL)
		handoffp(releasep());
	lock(&sched.lock);
	sched.nmlocked++;
	checkdead();
	unwatched = sched.foreign && sched.timekeeper == NULL && !stepped;
	unlock(&sched.lock);
	if (unwatched)
		wakep(); /* it finds nothing to do, and sleeps with a limit */
	mpark(mp, -1);
}

/*
 * Give our P to the M that gp, which we have taken out of a queue, is locked to; sleep until
 * there is another. On g0. That M may still be on its way to sleep.
 */
NOINLINE void startlockedm(G *gp)
{
	M *mp = gp->lockedm;
	P *pp = releasep();

	lock(&sched.lock);
	sched.nmlocked--;
	unlock(&sched.lock);
	mp->nextp = pp;
	PROBE(startm, ID(mp), ID(pp));
	notewakeup(&mp->park);
	stopm();
}

/* What an M does first on its g0. M0 has its P already: main gave it one. */
void mstart1(void)
{
	M *mp = getg()->m;

	setm(mp);
	minit(mp);
	PROBE(mstart, ID(mp));
	if (mp->mstartfn != NULL)
		mp->mstartfn();
	if (mp->nextp != NULL)
		takenextp(mp);
	schedule();
	badreturn("mstart1: schedule returned");
}
