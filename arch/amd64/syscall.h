/* SPDX-License-Identifier: MIT */
/* amd64: a system call without libc, so that nothing of the thread's is touched, errno included. */
#ifndef ARCH_SYSCALL_H
#define ARCH_SYSCALL_H

/* Returns what the kernel does: a result, or -errno. */
static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
	long ret;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}

#endif
