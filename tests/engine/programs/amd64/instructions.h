/* SPDX-License-Identifier: MIT */
/* amd64: the instructions of unruly.c; the path chooses, arm64/instructions.h is the twin. */
#ifndef TESTS_INSTRUCTIONS_H
#define TESTS_INSTRUCTIONS_H

#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* Push a word where the stack is to end, with FP there too, and go on as before. */
static inline void push_elsewhere(unsigned long top)
{
	__asm__ volatile("mov %%rsp, %%rbx; mov %%rbp, %%r12; mov %0, %%rsp; mov %0, %%rbp\n"
			 "pushq $0; nop; mov %%rbx, %%rsp; mov %%r12, %%rbp"
			 :
			 : "r"(top)
			 : "rbx", "r12", "memory");
}

/* The system call, without what libc does around it. */
static inline long fork_bare(void)
{
	return syscall(SYS_fork);
}

/* Name an address, and touch nothing. */
static inline void name_address(long at)
{
	__asm__ volatile("nopl (%0)\n\tnopl (%0,%0,1)\n\tprefetcht0 (%0)\n\tlea -1(%0), %%rcx"
			 :
			 : "r"(at)
			 : "rcx");
}

static inline void breakpoint(void)
{
	__asm__ volatile("int3");
}

/* The same, by its other code. */
static inline void long_breakpoint(void)
{
	__asm__ volatile(".byte 0xcd, 3");
}

/* Sleep for good, by the system call of 32-bit programs. */
static inline void old_pause(void)
{
	__asm__ volatile("int $0x80" : : "a"(29) : "memory");
}

/* The same, as debuggers in a chip have it. */
static inline void debug_breakpoint(void)
{
	__asm__ volatile(".byte 0xf1\n\tnop\n\tnop");
}

/* Keep the flags, and load them again, both ways that there are. */
static inline void keep_flags(void)
{
	__asm__ volatile("pushfq\n\tpopfq\n\tpushfq\n\tpopfq\n\t"
			 "movq %%rsp, %%rax\n\tmovl %%ss, %%ecx\n\tpushq %%rcx\n\tpushq %%rax\n\t"
			 "pushfq\n\tmovl %%cs, %%ecx\n\tpushq %%rcx\n\t"
			 "leaq 1f(%%rip), %%rcx\n\tpushq %%rcx\n\tiretq\n"
			 "1:\tnop"
			 :
			 :
			 : "rax", "rcx", "memory", "cc");
}

/* Write to w, which has room for 1,024 bytes, in ways that an operand does not tell, or not all. */
static inline void write_oddly(char *w)
{
	char *fs; /* where fs leads says so itself */
	__asm__ volatile("movq %%fs:0, %0" : "=r"(fs));
	__asm__ volatile("btsq %0, (%1)" : : "r"(64L * 9 + 1), "r"(w) : "memory");
	__asm__ volatile("fxsave (%0)\n\tfnstenv (%1)" : : "r"(w + 256), "r"(w + 160) : "memory");
	__asm__ volatile("pcmpeqb %%xmm1, %%xmm1\n\tmaskmovdqu %%xmm1, %%xmm1"
			 :
			 : "D"(w + 16)
			 : "memory", "xmm1");
	__asm__ volatile("movq $6, %%fs:(%0)" : : "r"(w + 40 - fs) : "memory");
	__asm__ volatile("movq %%rsp, %%r12\n\tmovq %%rbp, %%r13\n\t"
			 "leaq 512(%0), %%rsp\n\tleaq 600(%0), %%rbp\n\tenter $64, $5\n\t"
			 "movq %%r13, %%rbp\n\tmovq %%r12, %%rsp"
			 :
			 : "r"(w)
			 : "r12", "r13", "memory");
}

/* Step oneself: one SIGTRAP, after the first nop, if its handler then calls stop_trapping. */
static inline void trap_after_next(void)
{
	__asm__ volatile("pushfq\n\torq $0x100, (%%rsp)\n\tpopfq\n\tnop\n\tnop"
			 :
			 :
			 : "memory", "cc");
}

static inline void stop_trapping(void *context)
{
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~0x100L;
}

/* Whether one sees oneself stepped, in each copy of the flags that there is. */
static inline int sees_trap_flag(void)
{
	unsigned long pushed, after = SYS_getppid;
	unsigned short half;
	__asm__ volatile("pushfq\n\tpopq %0" : "=r"(pushed));
	__asm__ volatile("pushfw\n\tpopw %0" : "=r"(half));
	__asm__ volatile("syscall\n\tmovq %%r11, %0" : "+a"(after) : : "rcx", "r11", "memory");
	return (pushed | half | after) >> 8 & 1;
}

#endif
