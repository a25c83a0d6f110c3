/* SPDX-License-Identifier: MIT */
/*
 * The answer: what a profiler that walks frame pointers would report for the focused M now,
 * beside what is true, and the verdict. A reported frame that is not in the truth has a ✗;
 * where the walk leaves a stack, that is said beside the first frame that it finds there.
 */
#include <stdio.h>

#include "parts.h"

/* "◀ foreign: into G1, run by M1", if record rec was reached by leaving a stack. */
static void say_entered(struct making *mk, const struct chain *c, int rec)
{
	uint64_t to;
	char words[WORDS_MAX], entered[WORDS_MAX + 8] = "";
	enum link l = chain_link(c, rec - 1);
	if (l == LINK_CALL || l == LINK_TOP)
		return;
	link_words(&mk->f, l, link_target(&mk->f, c, rec - 1, &to), words, sizeof words);
	append(entered, sizeof entered, "◀ %s", words);
	thing_say(mk->sc, REPORT_ENTERED, STYLE(ROLE_UNSURE), entered);
}

static void make_report(struct making *mk, int m)
{
	const struct chain *c = &mk->f.answers[m].chain;
	int id = mk->f.at.now->ms[m].id, in = (int)mk->sc->n;
	char words[160], sym[128];
	thing_add(mk->sc, thing_of(TAG_REPORT, id, REPORT_TITLE))->is = IS_HEADING;
	thing_sayf(
		mk->sc, REPORT_TITLE, BOLD(ROLE_TITLE), "a profiler would report for M%d now", id);
	*words = '\0';
	append(words, sizeof words, "a profiler would report (M%d)", id);
	thing_say_shorter(mk->sc, SHORTER, words);
	for (int i = 0; i <= c->n; i++) {
		bool is_false = i > 0 && c->rec[i - 1].refuted;
		struct thing *t =
			thing_add(mk->sc, record_id(&mk->f, TAG_REPORT, m, i - 1, REPORT_FRAME));
		t->in = in;
		t->is = is_false ? IS_FALSE : 0;
		frame_words(&mk->f, c, i, sym, sizeof sym);
		thing_sayf(mk->sc, REPORT_FRAME, STYLE(is_false ? ROLE_BAD : ROLE_TEXT), "%s %s",
			is_false ? "✗" : " ", sym);
		if (i > 0)
			say_entered(mk, c, i - 1);
	}
}

/*
 * Why it does not go up to the root of a stack, if it does not: the G below has been given up, or
 * where a frame has kept its caller is not known, as of C that has saved the register with it.
 */
static void make_truth_end(struct making *mk, const struct truth *t, int id, int in)
{
	char words[80];
	if (!t->gave_up_g && t->whole)
		return;
	thing_add(mk->sc, thing_of(TAG_TRUTH, id, TRUTH_END))->in = in;
	if (!t->gave_up_g) {
		thing_say(mk->sc, TRUTH_END, STYLE(ROLE_DIM),
			"(cut short: what called that is not known)");
		thing_say_shorter(mk->sc, SHORTER, "(cut: caller not known)");
		thing_say_shorter(mk->sc, SHORTEST, "(cut short)");
		return;
	}
	thing_sayf(mk->sc, TRUTH_END, STYLE(ROLE_DIM), "(gave up G%d: step %lld)", t->gave_up_g,
		(long long)t->gave_up_step);
	snprintf(words, sizeof words, "(gave up G%d: %lld)", t->gave_up_g,
		(long long)t->gave_up_step);
	thing_say_shorter(mk->sc, SHORTER, words);
	snprintf(words, sizeof words, "(gave it up: %lld)", (long long)t->gave_up_step);
	thing_say_shorter(mk->sc, SHORTEST, words);
}

static void make_truth(struct making *mk, int m)
{
	const struct truth *t = &mk->f.answers[m].truth;
	int id = mk->f.at.now->ms[m].id, in = (int)mk->sc->n;
	char sym[128];
	thing_add(mk->sc, thing_of(TAG_TRUTH, id, TRUTH_TITLE))->is = IS_HEADING;
	thing_say(mk->sc, TRUTH_TITLE, BOLD(ROLE_TITLE), "the truth");
	for (int i = 0; i < t->n; i++) {
		struct thing_id frame = frame_id(&mk->f, m, i);
		thing_add(mk->sc, frame)->in = in;
		symbol_words(&mk->f, t->frame[i].pc, t->frame[i].is_ret, sym, sizeof sym);
		thing_sayf(mk->sc, frame.part, STYLE(ROLE_TEXT), "  %s", sym);
	}
	make_truth_end(mk, t, id, in);
}

static void make_verdict(struct making *mk, int m)
{
	const struct answer *a = &mk->f.answers[m];
	char words[WORDS_MAX];
	bool said = a->verdict != VERDICT_VALID || a->missing || a->interrupted || a->cut;
	struct style st = BOLD(verdict_role(a->verdict));
	verdict_words(a, words, sizeof words);
	if (a->verdict != VERDICT_VALID || !said)
		append(words, sizeof words, ": %s", verdict_sentence(a->verdict));
	st.badge = text_width(verdict_name(a->verdict));
	thing_add(mk->sc, thing_of(TAG_VERDICT, mk->f.at.now->ms[m].id, 0));
	thing_say(mk->sc, 0, st, words);
}

/* "══✗══▶ foreign: another M runs it", as an arrow looks. */
static char *legend_words(const struct link_look *look, char *buf, size_t n)
{
	static const char *const lines[] = {
		[LINE_SINGLE] = "──", [LINE_DOUBLE] = "══", [LINE_DASHED] = "┄┄"};
	const char *line = lines[look->line];
	*buf = '\0';
	if (look->head == HEAD_DOT)
		append(buf, n, "%s %s", look->mark, look->legend);
	else
		append(buf, n, "%s%s%s%s %s", line, look->mark, *look->mark ? line : "",
			look->head == HEAD_HOLLOW ? "▷" : "▶", look->legend);
	return buf;
}

static bool is_shown(const struct scene *sc, enum link l)
{
	int i = thing_next(sc, TAG_LINK, 0);
	while (i >= 0 && sc->things[i].link != l)
		i = thing_next(sc, TAG_LINK, i + 1);
	return i >= 0;
}

/* What one has to know first comes first; what the picture has matters more: not all may fit. */
void make_legend(struct making *mk)
{
	static const enum link order[] = {LINK_CALL, LINK_FOREIGN, LINK_OWN, LINK_IDLE, LINK_TOP,
		LINK_FREED, LINK_CYCLE, LINK_WILD};
	enum { LINKS = sizeof order / sizeof *order };
	char words[WORDS_MAX];
	for (int i = 0; i < LINKS; i++) {
		const struct link_look *look = link_look(order[i]);
		thing_add(mk->sc, thing_numbered(TAG_LEGEND, order[i], 0))->importance =
			is_shown(mk->sc, order[i]);
		thing_say(mk->sc, 0, STYLE(look->role), legend_words(look, words, sizeof words));
	}
	thing_add(mk->sc, thing_numbered(TAG_LEGEND, LINK_COUNT, 0));
	thing_say(mk->sc, 0, STYLE(ROLE_WRITTEN), "* just written");
}

static void make_no_report(struct making *mk, int m, const char *why)
{
	thing_add(mk->sc, thing_of(TAG_REPORT, m, REPORT_TITLE))->is = IS_HEADING;
	thing_sayf(mk->sc, REPORT_TITLE, BOLD(ROLE_TITLE), "M%d %s: nothing to walk", m, why);
}

void make_answer(struct making *mk)
{
	if (mk->f.focus < 0)
		return;
	const struct m_state *m = &mk->f.at.now->ms[mk->f.focus];
	if (m->exited) {
		make_no_report(mk, m->id, "has ended");
		return;
	}
	if (!has_registers(&mk->f)) {
		make_no_report(mk, m->id, "was not looked at");
		make_verdict(mk, mk->f.focus);
		return;
	}
	make_report(mk, mk->f.focus);
	make_truth(mk, mk->f.focus);
	make_verdict(mk, mk->f.focus);
}
