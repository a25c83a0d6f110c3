/* SPDX-License-Identifier: MIT */
/* Nanoseconds, for the programs that compare.sh runs. */
#ifndef NOW_H
#define NOW_H

#include <time.h>

static inline double now(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

#endif
