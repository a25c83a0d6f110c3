/* SPDX-License-Identifier: MIT */
/*
 * syscall.c - a G in a system call, which may block its M for any length of time.
 *
 *   entersyscall   Grunning ─▶ Gsyscall; the M releases its P, but nobody looks for another G:
 *                  most calls are over before that would have been worth it. The P is left in
 *                  status Psyscall, and remembered as oldp.
 *   meanwhile      sysmon (sysmon.c) gives a P that stays in Psyscall to an M that can use it.
 *   exitsyscall    takes oldp back if it is still there, or an idle P. If there is none, the G
 *                  goes to the global queue by mcall, and its M to sleep.
 *
 * A P leaves Psyscall by CAS to Pidle, and belongs to whoever made that CAS. It may be taken from
 * another M's system call by then: that M will miss it, and go the slow way.
 *
 * The G stays its M's all the time, though it has no P: status Gsyscall owns the stack as
 * Grunning does.
 */
#include "os.h"
#include "runq.h"

void entersyscall(void)
{
	G *gp = getg();
	M *mp = gp->m;
	P *pp = mp->p;

	if (gp == mp->g0 || pp == NULL)
		throw("entersyscall: on g0, or in a system call already");
	if (mp->locks != 0)
		throw("entersyscall: after preemptoff");
	sysmonstart();
	casgstatus(gp, Grunning, Gsyscall);
	PROBE(entersyscall, GOID(gp));
	mp->oldp = pp;
	mp->p = NULL;
	pp->m = NULL;
	atomic_fetch_add(&pp->syscalltick, 1);
	atomic_store(&pp->status, Psyscall);
}

bool retakep(P *pp)
{
	uint32_t insyscall = Psyscall;
	return atomic_compare_exchange_strong(&pp->status, &insyscall, Pidle);
}

/* A P to go on with: the one that mp had, or an idle one; if so, mp has it. */
static bool exitsyscallfast(M *mp)
{
	P *pp = mp->oldp;

	if (pp == NULL && mp->extrag == NULL)
		throw("exitsyscall: not in a system call");
	mp->oldp = NULL;
	if (pp == NULL || !retakep(pp)) {
		lock(&sched.lock);
		pp = pidleget();
		unlock(&sched.lock);
	}
	if (pp == NULL)
		return false;
	acquirep(pp);
	return true;
}

/* exitsyscall continuation on g0, without a P. An idle P may have turned up meanwhile. */
static void exitsyscall0(G *gp)
{
	M *mp = getg()->m;
	P *pp;

	casgstatus(gp, Gsyscall, Grunnable);
	dropg();
	lock(&sched.lock);
	pp = pidleget();
	if (pp == NULL)
		globrunqput(gp);
	unlock(&sched.lock);
	if (pp != NULL) {
		acquirep(pp);
		pp->schedtick++;
		execute(gp);
	}
	if (mp->lockedg == NULL)
		stopm();
	schedule();
	badreturn("exitsyscall0: schedule returned");
}

void exitsyscall(void)
{
	G *gp = getg();

	if (exitsyscallfast(gp->m)) {
		casgstatus(gp, Gsyscall, Grunning);
	} else {
		mayletgo(gp->m, "exitsyscall");
		mcall(exitsyscall0);
	}
	PROBE(exitsyscall, GOID(gp));
	preemptlook();
}

long g0_read(int fd, void *buf, size_t n)
{
	long r;

	entersyscall();
	r = osread(fd, buf, n);
	exitsyscall();
	return r;
}

long g0_write(int fd, const void *buf, size_t n)
{
	long r;

	entersyscall();
	getg()->m->epipe = fd != 1 && fd != 2;
	r = oswrite(fd, buf, n);
	getg()->m->epipe = false;
	exitsyscall();
	return r;
}
