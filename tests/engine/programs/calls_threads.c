/* SPDX-License-Identifier: MIT */
/* calls_threads - what the kernel does for threads and their locks; as calls has it of the rest. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/* ---- all of them ---- */

void go_main(void)
{
	static const struct part parts[] = {{"robust", robust}};
	run_part(parts, sizeof parts / sizeof *parts);
}
