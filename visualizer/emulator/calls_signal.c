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

/* As the kernel has it: handler, flags, restorer, mask; on arm64 few have a restorer. */
int64_t call_rt_sigaction(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	if (!can_be_handled(args[0]))
		return -EINVAL;
	struct sigaction_of *a = &g->actions[args[0]], was = *a;
	if (args[1] && !cpu_read(g, args[1], a, sizeof *a))
		return -EFAULT;
	if (args[1])
		signals_see_action(g, (int)args[0]);
	return !args[2] || cpu_write(g, args[2], &was, sizeof was) ? 0 : -EFAULT;
}

int64_t call_rt_sigprocmask(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	uint64_t set, was = t->mask;
	if (args[1] && !cpu_read(g, args[1], &set, sizeof set))
		return -EFAULT;
	if (args[1] && args[0] == SIG_BLOCK)
		signals_set_mask(t, was | set);
	else if (args[1] && args[0] == SIG_UNBLOCK)
		signals_set_mask(t, was & ~set);
	else if (args[1] && args[0] == SIG_SETMASK)
		signals_set_mask(t, set);
	else if (args[1])
		return -EINVAL;
	return !args[2] || cpu_write(g, args[2], &was, sizeof was) ? 0 : -EFAULT;
}

/* Back from a handler. What is not such a frame is no place to go on at. */
int64_t call_rt_sigreturn(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)args;
	if (!g->isa->leave_handler(g, t))
		signals_force(g, t, (struct guest_signal){SIGSEGV, SI_KERNEL, 0, 0});
	return 0;
}

int64_t call_sigaltstack(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	struct alt_stack new, was = t->alt;
	bool on = signals_on_alt(t, cpu_get(g, g->isa->sp));
	was.flags &= (int32_t)SS_AUTODISARM;
	was.flags |= !was.size ? SS_DISABLE : on ? SS_ONSTACK : 0;
	if (args[0] && !cpu_read(g, args[0], &new, sizeof new))
		return -EFAULT;
	int64_t error = args[0] ? signals_set_alt(g, t, new) : 0;
	if (!error && args[1] && !cpu_write(g, args[1], &was, sizeof was))
		return -EFAULT;
	return error;
}

/* Nobody is here who could have a stopped program go on: it is not stopped. */
static bool can_be_sent(struct guest *g, uint64_t number)
{
	bool by_terminal = number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
	bool stops = number == SIGSTOP || (by_terminal && !g->actions[number].handler);
	if (stops)
		guest_lacks(g, "being stopped by a signal");
	return !stops;
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
	bool sent = !number || !can_be_sent(g, number) || signals_send_any(g, (int)number, SI_USER);
	return sent ? 0 : -EAGAIN;
}

int64_t call_tgkill(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	uint64_t id = args[1], number = args[2];
	if (number > GUEST_SIGNALS)
		return -EINVAL;
	if (id < 1 || id > g->nthreads || g->threads[id - 1]->gone)
		return -ESRCH;
	bool sent = !number || !can_be_sent(g, number) ||
		    signals_send(g, g->threads[id - 1], (int)number, SI_TKILL);
	return sent ? 0 : -EAGAIN;
}
