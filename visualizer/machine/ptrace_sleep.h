/* SPDX-License-Identifier: MIT */
/* In which system call a thread sleeps, and what can wake it. */
#ifndef MACHINE_PTRACE_SLEEP_H
#define MACHINE_PTRACE_SLEEP_H

#include <stdbool.h>
#include <stddef.h>

enum waker {
	WAKER_THREAD,  /* only another thread of the program: a futex without a timeout */
	WAKER_TIME,    /* it ends by itself: the call has a timeout */
	WAKER_OUTSIDE, /* perhaps something else: a read, the end of a child, a signal, a timer */
};

/*
 * Of a thread that is not held, so that ptrace cannot ask it. Where the kernel does not say, it is
 * taken for what it nearly always is, WAKER_THREAD.
 */
enum waker sleep_waker(int pid, int tid);

/* "in futex, until another thread wakes it", "in clock_nanosleep, for a time". */
char *sleep_words(int pid, int tid, char *buf, size_t n);

#endif
