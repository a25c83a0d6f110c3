/* SPDX-License-Identifier: MIT */
/* Games in which what happens comes from outside: from the clock, and from threads of C. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "g0.h"
#include "soak.h"

/* ---- timers: each is stopped or goes off, and that once ---- */

enum { TIMERS = 8, ROUNDS = 10 };

struct alarm {
	struct timer t; /* first: f gets no more */
	struct waitgroup rings;
	_Atomic int rung;
};

struct sleeper {
	struct waitgroup *all;
	struct rnd r;
	struct alarm alarms[TIMERS];
};

static void rings(void *alarm)
{
	struct alarm *a = alarm;

	a->rung++;
	wgdone(&a->rings);
}

/* Starts and stops some in any order; who is stopped is started anew at once, now and then. */
static void set_alarms(struct sleeper *s, int started[], int stopped[])
{
	for (int i = 0; i < TIMERS; i++) {
		struct alarm *a = &s->alarms[i];
		wgadd(&a->rings, 1);
		started[i]++;
		timerstart(&a->t, rnd(&s->r, 300 * 1000), rings, a);
		mood(&s->r);
		a = &s->alarms[rnd(&s->r, (uint32_t)i + 1)];
		if (rnd(&s->r, 2) == 0 || !timerstop(&a->t))
			continue;
		if (rnd(&s->r, 2) == 0) {
			timerstart(&a->t, rnd(&s->r, 300 * 1000), rings, a);
			continue;
		}
		stopped[a - s->alarms]++;
		wgdone(&a->rings);
	}
}

static void sleeps(void *sleeper)
{
	struct sleeper *s = sleeper;
	int started[TIMERS] = {0}, stopped[TIMERS] = {0};
	const int n = 1 + (int)rnd(&s->r, ROUNDS);

	for (int round = 0; round < n; round++) {
		set_alarms(s, started, stopped);
		for (int i = 0; i < TIMERS; i++) {
			const struct alarm *a = &s->alarms[i];
			wgwait(&s->alarms[i].rings);
			MUST(a->rung + stopped[i] == started[i], a->rung, started[i]);
		}
	}
	wgdone(s->all);
}

void timers(struct rnd *r)
{
	struct waitgroup all = {0};
	const int n = 1 + (int)rnd(r, 6);
	struct sleeper *s = calloc((size_t)n, sizeof *s);

	MUST(s != NULL, n, 0);
	wgadd(&all, n);
	for (int i = 0; i < n; i++) {
		s[i].all = &all;
		s[i].r = rndnew(r);
		go(sleeps, &s[i]);
	}
	wgwait(&all);
	free(s);
}

/* ---- callbacks: threads that the runtime has not made count in turn with Gs ---- */

enum { THREADS = 3, CALLS = 10 };

struct caller {
	struct crowd *crowd;
	pthread_t thread;
	struct rnd r;
};

struct crowd {
	struct chan *counts;
	int threads, calls;
	struct caller caller[THREADS];
};

static void tell(void *caller)
{
	struct caller *cl = caller;
	const int id = (int)(cl - cl->crowd->caller);

	mood(&cl->r);
	chansend(cl->crowd->counts, &id);
	mood(&cl->r);
}

/* C, on a thread of its own. */
static void *calls_back(void *caller)
{
	struct caller *cl = caller;

	for (int i = 0; i < cl->crowd->calls; i++)
		cgocallback(tell, cl);
	return NULL;
}

static int32_t start_threads(void *crowd)
{
	struct crowd *c = crowd;

	for (int i = 0; i < c->threads; i++)
		if (pthread_create(&c->caller[i].thread, NULL, calls_back, &c->caller[i]) != 0)
			return 1;
	return 0;
}

static int32_t join_threads(void *crowd)
{
	struct crowd *c = crowd;

	for (int i = 0; i < c->threads; i++)
		if (pthread_join(c->caller[i].thread, NULL) != 0)
			return 1;
	return 0;
}

void callbacks(struct rnd *r)
{
	struct crowd c = {
		.threads = 1 + (int)rnd(r, THREADS),
		.calls = 1 + (int)rnd(r, CALLS),
		.counts = makechan(sizeof(int), rnd(r, 3)),
	};
	int heard[THREADS] = {0}, id = 0;

	for (int i = 0; i < c.threads; i++) {
		c.caller[i].crowd = &c;
		c.caller[i].r = rndnew(r);
	}
	MUST(cgocall(start_threads, &c) == 0, c.threads, 0);
	for (int i = 0; i < c.threads * c.calls; i++) {
		MUST(chanrecv(c.counts, &id) && id < c.threads, i, id);
		heard[id]++;
		mood(r);
	}
	MUST(cgocall(join_threads, &c) == 0, c.threads, 0);
	for (int i = 0; i < c.threads; i++)
		MUST(heard[i] == c.calls, heard[i], c.calls);
	chanfree(c.counts);
}
