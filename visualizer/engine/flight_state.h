/* SPDX-License-Identifier: MIT */
/*
 * What the flight recorder's events say of Ms, Gs, Ps and queues, one after the other.
 *
 * A G is in one queue at most, and one that is executed in none: so that what no event tells, which
 * Gs are stolen, is put right by the next that does. Which of a P's Gs is its runnext is not told:
 * all are in its queue, in the order in which they came.
 */
#ifndef ENGINE_FLIGHT_STATE_H
#define ENGINE_FLIGHT_STATE_H

#include "flight_file.h"
#include "model/addrmap.h"

struct flight_state {
	struct snapshot s; /* without registers and words; valid until the next event */
	size_t ms_cap, gs_cap, ps_cap, stacks_cap, global_cap, dead_cap, ndead;
	int *dead;         /* places in s.gs of Gs that have ended, for new ones */
	struct addrmap gs; /* id -> 1 + place in s.gs */
};

/* Who is there before the first event, as far as the events tell it. Caller frees. */
void flight_state_begin(struct flight_state *f, const struct flight_file *file);
void flight_state_go_on(struct flight_state *f, const struct flight_event *e);
void flight_state_free(struct flight_state *f);

#endif
