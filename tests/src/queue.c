/* SPDX-License-Identifier: MIT */
/*
 * Run queues by themselves, on Ps that no M holds and Gs that never run: each G comes out
 * exactly once.
 */
#include "runq.h"
#include "test.h"

enum { RING = 256, MANY = 600 };

static G *gs;

/* Nobody else may take our Gs from the global queue: these tests run with one P. */
static void setup(void)
{
	gs = mallocz(MANY * sizeof *gs);
	for (int i = 0; i < MANY; i++)
		gs[i].goid = i;
}

static P *newp(void)
{
	P *p = mallocz(sizeof *p);

	ringinit(p);
	return p;
}

static G *get(P *p)
{
	bool inherits = false;

	return runqget(p, &inherits);
}

/* How often each G came out. */
static int seen[MANY];

static void see(G *gp)
{
	CHECK(gp >= gs && gp < gs + MANY);
	seen[gp - gs]++;
}

static void check_seen(int n)
{
	for (int i = 0; i < MANY; i++)
		CHECK(seen[i] == (i < n));
}

static void queue_is_first_in_first_out(void)
{
	P *p = newp();

	setup();
	CHECK(runqempty(p) && get(p) == NULL);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < RING; i++)
			runqput(p, &gs[i], false);
		CHECK(!runqempty(p));
		for (int i = 0; i < RING; i++)
			CHECK(get(p) == &gs[i]);
		CHECK(runqempty(p) && get(p) == NULL);
	}
}

static void runnext_goes_first_and_is_kicked_to_the_tail(void)
{
	P *p = newp();

	setup();
	runqput(p, &gs[0], false);
	runqput(p, &gs[1], true);
	runqput(p, &gs[2], true);
	CHECK(get(p) == &gs[2]);
	CHECK(get(p) == &gs[0]);
	CHECK(get(p) == &gs[1]);
	CHECK(runqempty(p));
	runqput(p, &gs[3], true);
	CHECK(!runqempty(p) && runqgethead(p) == NULL);
	CHECK(get(p) == &gs[3]);
}

/* And brings the fair turn nearer, as a turn of its own would. */
static void only_runnext_inherits_the_turn(void)
{
	P *p = newp();
	bool inherits = false;

	setup();
	p->fairtick = 1;
	runqput(p, &gs[0], false);
	CHECK(runqget(p, &inherits) == &gs[0] && !inherits && !fairturn(p));
	runqput(p, &gs[1], true);
	CHECK(runqget(p, &inherits) == &gs[1] && inherits && fairturn(p));
}

static G *global(void)
{
	G *gp;

	lock(&sched.lock);
	gp = gqueueget(&sched.runq);
	unlock(&sched.lock);
	return gp;
}

static void full_ring_overflows_by_half_to_the_global_queue(void)
{
	P *p = newp();

	setup();
	for (int i = 0; i <= RING; i++)
		runqput(p, &gs[i], false);
	CHECK(sched.runq.n == RING / 2 + 1);
	for (int i = 0; i < RING / 2; i++)
		CHECK(global() == &gs[i]);
	CHECK(global() == &gs[RING]);
	CHECK(global() == NULL);
	for (int i = RING / 2; i < RING; i++)
		CHECK(get(p) == &gs[i]);
	CHECK(runqempty(p));
}

static void global_queue_is_shared_out_in_batches(void)
{
	P *p = newp();
	G *gp;

	setup();
	lock(&sched.lock);
	for (int i = 0; i < 300; i++)
		globrunqput(&gs[i]);
	see(globrunqget(p, 1));
	CHECK(sched.runq.n == 299 && runqempty(p));
	gp = globrunqget(p, 0); /* one P: its share is all, but half a ring at most */
	CHECK(sched.runq.n == 299 - RING / 2);
	unlock(&sched.lock);
	see(gp);
	while ((gp = get(p)) != NULL)
		see(gp);
	while ((gp = global()) != NULL)
		see(gp);
	check_seen(300);
}

/*
 * For each number of Gs in the victim's ring: the thief gets half, rounded up, and none is lost
 * or doubled.
 */
static void steal_takes_half_and_each_g_is_seen_once(void)
{
	setup();
	for (int n = 0; n <= RING; n++) {
		P *thief = newp(), *victim = newp();
		G *gp;
		int stolen = 0;
		for (int i = 0; i < MANY; i++)
			seen[i] = 0;
		for (int i = 0; i < n; i++)
			runqput(victim, &gs[i], false);
		for (gp = runqsteal(thief, victim, false); gp != NULL; gp = get(thief)) {
			see(gp);
			stolen++;
		}
		CHECK(stolen == n - n / 2);
		while ((gp = get(victim)) != NULL)
			see(gp);
		check_seen(n);
		mfree(thief, sizeof *thief);
		mfree(victim, sizeof *victim);
	}
}

static void runnext_is_stolen_only_when_asked_for(void)
{
	P *thief = newp(), *victim = newp();

	setup();
	runqput(victim, &gs[0], true);
	CHECK(runqsteal(thief, victim, false) == NULL);
	CHECK(runqsteal(thief, victim, true) == &gs[0]);
	CHECK(runqempty(victim) && runqempty(thief));
}

/* ---- an owner and a thief at the same time, on two Ms ---- */

static P *owner_p, *thief_p;
static _Atomic int taken[MANY];
static _Atomic int ntaken;
static _Atomic bool thief_done;

static void take(G *gp)
{
	if (gp != NULL) {
		atomic_fetch_add(&taken[gp - gs], 1);
		atomic_fetch_add(&ntaken, 1);
	}
}

static void thief(void *goal)
{
	while (ntaken < (int)(intptr_t)goal) {
		take(runqsteal(thief_p, owner_p, true));
		for (G *gp; (gp = get(thief_p)) != NULL;)
			take(gp);
		procyield();
	}
	thief_done = true;
}

static void ring_holds_between_an_owner_and_a_thief(void)
{
	enum { BATCH = 200 }; /* never full: the global queue belongs to the scheduler here */
	const int rounds = (int)turns(20000);

	setup();
	owner_p = newp();
	thief_p = newp();
	go(thief, (void *)(intptr_t)(rounds * BATCH));
	for (int r = 1; r <= rounds; r++) {
		for (int i = 0; i < BATCH; i++) {
			runqput(owner_p, &gs[i], i % 3 == 0);
			if (i % 2 == 0)
				take(get(owner_p));
		}
		while (ntaken < r * BATCH)
			take(get(owner_p));
		for (int i = 0; i < BATCH; i++)
			CHECK(taken[i] == r);
	}
	while (!thief_done)
		procyield();
}

const struct test queue_tests[] = {
	{"queue: first in, first out", queue_is_first_in_first_out, true, "1"},
	{"queue: runnext goes first and is kicked to the tail",
		runnext_goes_first_and_is_kicked_to_the_tail, true, "1"},
	{"queue: only runnext inherits the turn", only_runnext_inherits_the_turn, true, "1"},
	{"queue: a full ring overflows by half to the global queue",
		full_ring_overflows_by_half_to_the_global_queue, true, "1"},
	{"queue: the global queue is shared out in batches", global_queue_is_shared_out_in_batches,
		true, "1"},
	{"queue: a thief takes half, and each G is seen once",
		steal_takes_half_and_each_g_is_seen_once, true, "1"},
	{"queue: runnext is stolen only when asked for", runnext_is_stolen_only_when_asked_for,
		true, "1"},
	{"queue: the ring holds between an owner and a thief",
		ring_holds_between_an_owner_and_a_thief, true, "2"},
	{0},
};
