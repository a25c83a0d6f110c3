/* SPDX-License-Identifier: MIT */
/*
 * walk: what a frame-pointer profiler sees, and what it does not ask.
 *
 *     FP ──▶ ┌───────────┐
 *            │ [fp] next │ ──▶ the caller's record, and so on; 0 ends the chain
 *            │ [fp+8] ret│     the return address: one frame of the profiler's answer
 *            └───────────┘
 *
 * A profiler stops an M anywhere, reads these two words, goes to `next` and reads two
 * more. It knows addresses only. We follow the same words and ask of each `next`, in this
 * order: is it 0? Is it memory of a stack? Has the walk been there? Is it up the same
 * stack, where callers are? And where it leads to another stack: who owns that one NOW? A
 * saved frame pointer does not change when its target is given away; that is the bug.
 *
 * Nothing here decides whether the answer is right (verdict.c) and nothing here is used
 * to find the truth (truth.c). Below: snapshot.h and code.h only.
 */
#include "walk.h"

#include <assert.h>
#include <string.h>

/* Where the walk comes from when it looks at a saved frame pointer. */
struct origin {
	int stack;    /* the stack of the word, or that SP is in; -1: none known */
	uint64_t fp;  /* the record that holds the word; 0: it is the register */
	uint64_t ret; /* the code that the record returns to; pc for the register */
};

static bool been_at(const struct chain *ch, uint64_t fp)
{
	for (int i = 0; i < ch->n; i++)
		if (ch->rec[i].fp == fp)
			return true;
	return false;
}

/*
 * Whether the link leaves g0 out of systemstack or asmcgocall, which come back to the same G on the
 * same M.
 */
static bool by_systemstack(const struct code *c, const struct origin *from)
{
	const struct code_line *l = from->fp ? code_ret(c, from->ret) : code_at(c, from->ret);
	return l && l->sym && (!strcmp(l->sym, "systemstack") || !strcmp(l->sym, "asmcgocall"));
}

/* A link from one stack to another: everything depends on who owns the target now. */
static enum link link_across(const struct snapshot *s, const struct code *c,
	const struct m_state *m, const struct origin *from, int to)
{
	const struct stack_image *target = &s->stacks[to];
	bool from_g0 = from->stack == m->g0_stack;

	if (target->kind != STACK_G)
		return target->id == m->id ? LINK_OWN : LINK_FOREIGN;
	const struct g_state *gp = &s->gs[target->id];
	if (gp->status == GS_DEAD)
		return LINK_FREED;
	if (from_g0 && m->departure.g && gp->id != m->departure.g)
		return LINK_FREED; /* the G that was left is gone, and this one has its stack */
	if (gp->m == m->id)
		return from_g0 && by_systemstack(c, from) ? LINK_SYSTEMSTACK : LINK_OWN;
	return gp->m < 0 ? LINK_IDLE : LINK_FOREIGN;
}

/* Where `next` leads, seen from its origin. */
static enum link link_of(const struct snapshot *s, const struct code *c, const struct m_state *m,
	const struct chain *sofar, const struct origin *from, uint64_t next)
{
	uint64_t word;

	if (next == 0)
		return LINK_TOP;
	int to = snap_stack_at(s, next);
	if (to < 0 || !snap_read_in(s, to, next, &word) || !snap_read_in(s, to, next + 8, &word))
		return LINK_WILD;
	if (been_at(sofar, next))
		return LINK_CYCLE;
	if (to != from->stack)
		return link_across(s, c, m, from, to);
	/*
	 * Callers are above. The register alone may point below SP: nobody has promised
	 * that it does not.
	 */
	return next > from->fp ? LINK_CALL : LINK_WILD;
}

static bool leads_on(enum link l)
{
	return l != LINK_TOP && l != LINK_CYCLE && l != LINK_WILD;
}

void walk(const struct snapshot *s, const struct code *c, int m_id, struct chain *out)
{
	out->pc = 0;
	out->start = LINK_TOP;
	out->n = 0;
	const struct m_state *m = snap_m(s, m_id);
	if (!m || m->exited)
		return;

	uint64_t fp = m_fp(s, m);
	struct origin at = {.stack = snap_stack_of_sp(s, m_sp(s, m)), .fp = 0, .ret = m_pc(s, m)};
	enum link link = out->start = link_of(s, c, m, out, &at, fp);
	out->pc = at.ret;
	while (leads_on(link) && out->n < WALK_MAX) {
		struct record *r = &out->rec[out->n++];
		*r = (struct record){.fp = fp, .stack = snap_stack_at(s, fp), .is_ret = true};
		snap_read_in(s, r->stack, fp, &r->next);
		snap_read_in(s, r->stack, fp + 8, &r->ret);
		r->ret = snap_return(s, r->ret);
		at = (struct origin){.stack = r->stack, .fp = fp, .ret = r->ret};
		link = r->link = link_of(s, c, m, out, &at, r->next);
		fp = r->next;
	}
}

enum link chain_link(const struct chain *c, int rec)
{
	assert(rec < c->n);
	return rec < 0 ? c->start : c->rec[rec].link;
}

int chain_first_false(const struct chain *c)
{
	int i = 0;
	while (i < c->n && !c->rec[i].refuted)
		i++;
	return i;
}
