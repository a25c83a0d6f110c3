/* SPDX-License-Identifier: MIT */
/*
 * Stacks, and what each of their words is. After a stack's own thing comes one for the register
 * that a chain begins with there: the frame pointer of the M that is on it, gobuf.bp of a G that
 * no M is on, or what is to be said where there is neither. Then its words, from the lowest up.
 * Marks say where SPs and frame pointers of Ms point.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/xalloc.h"
#include "parts.h"
#include "worth.h"

/*
 * What is said of a frame pointer, beside the arrow: where it leads if that is not up the
 * same stack.
 */
static void fp_words(
	const struct facts *f, const struct chain *c, int rec, uint64_t value, char *buf, size_t n)
{
	uint64_t to;
	char name[16];
	enum link l = c ? chain_link(c, rec) : LINK_CALL;
	int target = c ? link_target(f, c, rec, &to) : -1;
	if (value == 0)
		l = LINK_TOP;
	if (l == LINK_TOP || l == LINK_CYCLE || l == LINK_WILD)
		append(buf, n, "%s %s", link_look(l)->mark, link_name(l));
	else if (l != LINK_CALL && target >= 0)
		append(buf, n, "into %s", snap_stack_name(f->at.now, target, name));
}

static const char *full_value(uint64_t v, char buf[32])
{
	snprintf(buf, 32, "0x%016llx", (unsigned long long)v);
	return buf;
}

static const char *short_value(const struct facts *f, uint64_t v, char buf[32])
{
	if (snap_stack_at(f->at.now, v) >= 0)
		tail_words(v, buf, 32);
	else if (v >> 36)
		snprintf(buf, 32, "…%09llx", (unsigned long long)(v & 0xfffffffff));
	else
		snprintf(buf, 32, "0x%llx", (unsigned long long)v);
	return buf;
}

/* What the scene says of the words of one stack. */
struct telling_words {
	struct making *mk;
	int stack;
	uint64_t live;
	bool use_known;
};

/* In a shorter length the value is what it ends with, or nothing. */
static void say_value(const struct making *mk, struct style st, uint64_t v, enum length until,
	const char *shorter)
{
	char value[32];
	thing_say(mk->sc, WORD_VALUE, st, full_value(v, value));
	thing_say_shorter(mk->sc, until + 1, shorter ? shorter : short_value(&mk->f, v, value));
}

static void say_fp(struct making *mk, const struct word_worth *w, uint64_t v)
{
	char label[128] = "fp ";
	const struct chain *c = w->m < 0 ? NULL : &mk->f.answers[w->m].chain;
	enum link l = c ? c->rec[w->rec].link : v ? LINK_CALL : LINK_TOP;
	struct style st = BOLD(c ? link_look(l)->role : ROLE_DIM);
	fp_words(&mk->f, c, w->rec, v, label, sizeof label);
	say_value(mk, w->written ? BOLD(ROLE_WRITTEN) : st, v, IN_FULL, NULL);
	thing_say(mk->sc, WORD_LABEL, st, label);
}

/* The symbol says it better than the number, where there is no room for both. */
static void say_ret(struct making *mk, const struct word_worth *w, uint64_t v)
{
	char sym[96];
	const struct record *r = w->m < 0 ? NULL : &mk->f.answers[w->m].chain.rec[w->rec];
	struct style st = STYLE(r && r->refuted ? ROLE_BAD : ROLE_TEXT);
	symbol_words(&mk->f, v, !r || r->is_ret, sym, sizeof sym);
	say_value(mk, w->written ? BOLD(ROLE_WRITTEN) : st, v, IN_FULL, "");
	char label[128] = "";
	append(label, sizeof label, "ret %s", sym);
	thing_say(mk->sc, WORD_LABEL, st, label)->importance = 1;
}

static void say_note(struct making *mk, const struct word_worth *w, uint64_t addr)
{
	char words[WORDS_MAX];
	thing_say(mk->sc, WORD_NOTE, STYLE(ROLE_UNSURE),
		note_words(&mk->f, addr, IN_FULL, words, sizeof words))
		->importance = w->note;
	for (enum length l = SHORTER; l <= SHORTEST; l++)
		thing_say_shorter(mk->sc, l, note_words(&mk->f, addr, l, words, sizeof words));
}

static void make_word(const struct telling_words *tell, const struct word_worth *w, uint64_t addr)
{
	struct making *mk = tell->mk;
	char tail[16], address[24] = "";
	uint64_t v = 0;
	bool live = addr >= tell->live, held = snap_read(mk->f.at.now, addr, &v);
	struct thing *t = thing_add(mk->sc, word_id(&mk->f, TAG_WORD, tell->stack, addr, 0));
	t->in = mk->stack[tell->stack];
	t->is = live ? IS_LIVE : 0;
	t->importance = w->importance;
	bool dim = !live && w->means == MEANS_OTHER;
	struct style st = w->written ? BOLD(ROLE_WRITTEN) : STYLE(dim ? ROLE_DIM : ROLE_TEXT);
	append(address, sizeof address, "%s%s", tail_words(addr, tail, sizeof tail),
		w->written ? "*" : "");
	/* A waiting G's own record is dim, as its links are. */
	bool own = w->means == MEANS_FP && w->m < 0 && !w->written;
	thing_say(mk->sc, WORD_ADDRESS, own ? BOLD(ROLE_DIM) : st, address);
	if (!held)
		thing_say(mk->sc, WORD_VALUE, st, "not read");
	else if (w->means == MEANS_FP)
		say_fp(mk, w, v);
	else if (w->means == MEANS_RET)
		say_ret(mk, w, v);
	else
		say_value(mk, st, v, SHORTER, NULL);
	if (live && w->means == MEANS_OTHER && tell->use_known)
		thing_say(mk->sc, WORD_LABEL, STYLE(ROLE_TEXT), "local");
	if (w->note)
		say_note(mk, w, addr);
}

/* In place of a register, where there is none: how much of the stack nobody will come back to. */
static char *left_words(const struct facts *f, int stack, char *buf, size_t n)
{
	char tail[16];
	const struct g_state *g = stack_g(f, stack);
	uint64_t live = stack_live(f, stack);
	const struct m_state *m = g ? snap_m(f->at.now, g->m) : NULL;
	*buf = '\0';
	if (!has_registers(f))
		append(buf, n, "its words: not recorded");
	else if (m && m->exited && g->status != GS_DEAD)
		append(buf, n, "M%d has ended", g->m);
	else if (g && g->status != GS_DEAD)
		append(buf, n, "M%d is on another stack", g->m);
	else if (g)
		append(buf, n, "left over by a G that has ended");
	else if (live < f->at.now->stacks[stack].hi)
		append(buf, n, "left over below %s", tail_words(live, tail, sizeof tail));
	else
		append(buf, n, "left over: no M is here");
	return buf;
}

static void say_register(
	struct making *mk, struct style st, const char *name, uint64_t v, const char *label)
{
	thing_say(mk->sc, WORD_ADDRESS, st, name);
	say_value(mk, st, v, IN_FULL, NULL);
	thing_say(mk->sc, WORD_LABEL, st, label);
}

/* The register that a chain begins with, or gobuf.bp for a G that no M is on. */
static void make_register(struct making *mk, int stack)
{
	const struct facts *f = &mk->f;
	const struct m_state *m = stack_m(f, stack);
	const struct g_state *g = stack_g(f, stack);
	char label[64] = "";
	if (m) {
		uint64_t v = m_fp(f->at.now, m);
		append(label, sizeof label, "of M%d ", m->id);
		fp_words(f, &f->answers[m - f->at.now->ms].chain, -1, v, label, sizeof label);
		thing_add(mk->sc, thing_of(TAG_REGISTER, m->id, 0));
		say_register(mk, BOLD(ROLE_FP), "FP", v, label);
	} else if (g && has_registers(f) && gobuf_holds(f->at.now, f->answers, g)) {
		append(label, sizeof label, "gobuf.bp%s", g->sched_bp ? "" : " ● top");
		thing_add(mk->sc, thing_of(TAG_GOBUF, g->id, 0));
		say_register(mk, STYLE(ROLE_DIM), "bp", g->sched_bp, label);
	} else {
		thing_add(mk->sc, stack_id(f, TAG_LEFT, stack));
		thing_say(mk->sc, WORD_ADDRESS, STYLE(ROLE_DIM),
			left_words(f, stack, label, sizeof label));
	}
	mk->sc->things[mk->sc->n - 1].in = mk->stack[stack];
}

/* Whether an M is on a stack, or its chain leads through it. */
static bool is_used(const struct facts *f, int i, int stack)
{
	const struct chain *c = &f->answers[i].chain;
	bool used = m_stack(f, &f->at.now->ms[i]) == stack;
	for (int r = 0; r < c->n; r++)
		used = used || c->rec[r].stack == stack;
	return used;
}

/*
 * How much a stack has to do with what is looked at: more comes first where not all have room. An
 * M in a signal handler has three stacks, and may leave its g0 alone.
 */
static int relevance(const struct facts *f, int stack)
{
	const struct g_state *g = stack_g(f, stack);
	int score = 0;
	for (int i = 0; i < f->at.now->nms; i++) {
		const struct m_state *m = &f->at.now->ms[i];
		bool used = is_used(f, i, stack);
		bool mine = used || m->g0_stack == stack ||
			    (g && (g->id == m->curg || g->id == m->departure.g));
		if (mine)
			score += i == f->focus ? 100 : 10;
		if (used && i == f->focus)
			score += 50;
	}
	return score;
}

/* In one line, where it has no more: "G1 running on M0". */
static const char *listed_words(const struct facts *f, int stack, bool brief, char *buf, size_t n)
{
	const struct g_state *g = stack_g(f, stack);
	bool waits = g && g->m < 0 && g->status == GS_WAITING;
	*buf = '\0';
	if (waits && brief)
		append(buf, n, "G%d", g->id);
	else if (g)
		append(buf, n, "G%d %s", g->id, status_name(g->status));
	else
		append(buf, n, "%s of M%d", is_for_signals(f, stack) ? "gsignal" : "g0",
			f->at.now->stacks[stack].id);
	if (g && g->m >= 0)
		append(buf, n, " on M%d", g->m);
	else if (waits)
		append(buf, n, brief ? ": %s" : ", %s", g->waitreason);
	return buf;
}

static void make_stack(struct making *mk, int stack, const struct word_worth *worth)
{
	const struct facts *f = &mk->f;
	const struct stack_image *st = &f->at.now->stacks[stack];
	const struct g_state *g = stack_g(f, stack);
	char words[WORDS_MAX];
	struct style style = BOLD(ROLE_OWNER);
	style.owner = g ? g->m : st->id;
	mk->stack[stack] = (int)mk->sc->n;
	struct thing *t = thing_add(mk->sc, stack_id(f, TAG_STACK, stack));
	t->is = (g ? 0 : IS_G0) | (g && g->status == GS_DEAD ? IS_DEAD : 0);
	t->importance = relevance(f, stack);
	thing_say(mk->sc, STACK_TITLE, style, owner_words(f, stack, words, sizeof words));
	style.bold = false;
	thing_say(mk->sc, STACK_LISTED, style, listed_words(f, stack, false, words, sizeof words));
	thing_say_shorter(mk->sc, SHORTER, listed_words(f, stack, true, words, sizeof words));
	make_register(mk, stack);
	struct telling_words tell = {
		mk, stack, stack_live(f, stack), is_use_known(f->at.now, f->answers, stack)};
	for (uint64_t a = st->from; a < st->hi; a += 8)
		make_word(&tell, &worth[(a - st->from) / 8], a);
}

static void mark(struct making *mk, int m, unsigned part, unsigned is, uint64_t addr,
	struct style st, const char *words)
{
	int in = word_thing(mk, addr);
	if (in < 0 || mk->sc->things[in].id.tag != TAG_WORD)
		return;
	struct thing *t = thing_add(mk->sc, thing_of(TAG_MARK, m, part));
	t->in = in;
	t->is = is;
	thing_say(mk->sc, part, st, words);
}

/* Whether a word has a mark already: of an M that is on its stack, or one that came before. */
static bool is_marked(const struct making *mk, int m, uint64_t addr)
{
	const struct snapshot *now = mk->f.at.now;
	const struct m_state *on = stack_m(&mk->f, snap_stack_at(now, addr));
	bool marked = on && (m_sp(now, on) == addr || m_fp(now, on) == addr);
	for (int i = 0; i < m; i++)
		marked = marked || (&now->ms[i] != on && !now->ms[i].exited &&
					   m_fp(now, &now->ms[i]) == addr);
	return marked;
}

/* SP and FP of the M on a stack; and there the frame pointers of Ms that are elsewhere. */
static void make_marks(struct making *mk)
{
	const struct snapshot *now = mk->f.at.now;
	char words[32];
	for (int i = 0; i < now->nms; i++) {
		const struct m_state *m = &now->ms[i];
		int stack = m_stack(&mk->f, m), leads = snap_stack_at(now, m_fp(now, m));
		bool on = stack >= 0 && stack_m(&mk->f, stack) == m;
		if (on && snap_stack_at(now, m_sp(now, m)) == stack)
			mark(mk, m->id, 0, IS_AT_HOME, m_sp(now, m), BOLD(ROLE_SP), "SP");
		if (on && leads == stack) {
			mark(mk, m->id, 1, IS_AT_HOME, m_fp(now, m), BOLD(ROLE_FP), "FP");
		} else if (leads >= 0 && !m->exited && !is_marked(mk, i, m_fp(now, m))) {
			snprintf(words, sizeof words, "M%d:FP", m->id);
			mark(mk, m->id, 1, 0, m_fp(now, m), BOLD(ROLE_FP), words);
		}
	}
}

int word_thing(const struct making *mk, uint64_t addr)
{
	int stack = snap_stack_at(mk->f.at.now, addr);
	if (stack < 0 || mk->stack[stack] < 0)
		return -1;
	const struct stack_image *st = &mk->f.at.now->stacks[stack];
	if (addr < st->from)
		return mk->stack[stack];
	int word = mk->stack[stack] + 2 + (int)((addr - st->from) / 8);
	assert(mk->sc->things[word].id.tag == TAG_WORD &&
		mk->sc->things[word].id.address == (addr & ~(uint64_t)7));
	return word;
}

/*
 * Not those of Gs that have ended, nor those for signal handlers while there is none, unless a
 * chain leads there.
 */
static bool is_shown(const struct facts *f, int stack)
{
	const struct g_state *g = stack_g(f, stack);
	if (is_linked_to(f, stack))
		return true;
	return is_for_signals(f, stack) ? stack_m(f, stack) != NULL : !g || g->status != GS_DEAD;
}

void make_stacks(struct making *mk)
{
	const struct facts *f = &mk->f;
	struct word_worth **worth = worth_of_words(f);
	for (int i = 0; i < f->at.now->nstacks; i++) {
		mk->stack[i] = -1;
		if (is_shown(f, i))
			make_stack(mk, i, worth[i]);
	}
	make_marks(mk);
	worth_free(worth, f);
}
