/* SPDX-License-Identifier: MIT */
/*
 * cgo.c - calls between Gs and C that knows nothing of them.
 *
 *      G's stack            g0's stack                     G's stack
 *   cgocall(fn) ─────────▶ fn ─▶ … ─▶ cgocallback ──────▶ cgocallbackg ─▶ what C calls back
 *       asmcgocall                    asmcgocallback
 *
 * cgocall has the G in a system call, since C may block. A callback is a G again that has come
 * out of it: the same G, on its own stack, below where it called. It may yield its M like any
 * G, but no other M may run it, as the C functions that it is to return to lie on this
 * one's stack: so it is locked to the M. And g0's stack must not be used from its top
 * meanwhile: asmcgocallback moves g0.sched.sp below them.
 *
 * A thread that the runtime has not made has no M and no G. It is lent an M (needm): its own
 * stack, where C is, is the M's g0, and the M has a G that looks as if it had been in a system
 * call all the time. From there on all is the same. Afterwards the thread is on its own again
 * (dropm).
 */
#include "os.h"
#include "runtime.h"

int32_t cgocall(int32_t (*fn)(void *arg), void *arg)
{
	int32_t r;

	if (fn == NULL)
		throw("cgocall: fn is NULL");
	entersyscall();
	r = asmcgocall(fn, arg);
	exitsyscall();
	return r;
}

struct callback {
	void (*fn)(void *arg);
	void *arg;
};

/* What asmcgocallback calls: on the G's stack, in a system call. Leaves all as it has found it. */
static void cgocallbackg(void *callback)
{
	const struct callback *cb = callback;
	G *gp = getg();
	M *mp = gp->m;
	const struct gobuf left = gp->sched; /* by asmcgocall: the next callback needs it again */

	dolockosthread();
	mp->ncallbacks++;
	exitsyscall();
	cb->fn(cb->arg);
	if (gp->lockedm != mp)
		throw("cgocallback: unlocked from the thread that it was to return on");
	entersyscall();
	mp->ncallbacks--;
	dounlockosthread();
	gp->sched = left;
}

/* An M that no thread is, lent. */
static M *extram(void)
{
	M *mp;

	lock(&sched.lock);
	sched.foreign = true;
	mp = sched.extram;
	if (mp != NULL) {
		sched.extram = mp->schedlink;
		sched.nmextra--;
	} else {
		mp = allocm((struct stack){0, 0});
	}
	sched.nlent++;
	unlock(&sched.lock);
	return mp;
}

/*
 * The calling thread is lent an M, of which it is g0; bp is the frame pointer to go with that,
 * as Go on arm64 has it: this is where mcall_g0bp gets something to load.
 */
static M *needm(const struct callback *cb, uintptr_t bp)
{
	M *mp = extram();
	G *gp, *g0 = mp->g0;

	osstack(&g0->stack.lo, &g0->stack.hi);
	g0->sched.bp = bp;
	setm(mp);
	setg(g0);
	if (mp->extrag == NULL)
		mp->extrag = malg();
	minit(mp);
	gp = mp->extrag;
	gp->goid = atomic_fetch_add(&sched.goidgen, 1) + 1;
	gp->startfn = cb->fn;
	gp->startarg = cb->arg;
	gp->waitreason = NULL;
	gp->sched.sp = fiber_new(gp);
	gp->sched.pc = 0;
	gp->sched.bp = 0;
	gp->sched.g = gp;
	gp->m = mp;
	mp->curg = gp;
	casgstatus(gp, Gdead, Gsyscall);
	PROBE(needm, ID(mp));
	return mp;
}

/* Give it back. The P that was left behind by entersyscall is of use to others. */
static void dropm(M *mp)
{
	G *gp = mp->curg;
	P *pp = mp->oldp;

	PROBE(dropm, ID(mp));
	casgstatus(gp, Gsyscall, Gdead);
	gp->m = NULL;
	mp->curg = NULL;
	mp->oldp = NULL;
	if (retakep(pp))
		handoffp(pp);
	unminit(mp);
	/* The sampler of another M must not look at what will soon be no stack. */
	mp->g0->stack = (struct stack){0, 0};
	setg(NULL);
	setm(NULL);
	lock(&sched.lock);
	mp->schedlink = sched.extram;
	sched.extram = mp;
	sched.nlent--;
	sched.nmextra++;
	unlock(&sched.lock);
}

void cgocallback(void (*fn)(void *arg), void *arg)
{
	struct callback cb = {fn, arg};
	M *mp = NULL;

	if (fn == NULL)
		throw("cgocallback: fn is NULL");
	if (getg() == NULL)
		mp = needm(&cb, (uintptr_t)__builtin_frame_address(0));
	else if (getg()->m->curg == NULL || getg() != getg()->m->g0)
		throw("cgocallback: not called by C that cgocall has called");
	asmcgocallback(cgocallbackg, &cb);
	if (mp != NULL)
		dropm(mp);
}
