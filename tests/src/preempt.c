/* SPDX-License-Identifier: MIT */
/*
 * Preemption: a G that does not yield its M. Most tests ask for it themselves, again and
 * again, and sleep between; a test that waits for sysmon waits as long as it takes.
 */
#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hog.h"
#include "os.h"
#include "runtime.h"
#include "sentinels.h"
#include "test.h"

enum { TIMES = 2000, ATMOST = 200, NAP = 20, HOGS = 8, MS = 1000 * 1000 };

static _Atomic bool begun, over;

static bool of_the_program(uintptr_t pc)
{
	return pc >= (uintptr_t)_start && pc < (uintptr_t)runtime_text;
}

/* The linker has left the order of files as it was: the program, the runtime, libraries. */
static void program_runtime_and_libc_lie_in_this_order(void)
{
	CHECK(of_the_program((uintptr_t)program_runtime_and_libc_lie_in_this_order));
	CHECK(of_the_program((uintptr_t)go_main));
	CHECK(of_the_program((uintptr_t)sentinels_survive));
	CHECK(!of_the_program((uintptr_t)gosched) && !of_the_program((uintptr_t)mcall));
	CHECK(!of_the_program((uintptr_t)goexit_stub) && !of_the_program((uintptr_t)chansend));
	if (!watched())
		CHECK(asyncpreempt);
	/* clang puts a sanitizer's library, and its malloc, before the program. */
	if (asyncpreempt)
		CHECK(!of_the_program((uintptr_t)malloc) && !of_the_program((uintptr_t)qsort));
}

/* How many turns there have been, on all Ps. */
static int64_t turns_taken(void)
{
	int64_t n = 0;

	for (int32_t i = 0; i < gomaxprocs; i++)
		n += preemptturn(allp[i]);
	return n;
}

/* Whatever runs on other Ps is to let go. */
static void preempt_others(void)
{
	for (int32_t i = 0; i < gomaxprocs; i++)
		if (allp[i] != getg()->m->p)
			preemptone(allp[i]);
	ossleep(NAP);
}

/* So often that nearly all of n turns end so. Without signals there is nothing to be seen here. */
static void preempt_often(int64_t n)
{
	for (int64_t from = turns_taken(); asyncpreempt && turns_taken() - from < n;)
		preempt_others();
}

static void be_a_hog(void *unused)
{
	int n;

	(void)unused;
	begun = true;
	n = hog();
	for (int i = 0; i < n; i++)
		if (hog_out[i] != hog_in[i])
			printf("# word %d: %llx\n", i, (unsigned long long)hog_out[i]);
	fflush(stdout);
	CHECK(n > 0 && memcmp(hog_in, hog_out, (size_t)n * sizeof hog_in[0]) == 0);
	CHECK(hog_lost == 0);
	over = true;
}

static void registers_survive(void)
{
	uint64_t x = 1;

	for (size_t i = 0; i < sizeof hog_in / sizeof hog_in[0]; i++)
		hog_in[i] = x = x * 6364136223846793005 + 1442695040888963407;
	go(be_a_hog, NULL);
	while (!begun)
		procyield();
	preempt_often(turns(TIMES));
	hog_stop = 1;
	while (!over)
		procyield();
}

static _Atomic int running;

static void call_gosched(void (*fn)(G *))
{
	(void)fn;
	for (volatile int i = 0; i < 100; i++)
		;
	gosched();
}

static void keep_sentinels(void *arg)
{
	for (uintptr_t i = 0; !over; i++)
		CHECK(sentinels_survive(call_gosched, NULL, (uintptr_t)arg << 24 | (i & 0xffff)) ==
			0);
	running--;
}

/* Those who let go by themselves as well: both ways of it meet. */
static void sentinels_survive_preemption(void)
{
	for (; running < HOGS; running++)
		go(keep_sentinels, (void *)(intptr_t)running);
	preempt_often(turns(TIMES));
	over = true;
	while (running > 0)
		gosched();
}

/* It would show if a G went on on another M in the middle of malloc. */
static void allocate(void *arg)
{
	enum { BLOCKS = 64 };
	unsigned char *block[BLOCKS] = {0};
	uint32_t size[BLOCKS] = {0}, x = (uint32_t)(intptr_t)arg + 1;

	while (!over) {
		uint32_t i = (x = x * 1103515245 + 12345) >> 16 & (BLOCKS - 1);
		for (uint32_t k = 0; k < size[i]; k++)
			CHECK(block[i][k] == (unsigned char)i);
		free(block[i]);
		size[i] = x >> 22;
		block[i] = malloc(size[i]);
		CHECK(block[i] != NULL || size[i] == 0);
		memset(block[i], (int)i, size[i]);
	}
	for (int i = 0; i < BLOCKS; i++)
		free(block[i]);
	running--;
}

static void malloc_is_not_interrupted(void)
{
	for (; running < HOGS; running++)
		go(allocate, (void *)(intptr_t)running);
	preempt_often(turns(TIMES));
	over = true;
	while (running > 0)
		gosched();
}

static _Atomic int done;

static void is_done(void *unused)
{
	(void)unused;
	done++;
}

/* On one P. What ends the loop are Gs that cannot run before it yields. */
static void hog_until_done(int n)
{
	while (done < n)
		if (!asyncpreempt)
			preemptpoint();
}

static void hog_keeps_nobody_waiting_for_ever(void)
{
	for (int i = 0; i < HOGS; i++)
		go(is_done, NULL);
	hog_until_done(HOGS);
}

/* By signals; or, where its operations are calls into a library, at the end of these alone. */
static void spin_on_an_atomic_keeps_nobody_waiting(void)
{
	if (!asyncpreempt)
		return;
#ifdef FIBER_TSAN_H
	asyncpreempt = false;
#endif
	go(is_done, NULL);
	while (atomic_load(&done) == 0)
		;
}

/* Nor for a timer that is due, which is in no queue; the G that is to come of it is the second. */
static void hog_keeps_no_timer_waiting(void)
{
	struct timer t = {0};

	timerstart(&t, MS, is_done, NULL);
	hog_until_done(1);
}

static void sleeps(void *unused)
{
	begun = true;
	g0_sleep(MS);
	is_done(unused);
}

static void hog_keeps_no_sleeper_waiting(void)
{
	go(sleeps, NULL);
	while (!begun)
		gosched();
	hog_until_done(1);
}

/* Asked for when the G does not expect it, it is done where the G looks, once. */
static void request_is_for_one_turn(void)
{
	P *pp = getg()->m->p;
	uint32_t turn = pp->schedtick;

	preemptpoint();
	CHECK(pp->schedtick == turn);
	forcepreemptns = INT64_MAX;
	preemptone(pp);
	preemptpoint();
	CHECK(pp->schedtick == turn + 1);
	preemptpoint();
	CHECK(pp->schedtick == turn + 1);
	preemptone(pp);
	gosched();
	CHECK(pp->schedtick == turn + 2);
	preemptpoint();
	CHECK(pp->schedtick == turn + 2);
}

/*
 * How long a turn may take is counted from when sysmon sees it first. Here that is as long as the
 * system has been up; what sysmon does wrong it does within a few looks.
 */
LOOKS static void turn_has_its_time(void)
{
	P *pp = getp();
	uint32_t turn;

	forcepreemptns = INT64_MAX; /* the first turn may take long, and is_done is to be in it */
	go(is_done, NULL);
	gosched();
	turn = pp->schedtick;
	forcepreemptns = nanotime();
	go(is_done, NULL);
	while (*(volatile uint32_t *)&pp->sysmonturn != turn)
		ossleep(NAP);
	ossleep(50 * 1000);
	CHECK(pp->preempt != turn && pp->schedtick == turn && done == 1);
}

static struct chan *there, *back;

static void answers(void *turn)
{
	P *pp = getg()->m->p;
	int v;

	chanrecv(there, &v);
	CHECK(pp->schedtick == *(uint32_t *)turn);
	preemptone(pp);
	chansend(back, &v); /* and yields, with the one that is readied in runnext */
}

/* On one P: what two Gs do that ready each other, the while they do, is one turn. */
static void readied_g_goes_on_in_that_turn(void)
{
	P *pp = getg()->m->p;
	uint32_t turn;
	int v = 0;

	forcepreemptns = INT64_MAX;
	asyncpreempt = false;
	there = makechan(sizeof v, 0);
	back = makechan(sizeof v, 0);
	go(answers, &turn);
	gosched();
	turn = pp->schedtick;
	chansend(there, &v);
	chanrecv(back, &v);
	CHECK(pp->schedtick == turn);
	preemptpoint();
	CHECK(pp->schedtick == turn + 2);
}

static _Atomic int asked;

/* The G that runs this is asked to let go so often, and after that once more. */
static void wait_until_asked(void)
{
	begun = true;
	while (asked < ATMOST)
		procyield();
}

static void ask_and_start(void (*fn)(void *))
{
	forcepreemptns = INT64_MAX;
	go(fn, NULL);
	while (!begun)
		procyield();
	for (; asked < ATMOST; asked++)
		preempt_others();
	while (!over)
		procyield();
}

static void with_preemption_off(void *unused)
{
	P *pp = getg()->m->p;
	uint32_t turn = pp->schedtick;

	(void)unused;
	preemptoff();
	preemptoff();
	wait_until_asked();
	preempton();
	CHECK(getg()->m->p == pp && pp->schedtick == turn);
	preempton();
	CHECK(getg()->m->p != pp || pp->schedtick != turn);
	over = true;
}

static void nobody_is_preempted_after_preemptoff(void)
{
	ask_and_start(with_preemption_off);
}

/* So deep in its stack that what asyncPreempt keeps would not fit. */
static void with_little_stack(void *unused)
{
	P *pp = getg()->m->p;
	uint32_t turn = pp->schedtick;
	uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
	volatile char *p = alloca(sp - getg()->stack.lo - 1500);

	(void)unused;
	p[0] = 0;
	wait_until_asked();
	CHECK(getg()->m->p == pp && pp->schedtick == turn);
	over = true;
}

static void nobody_is_preempted_with_little_stack(void)
{
	if (!watched())
		ask_and_start(with_little_stack);
}

/* ---- how programs end ---- */

/* What yields the M, each after preemptoff. */
static void letgo_gosched(void)
{
	preemptoff();
	gosched();
}

static void letgo_goyield(void)
{
	preemptoff();
	goyield();
}

static void letgo_goexit(void)
{
	preemptoff();
	goexit();
}

static void letgo_wait(void)
{
	int v;

	preemptoff();
	chanrecv(makechan(sizeof v, 0), &v);
}

static void system_call_after_preemptoff(void)
{
	preemptoff();
	g0_write(1, "x", 1);
}

static void preempton_alone(void)
{
	preempton();
}

const struct test preempt_ends[] = {
	{"letgo_gosched", letgo_gosched, true, "1"},
	{"letgo_goyield", letgo_goyield, true, "1"},
	{"letgo_goexit", letgo_goexit, true, "1"},
	{"letgo_wait", letgo_wait, true, "1"},
	{"system_call_after_preemptoff", system_call_after_preemptoff, true, "2"},
	{"preempton_alone", preempton_alone, true, "2"},
	{0},
};

static void expect_throw(const char *name, const char *err)
{
	struct ending e = run_end(name, NULL);

	CHECK(e.status == 2 && e.out[0] == '\0' && strstr(e.err, err) != NULL);
}

static void misuse_is_said(void)
{
	expect_throw("letgo_gosched", "g0: G1 would yield its M: gosched;");
	expect_throw("letgo_goyield", "g0: G1 would yield its M: goyield;");
	expect_throw("letgo_goexit", "g0: G1 would yield its M: goexit;");
	expect_throw("letgo_wait", "g0: G1 would yield its M: chan receive;");
	expect_throw("letgo_wait",
		"fatal error: preemptoff: nothing that waits or yields may be called before "
		"preempton\n"
		"\ton M0, on G1 ");
	expect_throw(
		"system_call_after_preemptoff", "fatal error: entersyscall: after preemptoff\n");
	expect_throw("preempton_alone", "fatal error: preempton: without preemptoff\n");
}

const struct test preempt_tests[] = {
	{"preempt: program, runtime and libc lie in this order",
		program_runtime_and_libc_lie_in_this_order, true, "2"},
	{"preempt: all registers survive", registers_survive, false, "2"},
	{"preempt: so do sentinels of Gs that gosched", sentinels_survive_preemption, false, "3"},
	{"preempt: malloc is not interrupted", malloc_is_not_interrupted, true, "3"},
	{"preempt: a hog keeps nobody waiting for ever", hog_keeps_nobody_waiting_for_ever, false,
		"1"},
	{"preempt: nor does a spin on an atomic", spin_on_an_atomic_keeps_nobody_waiting, true,
		"1"},
	{"preempt: nor a timer", hog_keeps_no_timer_waiting, false, "1"},
	{"preempt: nor a G that sleeps", hog_keeps_no_sleeper_waiting, false, "1"},
	{"preempt: what is asked for is one turn's end", request_is_for_one_turn, true, "1"},
	{"preempt: a turn has its time", turn_has_its_time, true, "1"},
	{"preempt: who is readied goes on in that turn", readied_g_goes_on_in_that_turn, true, "1"},
	{"preempt: nobody is preempted after preemptoff", nobody_is_preempted_after_preemptoff,
		true, "2"},
	{"preempt: nor where little stack is left", nobody_is_preempted_with_little_stack, true,
		"2"},
	{"preempt: misuse is said", misuse_is_said, true, "2"},
	{0},
};
