/* SPDX-License-Identifier: MIT */
/* Nanoseconds, for the programs that compare.sh runs. */
#ifndef NOW_H
#define NOW_H

#include <time.h>

static inline double read_clock(clockid_t id)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static inline double now(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/* What this process has used, whatever else runs; the kernel's work for it included. */
static inline double cpu_time(void)
{
	return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

#endif
