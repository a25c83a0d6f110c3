/* SPDX-License-Identifier: MIT */
/*
 * The whole story of small programs, event by event, as the flight recorder has kept it. They run
 * as if they were stepped, on one P: so each runs the same way every time. An M's events are in
 * order; whether another M's come before or after, nobody says.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os.h"
#include "runq.h"
#include "traced.h"

enum { MAXSTORY = 8192 };

/* ---- the programs ---- */

static struct chan *c;

static void does_nothing(void *unused)
{
	(void)unused;
}

/* What a G does by itself, and beside another. */
static void story_of_gs(void)
{
	go(does_nothing, NULL);
	gosched();
	preemptone(getp());
	preemptpoint();
	g0_read(-1, NULL, 0);
}

/* As all would sleep, time jumps. */
static void story_of_time(void)
{
	struct timer t = {0};

	goyield();
	timerstart(&t, 5, does_nothing, NULL);
	g0_sleep(7);
	g0_sleep(1);
}

static void sends(void *unused)
{
	int v = 1;

	(void)unused;
	chansend(c, &v);
}

/* And the end of it, when nobody is left to send anything. */
static void story_of_channels(void)
{
	struct scase cs;
	int v;

	c = makechan(sizeof v, 0);
	cs = (struct scase){.c = c, .elem = &v};
	go(sends, NULL);
	chanrecv(c, &v);
	go(sends, NULL);
	selectgo(&cs, 1, true);
	chanclose(c);
	c = makechan(sizeof v, 0);
	chanrecv(c, &v);
}

/* Until what an M did last is to go to sleep. */
static void wait_until_asleep(int32_t m)
{
	const struct tracering *r = NULL;
	uint64_t n = 0;

	while (n == 0 || id_of(&r->entry[n - 1]) != EV_stopm) {
		ossleep(100);
		for (M *mp = allm; mp != NULL; mp = mp->alllink)
			if (mp->id == m)
				r = mp->trace;
		n = r == NULL ? 0 : atomic_load_explicit(&r->n, memory_order_acquire);
	}
}

/* A second M runs what the first one may not, and gives the P back. */
static void story_of_threads(void)
{
	lockosthread();
	go(does_nothing, NULL);
	gosched();
	unlockosthread();
	wait_until_asleep(1);
}

static void *calls_back(void *unused)
{
	wait_until_asleep(0);
	cgocallback(sends, unused);
	return unused;
}

static void story_of_a_call(void)
{
	pthread_t thread;
	int v;

	c = makechan(sizeof v, 0);
	CHECK(pthread_create(&thread, NULL, calls_back, NULL) == 0);
	pthread_detach(thread);
	chanrecv(c, &v);
}

static P *newp(int32_t id)
{
	P *pp = mallocz(sizeof *pp);

	pp->id = id;
	ringinit(pp);
	return pp;
}

/* Of queues that no M has: 5 Gs in the ring and the sixth in runnext; and the global one. */
static void story_of_thieves(void)
{
	P *thief = newp(7), *victim = newp(8);
	G *gs = mallocz(6 * sizeof *gs);

	for (int i = 0; i < 6; i++) {
		gs[i].goid = 101 + i;
		runqput(victim, &gs[i], i == 5);
	}
	for (bool inherits; runqget(thief, &inherits) != NULL || runqsteal(thief, victim, true);)
		;
	lock(&sched.lock);
	for (int i = 0; i < 3; i++)
		globrunqput(&gs[i]);
	globrunqget(thief, 2);
	globrunqget(thief, 0);
	unlock(&sched.lock);
}

const struct test story_ends[] = {
	{"story_of_gs", story_of_gs, true, "1"},
	{"story_of_time", story_of_time, true, "1"},
	{"story_of_channels", story_of_channels, true, "1"},
	{"story_of_threads", story_of_threads, true, "1"},
	{"story_of_a_call", story_of_a_call, true, "1"},
	{"story_of_thieves", story_of_thieves, true, "1"},
	{0},
};

/* ---- telling it ---- */

static const struct {
	const char *name, *args;
} events[] = {
#define EVENT(name, nargs, args, sentence) {#name, args},
#include "event.def"
#undef EVENT
};

static char story[MAXSTORY];
static size_t length;

static void tell(const char *s)
{
	CHECK(length + strlen(s) < sizeof story);
	strcpy(story + length, s);
	length += strlen(s);
}

static const char *reason(const struct ring *r, uint64_t addr)
{
	for (int i = 0; i < r->nstrings; i++)
		if (r->string[i].addr == addr)
			return r->string[i].text;
	return "?";
}

/* One event. What is an address in any way is told by name. */
static void tell_event(const struct ring *r, const struct traceentry *e)
{
	char args[32], number[32], *save = NULL;
	int i = 0;

	tell(events[id_of(e)].name);
	strcpy(args, events[id_of(e)].args);
	for (char *arg = strtok_r(args, " ", &save); arg; arg = strtok_r(NULL, " ", &save), i++) {
		snprintf(number, sizeof number, "%ld", (long)e->arg[i]);
		tell(" ");
		tell(strcmp(arg, "fn") == 0          ? symbol(e->arg[i])
			: strcmp(arg, "reason") == 0 ? reason(r, e->arg[i])
			: strcmp(arg, "chan") == 0   ? "c"
						     : number);
	}
	tell("; ");
}

/* What each turn consists of; told once. */
static bool every_turn(enum event_id id)
{
	return id == EV_casgstatus || id == EV_dropg || id == EV_schedule || id == EV_execute ||
	       id == EV_gresume;
}

static void run(const char *program, int status)
{
	const bool all = strcmp(program, "story_of_gs") == 0;

	setenv("G0_STEPPED", "1", 1);
	CHECK(run_traced(program).status == status);
	length = 0;
	for (int i = nrings - 1; i >= 0; i--) {
		if (i != nrings - 1)
			tell("-- ");
		for (uint64_t k = 0; k < rings[i].kept; k++)
			if (all || !every_turn(id_of(&rings[i].entry[k])))
				tell_event(&rings[i], &rings[i].entry[k]);
	}
}

/* clang-format off */
/* What is told of each. A new M begins with --. */
static const struct {
	const char *program;
	int status;
	const char *expected;
} stories[] = {
	{"story_of_gs", 0,
		"casgstatus 0 0 5; newproc 1 runtime_main; casgstatus 1 5 1; runqput 0 1; "
		"mstart 0; schedule 0; runqget 0 1; casgstatus 1 1 2; execute 1 0; "
		"casgstatus 0 0 5; newproc 2 does_nothing; casgstatus 2 5 1; runqput 0 2; "
		"casgstatus 1 2 1; dropg 1; gosched 1; globrunqput 1; schedule 0; runqget 0 2; "
		"casgstatus 2 1 2; execute 2 0; casgstatus 2 2 5; dropg 2; goexit 2; schedule 0; "
		"globrunqget 1; casgstatus 1 1 2; execute 1 0; gresume 1; preemptone 1 0; "
		"casgstatus 1 2 1; dropg 1; gopreempt 1; globrunqput 1; schedule 0; "
		"globrunqget 1; casgstatus 1 1 2; execute 1 0; gresume 1; casgstatus 1 2 3; "
		"entersyscall 1; casgstatus 1 3 2; exitsyscall 1; exit 0; "},
	{"story_of_time", 0,
		"newproc 1 runtime_main; runqput 0 1; mstart 0; runqget 0 1; goyield 1; "
		"runqput 0 1; runqget 0 1; timerstart 1 5; gopark 1 sleep; timerstart 1 7; "
		"timejump 5; startm 0 0; stopm 0; wakem 0; newproc 2 does_nothing; "
		"timerfire 2 5; runqput 0 2; runqget 0 2; goexit 2; timejump 7; startm 0 0; "
		"stopm 0; wakem 0; timerfire 1 7; goready 1; runqput 0 1; runqget 0 1; "
		"gopark 1 sleep; timerstart 1 8; timejump 8; startm 0 0; stopm 0; wakem 0; "
		"timerfire 1 8; goready 1; runqput 0 1; runqget 0 1; exit 0; "},
	{"story_of_channels", 2,
		"newproc 1 runtime_main; runqput 0 1; mstart 0; runqget 0 1; newproc 2 sends; "
		"runqput 0 2; chanrecv 1 c; gopark 1 chan receive; runqget 0 2; chansend 2 c; "
		"goready 1; runqput 0 1; goexit 2; runqget 0 1; newproc 3 sends; runqput 0 3; "
		"selectgo 1 1; gopark 1 select; runqget 0 3; chansend 3 c; goready 1; "
		"runqput 0 1; goexit 3; runqget 0 1; chanclose 1 c; chanrecv 1 c; "
		"gopark 1 chan receive; deadlock; exit 2; "},
	{"story_of_threads", 0,
		"newproc 1 runtime_main; runqput 0 1; mstart 0; runqget 0 1; "
		"newproc 2 does_nothing; runqput 0 2; gosched 1; globrunqput 1; handoffp 0; "
		"newm 1; stopm 0; wakem 0; exit 0; "
		"-- "
		"mstart 1; runqget 0 2; goexit 2; globrunqget 1; startm 0 0; stopm 1; "},
	{"story_of_a_call", 0,
		"newproc 1 runtime_main; runqput 0 1; mstart 0; runqget 0 1; chanrecv 1 c; "
		"gopark 1 chan receive; stopm 0; wakem 0; runqget 0 1; exit 0; "
		"-- "
		"needm 1; exitsyscall 2; chansend 2 c; goready 1; runqput 0 1; entersyscall 2; "
		"dropm 1; handoffp 0; startm 0 0; "},
	{"story_of_thieves", 0,
		"newproc 1 runtime_main; runqput 0 1; mstart 0; runqget 0 1; runqput 8 101; "
		"runqput 8 102; runqput 8 103; runqput 8 104; runqput 8 105; runqput 8 106; "
		"runqsteal 7 8 3; runqget 7 101; runqget 7 102; runqsteal 7 8 1; "
		"runqsteal 7 8 1; runqsteal 7 8 1; globrunqput 101; globrunqput 102; "
		"globrunqput 103; globrunqget 101; globrunqget 102; runqput 7 102; "
		"globrunqget 103; exit 0; "},
};
/* clang-format on */

static void each_is_told(void)
{
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
		run(stories[i].program, stories[i].status);
		if (strcmp(story, stories[i].expected) != 0) {
			printf("# %s: %s\n", stories[i].program, story);
			fflush(stdout);
			CHECK(!"that is the story");
		}
	}
}

const struct test story_tests[] = {
	{"story: each is told", each_is_told, false, "1"},
	{0},
};
