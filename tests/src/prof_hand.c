/* SPDX-License-Identifier: MIT */
/*
 * What the sampler makes of a chain: programs hand chains of their own making to profsample, each
 * so often, and say nothing of what they are worth. No timer interrupts meanwhile.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"
#include "test.h"

enum { CHAIN = 40, MANY = 20000, MAXFILE = 1 << 20, BELOW = 1024 };

/* Names for frames; never called. */
#define NAME(f)                                                                                    \
	NOINLINE static void f(void)                                                               \
	{                                                                                          \
		__asm__ volatile("" : : "r"(&f) : "memory");                                       \
	}
NAME(hand_a)
NAME(hand_b)
NAME(hand_c)

/* The address that a call from within f returns to. */
#define FROM(f) ((uintptr_t)(f) + 1)

/* A frame record: who called, and where that goes on. */
struct record {
	struct record *up;
	uintptr_t pc;
};

static struct record of_nobody;
static G *waiter, *dead;

static void wait_for_ever(void *unused)
{
	int v;

	(void)unused;
	waiter = getg();
	chanrecv(makechan(sizeof v, 0), &v);
}

static void end_at_once(void *unused)
{
	(void)unused;
	dead = getg();
}

static void no_timer(void)
{
	sigset_t prof;

	sigemptyset(&prof);
	sigaddset(&prof, SIGPROF);
	CHECK(pthread_sigmask(SIG_BLOCK, &prof, NULL) == 0);
}

static void sample(const void *sp, const struct record *fp, int times)
{
	while (times-- > 0)
		profsample((uintptr_t)hand_a, (uintptr_t)sp, (uintptr_t)fp);
}

/* Far below all that it has in use. */
static struct record *unused_of(const G *gp)
{
	return (struct record *)(gp->stack.lo + 512);
}

/* What waiter will go on from: where its PC and the frame pointer stand beside each other. */
static struct record *left_by_waiter(void)
{
	struct record *r = (struct record *)(waiter->sched.sp - 8 * sizeof(uintptr_t));

	while (r->up != (struct record *)waiter->sched.bp || r->pc != waiter->sched.pc)
		r = (struct record *)((uintptr_t)r + sizeof(uintptr_t));
	return r;
}

static void on_the_own_stack(void)
{
	struct record r[CHAIN], *lower = &r[0], *upper = &r[1];

	*lower = (struct record){upper, FROM(hand_b)};
	*upper = (struct record){NULL, FROM(hand_c)};
	sample(r, lower, 1234);
	sample(r, NULL, 7);
	lower->up = lower;
	sample(r, lower, 2);
	upper->up = lower;
	sample(r, upper, 3);
	lower->up = (struct record *)((uintptr_t)upper + 1);
	sample(r, lower, 4);
	lower->up = &of_nobody;
	sample(r, lower, 5);
	for (int i = 0; i < CHAIN; i++)
		r[i] = (struct record){i < CHAIN - 1 ? &r[i + 1] : NULL, FROM(hand_c)};
	sample(r, r, 6);
}

static void into_others(void)
{
	struct record r;

	r = (struct record){unused_of(dead), FROM(hand_b)};
	*unused_of(dead) = (struct record){NULL, FROM(hand_a)};
	sample(&r, &r, 21);
	r.up = unused_of(waiter);
	*r.up = (struct record){NULL, FROM(hand_b)};
	sample(&r, &r, 22);
	*r.up = (struct record){(struct record *)waiter->sched.bp, FROM(hand_b)};
	sample(&r, &r, 1);
	*r.up = (struct record){NULL, waiter->sched.pc};
	sample(&r, &r, 1);
	r.up = left_by_waiter();
	sample(&r, &r, 23);
	r = (struct record){unused_of(getg()->m->g0), FROM(hand_c)};
	*r.up = (struct record){NULL, FROM(hand_b)};
	sample(&r, &r, 24);
}

/* As if C stood on g0's stack: it has called the scheduler, if a link goes there from below. */
static void on_g0(void)
{
	G *g0 = getg()->m->g0;
	const uintptr_t sp = g0->sched.sp;
	struct record *c = (struct record *)(sp - BELOW), *callee = c - 2;

	*c = (struct record){NULL, FROM(hand_c)};
	*callee = (struct record){c, FROM(hand_c)};
	sample(callee - 1, callee, 31);
	callee->pc = FROM(hand_b);
	g0->sched.sp = (uintptr_t)c;
	sample(callee - 1, callee, 32);
	sample(callee - 1, c, 33);
	sample(c, c, 34);
	*c = (struct record){&of_nobody, (uintptr_t)&of_nobody};
	sample(callee - 1, callee, 36);
	callee->up = NULL;
	sample(callee - 1, callee, 35);
	g0->sched.sp = sp;
}

/* Chains that come to code of nobody's: right up to there, whatever is in the register then. */
static void through_a_library(void)
{
	const uintptr_t code = (uintptr_t)&of_nobody;
	struct record r[3], c;

	r[0] = (struct record){&r[1], FROM(hand_b)};
	r[1] = (struct record){&r[2], code};
	r[2] = (struct record){NULL, FROM(hand_c)};
	sample(r, r, 51);
	r[1].up = &of_nobody;
	sample(r, r, 52);
	r[1].up = &r[0];
	sample(r, r, 1);
	r[1].up = unused_of(dead);
	sample(r, r, 1);
	r[0] = (struct record){unused_of(dead), FROM(hand_b)};
	*r[0].up = (struct record){&of_nobody, code};
	sample(r, r, 55);
	c = (struct record){&of_nobody, FROM(hand_c)};
	for (int i = 0; i < 56; i++)
		profsample(code, (uintptr_t)&c, (uintptr_t)&of_nobody);
}

static void each_chain(void)
{
	no_timer();
	go(end_at_once, NULL);
	go(wait_for_ever, NULL);
	while (dead == NULL || dead->atomicstatus != Gdead || waiter == NULL ||
		waiter->atomicstatus != Gwaiting)
		gosched();
	on_the_own_stack();
	into_others();
	on_g0();
	through_a_library();
	sample(&of_nobody, NULL, 41);
}

/* More than there is room for, that differ in the last frame alone. */
static void too_many(void)
{
	struct record caller = {NULL, 0};

	no_timer();
	for (caller.pc = 1; caller.pc <= MANY; caller.pc++)
		sample(&caller, &caller, 1);
}

const struct test prof_hand_ends[] = {
	{"each_chain", each_chain, true, "1"},
	{"too_many", too_many, true, "1"},
	{0},
};

/* ---- what is expected of them ---- */

static char file[MAXFILE], kept[16];

/*
 * Run one of them: its samples are in file, and begin with a new line. Nobody who has the old file
 * open sees anything of it.
 */
static void run_sampled(const char *program)
{
	char name[64], env[80];
	FILE *f, *old;

	snprintf(name, sizeof name, "/tmp/g0-hand-%d", (int)getpid());
	snprintf(env, sizeof env, "G0_PROF=%s", name);
	f = fopen(name, "w");
	CHECK(f != NULL && fputs("as it was", f) >= 0 && fclose(f) == 0);
	old = fopen(name, "r");
	CHECK(old != NULL && run_end(program, env).status == 0);
	CHECK(fgets(kept, sizeof kept, old) != NULL && strcmp(kept, "as it was") == 0);
	fclose(old);
	f = fopen(name, "r");
	CHECK(f != NULL);
	file[0] = '\n';
	file[1 + fread(file + 1, 1, sizeof file - 2, f)] = '\0';
	fclose(f);
	unlink(name);
}

static bool has(const char *text)
{
	bool is = strstr(file, text) != NULL;

	if (!is)
		printf("# no %s\n", text + 1);
	fflush(stdout);
	return is;
}

static void chains_are_judged_and_counted(void)
{
	if (!plain())
		return; /* the tools have handlers of their own, stacks, and frames */
	run_sampled("each_chain");
	CHECK(has("\nVALID;hand_c;hand_b;hand_a 1234\n") && has("\nVALID;hand_a 7\n"));
	CHECK(has("\nCYCLE;hand_b;hand_a 2\n") && has("\nCYCLE;hand_c;hand_a 3\n"));
	CHECK(has("\nWILD;hand_b;hand_a 9\n"));
	CHECK(has("\nVALID" /* as deep as it goes */
		  ";hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c"
		  ";hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c"
		  ";hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c;hand_c"
		  ";hand_c;hand_a 6\n"));
	CHECK(has("\nCHIMERA;hand_a;hand_b;hand_a 21\n"));
	CHECK(has("\nCHIMERA;hand_b;hand_b;hand_a 22\n"));
	CHECK(has("\nCHIMERA;goexit_stub;wait_for_ever;chanrecv;gopark;hand_b;hand_b;hand_a 1\n"));
	CHECK(has("\nCHIMERA;mcall;hand_b;hand_a 1\n"));
	CHECK(has("\nSTALE;goexit_stub;wait_for_ever;chanrecv;gopark;mcall;hand_b;hand_a 23\n"));
	CHECK(has("\nVALID;hand_b;hand_c;hand_a 24\n"));
	CHECK(has("\nVALID;hand_c;hand_c;hand_a 31\n"));
	CHECK(has("\nMISLEADING;hand_c;hand_b;hand_a 32\n"));
	CHECK(has("\nMISLEADING;hand_c;hand_a 33\n") && has("\nVALID;hand_c;hand_a 34\n"));
	CHECK(has("\nVALID;hand_b;hand_a 35\n") && has("\nVALID 41\n"));
	CHECK(has("\nVALID;hand_c;?;hand_b;hand_a 51\n"));
	CHECK(has("\nNOFP;?;hand_b;hand_a 54\n") && has("\nNOFP;? 56\n"));
	CHECK(has("\nCHIMERA;?;hand_b;hand_a 55\n"));
	CHECK(has("\nMISLEADING;?;hand_b;hand_a 36\n"));
}

static void none_is_left_out(void)
{
	int known = 0;
	long lost = 0;

	if (watched())
		return;
	run_sampled("too_many");
	for (const char *line = file; (line = strstr(line, "\nVALID;?;hand_a 1\n")) != NULL; line++)
		known++;
	CHECK(strstr(file, "\nVALID ") != NULL);
	CHECK(sscanf(strstr(file, "\nVALID "), "\nVALID %ld\n", &lost) == 1);
	CHECK(known == 2048 && known + lost == MANY);
}

const struct test prof_hand_tests[] = {
	{"prof: chains are judged, and counted", chains_are_judged_and_counted, true, "1"},
	{"prof: none is left out, where there is no room", none_is_left_out, true, "1"},
	{0},
};
