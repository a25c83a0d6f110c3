/* SPDX-License-Identifier: MIT */
/* amd64: the time stamp counter: the cheapest clock, of no known unit, the same on every CPU. */
#ifndef ARCH_TICKS_H
#define ARCH_TICKS_H

#include <stdint.h>

static inline uint64_t cputicks(void)
{
	uint32_t lo, hi;
	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

#endif
