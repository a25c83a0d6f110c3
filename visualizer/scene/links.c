/* SPDX-License-Identifier: MIT */
/*
 * Where frame pointers lead: the chain of each M, from its register, record by record; and that of
 * each G which waits to be resumed, from its gobuf.bp.
 */
#include "parts.h"
#include "worth.h"

static void make_link(
	struct making *mk, struct thing_id id, enum link l, int from, int to, unsigned is)
{
	bool dim = !(is & IS_FOCUS);
	struct style st = STYLE(dim ? ROLE_DIM : link_look(l)->role);
	struct thing *t = thing_add(mk->sc, id);
	st.bold = !dim;
	t->link = l;
	t->from = from;
	t->to = to;
	t->is = is;
	thing_say(mk->sc, 0, st, link_look(l)->mark);
}

/* rec < 0 is the register's. */
static void make_m_link(struct making *mk, int m, int rec)
{
	const struct facts *f = &mk->f;
	const struct chain *c = &f->answers[m].chain;
	int home = m_stack(f, &f->at.now->ms[m]), here = rec < 0 ? home : c->rec[rec].stack;
	uint64_t to;
	int from = here < 0 || mk->stack[here] < 0 ? -1
		   : rec < 0                       ? mk->stack[here] + 1
						   : word_thing(mk, c->rec[rec].fp);
	int there = link_target(f, c, rec, &to) < 0 ? -1 : word_thing(mk, to);
	if (chain_link(c, rec) != LINK_TOP && from >= 0)
		make_link(mk, record_id(f, TAG_LINK, m, rec, 0), chain_link(c, rec), from, there,
			(m == f->focus ? IS_FOCUS : 0) | (here == home ? IS_AT_HOME : 0));
}

/* The chain that a G which waits to be resumed has of its own. */
static void make_own_links(struct making *mk, int stack)
{
	uint64_t own[OWN_MAX];
	int n = mk->stack[stack] < 0 ? 0 : own_chain(&mk->f, stack, own);
	int from = mk->stack[stack] + 1;
	for (int i = 0; i < n; i++) {
		struct thing_id id = thing_of(TAG_GOBUF_LINK, stack_g(&mk->f, stack)->id, 0);
		id.address = i ? own[i - 1] : 0;
		make_link(mk, id, LINK_CALL, from, word_thing(mk, own[i]), IS_AT_HOME);
		from = word_thing(mk, own[i]);
	}
}

/* What is looked at comes last, on top. */
void make_links(struct making *mk)
{
	const struct facts *f = &mk->f;
	for (int i = 0; i < f->at.now->nstacks; i++)
		make_own_links(mk, i);
	for (int k = 0, n = f->at.now->nms; k < n; k++) {
		int m = f->focus < 0 || k < f->focus ? k : k == n - 1 ? f->focus : k + 1;
		if (f->at.now->ms[m].exited || m_stack(f, &f->at.now->ms[m]) < 0)
			continue;
		for (int rec = -1; rec < f->answers[m].chain.n; rec++)
			make_m_link(mk, m, rec);
	}
}
