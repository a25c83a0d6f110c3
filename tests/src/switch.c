/* SPDX-License-Identifier: MIT */
/* All callee-saved registers of every G survive switches, while two Ms pass the Gs to and fro. */
#include <stdio.h>

#include "runtime.h"
#include "sentinels.h"
#include "test.h"

enum { GS = 4, SWITCHES = 10 * 1000 * 1000 };

static _Atomic int64_t lost, moved;
static struct chan *done;

static void call_gosched(void (*fn)(G *))
{
	(void)fn;
	gosched();
}

static void keep_sentinels(void *arg)
{
	const int64_t n = turns(SWITCHES) / GS;
	M *last = getg()->m;
	int ok = 1;

	for (int64_t i = 0; i < n; i++) {
		lost += sentinels_survive(
			call_gosched, NULL, (uintptr_t)arg << 24 | (uintptr_t)(i & 0xffff));
		if (getg()->m != last)
			moved++;
		last = getg()->m;
	}
	chansend(done, &ok);
}

static void sentinels_survive_ten_million_switches(void)
{
	int ok;

	done = makechan(sizeof ok, 0);
	for (intptr_t i = 1; i <= GS; i++)
		go(keep_sentinels, (void *)i);
	for (int i = 0; i < GS; i++)
		chanrecv(done, &ok);
	printf("# the M was another after %lld switches of %lld\n", (long long)moved,
		(long long)(turns(SWITCHES) / GS * GS));
	CHECK(lost == 0);
	CHECK(moved > 0 || watched()); /* a tool may run one thread at a time */
}

static _Thread_local int here;

/* Thread-local storage, looked up after the switch, is that of the M that runs the G now. */
static void thread_locals_are_those_of_the_m(void)
{
	for (int i = 0; i < 1000; i++) {
		gosched();
		here++;
		CHECK(getg()->m->curg == getg() && getg()->m->g0->m == getg()->m);
	}
}

const struct test switch_tests[] = {
	{"switch: sentinels survive ten million switches between two Ms",
		sentinels_survive_ten_million_switches, false, "2"},
	{"switch: getg is right after each switch", thread_locals_are_those_of_the_m, false, "2"},
	{0},
};
