/* SPDX-License-Identifier: MIT */
/* For calls_threads.c: a thread that begins where its parent is, on that one's stack. */
#ifndef TESTS_CALLS_THREADS_H
#define TESTS_CALLS_THREADS_H

#include <stdint.h>
#include <sys/syscall.h>

/* It stores its SP, and ends; *lives is 0 then. The parent's SP is stored before. */
static inline long clone_here(long flags, volatile int *lives, uint64_t *sp, uint64_t *parents)
{
	register long result __asm__("x0") = flags;
	register long stack __asm__("x1") = 0;
	register uint64_t *to __asm__("x2") = sp;
	register volatile int *clear __asm__("x4") = lives;
	register long number __asm__("x8") = SYS_clone;
	__asm__ volatile("mov x9, sp\n\t"
			 "str x9, %1\n\t"
			 "svc 0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x9, sp\n\t"
			 "str x9, [x2]\n\t"
			 "mov x8, %6\n\t"
			 "svc 0\n"
			 "1:"
			 : "+r"(result), "=m"(*parents)
			 : "r"(stack), "r"(to), "r"(clear), "r"(number), "i"(SYS_exit)
			 : "x9", "memory");
	return result;
}

#endif
