/* SPDX-License-Identifier: MIT */
/* calls_threads - what the kernel does for threads and their locks; as calls has it of the rest. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "calls_threads.h"
#include "g0.h"
#include "said.h"

static long futex(const void *word, int op, uint32_t value)
{
	return syscall(SYS_futex, word, op, value, NULL, NULL, 0);
}

/* ---- locks whose owner has ended ---- */

static void *locks(void *mutex)
{
	SAID(pthread_mutex_lock(mutex));
	return NULL;
}

static void of_libc(void)
{
	pthread_t t;
	pthread_mutex_t mutex;
	pthread_mutexattr_t robust;
	pthread_mutexattr_init(&robust);
	pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&mutex, &robust);
	pthread_create(&t, NULL, locks, &mutex);
	pthread_join(t, NULL);
	printf("its owner is dead: %d\n", pthread_mutex_lock(&mutex) == EOWNERDEAD);
	SAID(pthread_mutex_consistent(&mutex));
	SAID(pthread_mutex_unlock(&mutex));
	SAID(pthread_mutex_lock(&mutex));
}

/* A list that libc knows nothing of. */
struct lock {
	struct robust_list link;
	uint32_t word;
};
enum { FREE, OWN, WAITED_FOR, OTHERS, PENDING, NLOCKS };
static struct lock list[NLOCKS];
static struct robust_list_head head;
static void (*spoil)(void);

static void make_list(uint32_t own)
{
	const uint32_t words[] = {0, own, own | FUTEX_WAITERS, own + 1, own};
	for (int i = 0; i < NLOCKS; i++) {
		list[i].link.next = i + 1 < NLOCKS ? &list[i + 1].link : &head.list;
		__atomic_store_n(&list[i].word, words[i], __ATOMIC_SEQ_CST);
	}
	head.list.next = &list[0].link;
	head.futex_offset = offsetof(struct lock, word);
	head.list_op_pending = &list[PENDING].link;
}

static volatile int ready;

static void *ends(void *unused)
{
	uint32_t id = (uint32_t)syscall(SYS_gettid);
	make_list(id);
	spoil();
	syscall(SYS_set_robust_list, &head, sizeof head);
	ready = 1;
	futex((const void *)&ready, FUTEX_WAKE, 1);
	return unused;
}

static void with(const char *what, void (*fn)(void))
{
	pthread_t t;
	ready = 0;
	spoil = fn;
	pthread_create(&t, NULL, ends, NULL);
	while (!ready)
		futex((const void *)&ready, FUTEX_WAIT, 0);
	pthread_join(t, NULL);
	printf("%s:", what);
	for (int i = 0; i < NLOCKS; i++)
		printf(" %x%s", list[i].word & ~(uint32_t)FUTEX_TID_MASK,
			list[i].word & FUTEX_TID_MASK ? " owned" : "");
	printf("\n");
}

static void as_it_is(void)
{
}

static void no_lock_within(void)
{
	list[OWN].link.next = (struct robust_list *)8;
}

static void odd(void)
{
	head.futex_offset++;
}

static void endless(void)
{
	list[WAITED_FOR].link.next = &list[OWN].link;
}

/* By the lowest bit of what leads to it. */
static void marked(void)
{
	list[OWN].link.next = (struct robust_list *)((uintptr_t)&list[WAITED_FOR].link + 1);
}

static void pending_none(void)
{
	head.list_op_pending = NULL;
}

static void *waits(void *unused)
{
	uint32_t word;
	while ((word = __atomic_load_n(&list[WAITED_FOR].word, __ATOMIC_SEQ_CST)) & FUTEX_TID_MASK)
		futex(&list[WAITED_FOR].word, FUTEX_WAIT, word);
	return unused;
}

static pthread_t waiter;

static void while_one_waits(void)
{
	pthread_create(&waiter, NULL, waits, NULL);
}

static void robust(void)
{
	of_libc();
	SAID(syscall(SYS_set_robust_list, &head, sizeof head - 1));
	with("as it is", as_it_is);
	with("with an end that is none", no_lock_within);
	with("with words at odd addresses", odd);
	with("without an end", endless);
	with("with a mark", marked);
	with("with nothing pending", pending_none);
	with("while one waits", while_one_waits);
	pthread_join(waiter, NULL);
}

/* ---- a thread that libc does not care for ---- */

static int nothing(void *unused)
{
	(void)unused;
	return 0;
}

/* On a stack smaller than any of libc's, with something else below it. */
static void alone(void)
{
	static struct {
		char below[4096];
		_Alignas(16) char stack[1024];
	} tight;
	static char before[sizeof tight.below];
	static volatile int lives = 1;
	const int how = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			CLONE_SYSVSEM | CLONE_CHILD_CLEARTID;
	memset(tight.below, 1, sizeof tight.below);
	memset(before, 1, sizeof before);
	bool born =
		clone(nothing, tight.stack + sizeof tight.stack, how, NULL, NULL, NULL, &lives) > 0;
	while (born && lives)
		syscall(SYS_futex, &lives, FUTEX_WAIT, 1, NULL, NULL, 0);
	printf("%s, what is below its stack is %s\n", born ? "born" : "not born",
		memcmp(tight.below, before, sizeof before) == 0 ? "as it was" : "lost");
	SAID(syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0));
}

/* ---- how threads begin ---- */

enum { PAGE = 4096 };
#define A ((char *)0x100000000)
static const long THREAD =
	CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
static char stack[PAGE];

static void clones(const char *what, struct clone_args how)
{
	said(what, syscall(SYS_clone3, &how, sizeof how));
}

static void clones3(void)
{
	const uint64_t flags = (uint64_t)THREAD, at = (uintptr_t)stack, size = sizeof stack;
	struct clone_args longer[2] = {{.flags = flags}, {.flags = 1}};
	char *edge = mmap(
		A, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	clones("a signal at the end", (struct clone_args){.flags = flags, .exit_signal = 17});
	clones("a signal that is none", (struct clone_args){.exit_signal = 65});
	clones("one of a parent's", (struct clone_args){.flags = CLONE_PARENT, .exit_signal = 17});
	clones("detached",
		(struct clone_args){
			.flags = flags | CLONE_DETACHED, .stack = at, .stack_size = size});
	clones("a signal in the flags", (struct clone_args){.flags = flags | 17});
	clones("a stack of no size", (struct clone_args){.flags = flags, .stack = at});
	clones("a size of no stack", (struct clone_args){.flags = flags, .stack_size = size});
	clones("a stack that nobody has",
		(struct clone_args){.flags = flags, .stack = at, .stack_size = -size});
	clones("an unknown flag", (struct clone_args){.flags = flags | (uint64_t)1 << 40});
	clones("both of two", (struct clone_args){.flags = flags | CLONE_CLEAR_SIGHAND});
	clones("a number, and none", (struct clone_args){.flags = flags, .set_tid_size = 1});
	clones("numbers, and none", (struct clone_args){.flags = flags, .set_tid = at});
	SAID(syscall(SYS_clone3, edge + PAGE - 8, sizeof *longer));
	SAID(syscall(SYS_clone3, longer, 0));
	SAID(syscall(SYS_clone3, longer, CLONE_ARGS_SIZE_VER0 - 1));
	SAID(syscall(SYS_clone3, longer, sizeof longer));
	SAID(syscall(SYS_clone3, longer, PAGE + 1));
}

static void begins(void)
{
	static const long refused[] = {CLONE_THREAD, CLONE_THREAD | CLONE_VM, CLONE_SIGHAND,
		THREAD | CLONE_NEWUSER, THREAD | CLONE_NEWPID, THREAD | CLONE_NEWNS,
		CLONE_FS | CLONE_NEWUSER, CLONE_PIDFD | CLONE_DETACHED};
	static volatile int lives = 1;
	static uint64_t sp, parents;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		said("with such flags", syscall(SYS_clone, refused[i], 0, 0, 0, 0));
	clones3();
	long born = clone_here(THREAD | CLONE_CHILD_CLEARTID, &lives, &sp, &parents);
	while (born > 0 && lives)
		futex((const void *)&lives, FUTEX_WAIT, 1);
	printf("born: %d, on its parent's stack: %d\n", born > 0, sp == parents);
}

/* ---- sleep that a signal ends ---- */

static volatile int over;
static pthread_t sleeper;

static void hear(int sig)
{
	(void)sig;
}

/* Until it has heard of it: the first may be there before it sleeps. */
static void *disturb(void *unused)
{
	while (!over) {
		pthread_kill(sleeper, SIGUSR1);
		usleep(1000);
	}
	return unused;
}

/* An hour from now, or at the end of an hour; where the rest goes may be no place. */
static void sleep_an_hour(const char *what, long call, int flags, struct timespec *rest)
{
	enum { HOUR = 3600 };
	pthread_t t;
	struct timespec time = {.tv_sec = HOUR}, now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (flags & TIMER_ABSTIME)
		time.tv_sec += now.tv_sec;
	over = 0;
	pthread_create(&t, NULL, disturb, NULL);
	long result = call == SYS_nanosleep ? syscall(call, &time, rest)
					    : syscall(call, CLOCK_MONOTONIC, flags, &time, rest);
	int error = errno;
	over = 1;
	pthread_join(t, NULL);
	errno = error;
	said(what, result);
}

static void disturbed(void)
{
	const struct timespec as_it_was = {77, 77};
	static const struct {
		const char *what;
		long call;
		int flags;
	} ways[] = {{"nanosleep", SYS_nanosleep, 0}, {"clock_nanosleep", SYS_clock_nanosleep, 0},
		{"to a time", SYS_clock_nanosleep, TIMER_ABSTIME}};
	struct sigaction a = {.sa_handler = hear, .sa_flags = SA_RESTART};
	sigaction(SIGUSR1, &a, NULL);
	sleeper = pthread_self();
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct timespec rest = as_it_was;
		sleep_an_hour(ways[i].what, ways[i].call, ways[i].flags, &rest);
		printf("the rest: %s\n", rest.tv_sec == as_it_was.tv_sec ? "not told"
					 : rest.tv_sec > 3000 && rest.tv_sec <= 3600
						 ? "almost all of it"
						 : "something");
		sleep_an_hour(ways[i].what, ways[i].call, ways[i].flags, NULL);
		sleep_an_hour(ways[i].what, ways[i].call, ways[i].flags, (struct timespec *)8);
	}
}

/* Asks for what is not emulated. */
static void lacking(void)
{
	said("its parent waits", syscall(SYS_clone, THREAD | CLONE_VFORK, stack + PAGE, 0, 0, 0));
}

/* ---- all of them ---- */

void go_main(void)
{
	static const struct part parts[] = {{"robust", robust}, {"alone", alone},
		{"begins", begins}, {"disturbed", disturbed}, {"lacking", lacking}};
	run_part(parts, sizeof parts / sizeof *parts);
}
