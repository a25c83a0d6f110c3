/* SPDX-License-Identifier: MIT */
/* The heap of timers. */
#include "runtime_view_parts.h"

/* More of them are not believed. */
enum { TIMERS_MAX = 1 << 14, PAGE = 4096 };

/* Node i of the heap, which is taken over by the page. */
static bool look_node(struct runtime_view *rv, uint64_t heap, uint32_t i, struct seen *to)
{
	uint64_t size = rv->is[S_TIMERNODE].size, at = heap + i * size;
	const uint8_t *copy = state_marked(rv, at, size, (at | (PAGE - 1)) + 1);
	if (copy)
		memcpy(to->bytes, copy, size);
	return copy != NULL;
}

/*
 * The timer that node i has, if both say so. While the heap's lock is held one of them may be on
 * its way to another place. 0: there is none.
 */
static uint64_t timer_of(struct runtime_view *rv, uint64_t heap, uint32_t i)
{
	struct seen node, t;
	if (!look_node(rv, heap, i, &node) ||
		!state_mark_look(rv, S_TIMER, seen(rv, &node, timernode_t), &t) ||
		seen(rv, &t, timer_place) != (uint64_t)i + 1 ||
		seen(rv, &t, timer_when) != seen(rv, &node, timernode_when))
		return 0;
	return seen(rv, &node, timernode_t);
}

/* Not the lock: whoever looks whether a timer is due takes it. */
static void mark_field(struct runtime_view *rv, enum item field)
{
	memory_mark(rv->mem, rv->is[V_TIMERHEAP].value + rv->is[field].value, rv->is[field].size);
}

/* With the lock held, the last one may have been taken out of its node and have no other yet. */
void state_find_timers(struct runtime_view *rv, void (*found)(struct runtime_view *rv, uint64_t at))
{
	struct seen is;
	int bad = 0;
	state_variable_look(rv, V_TIMERHEAP, &is);
	mark_field(rv, timerheap_node);
	mark_field(rv, timerheap_n);
	bool locked = seen(rv, &is, timerheap_lock) != 0;
	uint64_t heap = seen(rv, &is, timerheap_node), n = seen(rv, &is, timerheap_n);
	if (n > TIMERS_MAX)
		damage_add(&rv->damage, ABOUT_WAITS, "%llu timers run", (unsigned long long)n);
	n = n < TIMERS_MAX ? n : TIMERS_MAX;
	for (uint32_t i = 0; i < n + locked && bad < DAMAGE_MANY; i++) {
		uint64_t timer = timer_of(rv, heap, i);
		bad += !timer;
		if (timer)
			found(rv, timer);
		else if (!locked)
			damage_add(&rv->damage, ABOUT_WAITS,
				"place %u of the heap of timers has none", i);
	}
}
