/* SPDX-License-Identifier: MIT */
/*
 * runtime.h - the runtime's own structs and functions; each section of functions is headed by
 * the file that has them.
 *
 * G  goroutine: a function with a stack of its own.
 * M  machine: an OS thread. Runs the scheduler on its g0, and one G at a time (curg) on that
 *    G's stack.
 * P  processor: the right to run Gs, with a queue of them. An M needs one to run a G; there are
 *    gomaxprocs.
 *
 * A G's stack belongs to whoever its status says (see enum g_status): that, and nothing else,
 * decides whether a frame pointer into it may be followed.
 */
#ifndef RUNTIME_H
#define RUNTIME_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch.h"
/* Before g0.h, which may define it: after that clang takes no attributes any more. */
RESUMED void goyield(void);
#include "g0.h"
#include "probe.h"

typedef struct G G;
typedef struct M M;
typedef struct P P;

/* Who owns the G's stack. Changed by casgstatus only. */
enum g_status {
	Gidle,     /* just allocated; nobody */
	Grunnable, /* in a run queue; nobody */
	Grunning,  /* gp->m */
	Gsyscall,  /* gp->m, which is in a system call */
	Gwaiting,  /* parked; nobody, until goready */
	Gdead,     /* ended, its stack free for the next G */
};

enum p_status {
	Pidle,    /* in the list of idle Ps, or on its way from one M to another */
	Prunning, /* pp->m has it */
	Psyscall, /* the M that had it is in a system call; whoever changes this has it */
};

/* Where a G goes on: written by mcall, read by gogo. */
struct gobuf {
	uintptr_t sp, pc, bp;
	G *g;
};

/* [lo, hi), growing down; STACK_GUARD bytes below lo cannot be touched. */
struct stack {
	uintptr_t lo, hi;
};

struct G {
	/* Known to the assembly (arch/offsets.h). Do not move. */
	struct gobuf sched;
	M *m; /* the M that runs it; NULL if none */

	/* What else a switch needs: with the above, one line of the cache. */
	_Atomic uint32_t atomicstatus;
	bool locked;  /* to lockedm */
	int64_t goid; /* -1 - m->id on a g0 */
	G *schedlink; /* next in a run, wait or free list; owned by whoever holds that */

	/* Known to the assembly. */
	void (*startfn)(void *);
	void *startarg;

	M *lockedm; /* the only M that may run it; NULL: any may */
	struct stack stack;
	const char *waitreason; /* why it is parked; of use while Gwaiting, as what comes next */
	void *waitlock;         /* what gopark was given: it lies in what the G waits for */
	void *fiber;            /* what the thread sanitizer knows this stack as (fiber_tsan.h) */
};

struct P {
	int32_t id;
	_Atomic uint32_t status;
	M *m;    /* the M that holds it; NULL if idle */
	P *link; /* next idle P */

	/*
	 * The run queue: written at the tail by the M that holds the P; taken from the head by
	 * anyone, by CAS.
	 */
	_Atomic uint32_t runqhead, runqtail;
	_Atomic(G *) runnext; /* runs before the queue; the G readied last */
	uint32_t schedtick;   /* counts turns (preempt.c). Its M's, as below */
	uint32_t fairtick;    /* the turn from which on it is that of those who wait longest */
	_Atomic(G *) runq[256];

	_Atomic uint32_t syscalltick; /* counts the system calls that it was released for */
	uint32_t sysmontick;          /* that count, as sysmon saw it last; sysmon's */
	uint32_t sysmonturn;          /* schedtick, as sysmon saw it change last; sysmon's */
	int64_t sysmonwhen;           /* and when that was */

	/* Owned by the M that holds the P. */
	_Atomic int64_t ngs;      /* Gs begun here less Gs ended here; read by anyone */
	_Atomic uint32_t preempt; /* the turn that is to end; written by anyone (preempt.c) */
	bool ringsturn;           /* the next fair turn is the ring's, not the global queue's */
	G *gfree;
	int32_t ngfree;
	uint64_t glance; /* cputicks when it last asked for the time */
};

struct M {
	/* Known to the assembly (arch/offsets.h). Do not move. */
	G *g0;
	G *curg; /* the G it runs or runs g0 on behalf of; NULL once dropped */

	G *lockedg; /* the only G that it may run; NULL: any */
	P *p;       /* the P it holds; NULL without */
	P *nextp;   /* the P it is given while it sleeps */
	P *oldp;    /* the P it had before the system call that it is in */
	int32_t id;
	int32_t procid;     /* the thread's id as the kernel knows it */
	int32_t nlocked;    /* how often lockedg has called lockosthread */
	int32_t ncallbacks; /* how many callbacks of C it is in */
	uint32_t locks;     /* preemptoff less preempton: its G must not leave it */
	_Atomic bool epipe; /* it writes: a broken pipe is to be an error, not a signal */
	/* With either of these, schedule has to look closer (nextown). Side by side: one look. */
	_Alignas(2) bool locked; /* to lockedg */
	bool spinning;           /* looks for work with none in sight */
	_Atomic uint32_t park;   /* note that it sleeps on: 0 sleep, 1 wake up */
	M *schedlink;            /* next idle M */
	M *alllink;              /* next in allm */
	uint32_t fastrand;
	G *extrag;             /* the G of callbacks, if the M is one for foreign threads (cgo.c) */
	struct stack sigstack; /* for its signal handlers */
	int timer;             /* what interrupts it for the sampler, as the kernel knows it */
	int32_t timerleft;     /* nanoseconds until then, when it was last stopped; 0: never was */
	void (*mstartfn)(void); /* what it does instead of scheduling; NULL: it schedules */

	bool (*waitunlockf)(G *gp, void *lock); /* from gopark to park_m, across the switch */

	struct proftable *_Atomic prof;  /* its samples; NULL: none are taken (prof.c) */
	struct tracering *_Atomic trace; /* its last events; NULL: none are kept (trace.h) */
};

/* The scheduler's shared state. */
struct sched {
	_Atomic uint32_t lock; /* futex mutex: guards everything below it */
	struct gqueue runq;    /* the global run queue */
	M *midle;              /* Ms asleep, without a P */
	int32_t nmidle, mcount;
	int32_t nmsys;         /* of mcount, those that never have a P, and have none in hand */
	int32_t nmlocked;      /* and those asleep in stoplockedm */
	M *extram;             /* Ms for foreign threads, unused now; linked by schedlink */
	int32_t nmextra;       /* of mcount, those: no thread is one of them */
	_Atomic int32_t nlent; /* and how many are in use, each with a G; read without the lock */
	bool foreign;          /* there are or were threads that are no M and may call back */
	P *pidle;
	bool sysmonwait;             /* sysmon sleeps until a P is taken out of pidle */
	_Atomic uint32_t sysmonnote; /* and that is what it sleeps on */
	_Atomic int32_t npidle, nmspinning;
	G *gfree;                /* dead Gs with their stacks */
	_Atomic int64_t goidgen; /* taken from without the lock */
	uint32_t seed;           /* of every M's fastrand; set at start */
	M *timekeeper;           /* of those asleep, the one with a time limit; NULL: none */
	int64_t keptuntil;       /* that limit */
};

extern struct sched sched;
extern G **allgs; /* every G ever made, dead ones too; g0s are not in it */
extern _Atomic int32_t allglen;
extern M *allm;  /* linked by alllink */
extern P **allp; /* gomaxprocs of them */
extern int32_t gomaxprocs;

/*
 * Where G, M, P and channels live, and where stacks do: each one stretch of address space,
 * asked for at the same place in every run. [lo, next) is handed out, [lo, mapped) has memory
 * behind it.
 */
struct arena {
	uintptr_t lo, next, mapped, hi;
};
extern struct arena arena;

/* The arch contract's offsets, checked. */
_Static_assert(offsetof(struct gobuf, sp) == GOBUF_SP, "offsets.h");
_Static_assert(offsetof(struct gobuf, pc) == GOBUF_PC, "offsets.h");
_Static_assert(offsetof(struct gobuf, bp) == GOBUF_BP, "offsets.h");
_Static_assert(offsetof(struct gobuf, g) == GOBUF_G, "offsets.h");
_Static_assert(offsetof(struct G, sched) == 0, "offsets.h");
_Static_assert(offsetof(struct G, m) == G_M, "offsets.h");
_Static_assert(offsetof(struct G, startfn) == G_STARTFN, "offsets.h");
_Static_assert(offsetof(struct G, startarg) == G_STARTARG, "offsets.h");
_Static_assert(offsetof(struct M, g0) == M_G0, "offsets.h");
_Static_assert(offsetof(struct M, curg) == M_CURG, "offsets.h");

/* Each a frame of its own in every chain, whatever the compiler thinks of inlining. */
#define NOINLINE __attribute__((noinline))
/* For what is part of every switch: that takes eleven nanoseconds, and a call would be one more. */
#define INLINE inline __attribute__((always_inline))
/* Reads what another thread may be changing, on purpose: no sanitizer is to report it. */
#define LOOKS __attribute__((no_sanitize("address", "thread")))

/* main.c */
extern bool mainstarted; /* G1 runs: other Ms may be started */

/* env.c: what the environment asks for. Bad values end the process with status 2. */
mcall_policy_fn *env_mcall(void);
int32_t env_procs(void);
uint32_t env_seed(void);
bool env_stepped(void);
const char *env_file(const char *name); /* NULL: not asked for */
size_t env_stack(void);                 /* in bytes */
bool env_poison(void);

/*
 * proc.c: the life of a G, from newproc to goexit0. A name that ends in 0 or _m runs on g0 on
 * behalf of a G.
 */
G *newproc(void (*fn)(void *), void *arg);
G *newproc1(P *pp, void (*fn)(void *), void *arg);
void casgstatus(G *gp, uint32_t from, uint32_t to);
void dropg(void);
void gopreempt_m(G *gp);
void gopark(bool (*unlockf)(G *gp, void *lock), void *lock, const char *reason);
void goready(G *gp);
void goreadyall(struct gqueue *q);
bool parkunlock(G *gp, void *l);
void mayletgo(const M *mp, const char *to);
void execute(G *gp); /* never returns, as schedule */
void schedule(void); /* never returns; not declared so, for the reason that arch.h gives for gogo */

/* gfree.c: dead Gs, kept with their stacks for the next newproc; and every G there is. */
enum { GFREE_MAX = 256 };
void gfputmany(P *pp);
void gfgetmany(P *pp);

/* gp is dead and nobody runs on its stack. The caller's M must hold pp, here and below. */
static INLINE void gfput(P *pp, G *gp)
{
	gp->schedlink = pp->gfree;
	pp->gfree = gp;
	if (++pp->ngfree == GFREE_MAX)
		gfputmany(pp);
}

/* A dead G with its stack. NULL: none. */
static INLINE G *gfget(P *pp)
{
	G *gp;

	if (pp->gfree == NULL)
		gfgetmany(pp);
	gp = pp->gfree;
	if (gp != NULL) {
		pp->gfree = gp->schedlink;
		gp->schedlink = NULL;
		pp->ngfree--;
	}
	return gp;
}
G *malg(void);

/*
 * How many reasons there are why no M may just run the next G of its P's queue: each G locked to an
 * M is one (another M may have to run it), and all timers together are one (some may be due). A G
 * that is to be locked is so before it comes into a queue.
 */
extern _Atomic int32_t lookfurther;
static INLINE bool mustlookfurther(void)
{
	return atomic_load_explicit(&lookfurther, memory_order_relaxed) != 0;
}

/* findrunnable.c: where the next G comes from. */
G *findrunnable(bool *inherits);
uint32_t fastrand(M *mp); /* mp is the caller's */
bool anywork(void);       /* whether any queue has a G */

/*
 * time.c: the clock, and timers (g0_sleep and what else programs call is in g0.h). firsttimer is
 * when the first one is due, by nanotime.
 */
#define NEVER INT64_MAX
extern _Atomic int64_t firsttimer;
extern bool stepped;           /* by g0scope, one M at a time: then nothing may go by the clock */
extern _Atomic int64_t jumped; /* the time, if stepped; who steps us may have it pass, too */
void timeinit(void);
int64_t nanotime(void);  /* what g0_nanotime says */
void checktimers(P *pp); /* runtimers, but not too often; the caller's M must hold pp */
bool runtimers(void);    /* what is due goes off; whether any was. On g0, with a P */
void timejump(void);     /* stepped, and all Ms would sleep: go on to the first timer's time */

/* syscall.c: Gs in system calls (entersyscall and exitsyscall are in g0.h). */
bool retakep(P *pp); /* take a P out of Psyscall; false: it is not in that any more */

/* sysmon.c: the M that watches the others. */
void sysmoninit(void);
void sysmonstart(void); /* on a G's stack, with a P */
void sysmonwake(void);  /* a P has work again. sched.lock must be held */

/* preempt.c: Gs that do not yield by themselves (preemptpoint and its like are in g0.h). */
extern _Atomic int64_t forcepreemptns; /* a turn may last so long while others wait */
extern bool asyncpreempt; /* whether signals are sent; else calls of the runtime must do */
void preemptinit(void);
uint32_t preemptturn(P *pp); /* which one pp is in; for those who do not hold it */
void preemptone(P *pp); /* the G that pp runs is to yield it. Anybody may ask, without a lock */
void gopreempt(void);   /* yield; does nothing on g0 and after preemptoff */
/* For the signal handler: it has come. Stepped, nobody asks but by that. */
void preemptarrived(void);
/*
 * The same: whether the G that it has interrupted at pc, with its stack down to sp,
 * is to be preempted, and can be, there.
 */
bool asyncsafepoint(uintptr_t pc, uintptr_t sp);

/* What a program calls where it may not: says so, and where that is. */
_Noreturn void badcall(void);

/* The P of whoever calls: a G that has one, since it is in no system call. */
static INLINE P *getp(void)
{
	P *pp = getg()->m->p;

	if (pp == NULL)
		badcall();
	return pp;
}

/*
 * Last in each call that a program makes, with no lock held: yield, if that was asked for. A call
 * that has waited need not look: whoever made its G ready does.
 */
static inline void preemptlook(void)
{
	const P *pp = getp();

	if (__builtin_expect(
		    atomic_load_explicit(&pp->preempt, memory_order_relaxed) == pp->schedtick, 0))
		gopreempt();
}

/* The same for calls that may also be made by C, in a system call, where there is no P. */
static inline void preemptlookanywhere(void)
{
	const G *gp = getg();

	if (gp != NULL && gp->m->p != NULL)
		preemptlook();
}

/* m.c: Ms and Ps: who has which, who sleeps, who is woken. */
M *allocm(struct stack g0stack);
void acquirep(P *pp);
P *releasep(void);
void pidleput(P *pp);
P *pidleget(void);
void stopm(void);
void wakepslow(void);
/*
 * A G has become runnable: let another M look for work, unless one does already or there is no
 * P for it.
 */
static INLINE void wakep(void)
{
	if (sched.npidle != 0 && sched.nmspinning == 0)
		wakepslow();
}
void handoffp(P *pp);
/* Until false sysmon, which alone may call this, counts as an M that is awake (checkdead). */
void sysmonawake(bool awake);
void stoplockedm(void);
void startlockedm(G *gp);
void newm(M *mp);
void procinit(int32_t n);

/*
 * lockedm.c: Gs that only one M may run. lockosthread and unlockosthread (g0.h) without a look, for
 * where there is no P.
 */
void dolockosthread(void);
void dounlockosthread(void);
void unlockdead(G *gp);

/* runq.c: run queues; see runq.h, too. */
void ringinit(P *pp);
void runqputfull(P *pp, G *gp);
bool runqempty(P *pp);
G *runqsteal(P *pp, P *victim, bool takenext);
void globrunqput(G *gp);
void globrunqputbatch(struct gqueue *q);
G *globrunqget(P *pp, int32_t max);
void gqueueput(struct gqueue *q, G *gp);
G *gqueueget(struct gqueue *q);

/* stack.c: stacks, each above a guard. */
enum { STACK_GUARD = 64 << 10 };
extern size_t stacksize; /* of every stack, but for its colour */
void stackinit(size_t size);
struct stack stackalloc(void);
struct stack sigstackalloc(void);
extern bool poisoning; /* dead stacks are filled, all of them, with POISON: G0_POISON=1 */
#define POISON 0xdeaddeaddeaddead
void stackpoison(struct stack s); /* on another stack */

/*
 * malloc.c: memory for the runtime's own structs, up to MAXALLOC bytes at once. Zeroed; never NULL:
 * ends the process when there is no more.
 */
void *mallocz(size_t n);
enum { MAXALLOC = 512 << 20 };
void mfree(void *p, size_t n);
void arenainit(struct arena *a, uintptr_t hint, size_t n);

/*
 * lock.c: on futexes. Hold a lock for a few instructions only; no call of mcall with one held,
 * but see gopark.
 */
enum lock { UNLOCKED, LOCKED, SLEPT_ON }; /* SLEPT_ON: locked, and somebody may sleep */
void lockslow(_Atomic uint32_t *l);
void unlockslow(_Atomic uint32_t *l, uint32_t was);
static INLINE bool trylock(_Atomic uint32_t *l)
{
	uint32_t unlocked = UNLOCKED;

	return atomic_compare_exchange_strong(l, &unlocked, LOCKED);
}
static INLINE void lock(_Atomic uint32_t *l)
{
	if (!trylock(l))
		lockslow(l);
}
static INLINE void unlock(_Atomic uint32_t *l)
{
	uint32_t was = atomic_exchange(l, UNLOCKED);

	if (was != LOCKED)
		unlockslow(l, was);
}
void notesleep(_Atomic uint32_t *n);
bool notetsleep(_Atomic uint32_t *n, int64_t ns);
void notewakeup(_Atomic uint32_t *n);
void noteclear(_Atomic uint32_t *n);

/*
 * panic.c: what ends the process, with status 2. s is "function: fact"; print the operands
 * before.
 */
_Noreturn void throw(const char *s);
/*
 * throw, for after a call that must not return. Not declared noreturn, for the same reason as
 * gogo.
 */
void badreturn(const char *s);

/*
 * trace.c: the flight recorder: G0_TRACE=FILE. Before the first M there is; for each new M; and
 * at the end of the process, any number of times.
 */
void traceinit(void);
struct tracering *tracenew(void);
void tracewrite(void);

/*
 * prof.c: the sampler: G0_PROF=FILE. As trace.c's; profsample is for the signal handler, and
 * takes the registers of what it has interrupted.
 */
void profinit(void);
struct proftable *profnew(void);
void profsample(uintptr_t pc, uintptr_t sp, uintptr_t fp);
void profwrite(void);

/*
 * print.c: to standard error, in one write. %s string, %d int32_t, %D int64_t, %U uint64_t,
 * %p address in hex, and what g0_printf knows.
 */
void eprint(const char *fmt, ...);

#include "trace.h" /* what PROBE needs, now that there is an M */
#include "fiber.h" /* which tells sanitizers of calls of arch.h, from here on */

#endif
