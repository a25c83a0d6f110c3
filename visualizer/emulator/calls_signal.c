/* SPDX-License-Identifier: MIT */
/* What a program asks of signals; what comes of them is in signals.c. */
#include <errno.h>
#include <signal.h>

#include "calls.h"
#include "cpu.h"
#include "isa.h"
#include "signals.h"

static bool can_be_handled(uint64_t number)
{
	return number >= 1 && number <= GUEST_SIGNALS && number != SIGKILL && number != SIGSTOP;
}

/* As the kernel has it: handler, flags, restorer, mask; arm64 has the restorer too, unused. */
int64_t call_rt_sigaction(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	if (!can_be_handled(args[0]))
		return -EINVAL;
	struct sigaction_of *a = &g->actions[args[0]], was = *a;
	if (args[1] && !cpu_read(g, args[1], a, sizeof *a))
		return -EFAULT;
	return !args[2] || cpu_write(g, args[2], &was, sizeof was) ? 0 : -EFAULT;
}

int64_t call_rt_sigprocmask(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	uint64_t set, was = t->mask;
	if (args[1] && !cpu_read(g, args[1], &set, sizeof set))
		return -EFAULT;
	if (args[1] && args[0] == SIG_BLOCK)
		t->mask |= set;
	else if (args[1] && args[0] == SIG_UNBLOCK)
		t->mask &= ~set;
	else if (args[1] && args[0] == SIG_SETMASK)
		t->mask = set;
	else if (args[1])
		return -EINVAL;
	return !args[2] || cpu_write(g, args[2], &was, sizeof was) ? 0 : -EFAULT;
}

/* Back from a handler. What is not such a frame is no place to go on at. */
int64_t call_rt_sigreturn(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)args;
	if (!g->isa->leave_handler(g, t))
		signals_force(g, t, (struct guest_signal){SIGSEGV, SI_KERNEL, 0});
	return 0;
}

/* As the kernel has it: address, flags, size. */
struct alt_stack {
	uint64_t lo;
	int32_t flags, pad;
	uint64_t size;
};

int64_t call_sigaltstack(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	struct alt_stack new, was = {t->alt_lo, t->alt_size ? 0 : SS_DISABLE, 0, t->alt_size};
	if (args[0] && !cpu_read(g, args[0], &new, sizeof new))
		return -EFAULT;
	if (args[1] && !cpu_write(g, args[1], &was, sizeof was))
		return -EFAULT;
	if (args[0]) {
		t->alt_lo = new.lo;
		t->alt_size = new.flags &SS_DISABLE ? 0 : new.size;
	}
	return 0;
}

/* Nobody is here who could have a stopped program go on: it is not stopped. */
static bool can_be_sent(struct guest *g, uint64_t number)
{
	bool stops = number == SIGSTOP || number == SIGTSTP;
	if (stops)
		guest_lacks(g, "being stopped by a signal");
	return !stops;
}

/* One that takes it at once; if all hold it back, the first. */
static struct guest_thread *taker(struct guest *g, int number)
{
	struct guest_thread *first = NULL;
	for (size_t i = g->nthreads; i-- > 0;) {
		struct guest_thread *t = g->threads[i];
		if (!t->gone && (!first || !(t->mask & 1ull << (number - 1))))
			first = t;
	}
	return first;
}

/* To the one process that there is. */
int64_t call_kill(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	int32_t id = (int32_t)args[0];
	uint64_t number = args[1];
	if (number > GUEST_SIGNALS)
		return -EINVAL;
	if (id != g->threads[0]->id && id != 0)
		return -ESRCH;
	if (number && can_be_sent(g, number))
		signals_send(g, taker(g, (int)number), (int)number);
	return 0;
}

int64_t call_tgkill(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t id = args[1], number = args[2];
	if (number > GUEST_SIGNALS)
		return -EINVAL;
	if (id < 1 || id > g->nthreads || g->threads[id - 1]->gone)
		return -ESRCH;
	if (number && can_be_sent(g, number))
		signals_send(g, g->threads[id - 1], (int)number);
	return 0;
}
