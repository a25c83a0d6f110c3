/* SPDX-License-Identifier: MIT */
/*
 * What a G does between two moves. Which of these a run has is drawn: each that sleeps or keeps its
 * M has others woken, and would hide a wake-up that is lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "runtime.h"
#include "soak.h"

uint32_t rnd(struct rnd *r, uint32_t n)
{
	r->x ^= r->x << 13;
	r->x ^= r->x >> 17;
	r->x ^= r->x << 5;
	return r->x % n;
}

struct rnd rndnew(struct rnd *r)
{
	struct rnd other = {(rnd(r, UINT32_MAX) * 2654435761u) | 1};

	return other;
}

static void hog(struct rnd *r)
{
	for (volatile uint32_t i = rnd(r, 5000); i > 0; i--)
		;
}

static void to_the_tail(struct rnd *r)
{
	(void)r;
	gosched();
}

static void yield(struct rnd *r)
{
	(void)r;
	goyield();
}

static void nap(struct rnd *r)
{
	g0_sleep(rnd(r, 200 * 1000));
}

static void set(void *flag)
{
	*(_Atomic bool *)flag = true;
}

/* With one P only preemption can move it. */
static void stubborn(struct rnd *r)
{
	_Atomic bool flag = false;

	(void)r;
	go(set, (void *)&flag);
	while (!flag)
		if (!asyncpreempt)
			preemptpoint();
}

/* A function of its own, as its thread may be another's before and after. */
NOINLINE static void keep_errno(struct rnd *r)
{
	const int mine = 1 + (int)rnd(r, 1000);

	preemptoff();
	errno = mine;
	hog(r);
	MUST(errno == mine, errno, mine);
	preempton();
}

static void on_one_thread(struct rnd *r)
{
	static void (*const what[])(struct rnd *) = {hog, to_the_tail, yield, nap, keep_errno};
	int32_t thread;

	lockosthread();
	thread = gettid();
	for (uint32_t n = rnd(r, 4); n > 0; n--) {
		what[rnd(r, sizeof what / sizeof what[0])](r);
		MUST(gettid() == thread, gettid(), thread);
	}
	unlockosthread();
}

struct call {
	struct rnd *r;
	int depth, thread;
};

static void back(void *call);

/* C: blocks for a while, or calls back. */
static int32_t in_c(void *call)
{
	const struct call *cl = call;
	const int mine = 1 + (int)rnd(cl->r, 1000);

	MUST(gettid() == cl->thread || cl->depth == 0, gettid(), cl->thread);
	if (rnd(cl->r, 2) == 0) {
		errno = mine;
		hog(cl->r);
		MUST(errno == mine, errno, mine);
		usleep(rnd(cl->r, 100));
	} else {
		cgocallback(back, call);
	}
	return cl->depth;
}

static void back(void *call)
{
	struct call *cl = call, below = {cl->r, cl->depth + 1, gettid()};

	on_one_thread(cl->r);
	if (below.depth < 3)
		MUST(cgocall(in_c, &below) == below.depth, below.depth, 0);
	on_one_thread(cl->r);
	MUST(gettid() == below.thread, gettid(), below.thread);
}

static void call_c(struct rnd *r)
{
	struct call cl = {r, 0, 0};

	MUST(cgocall(in_c, &cl) == 0, 0, 0);
}

/* Once in so many times that it is drawn: what takes long is to be rare. */
static const struct mood {
	void (*be)(struct rnd *r);
	uint32_t once_in;
} moods[] = {
	{hog, 1},
	{to_the_tail, 1},
	{yield, 1},
	{nap, 2},
	{stubborn, 500},
	{keep_errno, 1},
	{on_one_thread, 10},
	{call_c, 20},
};
enum { NMOODS = sizeof moods / sizeof moods[0], HARMLESS = 3 };

static bool has[NMOODS];

void draw_moods(struct rnd *r)
{
	const bool more = rnd(r, 4) != 0;

	for (int i = 0; i < NMOODS; i++)
		has[i] = i < HARMLESS || (more && rnd(r, 2) == 0);
}

void mood(struct rnd *r)
{
	const uint32_t drawn = rnd(r, 2 * NMOODS);

	if (drawn < NMOODS && has[drawn] && rnd(r, moods[drawn].once_in) == 0)
		moods[drawn].be(r);
}
