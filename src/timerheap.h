/* SPDX-License-Identifier: MIT */
/*
 * timerheap.h - the heap of timers: time.c's alone, and in a header only for layout.c to tell of
 * it.
 */
#ifndef TIMERHEAP_H
#define TIMERHEAP_H

#include "runtime.h"

/*
 * A node of the heap: its four children are one line of the cache, and say when they are due.
 * t->place is one more than the index; 0: it is not in the heap.
 */
struct timernode {
	int64_t when;
	struct timer *t;
};

struct timerheap {
	_Atomic uint32_t lock; /* guards all below, and who writes firsttimer */
	struct timernode *node;
	uint32_t n;
	uint64_t started; /* how many there have been */
	struct arena room;
};
extern struct timerheap timerheap;

#endif
