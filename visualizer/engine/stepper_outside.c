/* SPDX-License-Identifier: MIT */
/*
 * What comes over a program from outside, between two steps. Sleepers that were woken before go on
 * first, and those that it wakes afterwards, so that the order is the same each time.
 */
#include "stepper_parts.h"

void forget_reported(struct stepper *st)
{
	if (st->stepped)
		st->before.n = 0;
	st->stepped = false;
}

void keep_for_next(struct stepper *st)
{
	if (st->told)
		st->machine->noutput = 0;
	st->told = false;
}

static bool send_signal(struct stepper *st, int m)
{
	struct machine *mc = st->machine;
	struct thread *t = thread_of(st, m);
	if (!mc->ops->preempt || !t || t->state == GONE)
		return false;
	mc->ops->preempt(mc, t);
	st->moved = true;
	return true;
}

/* For whoever sleeps in the kernel, and for the runtime, whose clock is its own. */
static bool let_pass(struct stepper *st, int64_t ns)
{
	struct machine *mc = st->machine;
	int64_t now;
	uint64_t at = runtime_view_clock(st->view);
	if (!mc->ops->pass || !mc->ops->write)
		return false;
	mc->ops->pass(mc, ns);
	if (memory_fetch(&st->memory, at, &now, sizeof now) && now <= INT64_MAX - ns)
		mc->ops->write(mc, at, (uint64_t)(now + ns));
	return true;
}

bool stepper_precede(struct stepper *st, const struct turn *t)
{
	forget_reported(st);
	keep_for_next(st);
	look_about(st);
	if (st->machine->ending.how != GOES_ON ||
		!(t->kind == TURN_SIGNAL ? send_signal(st, t->m) : let_pass(st, t->n)))
		return false;
	schedule_precede(&st->before, t);
	look_about(st);
	st->machine->ops->drain(st->machine);
	/* Where all slept for good, somebody may not any more. */
	st->end = end_of(st, st->sentence, sizeof st->sentence);
	return true;
}

struct before stepper_before(const struct stepper *st)
{
	return (struct before){st->before.turns, st->stepped ? 0 : st->before.n};
}
