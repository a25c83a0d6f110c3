/* SPDX-License-Identifier: MIT */
/* For calls_threads.c: a thread that begins where its parent is, on that one's stack. */
#ifndef TESTS_CALLS_THREADS_H
#define TESTS_CALLS_THREADS_H

#include <stdint.h>
#include <sys/syscall.h>

/* It stores its SP, and ends; *lives is 0 then. The parent's SP is stored before. */
static inline long clone_here(long flags, volatile int *lives, uint64_t *sp, uint64_t *parents)
{
	register volatile int *clear __asm__("r10") = lives;
	long result;
	__asm__ volatile(
		"mov %%rsp, %1\n\t"
		"syscall\n\t"
		"test %%rax, %%rax\n\t"
		"jnz 1f\n\t"
		"mov %%rsp, (%%rdx)\n\t"
		"mov %6, %%eax\n\t"
		"syscall\n"
		"1:"
		: "=a"(result), "=m"(*parents)
		: "0"((long)SYS_clone), "D"(flags), "S"(0L), "d"(sp), "i"(SYS_exit), "r"(clear)
		: "rcx", "r11", "memory");
	return result;
}

#endif
