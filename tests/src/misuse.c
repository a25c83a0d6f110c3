/* SPDX-License-Identifier: MIT */
/*
 * What programs do wrong, call by call: NULL where there is to be something, sizes that do not
 * fit, calls where none may be. Each ends with a sentence, not with a signal; but a channel that
 * is NULL is Go's nil channel.
 */
#include <errno.h>
#include <string.h>

#include "runtime.h"
#include "test.h"

/* Values that the compiler knows nothing of. */
static void *volatile nothing;
static volatile size_t huge = SIZE_MAX;
#define NOTHING ((void *)nothing)

static int v;

static void does_nothing(void *unused)
{
	(void)unused;
}

static int32_t returns(void *unused)
{
	(void)unused;
	return 0;
}

/* ---- NULL ---- */

static void go_null(void)
{
	go((void (*)(void *))nothing, NULL);
}

static void send_of_null(void)
{
	chansend(makechan(sizeof v, 1), NOTHING);
}

static void send_of_null_to_who_waits(void)
{
	chansend(makechan(sizeof v, 0), NOTHING);
}

static void trysend_of_null(void)
{
	chantrysend(makechan(sizeof v, 1), NOTHING);
}

static void select_sends_null(void)
{
	struct scase cs = {.c = makechan(sizeof v, 0), .send = true};

	selectgo(&cs, 1, true);
}

static void select_null(void)
{
	selectgo(NOTHING, 1, false);
}

static void close_null(void)
{
	chanclose(NOTHING);
}

static void free_null(void)
{
	chanfree(NOTHING);
}

static void mutexlock_null(void)
{
	mutexlock(NOTHING);
}

static void mutextrylock_null(void)
{
	mutextrylock(NOTHING);
}

static void mutexunlock_null(void)
{
	mutexunlock(NOTHING);
}

static void rwmutexlock_null(void)
{
	rwmutexlock(NOTHING);
}

static void rwmutexunlock_null(void)
{
	rwmutexunlock(NOTHING);
}

static void rwmutexrlock_null(void)
{
	rwmutexrlock(NOTHING);
}

static void rwmutexrunlock_null(void)
{
	rwmutexrunlock(NOTHING);
}

static void wgadd_null(void)
{
	wgadd(NOTHING, 1);
}

static void wgdone_null(void)
{
	wgdone(NOTHING);
}

static void wgwait_null(void)
{
	wgwait(NOTHING);
}

static void timerstart_null(void)
{
	timerstart(NOTHING, 1, does_nothing, NULL);
}

static void timer_without_f(void)
{
	static struct timer t;

	timerstart(&t, 1, (void (*)(void *))nothing, NULL);
}

static void timerstop_null(void)
{
	timerstop(NOTHING);
}

static void cgocall_null(void)
{
	cgocall((int32_t(*)(void *))nothing, NULL);
}

static int32_t calls_null_back(void *unused)
{
	cgocallback((void (*)(void *))nothing, unused);
	return 0;
}

static void cgocallback_null(void)
{
	cgocall(calls_null_back, NULL);
}

static void puts_null(void)
{
	g0_puts(NOTHING);
}

static void printf_null(void)
{
	g0_printf((const char *)NOTHING, 1);
}

/* ---- a nil channel ---- */

static void send_nil(void)
{
	chansend(NOTHING, &v);
}

static void receive_nil(void)
{
	chanrecv(NOTHING, &v);
}

static void select_nil(void)
{
	struct scase cs[] = {{.elem = &v}, {.elem = &v, .send = true}};

	CHECK(selectgo(cs, 2, false) == -1);
	selectgo(cs, 2, true);
}

/* ---- sizes ---- */

static void makechan_overflow(void)
{
	makechan(8, huge);
}

static void makechan_of_one_huge_element(void)
{
	makechan(huge, 1);
}

static void makechan_of_a_huge_element_unbuffered(void)
{
	makechan(huge - 100, 0);
}

static void makechan_too_large(void)
{
	makechan(1 << 10, 1 << 19);
}

static void makechan_without_end(void)
{
	for (;;)
		makechan(100 << 20, 1);
}

static void print_lx(void)
{
	const char *volatile fmt = "%lx\n";

	g0_printf(fmt, 1L);
}

/* ---- in a system call ---- */

static void gosched_in_a_system_call(void)
{
	entersyscall();
	gosched();
}

static void goyield_in_a_system_call(void)
{
	entersyscall();
	goyield();
}

static void goexit_in_a_system_call(void)
{
	entersyscall();
	goexit();
}

static void go_in_a_system_call(void)
{
	entersyscall();
	go(does_nothing, NULL);
}

static void send_in_a_system_call(void)
{
	struct chan *c = makechan(sizeof v, 1);

	entersyscall();
	chansend(c, &v);
}

static void receive_in_a_system_call(void)
{
	struct chan *c = makechan(sizeof v, 1);

	entersyscall();
	chanrecv(c, &v);
}

static void sleep_in_a_system_call(void)
{
	entersyscall();
	g0_sleep(1);
}

static void preemptpoint_in_a_system_call(void)
{
	entersyscall();
	preemptpoint();
}

static void cgocall_in_a_system_call(void)
{
	entersyscall();
	cgocall(returns, NULL);
}

static int32_t c_calls_gosched(void *unused)
{
	(void)unused;
	gosched();
	return 0;
}

static int32_t c_calls_go(void *unused)
{
	go(does_nothing, unused);
	return 0;
}

static int32_t c_receives(void *c)
{
	chanrecv(c, &v);
	return 0;
}

static void gosched_by_c(void)
{
	cgocall(c_calls_gosched, NULL);
}

static void go_by_c(void)
{
	cgocall(c_calls_go, NULL);
}

static void receive_by_c(void)
{
	cgocall(c_receives, makechan(sizeof v, 0));
}

/* clang-format off */
#define HELD "yielded its M, or ended, between entersyscall and exitsyscall"
#define CALLED "called between entersyscall and exitsyscall"
#define BY_C "called by C that cgocall has called, not by way of cgocallback"
#define SIZE_T_MAX "18446744073709551615"
#define MISUSES(END) \
	END(go_null, "go: fn is NULL") \
	END(send_of_null, "chansend: of no element: elem is NULL") \
	END(send_of_null_to_who_waits, "chansend: of no element: elem is NULL") \
	END(trysend_of_null, "chansend: of no element: elem is NULL") \
	END(select_sends_null, "chansend: of no element: elem is NULL") \
	END(select_null, "selectgo: cases is NULL") \
	END(close_null, "chanclose: of a nil channel") \
	END(free_null, "chanfree: of a nil channel") \
	END(mutexlock_null, "mutexlock: m is NULL") \
	END(mutextrylock_null, "mutextrylock: m is NULL") \
	END(mutexunlock_null, "mutexunlock: m is NULL") \
	END(rwmutexlock_null, "rwmutexlock: rw is NULL") \
	END(rwmutexunlock_null, "rwmutexunlock: rw is NULL") \
	END(rwmutexrlock_null, "rwmutexrlock: rw is NULL") \
	END(rwmutexrunlock_null, "rwmutexrunlock: rw is NULL") \
	END(wgadd_null, "wgadd: wg is NULL") \
	END(wgdone_null, "wgadd: wg is NULL") \
	END(wgwait_null, "wgwait: wg is NULL") \
	END(timerstart_null, "timerstart: t or f is NULL") \
	END(timer_without_f, "timerstart: t or f is NULL") \
	END(timerstop_null, "timerstop: t is NULL") \
	END(cgocall_null, "cgocall: fn is NULL") \
	END(cgocallback_null, "cgocallback: fn is NULL") \
	END(puts_null, "g0_puts: s is NULL") \
	END(printf_null, "g0_printf: fmt is NULL") \
	END(send_nil, "): chan send (nil chan)\n") \
	END(receive_nil, "): chan receive (nil chan)\n") \
	END(select_nil, "): select (no cases)\n") \
	END(makechan_overflow, "g0: " SIZE_T_MAX \
		" elements of 8 bytes; a channel has room for 512 MiB\n" \
		"fatal error: makechan: too large\n") \
	END(makechan_of_one_huge_element, \
		"g0: 1 elements of " SIZE_T_MAX " bytes; a channel has room") \
	END(makechan_of_a_huge_element_unbuffered, \
		"g0: 0 elements of 18446744073709551515 bytes; a channel has room") \
	END(makechan_too_large, \
		"g0: 524288 elements of 1024 bytes; a channel has room for 512 MiB\n") \
	END(makechan_without_end, \
		"bytes; channels, Gs and Ms have 1024 MiB\n" \
		"fatal error: mallocz: out of memory") \
	END(print_lx, \
		"g0: %lx: use %d, %ld, %x, %s, %p or %%\nfatal error: print: unknown format\n") \
	END(gosched_in_a_system_call, HELD) \
	END(goyield_in_a_system_call, HELD) \
	END(goexit_in_a_system_call, HELD) \
	END(receive_in_a_system_call, HELD) \
	END(sleep_in_a_system_call, HELD) \
	END(go_in_a_system_call, CALLED) \
	END(send_in_a_system_call, CALLED) \
	END(preemptpoint_in_a_system_call, CALLED) \
	END(cgocall_in_a_system_call, "entersyscall: on g0, or in a system call already") \
	END(gosched_by_c, BY_C) \
	END(go_by_c, BY_C) \
	END(receive_by_c, BY_C)
/* clang-format on */

#define AS_TEST(name, err) {#name, name, true, "1"},
const struct test misuse_ends[] = {MISUSES(AS_TEST){0}};

#define AS_ERR(name, err) err,
static const char *const errs[] = {MISUSES(AS_ERR)};

static void each_is_said(void)
{
	for (int i = 0; misuse_ends[i].name != NULL; i++) {
		struct ending e = run_end(misuse_ends[i].name, NULL);
		if (e.status != 2 || strstr(e.err, errs[i]) == NULL) {
			g0_printf("# %s: status %d, %s\n", misuse_ends[i].name, e.status, e.err);
			CHECK(!"it ends as expected");
		}
	}
}

static void a_nil_channel_is_never_ready(void)
{
	bool ok = true;

	CHECK(!chantrysend(NOTHING, &v));
	CHECK(!chantryrecv(NOTHING, &v, &ok));
}

static void sends(void *c)
{
	v++;
	chansend(c, &v);
}

/* From the buffer, from who waits, as who waits, in a select, at the end. */
static void receive_without_a_variable(void)
{
	struct chan *full = makechan(sizeof v, 2), *c = makechan(sizeof v, 0);
	struct scase cs = {.c = full};

	sends(full);
	sends(full);
	CHECK(chanrecv(full, NULL) && selectgo(&cs, 1, true) == 0 && cs.ok);
	go(sends, c);
	CHECK(chanrecv(c, NULL));
	go(sends, c);
	gosched();
	CHECK(chantryrecv(c, NULL, NULL) && v == 4);
	chanclose(c);
	CHECK(!chanrecv(c, NULL) && chantryrecv(c, NULL, NULL));
	chanfree(c);
}

/* What has no size needs no element, and the kernel has its own word for a buffer. */
static void null_where_it_may_be(void)
{
	struct chan *c = makechan(0, 1);

	chansend(c, NOTHING);
	CHECK(chanrecv(c, NULL));
	CHECK(g0_write(1, NOTHING, 1) == -EFAULT);
}

const struct test misuse_tests[] = {
	{"misuse: each is said", each_is_said, true, "1"},
	{"misuse: a nil channel is never ready", a_nil_channel_is_never_ready, true, "1"},
	{"misuse: receive without a variable", receive_without_a_variable, true, "1"},
	{"misuse: NULL where it may be", null_where_it_may_be, true, "1"},
	{0},
};
