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
 *
 * Library code may use the frame-pointer register for anything. Where a chain comes to such code,
 * the next link means nothing: if it goes another way than the truth there, or nowhere, that is
 * no mistake of anybody's, but NOFP. Only what came before is judged.
 */
#include "walk.h"

#include <assert.h>

/*
 * Whether the frame-pointer register may hold anything while that code runs. What a signal handler
 * returns to does not run before: there it is as the kernel has left it.
 */
static bool is_library(const struct code_line *l)
{
	return l && l->library && !l->cfi.signal;
}

/* Whether a walk means nothing at all where the M is. */
static bool is_nofp(const struct snapshot *s, const struct code *c, const struct m_state *m)
{
	return is_library(code_at(c, m_pc(s, m))) || snap_stack_of_sp(s, m_sp(s, m)) < 0;
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
 * How far chain and truth agree: so many records, the last of them the truth's frame `last`, and so
 * many frames with those that have no record, `interrupted` of which a signal has interrupted.
 */
struct agreement {
	int records, last, frames, interrupted;
};

/*
 * Of the first `max` records, how many are frames of the truth in their place, if `missing` callers
 * may be left out after frame 0; and in the midst of a signal those that are unseen.
 */
static struct agreement agreeing(
	const struct chain *ch, const struct truth *t, int missing, int max)
{
	struct agreement a = {.frames = 1 + missing};

	for (int i = 1; i < a.frames && i < t->n; i++)
		a.interrupted += t->frame[i].interrupted && t->frame[i].unseen;
	for (;;) {
		while (a.frames > 1 && a.frames < t->n && t->frame[a.frames].unseen)
			a.interrupted += t->frame[a.frames++].interrupted;
		if (a.records == max || a.frames >= t->n ||
			ch->rec[a.records].ret != t->frame[a.frames].pc)
			return a;
		a.records++;
		a.last = a.frames++;
	}
}

/*
 * Whether the truth stops there for want of unwind information: further frames in stacks that the
 * M owns cannot be refuted then.
 */
static bool is_at_its_end(const struct truth *t, const struct agreement *agreed)
{
	return !t->whole && agreed->frames >= t->n;
}

static bool cannot_tell(
	const struct snapshot *s, const struct answer *a, const struct agreement *agreed, int m_id)
{
	return is_at_its_end(&a->truth, agreed) &&
	       first_not_owned(s, &a->chain, agreed->records, m_id) == a->chain.n;
}

/* What the walk could not see of the frames that agree. */
static void count_missing(struct answer *a, const struct agreement *agreed)
{
	a->interrupted = agreed->interrupted;
	a->missing = agreed->frames - 1 - agreed->records - a->interrupted;
	assert(a->missing >= 0);
}

/* Where a signal came there was no call: the function there is that of the pc itself. */
static void look_up_as_true(struct chain *ch, const struct truth *t, const struct agreement *agreed)
{
	for (int i = 0, k = 1; i < agreed->records; i++, k++) {
		while (t->frame[k].pc != ch->rec[i].ret)
			k++;
		ch->rec[i].is_ret = t->frame[k].is_ret;
	}
}

/*
 * Compare chain and truth: fills what is missing, cut, in_truth, refuted and is_ret. `hidden` is
 * what to expect; but a record may lie there all the same (cycle's dead one).
 */
static struct agreement compare(const struct snapshot *s, struct answer *a, int m_id)
{
	struct chain *ch = &a->chain;
	const struct truth *t = &a->truth;
	/* Elsewhere may be the same return addresses, on another G's stack. */
	int owned = first_not_owned(s, ch, 0, m_id);
	struct agreement agreed = agreeing(ch, t, t->hidden, owned);
	struct agreement otherwise = agreeing(ch, t, !t->hidden, owned);

	if (otherwise.records > agreed.records)
		agreed = otherwise;
	count_missing(a, &agreed);
	look_up_as_true(ch, t, &agreed);
	int known = is_at_its_end(t, &agreed) ? owned : agreed.records;
	for (int i = 0; i < ch->n; i++) {
		ch->rec[i].in_truth = i < agreed.records;
		ch->rec[i].refuted = i >= known;
	}
	a->cut = agreed.records == ch->n && ends_with(ch, LINK_TOP) && agreed.frames < t->n;
	return agreed;
}

/*
 * How many links mean something, the register's being the first: up to the one out of library
 * code that the chain, or the truth in its place, comes to after what agrees.
 */
static int meant(const struct code *c, const struct answer *a, const struct agreement *agreed)
{
	const struct chain *ch = &a->chain;

	for (int k = agreed->last; k < agreed->frames && k < a->truth.n; k++) {
		const struct true_frame *f = &a->truth.frame[k];
		if (is_library(f->is_ret ? code_ret(c, f->pc) : code_at(c, f->pc)))
			return agreed->records;
	}
	for (int i = agreed->records; i < ch->n; i++)
		if (is_library(code_ret(c, ch->rec[i].ret)))
			return i + 1;
	return ch->n + 1;
}

/* Whether the chain from record i on is, word for word, the end of what the M left behind. */
static bool is_as_left(const struct answer *a, int i, const struct departure_chain *left)
{
	const struct chain *ch = &a->chain;
	int n = a->meant < ch->n ? a->meant : ch->n;

	assert(i < ch->n);
	if (!left)
		return (i ? ch->rec[i - 1].link : ch->start) == LINK_IDLE;
	int k = 0;
	while (k < left->n && left->rec[k].fp != ch->rec[i].fp)
		k++;
	for (; i < n && k < left->n; i++, k++)
		if (left->rec[k].fp != ch->rec[i].fp || left->rec[k].ret != ch->rec[i].ret)
			return false;
	return (i == n && (k == left->n || n == a->meant)) || ch->n == WALK_MAX;
}

/* The chain agrees with the truth up to record `agreed` and then goes another way: which? */
static enum verdict beyond(const struct snapshot *s, const struct answer *a, int agreed,
	const struct departure_chain *left, int m_id)
{
	int other = first_not_owned(s, &a->chain, agreed, m_id);

	if (other == a->chain.n || other >= a->meant)
		return VERDICT_MISLEADING;
	return is_as_left(a, agreed, left) ? VERDICT_STALE : VERDICT_CHIMERA;
}

void judge(const struct snapshot *s, const struct code *c, const struct departure_chain *left,
	int m_id, struct answer *a)
{
	const struct chain *ch = &a->chain;
	const struct m_state *m = snap_m(s, m_id);

	walk(s, c, m_id, &a->chain);
	truth(s, c, m_id, &a->truth);
	const struct agreement agreed = compare(s, a, m_id);
	a->meant = meant(c, a, &agreed);
	assert(a->meant >= agreed.records && a->meant <= ch->n + 1);
	bool leads_nowhere = ends_with(ch, LINK_CYCLE) || ends_with(ch, LINK_WILD);

	if (!snap_has_registers(s))
		a->verdict = VERDICT_UNKNOWN;
	else if (m && is_nofp(s, c, m))
		a->verdict = VERDICT_NOFP;
	else if (agreed.records == ch->n && !leads_nowhere)
		a->verdict = VERDICT_VALID;
	else if (agreed.records == a->meant)
		a->verdict = VERDICT_NOFP;
	else if (leads_nowhere && a->meant > ch->n)
		a->verdict = ends_with(ch, LINK_CYCLE) ? VERDICT_CYCLE : VERDICT_WILD;
	else
		a->verdict = cannot_tell(s, a, &agreed, m_id)
				     ? VERDICT_VALID
				     : beyond(s, a, agreed.records, left, m_id);
}
