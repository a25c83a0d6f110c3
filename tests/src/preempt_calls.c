/* SPDX-License-Identifier: MIT */
/*
 * Every call that a program can make in a loop looks whether its G is to be preempted, and so do
 * loops of nothing else keep nobody waiting. Without signals, on one P: it is these calls alone
 * that can let go.
 */
#include "runtime.h"
#include "test.h"

static struct chan *c, *d, *closed;
static struct mutex m;
static struct rwmutex rw;
static struct waitgroup wg;
static struct timer t;
static int v;
static bool ok;
static struct scase receive = {.elem = &v};

static void ignore(void *unused)
{
	(void)unused;
}

static int32_t nothing(void *unused)
{
	(void)unused;
	return 0;
}

static int32_t calls_back(void *unused)
{
	cgocallback(ignore, unused);
	return 0;
}

static void start_timer(void)
{
	timerstart(&t, INT64_MAX, ignore, NULL);
}

static void unlock_all(void)
{
	m = (struct mutex){0};
	rw = (struct rwmutex){0};
	wg = (struct waitgroup){0};
}

/*
 * name, before, call, after: the call that is tried, and what else has to be called for it to be
 * made again and again and never to wait.
 */
/* clang-format off */
#define CALLS(X) \
	X(go,             ,                          go(ignore, NULL),                   ) \
	X(preempton,      preemptoff(),              preempton(),                        ) \
	X(preemptpoint,   ,                          preemptpoint(),                     ) \
	X(goid,           ,                          goid(),                             ) \
	X(numgoroutine,   ,                          numgoroutine(),                     ) \
	X(numprocs,       ,                          numprocs(),                         ) \
	X(makechan,       ,                          d = makechan(8, 1),       chanfree(d)) \
	X(chanfree,       d = makechan(8, 1),        chanfree(d),                        ) \
	X(chansend,       chantryrecv(c, &v, &ok),   chansend(c, &v),                    ) \
	X(chanrecv,       chantrysend(c, &v),        chanrecv(c, &v),                    ) \
	X(chanrecv_closed,,                          chanrecv(closed, &v),               ) \
	X(chantrysend,    ,                          chantrysend(c, &v),                 ) \
	X(chantryrecv,    ,                          chantryrecv(c, &v, &ok),            ) \
	X(chanclose,      d = makechan(8, 1),        chanclose(d),             chanfree(d)) \
	X(selectgo,       chantrysend(c, &v),        selectgo(&receive, 1, true),       ) \
	X(selectgo_poll,  chantryrecv(c, &v, &ok),   selectgo(&receive, 1, false),      ) \
	X(selectgo_none,  ,                          selectgo(NULL, 0, false),           ) \
	X(mutexlock,      ,                          mutexlock(&m),            unlock_all()) \
	X(mutextrylock,   ,                          mutextrylock(&m),                   ) \
	X(mutexunlock,    mutextrylock(&m),          mutexunlock(&m),                    ) \
	X(rwmutexlock,    ,                          rwmutexlock(&rw),         unlock_all()) \
	X(rwmutexunlock,  rwmutexlock(&rw),          rwmutexunlock(&rw),                 ) \
	X(rwmutexrlock,   ,                          rwmutexrlock(&rw),        unlock_all()) \
	X(rwmutexrunlock, rwmutexrlock(&rw),         rwmutexrunlock(&rw),                ) \
	X(wgadd,          ,                          wgadd(&wg, 1),            unlock_all()) \
	X(wgdone,         wgadd(&wg, 1),             wgdone(&wg),                        ) \
	X(wgwait,         ,                          wgwait(&wg),                        ) \
	X(g0_nanotime,    ,                          g0_nanotime(),                      ) \
	X(timerstart,     ,                          start_timer(),            timerstop(&t)) \
	X(timerstop,      ,                          timerstop(&t),                      ) \
	X(timerstop_runs, start_timer(),             timerstop(&t),                      ) \
	X(g0_read,        ,                          g0_read(-1, NULL, 0),               ) \
	X(g0_write,       ,                          g0_write(-1, NULL, 0),              ) \
	X(exitsyscall,    ,                          (entersyscall(), exitsyscall()),   ) \
	X(lockosthread,   ,                          lockosthread(),           unlockosthread()) \
	X(unlockosthread, lockosthread(),            unlockosthread(),                   ) \
	X(cgocall,        ,                          cgocall(nothing, NULL),             ) \
	X(cgocallback,    ,                          cgocall(calls_back, NULL),          ) \
	X(g0_puts,        ,                          g0_puts(""),                        ) \
	X(g0_printf,      ,                          g0_printf("%s", ""),                )
/* clang-format on */

static _Atomic bool ran;

static void runs(void *unused)
{
	(void)unused;
	ran = true;
}

static void start_other(void)
{
	ran = false;
	go(runs, NULL);
}

static bool all_looked = true;

static void looked(const char *name)
{
	if (ran)
		return;
	all_looked = false;
	g0_printf("# %s does not look\n", name);
	gosched();
}

/* Asked after what comes before. */
#define ASKED(name, before, call, after)                                                           \
	static void name##_looks(void)                                                             \
	{                                                                                          \
		start_other();                                                                     \
		before;                                                                            \
		preemptone(allp[0]);                                                               \
		(void)(call);                                                                      \
		looked(#name);                                                                     \
		after;                                                                             \
	}
CALLS(ASKED)

/* Until sysmon has asked, and the call has looked. */
#define LOOPS(name, before, call, after)                                                           \
	static void name##_loops(void)                                                             \
	{                                                                                          \
		for (start_other(); !ran;) {                                                       \
			before;                                                                    \
			(void)(call);                                                              \
			after;                                                                     \
		}                                                                                  \
	}
CALLS(LOOPS)

static const struct call {
	void (*looks)(void), (*loops)(void);
} calls[] = {
#define ENTRY(name, before, call, after) {name##_looks, name##_loops},
	CALLS(ENTRY)};
enum { NCALLS = sizeof calls / sizeof calls[0] };

static void setup(void)
{
	asyncpreempt = false;
	receive.c = c = makechan(sizeof v, 1);
	closed = makechan(sizeof v, 0);
	chanclose(closed);
}

static void every_call_looks(void)
{
	setup();
	forcepreemptns = INT64_MAX;
	for (int i = 0; i < NCALLS; i++)
		calls[i].looks();
	CHECK(all_looked);
}

static void a_loop_of_any_call_keeps_nobody_waiting(void)
{
	setup();
	forcepreemptns = 1000 * 1000;
	for (int i = 0; i < NCALLS; i++)
		calls[i].loops();
}

const struct test preempt_calls_tests[] = {
	{"preempt: every call looks for it", every_call_looks, true, "1"},
	{"preempt: a loop of any call keeps nobody waiting",
		a_loop_of_any_call_keeps_nobody_waiting, true, "1"},
	{0},
};
