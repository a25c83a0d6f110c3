/* SPDX-License-Identifier: MIT */
/*
 * judge: is what the walk reports true?
 *
 * The answer is VALID if the frames reported are the first ones of the truth. One caller may be
 * missing right after frame 0, while frame 0 has no record: in its first instructions, its last,
 * or all through a leaf. And the chain may end early at 0: then less is said, but nothing wrong.
 * That is the price of the fix.
 *
 * Otherwise the first record beyond the truth tells. In a stack that the M does not own: STALE
 * while the words there are still those of the call, CHIMERA once they are others. In a stack of
 * its own: MISLEADING. A chain that met a cycle or left all memory is called by that.
 */
#include "walk.h"

/* Whether a walk means nothing at all where the M is. */
static bool is_nofp(const struct snapshot *s, const struct code *c, const struct m_state *m)
{
	const struct code_line *l = code_at(c, m_pc(s, m));
	return (l && l->library) || snap_stack_of_sp(s, m_sp(s, m)) < 0;
}

static bool ends_with(const struct chain *ch, enum link l)
{
	return (ch->n ? ch->rec[ch->n - 1].link : ch->start) == l;
}

/* The first record from i on that lies in a stack that M does not own; n if there is none. */
static int first_not_owned(const struct snapshot *s, const struct chain *ch, int i, int m_id)
{
	while (i < ch->n && snap_owner(s, ch->rec[i].stack) == m_id)
		i++;
	return i;
}

/*
 * How many records, from the first on, are frames of the truth in their place, if `missing`
 * callers may be left out after frame 0.
 */
static int agreeing(const struct chain *ch, const struct truth *t, int missing)
{
	int i = 0, k = 1 + missing;
	while (i < ch->n && k < t->n && ch->rec[i].ret == t->frame[k].pc) {
		i++;
		k++;
	}
	return i;
}

/*
 * Compare chain and truth: fills missing, cut and in_truth. Returns how many records agree.
 * `hidden` is what to expect; but a record may lie there all the same (cycle's dead one).
 */
static int compare(const struct snapshot *s, struct answer *a, int m_id)
{
	struct chain *ch = &a->chain;
	const struct truth *t = &a->truth;
	int expected = agreeing(ch, t, t->hidden), otherwise = agreeing(ch, t, !t->hidden);
	int agreed = expected >= otherwise ? expected : otherwise;
	int owned = first_not_owned(s, ch, 0, m_id);

	if (agreed > owned)
		agreed = owned; /* the same return addresses, on another G's stack */
	a->missing = expected >= otherwise ? t->hidden : !t->hidden;
	for (int i = 0; i < agreed; i++)
		ch->rec[i].in_truth = true;
	a->cut = agreed == ch->n && ends_with(ch, LINK_TOP) && agreed + 1 + a->missing < t->n;
	return agreed;
}

/*
 * Where the truth stops for want of unwind information, further frames in stacks that the M
 * owns cannot be refuted.
 */
static bool cannot_tell(const struct snapshot *s, const struct answer *a, int agreed, int m_id)
{
	return !a->truth.whole && agreed + 1 + a->missing >= a->truth.n &&
	       first_not_owned(s, &a->chain, agreed, m_id) == a->chain.n;
}

/* Whether the chain from record i on is, word for word, the end of what the M left behind. */
static bool is_as_left(const struct chain *ch, int i, const struct left_chain *left)
{
	if (!left)
		return (i ? ch->rec[i - 1].link : ch->start) == LINK_IDLE;
	int k = 0;
	while (k < left->n && left->rec[k].fp != ch->rec[i].fp)
		k++;
	for (; i < ch->n && k < left->n; i++, k++)
		if (left->rec[k].fp != ch->rec[i].fp || left->rec[k].ret != ch->rec[i].ret)
			return false;
	return (i == ch->n && k == left->n) || ch->n == WALK_MAX;
}

/* The chain agrees with the truth up to record `agreed` and then goes another way: which? */
static enum verdict beyond(const struct snapshot *s, const struct chain *ch, int agreed,
	const struct left_chain *left, int m_id)
{
	if (first_not_owned(s, ch, agreed, m_id) == ch->n)
		return VERDICT_MISLEADING;
	return is_as_left(ch, agreed, left) ? VERDICT_STALE : VERDICT_CHIMERA;
}

void judge(const struct snapshot *s, const struct code *c, const struct left_chain *left, int m_id,
	struct answer *a)
{
	walk(s, c, m_id, &a->chain);
	truth(s, c, m_id, &a->truth);
	int agreed = compare(s, a, m_id);
	const struct m_state *m = snap_m(s, m_id);

	if (m && is_nofp(s, c, m))
		a->verdict = VERDICT_NOFP;
	else if (ends_with(&a->chain, LINK_CYCLE))
		a->verdict = VERDICT_CYCLE;
	else if (ends_with(&a->chain, LINK_WILD))
		a->verdict = VERDICT_WILD;
	else if (agreed == a->chain.n || cannot_tell(s, a, agreed, m_id))
		a->verdict = VERDICT_VALID;
	else
		a->verdict = beyond(s, &a->chain, agreed, left, m_id);
}
