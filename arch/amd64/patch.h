/* SPDX-License-Identifier: MIT */
/* amd64: the nop that a probe is, and what it can be made into while nobody executes it. */
#ifndef ARCH_PATCH_H
#define ARCH_PATCH_H

#include <stdint.h>

/* nopl 0(%rax,%rax,1): one instruction, as long as a jump; for sys/sdt.h, so without a comma. */
#define PROBE_NOP                                                                                  \
	.long 0x00441f0f;                                                                          \
	.byte 0
enum { PROBE_SIZE = 5 };

/*
 * The instruction at `at` becomes a jump to `to`. Its page must be writable. In assembly, since
 * a sanitizer would look for what it knows of the address, and of code there is nothing.
 */
static inline void patchjump(uintptr_t at, uintptr_t to)
{
	uint32_t distance = (uint32_t)(to - (at + PROBE_SIZE));

	__asm__ volatile("movb $0xe9, (%0)\n\t"
			 "movl %1, 1(%0)"
			 :
			 : "r"(at), "r"(distance)
			 : "memory");
}

#endif
