/* SPDX-License-Identifier: MIT */
#include "sleep.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "cpu.h"
#include "isa.h"

int64_t sleep_begin(struct guest *g, struct guest_thread *t, enum sleeps_in where, uint64_t until)
{
	t->sleeps = where;
	t->wakes_at = until;
	t->order = ++g->orders;
	return FELL_ASLEEP;
}

void sleep_wake(struct guest_thread *t, int64_t result)
{
	t->sleeps = AWAKE;
	t->woken = true;
	t->result = result;
}

void sleep_come_out(struct guest *g, struct guest_thread *t)
{
	if (!t->woken)
		return;
	t->woken = false;
	g->isa->leave_call(g, t->result);
}

void sleep_again(struct guest_thread *t)
{
	sleep_wake(t, 0);
	t->again = true;
}

static const uint64_t SECOND = 1000000000;

/* What becomes of one that a signal has woken too early. */
static int64_t tell_rest(struct guest *g, const struct guest_thread *t)
{
	uint64_t left = t->wakes_at - guest_now(g), time[2] = {left / SECOND, left % SECOND};
	bool wanted = t->sleeps == IN_SLEEP && t->rest;
	return !wanted || cpu_write(g, t->rest, time, sizeof time) ? -EINTR : -EFAULT;
}

void sleep_interrupt(struct guest *g, struct guest_thread *t, bool again)
{
	/* Its time may have come before the signal did. */
	sleep_wake_by_time(g);
	if (t->sleeps == AWAKE)
		return;
	bool limited = t->wakes_at != NEVER;
	if (t->written) {
		sleep_wake(t, (int64_t)t->written);
		t->written = 0;
		return;
	}
	sleep_wake(t, tell_rest(g, t));
	/* One with a limit would not know how much of that is left. */
	if (!again || limited)
		return;
	struct guest_thread *was = g->on;
	t->woken = false;
	cpu_put_on(g, t);
	cpu_set(g, g->isa->args[0], t->args[0]);
	cpu_set(g, g->isa->number, t->number);
	cpu_set(g, g->isa->pc, cpu_get(g, g->isa->pc) - g->isa->call_size);
	cpu_put_on(g, was);
}

void sleep_wake_by_time(struct guest *g)
{
	for (size_t i = 0; i < g->nthreads; i++) {
		struct guest_thread *t = g->threads[i];
		if (t->sleeps == AWAKE || t->wakes_at > guest_now(g))
			continue;
		if (t->sleeps == IN_WRITE)
			sleep_again(t);
		else
			sleep_wake(t, t->sleeps == IN_FUTEX ? -ETIMEDOUT : 0);
	}
}

/* Whoever has opened it so that a read does not wait is answered at once. */
static bool poll_input(const struct guest *g, int ms)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	bool waits = !(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK);
	return g->input_at < g->input.n || !waits || poll(&in, 1, ms) > 0;
}

bool sleep_input_is_there(const struct guest *g)
{
	return poll_input(g, 0);
}

bool sleep_wake_by_input(struct guest *g, bool until_there)
{
	bool any = false, there = false;
	for (size_t i = 0; i < g->nthreads; i++) {
		struct guest_thread *t = g->threads[i];
		if (t->gone || t->sleeps != IN_INPUT)
			continue;
		there = there || poll_input(g, until_there ? -1 : 0);
		any = true;
		if (there)
			sleep_again(t);
	}
	return any;
}

static struct guest_thread *first_at(struct guest *g, uint64_t addr, uint32_t bits)
{
	struct guest_thread *first = NULL;
	for (size_t i = 0; i < g->nthreads; i++) {
		struct guest_thread *t = g->threads[i];
		bool hears = t->sleeps == IN_FUTEX && t->futex == addr && t->bits & bits;
		if (hears && (!first || t->order < first->order))
			first = t;
	}
	return first;
}

int sleep_wake_futex(struct guest *g, uint64_t addr, int n, uint32_t bits)
{
	int woken = 0;
	struct guest_thread *t;
	for (; woken < n && (t = first_at(g, addr, bits)); woken++)
		sleep_wake(t, 0);
	return woken;
}

int64_t sleep_time(struct guest *g, uint64_t at, bool from_now, uint64_t *when)
{
	int64_t time[2];
	if (!cpu_read(g, at, time, sizeof time))
		return -EFAULT;
	if (time[0] < 0 || time[1] < 0 || time[1] >= (int64_t)SECOND)
		return -EINVAL;
	if ((uint64_t)time[0] > NEVER / SECOND / 4)
		time[0] = (int64_t)(NEVER / SECOND / 4);
	*when = (uint64_t)time[0] * SECOND + (uint64_t)time[1] + (from_now ? guest_now(g) : 0);
	return 0;
}
