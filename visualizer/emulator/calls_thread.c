/* SPDX-License-Identifier: MIT */
/* Threads: their begin and end, and what they wait at. */
#include <errno.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

#include "calls.h"
#include "cpu.h"
#include "isa.h"
#include "sleep.h"
#include "threads.h"

int64_t call_gettid(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)g, (void)args;
	return t->id;
}

int64_t call_getpid(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t, (void)args;
	return g->threads[0]->id;
}

int64_t call_set_tid_address(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)g;
	t->clear_tid = args[0];
	return t->id;
}

int64_t call_set_robust_list(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)g;
	if (args[1] != sizeof(struct robust_list_head))
		return -EINVAL;
	t->robust = args[0];
	return 0;
}

/* libc asks for it, and does without: as on a kernel that has none, nothing is lacking. */
int64_t call_rseq(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)g, (void)t, (void)args;
	return -ENOSYS;
}

int64_t call_sched_yield(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)g, (void)t, (void)args;
	return 0;
}

/* Two CPUs, whatever this system has: what a program makes of it is to be the same everywhere. */
int64_t call_sched_getaffinity(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t cpus = 3;
	if (args[1] < sizeof cpus)
		return -EINVAL;
	return cpu_write(g, args[2], &cpus, sizeof cpus) ? (int64_t)sizeof cpus : -EFAULT;
}

int64_t call_prlimit64(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t limit[2] = {UINT64_MAX, UINT64_MAX};
	if (args[1] == RLIMIT_STACK)
		limit[0] = 8 << 20;
	return !args[3] || cpu_write(g, args[3], limit, sizeof limit) ? 0 : -EFAULT;
}

/* ---- begin and end ---- */

static int64_t begin(struct guest *g, struct guest_thread *t, const struct clone_args *how)
{
	const uint64_t with_thread = CLONE_VM | CLONE_SIGHAND;
	if (how->flags & CLONE_THREAD)
		return (how->flags & with_thread) == with_thread ? threads_begin(g, t, how)
								 : -EINVAL;
	guest_lacks(g, "fork: there is one process alone");
	return -ENOSYS;
}

int64_t call_clone3(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	struct clone_args how = {0};
	size_t n = args[1] < sizeof how ? args[1] : sizeof how;
	return cpu_read(g, args[0], &how, n) ? begin(g, t, &how) : -EFAULT;
}

/* The stack is given by its upper end. */
int64_t call_clone(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	struct clone_args how = {.flags = args[0],
		.stack = args[1],
		.parent_tid = args[2],
		.tls = args[g->isa->clone_tls],
		.child_tid = args[g->isa->clone_child]};
	return begin(g, t, &how);
}

int64_t call_exit(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	threads_end(g, t, (int)args[0] & 0xff);
	return 0;
}

int64_t call_exit_group(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	g->ended = true;
	g->status = (int)args[0] & 0xff;
	return 0;
}

/* ---- futexes ---- */

/* What is wrong with the call is told in this order. */
static int64_t wait_at(struct guest *g, struct guest_thread *t, const uint64_t *args, bool absolute)
{
	uint32_t word;
	uint64_t until = NEVER;
	int64_t error = args[3] ? sleep_time(g, args[3], !absolute, &until) : 0;
	t->futex = args[0];
	t->bits = absolute ? (uint32_t)args[5] : FUTEX_BITSET_MATCH_ANY;
	if (error)
		return error;
	if (t->bits == 0 || args[0] % sizeof word)
		return -EINVAL;
	if (!cpu_read(g, args[0], &word, sizeof word))
		return -EFAULT;
	return word == (uint32_t)args[2] ? sleep_begin(g, t, IN_FUTEX, until) : -EAGAIN;
}

static int64_t wake_at(struct guest *g, const uint64_t *args, uint32_t bits)
{
	int n = (int)args[2] > 1 ? (int)args[2] : 1;
	if (bits == 0 || args[0] % sizeof(uint32_t))
		return -EINVAL;
	return sleep_wake_futex(g, args[0], n, bits);
}

int64_t call_futex(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	switch (args[1] & FUTEX_CMD_MASK) {
	case FUTEX_WAIT: return wait_at(g, t, args, false);
	case FUTEX_WAIT_BITSET: return wait_at(g, t, args, true);
	case FUTEX_WAKE: return wake_at(g, args, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET: return wake_at(g, args, (uint32_t)args[5]);
	}
	guest_lacks(g, "futex operation %d", (int)args[1]);
	return -ENOSYS;
}
