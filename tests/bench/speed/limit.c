/* SPDX-License-Identifier: MIT */
/*
 * What a yield takes if nothing is scheduled: our mcall_clear and gogo, a queue of Gs between
 * them, and no more. No G has a status, nobody steals, no event is told, and nothing can go wrong.
 * What g0's yield takes more is the scheduler's. Prints nanoseconds for 1,000 Gs, in turn, on one
 * thread.
 */
#include <stdio.h>
#include <stdlib.h>

#include "now.h"
#include "runtime.h"

enum { GS = 1000, YIELDS = 10000, WARM_UP = 20, QUEUE = 1024 };
enum { STACK = 64 << 10, SLOT = STACK + (68 << 10), COLOURS = 12, COLOUR = 256 };

_Thread_local struct G *tls_g;
_Thread_local struct M *tls_m;
mcall_policy_fn *mcall_policy = mcall_clear;

static struct M m;
static struct G g0, gs[GS];
static struct G *queue[QUEUE];
static uint32_t head, tail;
static double from;

void badmcall(void)
{
	abort();
}

void badmcall2(void)
{
	abort();
}

static NOINLINE void next(void)
{
	struct G *gp = queue[head++ % QUEUE];

	fetchstack(queue[head % QUEUE]);
	gogo(&gp->sched);
	abort();
}

void goyield_m(struct G *gp)
{
	queue[tail++ % QUEUE] = gp;
	next();
	abort();
}

/* When the first is done, the others have no more than their last turn before them. */
static void yielder(void)
{
	for (int i = 0; i < WARM_UP; i++)
		goyield();
	if (from == 0)
		from = now();
	for (int i = 0; i < YIELDS; i++)
		goyield();
	printf("%.2f\n", (now() - from) / GS / YIELDS);
	exit(0);
}

static uintptr_t top(char *stacks, size_t i)
{
	return (uintptr_t)stacks + (i + 1) * SLOT - i % COLOURS * COLOUR;
}

/* The word below the top is where yielder would return to. */
int main(void)
{
	char *stacks = aligned_alloc(4096, (GS + 1) * (size_t)SLOT);

	if (stacks == NULL)
		return 1;
	m.g0 = &g0;
	g0.m = &m;
	g0.sched.sp = top(stacks, GS);
	for (int i = 0; i < GS; i++) {
		gs[i].sched.g = &gs[i];
		gs[i].sched.pc = (uintptr_t)yielder;
		gs[i].sched.sp = top(stacks, (size_t)i) - sizeof(uintptr_t);
		gs[i].m = &m;
		queue[tail++ % QUEUE] = &gs[i];
	}
	next();
}
