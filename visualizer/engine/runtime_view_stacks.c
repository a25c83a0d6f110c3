/* SPDX-License-Identifier: MIT */
/* Where stacks are, and whose. */
#include "runtime_view_parts.h"

#include <assert.h>
#include "model/xalloc.h"

/* Bytes of stacks that are already written when they are found: no more are taken over. */
enum { WRITTEN_MAX = 16 << 20 };

/* A new place among the snapshot's stacks. */
static int add_stack(struct runtime_view *rv, struct stack_image image)
{
	struct snapshot *s = &rv->snap;
	int i = s->nstacks++;
	s->stacks = xgrow(s->stacks, &rv->stacks_cap, s->nstacks, sizeof *s->stacks);
	rv->stacks = xgrow(rv->stacks, &rv->held_cap, s->nstacks, sizeof *rv->stacks);
	s->stacks[i] = image;
	rv->stacks[i] = (struct held){0};
	return i;
}

/* A g0 is empty again. */
static void forget_stack(struct runtime_view *rv, int i)
{
	struct stack_image *st = &rv->snap.stacks[i];
	memory_forget(rv->mem, rv->stacks[i].region);
	rv->stacks[i].region = NULL;
	*st = (struct stack_image){.kind = STACK_G0, .id = st->id};
}

/*
 * The stack of a thread that was lent an M is kept for a look back until its memory has another
 * use. Forget those that [lo, hi) overlaps; false: none.
 */
static bool forget_left(struct runtime_view *rv, uint64_t lo, uint64_t hi)
{
	bool any = false;
	for (int i = 0; i < rv->snap.nstacks; i++) {
		const struct stack_image *st = &rv->snap.stacks[i];
		if (st->kind != STACK_G0 || st->lo >= hi || st->hi <= lo ||
			rv->stacks[i].call >= rv->call - 1)
			continue;
		forget_stack(rv, i);
		any = true;
	}
	return any;
}

/*
 * The copy of a stack of G or M `id`; NULL, with a word for it in why, where there cannot be
 * such a stack. A g0 may be where an M's was that no longer uses it: on a thread's own stack.
 */
static struct region *watch_stack(
	struct runtime_view *rv, struct bounds st, enum stack_kind kind, int id, const char **why)
{
	*why = "can be none";
	if (st.lo == st.hi || !snap_is_stack(st.lo, st.hi))
		return NULL;
	struct region *r = memory_watch(rv->mem, st.lo, st.hi, true);
	if (!r && state_give_way(rv, st.lo, st.hi))
		r = memory_watch(rv->mem, st.lo, st.hi, true);
	if (!r && kind == STACK_G0 && forget_left(rv, st.lo, st.hi))
		r = memory_watch(rv->mem, st.lo, st.hi, true);
	*why = "cannot be copied, or overlaps another";
	if (!r || (r->index < 0 && rv->written + (r->hi - r->from) > WRITTEN_MAX))
		return NULL;
	*why = "is another's";
	const struct stack_image *has = r->index < 0 ? NULL : &rv->snap.stacks[r->index];
	if (has && (has->kind != kind ||
			   (has->id != id &&
				   (kind == STACK_G || rv->stacks[r->index].call == rv->call))))
		return NULL;
	return r;
}

int state_no_stack(struct runtime_view *rv, int m)
{
	return add_stack(rv, (struct stack_image){.kind = STACK_G0, .id = m});
}

int state_stack(struct runtime_view *rv, struct bounds st, enum stack_kind kind, int id, int empty,
	const char *whose)
{
	const char *why;
	struct region *r = watch_stack(rv, st, kind, id, &why);
	if (!r) {
		damage_add(&rv->damage, kind == STACK_G ? ABOUT_GS : ABOUT_MS,
			"%s's stack from 0x%llx to 0x%llx %s", whose, (unsigned long long)st.lo,
			(unsigned long long)st.hi, why);
		return -1;
	}
	if (r->index < 0) {
		rv->written += r->hi - r->from;
		r->index = empty >= 0 ? empty : add_stack(rv, (struct stack_image){0});
		rv->stacks[r->index].region = r;
	}
	rv->snap.stacks[r->index] =
		(struct stack_image){.kind = kind, .id = id, .lo = r->lo, .hi = r->hi};
	rv->stacks[r->index].call = rv->call;
	return r->index;
}

void runtime_view_stacks(struct runtime_view *rv)
{
	for (int i = 0; i < rv->snap.nstacks; i++) {
		const struct region *r = rv->stacks[i].region;
		if (!r)
			continue;
		assert(r->index == i);
		rv->snap.stacks[i].from = r->from;
		rv->snap.stacks[i].words = (uint64_t *)(r->copy + (r->from - r->lo));
	}
}
