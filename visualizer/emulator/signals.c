/* SPDX-License-Identifier: MIT */
#include "signals.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>

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

static void end_by(struct guest *g, const struct guest_signal *signal)
{
	g->signal = *signal;
	g->ended = true;
	g->ended_by = signal->number;
}

void signals_set_mask(struct guest_thread *t, uint64_t mask)
{
	t->mask = mask & ~(bit(SIGKILL) | bit(SIGSTOP));
}

bool signals_on_alt(const struct guest_thread *t, uint64_t sp)
{
	return !(t->alt.flags & (int32_t)SS_AUTODISARM) && sp > t->alt.lo &&
	       sp - t->alt.lo <= t->alt.size;
}

int64_t signals_set_alt(struct guest *g, struct guest_thread *t, struct alt_stack new)
{
	int32_t mode = new.flags & ~(int32_t)SS_AUTODISARM;
	if (signals_on_alt(t, cpu_get(g, g->isa->sp)))
		return -EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (mode == SS_DISABLE)
		new.lo = new.size = 0;
	else if (new.size < g->isa->least_alt_stack)
		return -ENOMEM;
	t->alt = new;
	return 0;
}

void signals_info(const struct guest *g, const struct guest_signal *signal, uint8_t *to)
{
	int32_t head[4] = {signal->number, 0, signal->code, 0};
	int32_t sender[2] = {g->threads[0]->id, 0};
	memcpy(to, head, sizeof head);
	if (signal->code == SI_USER || signal->code == SI_TKILL)
		memcpy(to + sizeof head, sender, sizeof sender);
	else
		memcpy(to + sizeof head, &signal->address, sizeof signal->address);
}

/* Its frame goes on the stack for that, unless the thread is on it; which must have room. */
static void enter(struct guest *g, struct guest_thread *t, const struct guest_signal *signal)
{
	struct sigaction_of *a = &g->actions[signal->number];
	uint64_t sp = cpu_get(g, g->isa->sp), lowest = signals_on_alt(t, sp) ? t->alt.lo : 0;
	if (a->flags & SA_ONSTACK && t->alt.size && !signals_on_alt(t, sp)) {
		sp = t->alt.lo + t->alt.size;
		lowest = t->alt.lo;
	}
	if (!g->isa->enter_handler(g, t, signal, sp, lowest)) {
		const struct guest_signal refused = {SIGSEGV, SI_KERNEL, 0, 0};
		/* One that has failed itself is not tried again. */
		if (signal->number == SIGSEGV)
			end_by(g, &refused);
		else
			signals_force(g, t, refused);
		return;
	}
	if (t->alt.flags & (int32_t)SS_AUTODISARM)
		t->alt = (struct alt_stack){.flags = SS_DISABLE};
	signals_set_mask(t, t->mask | a->mask | (a->flags & SA_NODEFER ? 0 : bit(signal->number)));
	if (a->flags & SA_RESETHAND)
		a->handler = DEFAULT;
}

void signals_force(struct guest *g, struct guest_thread *t, struct guest_signal signal)
{
	uint64_t handler = g->actions[signal.number].handler;
	if (handler == DEFAULT || handler == IGNORE || t->mask & bit(signal.number))
		end_by(g, &signal);
	else
		enter(g, t, &signal);
}

/* ---- those that wait ---- */

/* From here on each that was sent counts; of the others one that waits is enough. */
enum { FIRST_QUEUED = 32 };

/* What an instruction may have led to comes first, and then the lowest; -1: none is taken. */
static int first_of(const struct waiting *w, uint64_t mask)
{
	const uint64_t by_instruction =
		bit(SIGSEGV) | bit(SIGBUS) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGFPE) | bit(SIGSYS);
	int first = -1, least = INT_MAX;
	for (int i = 0; i < w->n; i++) {
		int number = w->all[i].number;
		int rank = bit(number) & by_instruction ? number - GUEST_SIGNALS : number;
		if (mask & bit(number) || rank >= least)
			continue;
		first = i;
		least = rank;
	}
	return first;
}

static void drop(struct waiting *w, int i)
{
	w->n--;
	memmove(&w->all[i], &w->all[i + 1], (size_t)(w->n - i) * sizeof *w->all);
}

static bool put(struct guest *g, struct waiting *w, int number, int code)
{
	for (int i = 0; i < w->n && number < FIRST_QUEUED; i++)
		if (w->all[i].number == number)
			return true;
	if (w->n == GUEST_WAITING) {
		guest_lacks(g, "more than %d signals that wait", GUEST_WAITING);
		return false;
	}
	w->all[w->n].number = (uint8_t)number;
	w->all[w->n++].code = (int8_t)code;
	return true;
}

static bool any_due(const struct guest *g, const struct waiting *w, uint64_t mask)
{
	for (int i = 0; i < w->n; i++)
		if (!(mask & bit(w->all[i].number)) && !is_ignored(g, w->all[i].number))
			return true;
	return false;
}

bool signals_are_due(const struct guest *g, const struct guest_thread *t)
{
	return any_due(g, &t->waiting, t->mask) || any_due(g, &g->waiting, t->mask);
}

bool signals_send(struct guest *g, struct guest_thread *t, int number, int code)
{
	if (is_ignored(g, number) && !(t->mask & bit(number)))
		return true;
	bool room = put(g, &t->waiting, number, code);
	if (signals_are_due(g, t) && t->sleeps != AWAKE)
		sleep_interrupt(g, t, g->actions[number].flags & SA_RESTART);
	return room;
}

bool signals_send_any(struct guest *g, int number, int code)
{
	for (size_t i = 0; i < g->nthreads; i++) {
		struct guest_thread *t = g->threads[i];
		if (!t->gone && !(t->mask & bit(number)))
			return signals_send(g, t, number, code);
	}
	return put(g, &g->waiting, number, code);
}

static void forget(struct waiting *w, int number)
{
	for (int i = w->n; i-- > 0;)
		if (w->all[i].number == number)
			drop(w, i);
}

void signals_see_action(struct guest *g, int number)
{
	if (!is_ignored(g, number))
		return;
	forget(&g->waiting, number);
	for (size_t i = 0; i < g->nthreads; i++)
		forget(&g->threads[i]->waiting, number);
}

/* Its own first; what is ignored by now is gone. False: there is none. */
static bool take_first(struct guest *g, struct guest_thread *t, struct guest_signal *signal)
{
	for (;;) {
		struct waiting *w = &t->waiting;
		int i = first_of(w, t->mask);
		if (i < 0)
			i = first_of(w = &g->waiting, t->mask);
		if (i < 0)
			return false;
		*signal = (struct guest_signal){w->all[i].number, w->all[i].code, 0, 0};
		drop(w, i);
		if (!is_ignored(g, signal->number))
			return true;
	}
}

void signals_take(struct guest *g, struct guest_thread *t)
{
	struct guest_signal signal;
	if (!take_first(g, t, &signal))
		return;
	if (g->actions[signal.number].handler == DEFAULT)
		end_by(g, &signal);
	else
		enter(g, t, &signal);
}
