/* SPDX-License-Identifier: MIT */
/*
 * What is read of waits, wherever it lies, as it is copied: marked, so that they are read again
 * when it is written; and copied for as long as it is needed, where nobody else needs that.
 */
#include "runtime_view_parts.h"

#include "model/xalloc.h"

/* Copies that only waits need: no more of them at once. */
enum { LENT_MAX = 1 << 15 };

/* Have [lo, hi) copied while it is needed. */
static void lend(struct runtime_view *rv, uint64_t lo, uint64_t hi)
{
	size_t before = rv->mem->n;
	struct region *r = rv->nlent < LENT_MAX ? memory_watch(rv->mem, lo, hi, false) : NULL;
	if (!r || rv->mem->n == before)
		return;
	rv->lent = xgrow(rv->lent, &rv->lent_cap, rv->nlent + 1, sizeof *rv->lent);
	rv->lent[rv->nlent++] = r;
	r->lent = rv->call;
	r->quiet = true;
}

/* As state_marked, but not marked. */
static const uint8_t *copied(struct runtime_view *rv, uint64_t at, size_t n, uint64_t until)
{
	const uint8_t *copy = memory_peek(rv->mem, at, n);
	if (!copy && until) {
		lend(rv, at, until);
		copy = memory_peek(rv->mem, at, n);
	}
	struct region *r = copy ? memory_region(rv->mem, at) : NULL;
	/* Of a stack that is not in the picture no write is told. */
	if (!r || (r->is_stack && r->index < 0))
		return NULL;
	if (r->lent)
		r->lent = rv->call;
	return copy;
}

const uint8_t *state_marked(struct runtime_view *rv, uint64_t at, size_t n, uint64_t until)
{
	const uint8_t *copy = copied(rv, at, n, until);
	if (copy)
		memory_mark(rv->mem, at, n);
	return copy;
}

/* One of them is needed no longer; the last takes its place. */
static void give_back(struct runtime_view *rv, size_t i)
{
	memory_forget(rv->mem, rv->lent[i]);
	rv->lent[i] = rv->lent[--rv->nlent];
}

void state_give_back(struct runtime_view *rv)
{
	for (size_t i = rv->nlent; i-- > 0;)
		if (rv->lent[i]->lent != rv->call)
			give_back(rv, i);
}

bool state_give_way(struct runtime_view *rv, uint64_t lo, uint64_t hi)
{
	size_t before = rv->nlent;
	for (size_t i = before; i-- > 0;)
		if (rv->lent[i]->lo < hi && rv->lent[i]->hi > lo)
			give_back(rv, i);
	rv->waits_stale |= rv->nlent < before;
	return rv->nlent < before;
}

bool state_mark_look(struct runtime_view *rv, enum item structure, uint64_t at, struct seen *to)
{
	return state_mark_look_locked(rv, structure, structure, at, to);
}

bool state_mark_look_locked(
	struct runtime_view *rv, enum item structure, enum item lock, uint64_t at, struct seen *to)
{
	size_t n = rv->is[structure].size, behind = n;
	const uint8_t *copy = at ? copied(rv, at, n, at + n) : NULL;
	if (!copy)
		return false;
	memcpy(to->bytes, copy, n);
	if (lock != structure) {
		memory_mark(rv->mem, at, rv->is[lock].value);
		behind -= rv->is[lock].value + rv->is[lock].size;
	}
	memory_mark(rv->mem, at + n - behind, behind);
	return true;
}

bool state_mark_look_stack(
	struct runtime_view *rv, enum item structure, uint64_t at, struct seen *to)
{
	const uint8_t *copy = state_marked(rv, at, rv->is[structure].size, 0);
	if (copy)
		memcpy(to->bytes, copy, rv->is[structure].size);
	return copy && memory_region(rv->mem, at)->is_stack;
}
