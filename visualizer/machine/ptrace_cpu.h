/* SPDX-License-Identifier: MIT */
/*
 * On which CPU: tracer and tracee share one, which makes a step three times as fast. If others
 * keep that one busy, they move together.
 */
#ifndef MACHINE_PTRACE_CPU_H
#define MACHINE_PTRACE_CPU_H

#include <stdint.h>
#include <time.h>

struct process;

/* What a clock says, in nanoseconds; 0: there is none such any more. */
int64_t clock_ns(clockid_t clock);

/*
 * To be called before each step. Now and then it looks how long tracer and tracee had to wait for
 * others lately, and decides where to be.
 */
void cpu_look(struct process *p);

/* Where to be: each CPU that we may have is tried for a while, if it is bad where we are. */
struct cpu_choice {
	int n;               /* how many there are */
	int at, home;        /* which one we are on, and which has been best so far */
	double lost_at_home; /* of our time there, to others */
	unsigned wait,
		patience; /* so often home is endured before others are tried; the next time */
};
/* In the last while this share of our time was lost to others: the one to be on next. */
int cpu_choose(struct cpu_choice *c, double lost);

#endif
