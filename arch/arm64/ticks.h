/* SPDX-License-Identifier: MIT */
/* arm64: the virtual counter: the cheapest clock, of no known unit, the same on every CPU. */
#ifndef ARCH_TICKS_H
#define ARCH_TICKS_H

#include <stdint.h>

static inline uint64_t cputicks(void)
{
	uint64_t t;
	__asm__ volatile("mrs %0, cntvct_el0" : "=r"(t));
	return t;
}

#endif
