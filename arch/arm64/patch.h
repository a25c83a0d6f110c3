/* SPDX-License-Identifier: MIT */
/* arm64: the nop that a probe is, and what it can be made into while nobody executes it. */
#ifndef ARCH_PATCH_H
#define ARCH_PATCH_H

#include <stdint.h>

/* Every instruction is as long as a jump; for sys/sdt.h. */
#define PROBE_NOP nop
enum { PROBE_SIZE = 4 };

/*
 * The instruction at `at` becomes a jump to `to`. Its page must be writable. In assembly, since
 * a sanitizer would look for what it knows of the address, and of code there is nothing.
 */
static inline void patchjump(uintptr_t at, uintptr_t to)
{
	uint32_t distance = (uint32_t)((intptr_t)(to - at) >> 2);
	uint32_t jump = 0x14000000 | (distance & 0x03ffffff);

	__asm__ volatile("str %w1, [%0]" : : "r"(at), "r"(jump) : "memory");
}

#endif
