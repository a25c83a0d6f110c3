/* SPDX-License-Identifier: MIT */
#include "moment.h"

#include <assert.h>

struct code *moment_code(const struct moment *at)
{
	return recording_code(at->r);
}

const struct event *moment_event(const struct moment *at)
{
	return recording_event(at->r, at->now->step);
}

const struct word_write *moment_writes(const struct moment *at, int *n)
{
	*n = 0;
	return at->now->step > 0 ? recording_writes(at->r, at->now->step, n) : NULL;
}

struct before moment_before(const struct moment *at)
{
	return recording_before(at->r, at->now->step);
}

uint64_t moment_pc(const struct moment *at)
{
	return at->now->step > 0 ? recording_pc(at->r, at->now->step) : 0;
}

const struct departure_chain *moment_departure(const struct moment *at, int m)
{
	const struct m_state *mp = snap_m(at->now, m);
	return mp && mp->departure.g ? &mp->departure.chain : NULL;
}

void moment_judge(const struct moment *at, int m, struct answer *out)
{
	assert(snap_m(at->now, m));
	judge(at->now, moment_code(at), moment_departure(at, m), m, out);
}
