/* SPDX-License-Identifier: MIT */
#include "pin.h"

#include <assert.h>
#include <sched.h>

static int npins;
static cpu_set_t before_pins;
static int where; /* the CPU that we are on */

void pin_bind(int tid, int cpu)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	sched_setaffinity(tid, sizeof one, &one);
}

void cpu_pin(void)
{
	if (npins++)
		return;
	sched_getaffinity(0, sizeof before_pins, &before_pins);
	where = sched_getcpu();
	pin_bind(0, where);
}

void cpu_unpin(void)
{
	assert(npins > 0);
	if (--npins == 0)
		sched_setaffinity(0, sizeof before_pins, &before_pins);
}

void pin_move_on(int n)
{
	while (n > 0) {
		where = (where + 1) % CPU_SETSIZE;
		n -= CPU_ISSET(where, &before_pins) != 0;
	}
	pin_bind(0, where);
}

int pin_count(void)
{
	return CPU_COUNT(&before_pins);
}

int pin_where(void)
{
	return where;
}
