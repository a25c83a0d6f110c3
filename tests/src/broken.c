/* SPDX-License-Identifier: MIT */
/*
 * States that cannot be, made by hand: the runtime says which it has found, and ends. And limits
 * of the system, where there is no more of something.
 */
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os.h"
#include "runq.h"
#include "test.h"

static void does_nothing(void *unused)
{
	(void)unused;
}

static void wait_for_nobody(void *unused)
{
	int v;

	(void)unused;
	chanrecv(makechan(sizeof v, 0), &v);
}

/* ---- Ms and Ps ---- */

static void acquire_a_second_p(void)
{
	acquirep(mallocz(sizeof(P)));
}

static void acquire_a_p_that_is_taken(void)
{
	getg()->m->p = NULL;
	acquirep(allp[0]);
}

static void release_no_p(void)
{
	getg()->m->p = NULL;
	releasep();
}

static void release_the_p_of_another(void)
{
	getg()->m->p->m = NULL;
	releasep();
}

static void sleep_with_a_p(void)
{
	stopm();
}

static void sleep_while_spinning(void)
{
	releasep();
	getg()->m->spinning = true;
	stopm();
}

static void spin_uncounted(void)
{
	getg()->m->spinning = true;
	gosched();
}

static void look_for_a_g_on_a_g(void)
{
	bool inherits;

	getg()->m->curg = NULL;
	findrunnable(&inherits);
}

static void looks_with_a_g(G *gp)
{
	bool inherits;

	(void)gp;
	findrunnable(&inherits);
}

static void look_for_a_g_with_one(void)
{
	mcall(looks_with_a_g);
}

static void looks_without_a_p(G *gp)
{
	bool inherits;

	casgstatus(gp, Grunning, Gwaiting);
	dropg();
	releasep();
	findrunnable(&inherits);
}

static void look_for_a_g_without_a_p(void)
{
	mcall(looks_without_a_p);
}

static void run_a_g_that_has_an_m(void)
{
	go(does_nothing, NULL);
	allgs[1]->m = getg()->m;
	gosched();
}

static void sleep_beside_a_runnable_g(void)
{
	go(wait_for_nobody, NULL);
	gosched();
	atomic_store(&allgs[1]->atomicstatus, Grunnable);
	wait_for_nobody(NULL);
}

/* ---- on g0, or not on it ---- */

static _Atomic uint32_t note;

static void sleep_on_a_note(void)
{
	notesleep(&note);
}

static void wake_twice(void)
{
	notewakeup(&note);
	notewakeup(&note);
}

static void parks(void *unused)
{
	gopark(NULL, unused, "nothing");
}

static void park_on_g0(void)
{
	systemstack(parks, NULL);
}

static void locks(void *unused)
{
	(void)unused;
	lockosthread();
}

static void lock_on_g0(void)
{
	systemstack(locks, NULL);
}

static void enters(void *unused)
{
	(void)unused;
	entersyscall();
}

static void enter_on_g0(void)
{
	systemstack(enters, NULL);
}

/* ---- callbacks ---- */

static void call_back_from_go(void)
{
	cgocallback(does_nothing, NULL);
}

static void calls_on_g0(void *unused)
{
	getg()->m->curg = NULL;
	cgocallback(does_nothing, unused);
}

static void call_back_without_a_g(void)
{
	systemstack(calls_on_g0, NULL);
}

static void unlocks(void *unused)
{
	(void)unused;
	unlockosthread();
}

static void exits(void *unused)
{
	(void)unused;
	goexit();
}

static int32_t calls_back(void *fn)
{
	cgocallback((void (*)(void *))fn, NULL);
	return 0;
}

static void unlock_in_a_callback(void)
{
	cgocall(calls_back, (void *)unlocks);
}

static void end_in_a_callback(void)
{
	cgocall(calls_back, (void *)exits);
}

/* ---- queues and memory ---- */

static void steal_with_a_full_ring(void)
{
	P *thief = mallocz(sizeof *thief), *victim = mallocz(sizeof *victim);

	for (int i = 0; i < 129; i++)
		runqput(thief, getg(), false);
	for (int i = 0; i < 256; i++)
		runqput(victim, getg(), false);
	runqsteal(thief, victim, false);
}

static void free_below_the_arena(void)
{
	static char below[64];

	mfree(below, sizeof below);
}

static void free_above_the_arena(void)
{
	mfree((void *)arena.hi, 64);
}

static void allocate_too_much(void)
{
	mallocz((size_t)MAXALLOC + 1);
}

static void reserve_too_much(void)
{
	struct arena a;

	arenainit(&a, 0, (size_t)1 << 60);
}

/* No more memory from the kernel. It is not a limit under qemu-user: end as if it were one. */
static void no_more_memory(void)
{
	const struct rlimit none = {0, 0};
	struct rlimit is;

	CHECK(setrlimit(RLIMIT_DATA, &none) == 0 && getrlimit(RLIMIT_DATA, &is) == 0);
	if (is.rlim_max != 0)
		_exit(77);
}

static void no_memory_for_a_stack(void)
{
	no_more_memory();
	go(does_nothing, NULL);
}

static void no_memory_for_a_block(void)
{
	no_more_memory();
	mallocz(4 << 20);
}

static void no_memory_for_a_timer(void)
{
	static struct timer t;

	no_more_memory();
	timerstart(&t, 1, does_nothing, NULL);
}

static void no_thread(void)
{
	M *mp;

	lock(&sched.lock);
	mp = allocm(stackalloc());
	unlock(&sched.lock);
	no_more_memory();
	newm(mp);
}

/* clang-format off */
#define BROKEN(END) \
	END(acquire_a_second_p, \
		"g0: M0, P0\nfatal error: acquirep: the M has a P, or the P an M\n") \
	END(acquire_a_p_that_is_taken, "fatal error: acquirep: the M has a P, or the P an M\n") \
	END(release_no_p, "fatal error: releasep: nothing to release\n") \
	END(release_the_p_of_another, "fatal error: releasep: nothing to release\n") \
	END(sleep_with_a_p, "fatal error: stopm: with a P, or spinning\n") \
	END(sleep_while_spinning, "fatal error: stopm: with a P, or spinning\n") \
	END(spin_uncounted, "fatal error: stopspinning: nobody was counted\n\ton M0, on its g0\n") \
	END(look_for_a_g_on_a_g, \
		"fatal error: findrunnable: not on g0, with a G, or without a P\n") \
	END(look_for_a_g_with_one, \
		"fatal error: findrunnable: not on g0, with a G, or without a P\n") \
	END(look_for_a_g_without_a_p, \
		"fatal error: findrunnable: not on g0, with a G, or without a P\n") \
	END(run_a_g_that_has_an_m, "g0: M0, G2\nfatal error: execute: the G has an M\n") \
	END(sleep_beside_a_runnable_g, \
		"fatal error: checkdead: a G could run, and no M is awake\n") \
	END(sleep_on_a_note, "fatal error: notesleep: not on g0\n\ton M0, on G1 (fn 0x") \
	END(wake_twice, "fatal error: notewakeup: woken twice\n") \
	END(park_on_g0, "fatal error: mcall: called on g0\n") \
	END(lock_on_g0, "fatal error: lockosthread: on g0\n") \
	END(enter_on_g0, "fatal error: entersyscall: on g0, or in a system call already\n") \
	END(call_back_from_go, \
		"fatal error: cgocallback: not called by C that cgocall has called\n") \
	END(call_back_without_a_g, \
		"fatal error: cgocallback: not called by C that cgocall has called\n") \
	END(unlock_in_a_callback, \
		"fatal error: cgocallback: unlocked from the thread that it was to return on\n") \
	END(end_in_a_callback, "fatal error: goexit: in a callback, to which C waits to return\n") \
	END(steal_with_a_full_ring, "fatal error: runqsteal: the thief's ring overflows\n") \
	END(free_below_the_arena, " is not in the arena\nfatal error: mfree: not ours\n") \
	END(free_above_the_arena, " is not in the arena\nfatal error: mfree: not ours\n") \
	END(allocate_too_much, "g0: 536870913 bytes asked for\nfatal error: mallocz: too large\n") \
	END(reserve_too_much, \
		"g0: no 1099511627776 MiB of address space; is there a limit (ulimit -v)?\n" \
		"fatal error: arenainit: no address space\n") \
	END(no_memory_for_a_stack, "g0: no memory for stack 3; before Linux 6.13 each takes two " \
		"mappings, and vm.max_map_count (see sysctl) says how many there may be\n" \
		"fatal error: stackalloc: out of memory\n") \
	END(no_memory_for_a_block, "fatal error: mallocz: the kernel has no memory left\n") \
	END(no_memory_for_a_timer, "fatal error: timerstart: out of memory\n") \
	END(no_thread, "g0: no thread for M1: error 11; is there a limit (ulimit -u)?\n" \
		"fatal error: newm: no thread\n")
/* clang-format on */

#define AS_TEST(name, err) {#name, name, true, "1"},
const struct test broken_ends[] = {BROKEN(AS_TEST){0}};

#define AS_ERR(name, err) err,
static const char *const errs[] = {BROKEN(AS_ERR)};

/* As if stepped, so that sysmon is not one of the Ms. The tools need memory of their own. */
static void each_is_found(void)
{
	for (int i = 0; broken_ends[i].name != NULL; i++) {
		struct ending e;
		if (watched() && strncmp(broken_ends[i].name, "no_", 3) == 0)
			continue;
		e = run_end(broken_ends[i].name, "G0_STEPPED=1");
		if (e.status == 77 || (e.status == 2 && strstr(e.err, errs[i]) != NULL))
			continue;
		g0_printf("# %s: status %d, %s\n", broken_ends[i].name, e.status, e.err);
		CHECK(!"it ends as expected");
	}
}

const struct test broken_tests[] = {
	{"broken: each is found", each_is_found, true, "1"},
	{0},
};
