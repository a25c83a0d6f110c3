/* SPDX-License-Identifier: MIT */
/*
 * maps - has memory mapped at places of its own, writes there, and gives it back, in an order that
 * does not repeat itself soon; and now and then more of it than there is in one place.
 */
#include <stdint.h>
#include <sys/mman.h>

#include "g0.h"

enum { PLACES = 16, SIZE = 16384, SELDOM = 5, MUCH = 600 << 20 };

static char *place(unsigned i)
{
	return (char *)0x100000000 + ((uintptr_t)(i % PLACES) << 24);
}

void go_main(void)
{
	static char *at[PLACES + 1];
	for (unsigned i = 0, x = 1;; i++) {
		x = x * 1664525 + 1013904223;
		unsigned n = x >> 20;
		char **p = &at[n % PLACES];
		size_t size = SIZE + (n / PLACES % 2) * SIZE;
		if (*p)
			munmap(*p, SIZE + SIZE);
		*p = n % 3 ? mmap(place(n), size, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
			   : NULL;
		if (*p != MAP_FAILED && *p)
			(*p)[i % SIZE] = (char)(1 + (*p)[x % SIZE]);
		if (i % SELDOM == 0)
			at[PLACES] =
				mmap(NULL, MUCH, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
}
