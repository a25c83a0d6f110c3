/* SPDX-License-Identifier: MIT */
/* arm64: the current G, kept in thread-local storage. Volatile asm, because a compiler may keep the
 * address of a __thread variable across a call, and after mcall a G may run on another thread. */
#ifndef ARCH_GETG_H
#define ARCH_GETG_H

struct G;

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

/* One turn of a bounded spin. */
static inline void procyield(void)
{
	__asm__ volatile("yield" : : : "memory");
}

#endif
