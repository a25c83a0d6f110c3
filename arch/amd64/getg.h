/* SPDX-License-Identifier: MIT */
/* amd64: the current G, kept in thread-local storage. Volatile asm, because a compiler may keep the
 * address of a __thread variable across a call, and after mcall a G may run on another thread. */
#ifndef ARCH_GETG_H
#define ARCH_GETG_H

struct G;
struct M;

/* A return address is looked up as pc - 1; a pc that no call precedes starts this much late. */
#define PCQUANTUM 1

extern _Thread_local struct G *tls_g;

static inline struct G *getg(void)
{
	struct G *gp;
	__asm__ volatile("movq %%fs:tls_g@tpoff, %0" : "=r"(gp));
	return gp;
}

static inline void setg(struct G *gp)
{
	__asm__ volatile("movq %0, %%fs:tls_g@tpoff" : : "r"(gp) : "memory");
}

/*
 * The M of this thread: getg()->m for whoever runs on g0, but known at once, where the current G
 * has been written a moment ago, and to read it back takes the processor longer.
 */
extern _Thread_local struct M *tls_m;

static inline struct M *getm(void)
{
	struct M *mp;
	__asm__ volatile("movq %%fs:tls_m@tpoff, %0" : "=r"(mp));
	return mp;
}

static inline void setm(struct M *mp)
{
	__asm__ volatile("movq %0, %%fs:tls_m@tpoff" : : "r"(mp) : "memory");
}

/*
 * A function that returns after mcall has: by an indirect jump (return_thunk.S), since the
 * processor's return predictor holds what the scheduler has called meanwhile. A compiler that
 * cannot uses ret.
 */
#if __has_attribute(function_return)
#define RESUMED __attribute__((function_return("thunk-extern")))
#else
#define RESUMED
#endif

/*
 * Have the words at the SP that gp goes on with fetched into the cache; a second line would be in
 * vain more often than not. In assembly, as gp may be another's, who writes that SP: whichever is
 * read does no harm.
 */
static inline void fetchstack(struct G *gp)
{
	uintptr_t sp;
	__asm__ volatile("movq %c2(%1), %0\n\t"
			 "prefetcht0 (%0)"
			 : "=&r"(sp)
			 : "r"(gp), "i"(G_SCHED_SP));
}

/* One turn of a bounded spin. */
static inline void procyield(void)
{
	__asm__ volatile("pause" : : : "memory");
}

#endif
