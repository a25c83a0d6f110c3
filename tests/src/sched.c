/* SPDX-License-Identifier: MIT */
/* The scheduler as a program sees it: every G runs, exactly once, on whatever M. */
#include "runtime.h"
#include "test.h"

enum { WAVE = 2000, WAVES = 10, GS = WAVE * WAVES };

static _Atomic int ran[GS];
static _Atomic int nran;

static void once(void *arg)
{
	atomic_fetch_add(&ran[(intptr_t)arg], 1);
	if ((intptr_t)arg % 2 == 0)
		gosched();
	atomic_fetch_add(&nran, 1);
}

/*
 * G1 never yields its M, so every G of the others runs on an M that has stolen it.
 */
static void stolen_gs_run_exactly_once(void)
{
	const int waves = (int)turns(GS) / WAVE > 0 ? (int)turns(GS) / WAVE : 1;
	const int wave = watched() ? WAVE / 10 : WAVE;

	for (int w = 0; w < waves; w++) {
		for (int i = 0; i < wave; i++)
			go(once, (void *)(intptr_t)(w * wave + i));
		while (nran < (w + 1) * wave)
			procyield();
	}
	for (int i = 0; i < waves * wave; i++)
		CHECK(ran[i] == 1);
}

static void yielding_gs_run_exactly_once(void)
{
	const int n = watched() ? WAVE / 10 : WAVE;

	for (int i = 0; i < n; i++)
		go(once, (void *)(intptr_t)i);
	while (nran < n)
		gosched();
	for (int i = 0; i < n; i++)
		CHECK(ran[i] == 1);
}

static struct chan *turn;

static void noted(void *arg)
{
	int64_t id = goid();

	CHECK(id > 1 && arg == &turn);
	chansend(turn, &id);
}

/* The stack of a G that has ended serves the next; its number does not. */
static void dead_gs_are_used_again_with_new_numbers(void)
{
	int64_t last = 1, id;

	turn = makechan(sizeof id, 0);
	for (int i = 0; i < 1000; i++) {
		go(noted, &turn);
		chanrecv(turn, &id);
		CHECK(id == last + 1);
		last = id;
		gosched();
	}
	CHECK(allglen < 100);
	chanfree(turn);
}

static void forever(void *other)
{
	(void)other;
	for (;;)
		gosched();
}

static struct chan *left, *right;

/* Two Gs that ready each other through runnext, for ever. */
static void rally(void *mine)
{
	int ball = 0;
	for (;;) {
		if (mine != NULL)
			chansend(left, &ball), chanrecv(right, &ball);
		else
			chanrecv(left, &ball), chansend(right, &ball);
	}
}

/*
 * On one P nobody can keep it: neither Gs that gosched, nor two in a rally, nor is the third in
 * the ring forgotten.
 */
static void nobody_starves_on_one_p(void)
{
	left = makechan(sizeof(int), 0);
	right = makechan(sizeof(int), 0);
	go(forever, NULL);
	go(rally, left);
	go(rally, NULL);
	go(once, (void *)0);
	go(once, (void *)1);
	while (nran < 2)
		gosched();
}

static void tree(void *depth)
{
	if ((intptr_t)depth == 0) {
		atomic_fetch_add(&nran, 1);
		return;
	}
	go(tree, (void *)((intptr_t)depth - 1));
	go(tree, (void *)((intptr_t)depth - 1));
}

static void gs_start_gs(void)
{
	const int depth = watched() ? 6 : 11;

	go(tree, (void *)(intptr_t)depth);
	while (nran < 1 << depth)
		gosched();
}

static bool refuse(G *gp, void *arg)
{
	(void)gp;
	++*(int *)arg;
	return false;
}

static void park_goes_on_when_its_unlockf_says_no(void)
{
	int calls = 0;

	for (int i = 0; i < 100; i++)
		gopark(refuse, &calls, "test");
	CHECK(calls == 100);
	CHECK(getg()->atomicstatus == Grunning);
}

static struct waitgroup group;

static void end_when_told(void *told)
{
	mutexlock(told);
	mutexunlock(told);
	wgdone(&group);
}

/* Wherever they began and ended. The last of them may not be quite dead when wgwait returns. */
static void gs_are_counted(void)
{
	struct mutex told = {0};

	CHECK(numprocs() == 3 && numgoroutine() == 1);
	mutexlock(&told);
	wgadd(&group, 100);
	for (int i = 0; i < 100; i++) {
		go(end_when_told, &told);
		CHECK(numgoroutine() == i + 2);
	}
	mutexunlock(&told);
	wgwait(&group);
	while (numgoroutine() > 1)
		gosched();
	CHECK(numgoroutine() == 1);
}

static int order[8], norder;

static void yields_twice(void *arg)
{
	for (int i = 0; i < 2; i++) {
		order[norder++] = (int)(intptr_t)arg;
		goyield();
	}
}

/* On one P Gs that goyield take turns, and the lock of the global queue is not touched. */
static void goyield_goes_to_the_tail(void)
{
	uint64_t all = 0;

	for (intptr_t i = 1; i <= 3; i++)
		go(yields_twice, (void *)i);
	while (norder < 6) {
		goyield();
		CHECK(sched.runq.n == 0);
	}
	for (int i = 0; i < 6; i++)
		all = all * 10 + (uint64_t)order[i];
	CHECK(all == 312312); /* the last one started was in runnext */
}

static void goyield_once(void *arg)
{
	goyield();
	once(arg);
}

static void goyielding_gs_run_exactly_once(void)
{
	const int n = watched() ? WAVE / 10 : WAVE;

	for (int i = 0; i < n; i++)
		go(goyield_once, (void *)(intptr_t)i);
	while (nran < n)
		goyield();
	for (int i = 0; i < n; i++)
		CHECK(ran[i] == 1);
}

static struct chan *gate;
static _Atomic int came, went;

static void at_the_gate(void *arg)
{
	char c;

	(void)arg;
	came++;
	chanrecv(gate, &c);
	went++;
}

/* Many more Gs than fit in all rings, each with a stack of its own, wait at once and all go on. */
static void many_gs_wait_and_go_on(void)
{
	int n = (int)turns(20000);
	char c = 0;

	gate = makechan(1, 0);
	for (int i = 0; i < n; i++)
		go(at_the_gate, NULL);
	while (came < n)
		gosched();
	for (int i = 0; i < n; i++)
		chansend(gate, &c);
	while (went < n)
		gosched();
	CHECK(came == n && went == n && allglen >= n);
	chanfree(gate);
}

static uintptr_t dead_stack;

static void leave_a_word(void *arg)
{
	volatile uintptr_t word = 42;

	(void)arg;
	dead_stack = (uintptr_t)&word;
}

/* Alone with its P, so that the next G gets the stack of the one that has ended. */
static void poison_fills_dead_stacks(void)
{
	const volatile uint64_t *word;

	poisoning = true;
	for (int i = 0; i < 3; i++) {
		go(leave_a_word, NULL);
		gosched();
		CHECK(dead_stack != 0);
		for (int32_t k = 0; k < allglen; k++)
			if (allgs[k]->atomicstatus == Gdead)
				for (word = (uint64_t *)allgs[k]->stack.lo;
					word < (uint64_t *)allgs[k]->stack.hi; word++)
					CHECK(*word == POISON);
		for (int32_t k = 0; k < allglen; k++) /* nor more, where there is more */
			if (allgs[k]->stack.hi % 4096 != 0)
				CHECK(*(uint64_t *)allgs[k]->stack.hi != POISON);
		CHECK(*(uint64_t *)(dead_stack & -sizeof(uint64_t)) == POISON);
	}
}

const struct test sched_tests[] = {
	{"sched: stolen Gs run exactly once", stolen_gs_run_exactly_once, false, "2"},
	{"sched: the same with 4 Ps", stolen_gs_run_exactly_once, true, "4"},
	{"sched: Gs that gosched run exactly once", yielding_gs_run_exactly_once, false, "2"},
	{"sched: and on one P", yielding_gs_run_exactly_once, true, "1"},
	{"sched: dead Gs are used again, with new numbers", dead_gs_are_used_again_with_new_numbers,
		false, "2"},
	{"sched: nobody starves on one P", nobody_starves_on_one_p, false, "1"},
	{"sched: goyield goes to the tail", goyield_goes_to_the_tail, false, "1"},
	{"sched: Gs that goyield run exactly once", goyielding_gs_run_exactly_once, false, "3"},
	{"sched: Gs start Gs", gs_start_gs, false, "3"},
	{"sched: many Gs wait at once, and go on", many_gs_wait_and_go_on, true, "2"},
	{"sched: a park that unlockf refuses goes on", park_goes_on_when_its_unlockf_says_no, false,
		"2"},
	{"sched: Gs are counted", gs_are_counted, false, "3"},
	{"sched: poison fills dead stacks", poison_fills_dead_stacks, false, "1"},
	{0},
};
