/* SPDX-License-Identifier: MIT */
#include "signals.h"

#include <signal.h>

#include "cpu.h"
#include "isa.h"
#include "sleep.h"

static uint64_t bit(int number)
{
	return 1ull << (number - 1);
}

enum { DEFAULT = 0, IGNORE = 1 };

/* Whether nothing comes of a signal. */
static bool is_ignored(const struct guest *g, int number)
{
	uint64_t handler = g->actions[number].handler;
	bool harmless =
		number == SIGCHLD || number == SIGURG || number == SIGWINCH || number == SIGCONT;
	return handler == IGNORE || (handler == DEFAULT && harmless);
}

static void end_by(struct guest *g, int number)
{
	g->ended = true;
	g->ended_by = number;
}

/* Where a handler's frame goes: on the stack for that, unless the thread is on it. */
static uint64_t frame_top(struct guest *g, const struct guest_thread *t, int number)
{
	uint64_t sp = cpu_get(g, g->isa->sp);
	bool wanted = g->actions[number].flags & SA_ONSTACK && t->alt_size;
	return wanted && sp - t->alt_lo >= t->alt_size ? t->alt_lo + t->alt_size : sp;
}

static void enter(struct guest *g, struct guest_thread *t, const struct guest_signal *signal)
{
	struct sigaction_of *a = &g->actions[signal->number];
	if (!g->isa->enter_handler(g, t, signal, frame_top(g, t, signal->number))) {
		end_by(g, SIGSEGV);
		return;
	}
	t->mask |= a->mask | (a->flags & SA_NODEFER ? 0 : bit(signal->number));
	if (a->flags & SA_RESETHAND)
		a->handler = DEFAULT;
}

void signals_force(struct guest *g, struct guest_thread *t, struct guest_signal signal)
{
	uint64_t handler = g->actions[signal.number].handler;
	if (handler == DEFAULT || handler == IGNORE || t->mask & bit(signal.number))
		end_by(g, signal.number);
	else
		enter(g, t, &signal);
}

/* The first that the thread takes; 0: none. */
static int due(const struct guest *g, const struct guest_thread *t)
{
	uint64_t open = t->pending & ~t->mask;
	for (int n = 1; open && n <= GUEST_SIGNALS; n++)
		if (open & bit(n) && !is_ignored(g, n))
			return n;
	return 0;
}

bool signals_are_due(const struct guest *g, const struct guest_thread *t)
{
	return due(g, t) != 0;
}

void signals_send(struct guest *g, struct guest_thread *t, int number)
{
	t->pending |= bit(number);
	if (signals_are_due(g, t) && t->sleeps != AWAKE)
		sleep_interrupt(g, t, g->actions[number].flags & SA_RESTART);
}

void signals_take(struct guest *g, struct guest_thread *t)
{
	int number = due(g, t);
	if (!number)
		return;
	t->pending &= ~bit(number);
	struct guest_signal signal = {number, SI_TKILL, 0};
	if (g->actions[number].handler == DEFAULT)
		end_by(g, number);
	else
		enter(g, t, &signal);
}
