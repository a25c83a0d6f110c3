/* SPDX-License-Identifier: MIT */
/* arm64: the current G, kept in thread-local storage. Volatile asm, because a compiler may keep the
 * address of a __thread variable across a call, and after mcall a G may run on another thread. */
#ifndef ARCH_GETG_H
#define ARCH_GETG_H

struct G;
struct M;

/* A return address is looked up as pc - 1; a pc that no call precedes starts this much late. */
#define PCQUANTUM 4

extern _Thread_local struct G *tls_g;

static inline struct G *getg(void)
{
	struct G *gp;
	__asm__ volatile("mrs %0, tpidr_el0\n\t"
			 "add %0, %0, #:tprel_hi12:tls_g, lsl #12\n\t"
			 "ldr %0, [%0, #:tprel_lo12_nc:tls_g]"
			 : "=r"(gp));
	return gp;
}

static inline void setg(struct G *gp)
{
	struct G **base;
	__asm__ volatile("mrs %0, tpidr_el0\n\t"
			 "add %0, %0, #:tprel_hi12:tls_g, lsl #12\n\t"
			 "str %1, [%0, #:tprel_lo12_nc:tls_g]"
			 : "=&r"(base)
			 : "r"(gp)
			 : "memory");
}

/*
 * The M of this thread: getg()->m for whoever runs on g0, but known at once, where the current G
 * has been written a moment ago, and to read it back takes the processor longer.
 */
extern _Thread_local struct M *tls_m;

static inline struct M *getm(void)
{
	struct M *mp;
	__asm__ volatile("mrs %0, tpidr_el0\n\t"
			 "add %0, %0, #:tprel_hi12:tls_m, lsl #12\n\t"
			 "ldr %0, [%0, #:tprel_lo12_nc:tls_m]"
			 : "=r"(mp));
	return mp;
}

static inline void setm(struct M *mp)
{
	struct M **base;
	__asm__ volatile("mrs %0, tpidr_el0\n\t"
			 "add %0, %0, #:tprel_hi12:tls_m, lsl #12\n\t"
			 "str %1, [%0, #:tprel_lo12_nc:tls_m]"
			 : "=&r"(base)
			 : "r"(mp)
			 : "memory");
}

/* A function that returns after mcall has. amd64 has something to gain there. */
#define RESUMED

/*
 * Have the words at the SP that gp goes on with fetched into the cache; a second line would be in
 * vain more often than not. In assembly, as gp may be another's, who writes that SP: whichever is
 * read does no harm.
 */
static inline void fetchstack(struct G *gp)
{
	uintptr_t sp;
	__asm__ volatile("ldr %0, [%1, #%c2]\n\t"
			 "prfm pldl1keep, [%0]"
			 : "=&r"(sp)
			 : "r"(gp), "i"(G_SCHED_SP));
}

/* One turn of a bounded spin. */
static inline void procyield(void)
{
	__asm__ volatile("yield" : : : "memory");
}

#endif
