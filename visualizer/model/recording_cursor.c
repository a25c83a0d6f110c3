/* SPDX-License-Identifier: MIT */
/*
 * A cursor: a snapshot that goes to any step, by the steps between where that is near, and else by
 * the keys.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "recording_parts.h"
#include "xalloc.h"

struct cursor {
	const struct recording *r;
	struct snapmem k;
	bool whole; /* false: something could not be read, and it goes nowhere from there */
};

/* ---- by steps ---- */

/* What cannot be read is said where a user looks, and nothing is shown for it. */
static void say_broken(struct cursor *c, size_t chunk, int64_t step)
{
	const struct chunk_at *at = &c->r->at[chunk];
	struct snapshot *s = &c->k.s;
	if (!s->nms)
		state_before(c->r, 0, &c->k);
	int n = s->ndamage < SNAP_DAMAGE_MAX ? s->ndamage++ : SNAP_DAMAGE_MAX - 1;
	snprintf(s->damage[n], SNAP_DAMAGE_LEN,
		"the recording is damaged: steps %lld to %lld cannot be read", (long long)at->first,
		(long long)at->first + (long long)at->n - 1);
	s->step = step;
	c->whole = false;
}

/* To the begin of a chunk, or if it has to be opened, to its end. NULL: it cannot be read. */
static const struct chunk *enter(struct cursor *c, size_t chunk)
{
	bool opened;
	c->whole = state_before(c->r, chunk, &c->k);
	if (!c->whole)
		return NULL;
	const struct chunk *k = chunk_open(c->r, chunk, &c->k, &opened);
	if (opened && k->broken)
		c->whole = state_before(c->r, chunk, &c->k);
	return k->broken ? NULL : k;
}

/* By steps inside a chunk, or from one to that beside it. False: it does not lead there. */
static bool walk_to(struct cursor *c, int64_t step)
{
	while (c->k.s.step != step) {
		bool back = step < c->k.s.step;
		int64_t next = back ? c->k.s.step : c->k.s.step + 1;
		size_t chunk = recording_chunk(c->r, next);
		const struct chunk *k = chunk_open(c->r, chunk, NULL, NULL);
		if (k->broken)
			return false;
		for (int64_t i = next - k->first;
			c->k.s.step != step && i >= 0 && i < (int64_t)k->n; i += back ? -1 : 1)
			if (!(back ? chunk_take_back : chunk_apply)(k, (size_t)i, &c->k))
				return false;
		if (c->k.s.step < k->first)
			c->k.s.last_m = key_m(c->r, chunk);
	}
	return true;
}

static bool is_near(const struct cursor *c, int64_t step)
{
	int64_t from = c->k.s.step, most = CHUNK_STEPS / 2;
	return c->whole && step - from <= most && from - step <= most;
}

struct cursor *cursor_new(const struct recording *r)
{
	struct cursor *c = xcalloc(1, sizeof *c);
	c->r = r;
	snapmem_init(&c->k, r->arch);
	c->whole = state_before(r, 0, &c->k);
	return c;
}

void cursor_free(struct cursor *c)
{
	if (!c)
		return;
	snapmem_free(&c->k);
	free(c);
}

const struct snapshot *cursor_seek(struct cursor *c, int64_t step)
{
	int64_t last = recording_last(c->r);
	step = step < 0 ? 0 : step > last ? last : step;
	if (is_near(c, step) && walk_to(c, step))
		return &c->k.s;
	if (!c->whole && c->k.s.step == step)
		return &c->k.s; /* what could not be read then cannot now */
	size_t chunk = step ? recording_chunk(c->r, step) : 0;
	if (step == 0)
		c->whole = state_before(c->r, 0, &c->k);
	else if (!enter(c, chunk) || !walk_to(c, step))
		say_broken(c, chunk, step);
	return &c->k.s;
}
