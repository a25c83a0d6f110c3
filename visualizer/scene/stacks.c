/* SPDX-License-Identifier: MIT */
/*
 * Stacks as boxes of words. A line of a box, from the left:
 *
 *   SP FP├┼▶…7f60* 0x00007f1000047f90 fp into G1 ────
 *   │    │││      │                  │           └ a link to another stack leaves (links.c)
 *   │    │││      │                  └ what the word is
 *   │    │││      └ written by the last step
 *   │    ││└ where a link inside the box arrives
 *   │    └┴ lanes of such links: of Ms that are elsewhere, and of the one that is here
 *   └ marks of the M that is here; another M's frame pointer is named: M0:FP
 *
 * The first line stands for the frame-pointer register, or for gobuf.bp where no M is on the
 * stack: a chain begins there. Addresses grow downwards, the oldest frame is at the bottom.
 */
#include "picture.h"

#include <stdio.h>

enum { MARK_W = 5, ADDR_X = 8, VALUE_X = 15 };

/* How much of a word there is room for. */
enum detail { SHORT_VALUES, SYMBOLS_FOR_RETS, FULL_VALUES };

static enum detail detail_of(const struct place *pl)
{
	return pl->at.w >= 52 ? FULL_VALUES : pl->at.w >= 40 ? SYMBOLS_FOR_RETS : SHORT_VALUES;
}

enum what { WHAT_OTHER, WHAT_FP, WHAT_RET };

/* What a word is, who says so, and where it leads. */
struct meaning {
	enum what what;
	const struct chain *chain; /* NULL: the G's own, from gobuf */
	int rec;
};

static bool meaning_in_chain(const struct chain *c, uint64_t addr, struct meaning *out)
{
	for (int i = 0; i < c->n; i++)
		if (c->rec[i].fp == addr || c->rec[i].fp + 8 == addr) {
			*out = (struct meaning){c->rec[i].fp == addr ? WHAT_FP : WHAT_RET, c, i};
			return true;
		}
	return false;
}

/* The focused M's chain is asked first. */
static struct meaning meaning_of(const struct picture *p, const struct place *pl, uint64_t addr)
{
	struct meaning out = {WHAT_OTHER, NULL, 0};
	if (p->f.focus >= 0 && meaning_in_chain(&p->f.answers[p->f.focus].chain, addr, &out))
		return out;
	for (int i = 0; i < p->f.at.now->nms; i++)
		if (meaning_in_chain(&p->f.answers[i].chain, addr, &out))
			return out;
	for (int i = 0; i < pl->nown; i++)
		if (pl->own[i] == addr || pl->own[i] + 8 == addr)
			out.what = pl->own[i] == addr ? WHAT_FP : WHAT_RET;
	return out;
}

/*
 * What is said of a frame pointer, beside the arrow: where it leads if that is not up the
 * same stack.
 */
static void fp_words(const struct picture *p, const struct chain *c, int rec, uint64_t value,
	char *buf, size_t n)
{
	uint64_t to;
	char name[16];
	enum link l = c ? chain_link(c, rec) : LINK_CALL;
	int target = c ? link_target(&p->f, c, rec, &to) : -1;
	if (value == 0)
		l = LINK_TOP;
	if (l == LINK_TOP || l == LINK_CYCLE || l == LINK_WILD)
		append(buf, n, "%s %s", link_look(l)->mark, link_name(l));
	else if (l != LINK_CALL && target >= 0)
		append(buf, n, "into %s", snap_stack_name(p->f.at.now, target, name));
}

/* The value as the box has room for it. */
static void value_words(const struct facts *f, uint64_t v, bool full, char *buf, size_t n)
{
	*buf = '\0';
	if (full)
		append(buf, n, "0x%016llx", (unsigned long long)v);
	else if (snap_stack_at(f->at.now, v) >= 0)
		tail_words(v, buf, n);
	else if (v >> 36)
		append(buf, n, "…%09llx", (unsigned long long)(v & 0xfffffffff));
	else
		append(buf, n, "0x%llx", (unsigned long long)v);
}

struct line {
	char value[32], label[128];
	struct style style;
};

static struct line word_line(const struct picture *p, const struct place *pl, uint64_t addr)
{
	enum detail detail = detail_of(pl);
	struct meaning m = meaning_of(p, pl, addr);
	struct line out = {.style = STYLE(ROLE_TEXT)};
	uint64_t v = 0;
	char sym[96];
	bool held = snap_read(p->f.at.now, addr, &v);
	if (!held)
		snprintf(out.value, sizeof out.value, "not read");
	else
		value_words(&p->f, v, detail != SHORT_VALUES, out.value, sizeof out.value);
	if (m.what == WHAT_FP) {
		enum link l = m.chain ? m.chain->rec[m.rec].link : v ? LINK_CALL : LINK_TOP;
		if (held)
			value_words(&p->f, v, detail == FULL_VALUES, out.value, sizeof out.value);
		append(out.label, sizeof out.label, "fp ");
		fp_words(p, m.chain, m.rec, v, out.label, sizeof out.label);
		out.style = BOLD(m.chain ? link_look(l)->role : ROLE_DIM);
	} else if (m.what == WHAT_RET) {
		append(out.label, sizeof out.label, "ret %s",
			symbol_words(&p->f, v, true, sym, sizeof sym));
		/* The symbol says it better than the number, where there is no room for both. */
		int room = pl->at.w - 2 - VALUE_X - text_width(out.value) - 1;
		if (detail != FULL_VALUES || text_width(out.label) > room)
			*out.value = '\0';
		if (m.chain && m.chain->rec[m.rec].refuted)
			out.style = STYLE(ROLE_BAD);
	} else if (addr < stack_live(&p->f, pl->stack)) {
		out.style = STYLE(ROLE_DIM);
	} else if (is_use_known(p->f.at.now, p->f.answers, pl->stack)) {
		append(out.label, sizeof out.label, "local");
	}
	return out;
}

static bool just_written(const struct facts *f, uint64_t addr)
{
	int n = 0;
	const struct word_write *w = moment_writes(&f->at, &n);
	for (int i = 0; i < n; i++)
		if (w[i].addr == addr)
			return true;
	return false;
}

/* SP and FP of the M on this stack, or the frame pointer of another that leads here. */
static void draw_marks(struct picture *p, const struct place *pl, uint64_t addr, struct rect at)
{
	const struct snapshot *now = p->f.at.now;
	const struct m_state *on = stack_m(&p->f, pl->stack);
	bool sp = on && m_sp(now, on) == addr, fp = on && m_fp(now, on) == addr;
	at.w = 2;
	if (sp)
		draw_text(p->sc, draw_id_of(TAG_MARK, on->id, 0), at, BOLD(ROLE_SP), "SP");
	at.x += 3;
	if (fp)
		draw_text(p->sc, draw_id_of(TAG_MARK, on->id, 1), at, BOLD(ROLE_FP), "FP");
	at.x -= 3;
	at.w = MARK_W;
	for (int i = 0; i < now->nms && !sp && !fp; i++)
		if (&now->ms[i] != on && !now->ms[i].exited && m_fp(now, &now->ms[i]) == addr) {
			draw_textf(p->sc, draw_id_of(TAG_MARK, now->ms[i].id, 1), at, BOLD(ROLE_FP),
				"M%d:FP", now->ms[i].id);
			return;
		}
}

static void draw_word(struct picture *p, const struct place *pl, struct row *row, struct rect at)
{
	char tail[16];
	struct line line = word_line(p, pl, row->addr);
	bool written = just_written(&p->f, row->addr);
	struct rect addr = rect_row(at, 0, ADDR_X), value = rect_row(at, 0, VALUE_X);
	draw_marks(p, pl, row->addr, at);
	draw_textf(p->sc, word_id(&p->f, TAG_WORD, pl->stack, row->addr, WORD_ADDRESS), addr,
		written                       ? BOLD(ROLE_WRITTEN)
		: line.style.role == ROLE_DIM ? line.style
					      : STYLE(ROLE_TEXT),
		"%s%s", tail_words(row->addr, tail, sizeof tail), written ? "*" : "");
	int x = draw_text(p->sc, word_id(&p->f, TAG_WORD, pl->stack, row->addr, WORD_VALUE), value,
		written ? BOLD(ROLE_WRITTEN) : line.style, line.value);
	struct rect label = value;
	if (*line.value && x < at.x + at.w) {
		label.x = x + 1;
		label.w = at.x + at.w - label.x;
	}
	row->exit = draw_text(p->sc, word_id(&p->f, TAG_WORD, pl->stack, row->addr, WORD_LABEL),
		label, line.style, line.label);
}

/* Not a line for the story of a word, but for its past: what it was when the arrow was made. */
static void draw_note(
	struct picture *p, const struct place *pl, const struct row *row, struct rect at)
{
	char words[WORDS_MAX];
	for (int b = IN_FULL; b <= SHORTEST; b++) {
		note_words(&p->f, row->addr, b, words, sizeof words);
		if (text_width(words) <= at.w - ADDR_X)
			break;
	}
	draw_text(p->sc, word_id(&p->f, TAG_WORD, pl->stack, row->addr, WORD_NOTE),
		rect_row(at, 0, ADDR_X), STYLE(ROLE_UNSURE), words);
}

/* In place of a register, where there is none: how much of the stack nobody will come back to. */
static char *left_words(const struct picture *p, int stack, char *buf, size_t n)
{
	char tail[16];
	const struct g_state *g = stack_g(&p->f, stack);
	uint64_t live = stack_live(&p->f, stack);
	const struct m_state *m = g ? snap_m(p->f.at.now, g->m) : NULL;
	if (m && m->exited && g->status != GS_DEAD)
		append(buf, n, "M%d has ended", g->m);
	else if (g && g->status != GS_DEAD)
		append(buf, n, "M%d is on another stack", g->m);
	else if (g)
		append(buf, n, "left over by a G that has ended");
	else if (live < p->f.at.now->stacks[stack].hi)
		append(buf, n, "left over below %s", tail_words(live, tail, sizeof tail));
	else
		append(buf, n, "left over: no M is here");
	return buf;
}

/* The register that a chain begins with, or gobuf.bp for a G that no M is on. */
static void draw_register(struct picture *p, struct place *pl, struct rect at)
{
	const struct m_state *m = stack_m(&p->f, pl->stack);
	const struct g_state *g = stack_g(&p->f, pl->stack);
	bool full = detail_of(pl) == FULL_VALUES;
	struct style st = BOLD(ROLE_FP);
	struct thing_id id = draw_id_of(m ? TAG_REGISTER : TAG_GOBUF, m ? m->id : g ? g->id : 0, 0);
	uint64_t v = 0;
	char value[32] = "", label[64] = "";
	if (m) {
		const struct chain *c = &p->f.answers[m - p->f.at.now->ms].chain;
		v = m_fp(p->f.at.now, m);
		append(label, sizeof label, "of M%d ", m->id);
		fp_words(p, c, -1, v, label, sizeof label);
	} else if (g && gobuf_holds(p->f.at.now, p->f.answers, g)) {
		v = g->sched_bp;
		st = STYLE(ROLE_DIM);
		append(label, sizeof label, "gobuf.bp%s", v ? "" : " ● top");
	} else {
		draw_text(p->sc, stack_id(&p->f, TAG_LEFT, pl->stack), rect_row(at, 0, ADDR_X),
			STYLE(ROLE_DIM), left_words(p, pl->stack, label, sizeof label));
		return;
	}
	value_words(&p->f, v, full, value, sizeof value);
	id.part = WORD_ADDRESS;
	draw_text(p->sc, id, rect_row(at, 0, ADDR_X), st, m ? "FP" : "bp");
	id.part = WORD_VALUE;
	int x = draw_text(p->sc, id, rect_row(at, 0, VALUE_X), st, value);
	at.w -= x + 1 - at.x;
	at.x = x + 1;
	id.part = WORD_LABEL;
	pl->exit = draw_text(p->sc, id, at, st, label);
}

static void draw_stack(struct picture *p, struct place *pl)
{
	char title[96];
	const struct stack_image *st = &p->f.at.now->stacks[pl->stack];
	const struct g_state *g = stack_g(&p->f, pl->stack);
	struct style style = BOLD(ROLE_OWNER);
	style.owner = g ? g->m : st->id;
	draw_box(p->sc, stack_id(&p->f, TAG_STACK, pl->stack), pl->at, style,
		owner_words(&p->f, pl->stack, title, sizeof title));
	struct rect at = {pl->at.x + 1, pl->at.y + 1, pl->at.w - 2, 1};
	draw_register(p, pl, at);
	for (int i = 0; i < pl->nrows; i++) {
		struct row *row = &pl->rows[i];
		at.y = pl->top + i;
		if (row->kind == ROW_WORD)
			draw_word(p, pl, row, at);
		else if (row->kind == ROW_NOTE)
			draw_note(p, pl, row, at);
		else
			draw_text(p->sc, word_id(&p->f, TAG_GAP, pl->stack, row->addr, 0),
				rect_row(at, 0, ADDR_X + 2), STYLE(ROLE_DIM), "⋮");
	}
}

void draw_stacks(struct picture *p)
{
	for (int i = 0; i < p->nplaces; i++)
		if (p->places[i].box)
			draw_stack(p, &p->places[i]);
}
