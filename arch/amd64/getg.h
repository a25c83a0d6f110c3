/* SPDX-License-Identifier: MIT */
/* amd64: the current G, kept in thread-local storage. Volatile asm, because a compiler may keep the
 * address of a __thread variable across a call, and after mcall a G may run on another thread. */
#ifndef ARCH_GETG_H
#define ARCH_GETG_H

struct G;

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

/* One turn of a bounded spin. */
static inline void procyield(void)
{
	__asm__ volatile("pause" : : : "memory");
}

#endif
