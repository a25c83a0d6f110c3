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

/* What Linux grants nobody: both of two flags, or one without another. */
static bool is_refused(uint64_t flags)
{
	static const uint64_t both[] = {CLONE_THREAD | CLONE_NEWUSER, CLONE_THREAD | CLONE_NEWPID,
		CLONE_FS | CLONE_NEWUSER, CLONE_FS | CLONE_NEWNS, CLONE_PIDFD | CLONE_DETACHED,
		CLONE_SIGHAND | CLONE_CLEAR_SIGHAND};
	for (size_t i = 0; i < sizeof both / sizeof *both; i++)
		if ((flags & both[i]) == both[i])
			return true;
	return (flags & CLONE_THREAD && !(flags & CLONE_SIGHAND)) ||
	       (flags & CLONE_SIGHAND && !(flags & CLONE_VM));
}

static int64_t begin(struct guest *g, struct guest_thread *t, const struct clone_args *how)
{
	/* Among them those that ask for nothing, where one process is that nobody traces. */
	const uint64_t here = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
			      CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |
			      CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_IO | CLONE_PARENT |
			      CLONE_PTRACE | CLONE_UNTRACED | CLONE_DETACHED;
	if (is_refused(how->flags))
		return -EINVAL;
	if (!(how->flags & CLONE_THREAD)) {
		guest_lacks(g, "fork: there is one process alone");
		return -ENOSYS;
	}
	if (how->flags & ~here || how->set_tid) {
		guest_lacks(g, "a thread with the flags 0x%llx, or with a number that it is given",
			(unsigned long long)(how->flags & ~here));
		return -EINVAL;
	}
	return threads_begin(g, t, how);
}

/* A program that is older than this has less to say, and a newer one may say no more than that. */
static int64_t read_clone_args(struct guest *g, uint64_t at, uint64_t size, struct clone_args *how)
{
	uint8_t all[GUEST_PAGE] = {0};
	if (size > sizeof all)
		return -E2BIG;
	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	if (!cpu_read(g, at, all, size))
		return -EFAULT;
	for (size_t i = sizeof *how; i < size; i++)
		if (all[i])
			return -E2BIG;
	memcpy(how, all, sizeof *how);
	return 0;
}

/* It has no place for what clone has in its flags: a signal, and one that was never any use. */
static bool is_for_clone3(const struct guest *g, const struct clone_args *how)
{
	const uint64_t known = UINT32_MAX | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP;
	const uint64_t not_here = CLONE_DETACHED | (CSIGNAL & ~CLONE_NEWTIME);
	bool signals = !(how->flags & (CLONE_THREAD | CLONE_PARENT));
	return !(how->flags & (~known | not_here)) && !how->stack == !how->stack_size &&
	       fits(g, how->stack, how->stack_size) && !how->set_tid == !how->set_tid_size &&
	       how->exit_signal <= (signals ? GUEST_SIGNALS : 0);
}

int64_t call_clone3(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	struct clone_args how;
	int64_t error = read_clone_args(g, args[0], args[1], &how);
	if (error)
		return error;
	return is_for_clone3(g, &how) ? begin(g, t, &how) : -EINVAL;
}

/* The stack is given by its upper end. */
int64_t call_clone(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	struct clone_args how = {.flags = args[0] & UINT32_MAX & ~CSIGNAL,
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

/* Others may sleep at the same word elsewhere, unless it is private: then it is looked at. */
static int64_t wake_at(struct guest *g, const uint64_t *args, uint32_t bits)
{
	uint32_t word;
	int n = (int)args[2] > 1 ? (int)args[2] : 1;
	if (bits == 0 || args[0] % sizeof(uint32_t))
		return -EINVAL;
	bool is_there = args[1] & FUTEX_PRIVATE_FLAG ? fits(g, args[0], sizeof word)
						     : cpu_read(g, args[0], &word, sizeof word);
	return is_there ? sleep_wake_futex(g, args[0], n, bits) : -EFAULT;
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
