/* SPDX-License-Identifier: MIT */
/* arm64: the instructions of unruly.c; the path chooses, amd64/instructions.h is the twin. */
#ifndef TESTS_INSTRUCTIONS_H
#define TESTS_INSTRUCTIONS_H

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Push a word where the stack is to end, with FP there too, and go on as before. */
static inline void push_elsewhere(unsigned long top)
{
	__asm__ volatile("mov x19, sp; mov x20, x29; mov sp, %0; mov x29, %0\n\t"
			 "str xzr, [sp, #-16]!; nop; mov sp, x19; mov x29, x20"
			 :
			 : "r"(top)
			 : "x19", "x20", "memory");
}

/* The system call, without what libc does around it. */
static inline long fork_bare(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

/* Name an address, and touch nothing. */
static inline void name_address(long at)
{
	__asm__ volatile("prfm pldl1keep, [%0]" : : "r"(at));
}

static inline void breakpoint(void)
{
	__asm__ volatile("brk #0");
}

static inline void long_breakpoint(void)
{
	breakpoint();
}

static inline void debug_breakpoint(void)
{
	breakpoint();
}

static inline void keep_flags(void)
{
	unsigned long flags;
	__asm__ volatile("mrs %0, nzcv\n\tmsr nzcv, %0" : "=r"(flags));
}

/* Write to w; operands tell all here. */
static inline void write_oddly(char *w)
{
	*(volatile char *)w = 1;
}

/* Sleep for good: there is one way only. */
static inline void old_pause(void)
{
	pause();
}

/* A program cannot step itself here: the signal alone. */
static inline void trap_after_next(void)
{
	raise(SIGTRAP);
}

static inline void stop_trapping(void *context)
{
	(void)context;
}

/* Nothing that a program can read says that it is stepped. */
static inline int sees_trap_flag(void)
{
	return 0;
}

#endif
