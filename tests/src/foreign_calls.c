/* SPDX-License-Identifier: MIT */
/*
 * A thread that the runtime has not made calls it, not by way of cgocallback: that is said, call by
 * call. What such a thread does wrong by itself stays its own affair.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "runtime.h"
#include "test.h"

static struct chan *c;
static struct mutex m, locked = {.users = 1};
static struct rwmutex rw, written = {.writing = true}, being_read = {.reading = 1};
static struct waitgroup wg, one_left = {.n = 1};
static struct timer timer;
static char byte;
static void *volatile nothing;
static const char *volatile nowhere = (const char *)-4096;

static void does_nothing(void *unused)
{
	(void)unused;
}

static int32_t returns(void *unused)
{
	(void)unused;
	return 0;
}

static void on_a_thread(void *(*fn)(void *))
{
	pthread_t thread;

	c = makechan(1, 1);
	CHECK(pthread_create(&thread, NULL, fn, NULL) == 0);
	pthread_join(thread, NULL);
}

/* clang-format off */
#define SENTENCE \
	"fatal error: called on a thread that the runtime has not made, " \
	"not by way of cgocallback\n\ton no M\n"
#define CALLS(X) \
	X(go, (go(does_nothing, NULL))) \
	X(gosched, (gosched())) \
	X(goyield, (goyield())) \
	X(goid, (goid())) \
	X(preemptoff, (preemptoff())) \
	X(preempton, (preempton())) \
	X(preemptpoint, (preemptpoint())) \
	X(goexit, (goexit())) \
	X(makechan, (makechan(1, 1))) \
	X(chanfree, (chanfree(c))) \
	X(chansend, (chansend(c, &byte))) \
	X(chanrecv, (chanrecv(c, &byte))) \
	X(chantrysend, (chantrysend(c, &byte))) \
	X(chantryrecv, (chantryrecv(c, &byte, NULL))) \
	X(chanclose, (chanclose(c))) \
	X(selectgo, (selectgo(&(struct scase){.c = c}, 1, true))) \
	X(mutexlock, (mutexlock(&m))) \
	X(mutextrylock, (mutextrylock(&m))) \
	X(mutexunlock, (mutexunlock(&locked))) \
	X(rwmutexlock, (rwmutexlock(&rw))) \
	X(rwmutexunlock, (rwmutexunlock(&written))) \
	X(rwmutexrlock, (rwmutexrlock(&rw))) \
	X(rwmutexrunlock, (rwmutexrunlock(&being_read))) \
	X(wgadd, (wgadd(&wg, 1))) \
	X(wgdone, (wgdone(&one_left))) \
	X(wgwait, (wgwait(&wg))) \
	X(g0_sleep, (g0_sleep(1))) \
	X(timerstart, (timerstart(&timer, 1, does_nothing, NULL))) \
	X(timerstop, (timerstop(&timer))) \
	X(g0_read, (g0_read(0, &byte, 1))) \
	X(g0_write, (g0_write(1, &byte, 1))) \
	X(entersyscall, (entersyscall())) \
	X(exitsyscall, (exitsyscall())) \
	X(lockosthread, (lockosthread())) \
	X(unlockosthread, (unlockosthread())) \
	X(cgocall, (cgocall(returns, NULL)))

#define FAULTS(X) \
	X(writes_to_null, (*(volatile char *)nothing = 1)) \
	X(has_libc_read_null, fputs(nothing, stdout)) \
	X(has_us_read_nowhere, g0_puts(nowhere))

#define AS_END(name, does) \
	static void *thread_##name(void *arg) \
	{ \
		does; \
		return arg; \
	} \
	static void end_##name(void) \
	{ \
		on_a_thread(thread_##name); \
	}
/* clang-format on */
CALLS(AS_END)
FAULTS(AS_END)

#define AS_TEST(name, does) {"foreign " #name, end_##name, true, "2"},
const struct test foreign_calls_ends[] = {CALLS(AS_TEST){0}};
const struct test foreign_faults_ends[] = {FAULTS(AS_TEST){0}};

static void expect_all(const struct test *t, int status, bool said)
{
	for (; t->name != NULL; t++) {
		struct ending e = run_end(t->name, NULL);
		if (e.status == status && (strstr(e.err, SENTENCE) != NULL) == said)
			continue;
		g0_printf("# %s: status %d, %s\n", t->name, e.status, e.err);
		CHECK(!"it ends as expected");
	}
}

static void each_call_is_said(void)
{
	if (!plain())
		return; /* the tool has its own word for what gives it away */
	expect_all(foreign_calls_ends, 2, true);
}

static void its_own_faults_are_its_own(void)
{
	if (!plain())
		return;
	expect_all(foreign_faults_ends, 128 + SIGSEGV, false);
}

const struct test foreign_calls_tests[] = {
	{"foreign calls: each is said", each_call_is_said, true, "1"},
	{"foreign calls: its own faults are its own", its_own_faults_are_its_own, true, "1"},
	{0},
};
