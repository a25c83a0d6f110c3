/* SPDX-License-Identifier: MIT */
/* Where stacks are, and whose. */
#include "live_state_parts.h"
#include "model/xalloc.h"

/* Bytes of stacks that are already written when they are found: no more are taken over. */
enum { WRITTEN_MAX = 16 << 20 };

/* A new place among the snapshot's stacks. */
static int add_stack(struct live_state *ls, struct stack_image image)
{
	struct snapshot *s = &ls->snap;
	int i = s->nstacks++;
	s->stacks = xgrow(s->stacks, &ls->stacks_cap, s->nstacks, sizeof *s->stacks);
	ls->stacks = xgrow(ls->stacks, &ls->held_cap, s->nstacks, sizeof *ls->stacks);
	s->stacks[i] = image;
	ls->stacks[i] = (struct held){0};
	return i;
}

/* A g0 is empty again. */
static void forget_stack(struct live_state *ls, int i)
{
	struct stack_image *st = &ls->snap.stacks[i];
	memory_forget(ls->mem, ls->stacks[i].region);
	ls->stacks[i].region = NULL;
	*st = (struct stack_image){.kind = STACK_G0, .id = st->id};
}

/*
 * The stack of a thread that was lent an M is kept for a look back until its memory has another
 * use. Forget those that [lo, hi) overlaps; false: none.
 */
static bool forget_left(struct live_state *ls, uint64_t lo, uint64_t hi)
{
	bool any = false;
	for (int i = 0; i < ls->snap.nstacks; i++) {
		const struct stack_image *st = &ls->snap.stacks[i];
		if (st->kind != STACK_G0 || st->lo >= hi || st->hi <= lo ||
			ls->stacks[i].call >= ls->call - 1)
			continue;
		forget_stack(ls, i);
		any = true;
	}
	return any;
}

/*
 * The copy of a stack of G or M `id`; NULL, with a word for it in why, where there cannot be
 * such a stack. A g0 may be where an M's was that no longer uses it: on a thread's own stack.
 */
static struct region *watch_stack(
	struct live_state *ls, struct stack st, enum stack_kind kind, int id, const char **why)
{
	*why = "can be none";
	if (st.lo == st.hi || !snap_is_stack(st.lo, st.hi))
		return NULL;
	struct region *r = memory_watch(ls->mem, st.lo, st.hi, true);
	if (!r && kind == STACK_G0 && forget_left(ls, st.lo, st.hi))
		r = memory_watch(ls->mem, st.lo, st.hi, true);
	*why = "cannot be copied, or overlaps another";
	if (!r || (r->index < 0 && ls->written + (r->hi - r->from) > WRITTEN_MAX))
		return NULL;
	*why = "is another's";
	const struct stack_image *has = r->index < 0 ? NULL : &ls->snap.stacks[r->index];
	if (has && (has->kind != kind ||
			   (has->id != id &&
				   (kind == STACK_G || ls->stacks[r->index].call == ls->call))))
		return NULL;
	return r;
}

int state_no_stack(struct live_state *ls, int m)
{
	return add_stack(ls, (struct stack_image){.kind = STACK_G0, .id = m});
}

int state_stack(struct live_state *ls, struct stack st, enum stack_kind kind, int id, int empty,
	const char *whose)
{
	const char *why;
	struct region *r = watch_stack(ls, st, kind, id, &why);
	if (!r) {
		damage_add(&ls->damage, kind == STACK_G ? ABOUT_GS : ABOUT_MS,
			"%s's stack from 0x%llx to 0x%llx %s", whose, (unsigned long long)st.lo,
			(unsigned long long)st.hi, why);
		return -1;
	}
	if (r->index < 0) {
		ls->written += r->hi - r->from;
		r->index = empty >= 0 ? empty : add_stack(ls, (struct stack_image){0});
		ls->stacks[r->index].region = r;
	}
	ls->snap.stacks[r->index] =
		(struct stack_image){.kind = kind, .id = id, .lo = r->lo, .hi = r->hi};
	ls->stacks[r->index].call = ls->call;
	return r->index;
}

void live_state_stacks(struct live_state *ls)
{
	for (int i = 0; i < ls->snap.nstacks; i++) {
		const struct region *r = ls->stacks[i].region;
		if (!r)
			continue;
		ls->snap.stacks[i].from = r->from;
		ls->snap.stacks[i].words = (uint64_t *)(r->copy + (r->from - r->lo));
	}
}
