/* SPDX-License-Identifier: MIT */
/* Gs call C, and C calls back: on an M's thread, and on threads that the runtime has not made. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"
#include "test.h"

enum { THREADS = 100, CALLS = 100, DEEP = 3, HOST_STACK = 256 << 10 };

static bool within(const G *gp, const void *p)
{
	return (uintptr_t)p >= gp->stack.lo && (uintptr_t)p < gp->stack.hi;
}

/* ---- cgocall ---- */

static int to[2];
static _Atomic int calling;

static int32_t reads_in_c(void *arg)
{
	char c = 0;
	const char *word = arg;

	CHECK(getg() == getg()->m->g0 && within(getg(), &c));
	CHECK(getg()->m->curg->atomicstatus == Gsyscall);
	calling++;
	CHECK(read(to[0], &c, 1) == 1);
	return c == *word ? -5 : 5;
}

static void calls_c(void *arg)
{
	G *gp = getg();

	CHECK(cgocall(reads_in_c, arg) == -5);
	CHECK(getg() == gp && gp->atomicstatus == Grunning && gp->m->curg == gp);
	calling--;
}

/* There is one P. The G that has it blocks in C; we run on until we let it go. */
static void c_keeps_nobody_waiting(void)
{
	CHECK(pipe(to) == 0);
	go(calls_c, "x");
	while (calling == 0)
		gosched();
	CHECK(g0_write(to[1], "x", 1) == 1);
	while (calling > 0)
		gosched();
}

/* ---- callbacks ---- */

static struct chan *c;
static _Atomic int ran;

static void answers(void *unused)
{
	int v;

	(void)unused;
	chanrecv(c, &v);
	v++;
	ran++;
	chansend(c, &v);
}

/* All that a G does, on the same M all along. */
static void work(void)
{
	G *gp = getg();
	M *mp = gp->m;
	int v = (int)gp->goid, tid = gettid();

	CHECK(gp != mp->g0 && gp->atomicstatus == Grunning && mp->p != NULL && within(gp, &v));
	gosched();
	CHECK(gp->m == mp && gettid() == tid);
	go(answers, NULL);
	chansend(c, &v);
	goyield();
	chanrecv(c, &v);
	CHECK(getg() == gp && gp->m == mp && gettid() == tid);
	CHECK(g0_read(-1, NULL, 0) == -EBADF);
	CHECK(gp->m == mp && gettid() == tid && mp->lockedg == gp);
}

struct level {
	int depth;
	uintptr_t sp; /* of the level before, on the same stack; 0: none */
	G *gp;
};

static void back_in_g(void *arg);

static int32_t down_in_c(void *arg)
{
	struct level *l = arg;
	G *g0 = getg();
	uintptr_t sp = g0->sched.sp;
	char here;

	CHECK(g0 == g0->m->g0 && within(g0, &here) && g0->m->curg == l->gp);
	for (int i = 0; i < 2; i++) {
		cgocallback(back_in_g, l);
		CHECK(getg() == g0 && g0->sched.sp == sp && l->gp->atomicstatus == Gsyscall);
	}
	return l->depth;
}

/* Each level is below the one before, on its stack. */
static void back_in_g(void *arg)
{
	struct level *l = arg, next = {l->depth + 1, (uintptr_t)&next, getg()};

	CHECK(getg() == l->gp && next.sp < l->sp);
	work();
	if (l->depth < DEEP)
		CHECK(cgocall(down_in_c, &next) == next.depth);
	work();
}

/* G -> C -> G -> C -> G -> C -> G, twice at each level. */
static void callbacks_nest(void)
{
	struct level first = {1, (uintptr_t)&first, getg()};

	c = makechan(sizeof(int), 0);
	CHECK(cgocall(down_in_c, &first) == 1);
	CHECK(getg()->m->lockedg == NULL && getg()->m->ncallbacks == 0);
	CHECK(ran == 2 * (2 + 4 + 8));
}

/* ---- threads of others ---- */

static _Atomic int64_t called;
static struct chan *told;

static void called_back(void *arg)
{
	int *v = arg;

	CHECK(getg()->m->extrag == getg() && getg()->startfn != NULL);
	CHECK(within(getg()->m->g0, arg));
	gosched();
	(*v)++;
	called++;
	chansend(told, v);
	gosched();
	(*v)++;
}

static void *foreign(void *unused)
{
	const int n = (int)turns(CALLS);

	(void)unused;
	for (int i = 0; i < n; i++) {
		int v = 0;
		cgocallback(called_back, &v);
		CHECK(v == 2 && getg() == NULL);
	}
	return NULL;
}

static pthread_t threads[THREADS];
static int nthreads;

static void startthreads(void *(*fn)(void *))
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, HOST_STACK);
	for (int i = 0; i < nthreads; i++)
		CHECK(pthread_create(&threads[i], &attr, fn, NULL) == 0);
	pthread_attr_destroy(&attr);
}

static int32_t starts(void *fn)
{
	startthreads((void *(*)(void *))fn);
	return 0;
}

static int32_t joins(void *unused)
{
	(void)unused;
	for (int i = 0; i < nthreads; i++)
		CHECK(pthread_join(threads[i], NULL) == 0);
	return 0;
}

/* They come as they like, more than there are Ps; Ms and Gs are used again. */
static void many_threads_call_back(void)
{
	int64_t n;

	nthreads = watched() ? THREADS / 5 : THREADS;
	n = nthreads * turns(CALLS);
	told = makechan(sizeof(int), 0);
	cgocall(starts, (void *)foreign);
	for (int64_t i = 0; i < n; i++) {
		int v;
		CHECK(chanrecv(told, &v) && v == 1);
	}
	cgocall(joins, NULL);
	CHECK(called == n);
	CHECK(sched.mcount < 2 * nthreads + 10);
	for (M *mp = allm; mp != NULL; mp = mp->alllink)
		CHECK(mp->extrag == NULL || (mp->g0->stack.hi == 0 && mp->procid == 0));
}

static int32_t back_to_c(void *v)
{
	cgocallback(called_back, v);
	return 6;
}

static void calls_c_again(void *v)
{
	CHECK(cgocall(back_to_c, v) == 6);
}

static void *foreign_deep(void *unused)
{
	int v = 0;

	(void)unused;
	cgocallback(calls_c_again, &v);
	CHECK(v == 2 && getg() == NULL);
	return NULL;
}

/* C -> G -> C -> G on a thread of its own. */
static void a_foreign_thread_nests(void)
{
	int v;

	nthreads = 1;
	told = makechan(sizeof(int), 0);
	cgocall(starts, (void *)foreign_deep);
	CHECK(chanrecv(told, &v) && v == 1);
	cgocall(joins, NULL);
}

static void counts_gs(void *n)
{
	*(int64_t *)n = numgoroutine();
}

static void *foreign_counted(void *unused)
{
	int64_t n = 0;

	cgocallback(counts_gs, &n);
	CHECK(n == 2);
	return unused;
}

static void the_g_of_a_foreign_thread_counts(void)
{
	nthreads = 1;
	CHECK(numgoroutine() == 1);
	cgocall(starts, (void *)foreign_counted);
	cgocall(joins, NULL);
	CHECK(numgoroutine() == 1);
}

/* ---- the chain ---- */

static char names[1024];

static void walk(uintptr_t fp)
{
	size_t n = 0;

	names[0] = '\0';
	for (int i = 0; fp != 0 && i < 20; i++) {
		const uintptr_t *record = (const uintptr_t *)fp;
		const char *name = symbol(record[1] - 1);
		if (strncmp(name, "fiber_", 6) != 0) /* a sanitizer's, not ours */
			n += (size_t)snprintf(names + n, sizeof names - n, "%s ", name);
		CHECK(n < sizeof names);
		fp = strcmp(name, "c_on_its_own") == 0 ? 0 : record[0]; /* below is libc */
	}
}

static void walk_m(G *gp)
{
	walk((uintptr_t)__builtin_frame_address(0));
	gogo(&gp->sched);
}

NOINLINE static void leaves(void)
{
	mcall(walk_m);
}

static const char *on_g, *on_g0;

static bool same(const char *golden)
{
	if (strcmp(names, golden) == 0)
		return true;
	printf("# walked:   %s\n# expected: %s\n", names, golden);
	fflush(stdout);
	return false;
}

static void walks(void *unused)
{
	(void)unused;
	walk((uintptr_t)__builtin_frame_address(0));
	CHECK(same(on_g));
	leaves();
	CHECK(same(on_g0));
	ran++;
}

NOINLINE static int32_t c_for_a_g(void *unused)
{
	cgocallback(walks, unused);
	return 0;
}

NOINLINE static void *c_on_its_own(void *unused)
{
	cgocallback(walks, unused);
	return NULL;
}

static void g_calls_c(void *unused)
{
	cgocall(c_for_a_g, unused);
}

#define CALLBACK "cgocallbackg asmcgocallback cgocallback "

static const char *through_mcall(const char *keep, const char *g0bp)
{
	if (mcall_policy == mcall_clear)
		return "mcall_clear ";
	return mcall_policy == mcall_g0bp ? g0bp : keep;
}

static int32_t chain_in_c(void *unused)
{
	(void)unused;
	walk((uintptr_t)__builtin_frame_address(0));
	return 0;
}

/* The chain of a G in a callback goes on in the C that called back, and from there in the G's. */
static void chain_of_a_callback(void)
{
	static char keep[512];

	cgocall(chain_in_c, NULL);
	/* On arm64, asmcgocall does not link to the G that called it. */
	on_g = strstr(names, " cgocall ") != NULL ? CALLBACK
		       "c_for_a_g asmcgocall cgocall g_calls_c goexit_stub "
						  : CALLBACK "c_for_a_g asmcgocall ";
	snprintf(keep, sizeof keep, "%s mcall leaves walks %s",
		mcall_policy == mcall_keep ? "mcall_keep" : "mcall_cycle", on_g);
	on_g0 = through_mcall(keep, "mcall_g0bp ");
	go(g_calls_c, NULL);
	while (ran == 0)
		gosched();
}

/* Under g0bp a foreign thread's C function seems to have called mcall. */
static void chain_of_a_foreign_thread(void)
{
	static char keep[512];

	on_g = CALLBACK "c_on_its_own ";
	snprintf(keep, sizeof keep, "%s mcall leaves walks %s",
		mcall_policy == mcall_keep ? "mcall_keep" : "mcall_cycle", on_g);
	on_g0 = through_mcall(keep, "mcall_g0bp c_on_its_own ");
	nthreads = 1;
	cgocall(starts, (void *)c_on_its_own);
	cgocall(joins, NULL);
	CHECK(ran == 1);
}

/* ---- mistakes ---- */

static int32_t calls_goexit_back(void *unused)
{
	cgocallback((void (*)(void *))goexit, unused);
	return 0;
}

static void goexit_in_a_callback(void)
{
	cgocall(calls_goexit_back, NULL);
}

static void unlocks_and_leaves(void *unused)
{
	(void)unused;
	unlockosthread();
	for (int i = 0; i < 1000; i++)
		gosched();
}

static int32_t calls_unlock_back(void *unused)
{
	cgocallback(unlocks_and_leaves, unused);
	return 0;
}

static void unlock_in_a_callback(void)
{
	cgocall(calls_unlock_back, NULL);
}

static void callback_by_a_g(void)
{
	cgocallback(unlocks_and_leaves, NULL);
}

/* For ever, though the compiler cannot know, in frames that it cannot do without. */
NOINLINE static int32_t deeper(void *n)
{
	volatile int frame[50];

	frame[++*(int *)n % 50] = 1;
	return (*(int *)n >= 0 ? deeper(n) : 0) + frame[0];
}

static void calls_deeper(void *n)
{
	cgocall(deeper, n);
}

static void *foreign_overflow(void *unused)
{
	int n = 0;

	cgocallback(calls_deeper, &n);
	return unused;
}

static void overflow_of_a_foreign_thread(void)
{
	nthreads = 1;
	cgocall(starts, (void *)foreign_overflow);
	cgocall(joins, NULL);
}

const struct test cgo_ends[] = {
	{"overflow_of_a_foreign_thread", overflow_of_a_foreign_thread, true, "2"},
	{"goexit_in_a_callback", goexit_in_a_callback, true, "2"},
	{"unlock_in_a_callback", unlock_in_a_callback, true, "2"},
	{"callback_by_a_g", callback_by_a_g, true, "2"},
	{0},
};

static void expect_throw(const char *name, const char *err)
{
	struct ending e = run_end(name, NULL);

	CHECK(e.status == 2 && strstr(e.err, err) != NULL);
}

static void mistakes_are_said(void)
{
	expect_throw("goexit_in_a_callback", "goexit: in a callback");
	expect_throw("unlock_in_a_callback", "cgocallback: unlocked");
	expect_throw("callback_by_a_g", "cgocallback: not called by C");
	if (watched())
		return; /* the tool has its own word for an overflow */
	expect_throw("overflow_of_a_foreign_thread", "g0: stack overflow: the g0 of M");
	expect_throw("overflow_of_a_foreign_thread", " ran over its 256 KiB stack\n");
}

const struct test cgo_tests[] = {
	{"cgo: C that blocks keeps nobody waiting", c_keeps_nobody_waiting, false, "1"},
	{"cgo: callbacks nest", callbacks_nest, false, "1"},
	{"cgo: the same with 2 Ps", callbacks_nest, false, "2"},
	{"cgo: many threads call back", many_threads_call_back, false, "1"},
	{"cgo: the same with two Ps", many_threads_call_back, false, "2"},
	{"cgo: a foreign thread nests", a_foreign_thread_nests, false, "2"},
	{"cgo: the G of a foreign thread counts", the_g_of_a_foreign_thread_counts, true, "1"},
	{"cgo: mistakes are said", mistakes_are_said, true, "2"},
	{"cgo: the chain of a callback", chain_of_a_callback, false, "2"},
	{"cgo: the chain of a foreign thread", chain_of_a_foreign_thread, false, "2"},
	{0},
};
