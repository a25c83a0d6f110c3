/* SPDX-License-Identifier: MIT */
/*
 * The answer: what a profiler that walks frame pointers would report for the focused M now,
 * beside what is true, and the verdict. A reported frame that is not in the truth has a ✗;
 * where the walk leaves a stack, that is said beside the first frame that it finds there.
 */
#include "picture.h"
#include "prose.h"

/* "foreign: into G1, run by M1", if record rec was reached by leaving a stack; else "". */
static void entered_words(
	const struct facts *f, const struct chain *c, int rec, char *buf, size_t n)
{
	uint64_t to;
	enum link l = chain_link(c, rec - 1);
	*buf = '\0';
	if (l == LINK_CALL || l == LINK_TOP)
		return;
	link_words(f, l, link_target(f, c, rec - 1, &to), buf, n);
}

static void draw_reported(struct picture *p, int m, int i, struct rect at)
{
	const struct chain *c = &p->f.answers[m].chain;
	char sym[128], entered[WORDS_MAX] = "";
	bool ok = i == 0 || !c->rec[i - 1].refuted;
	uint64_t pc = i == 0 ? c->pc : c->rec[i - 1].ret;
	if (i > 0)
		entered_words(&p->f, c, i - 1, entered, sizeof entered);
	struct style st = ok ? STYLE(ROLE_TEXT) : STYLE(ROLE_BAD);
	symbol_words(&p->f, pc, i > 0, sym, sizeof sym);
	int x = draw_textf(p->sc, record_id(&p->f, TAG_REPORT, m, i - 1, REPORT_FRAME), at, st,
		"%s %s", ok ? " " : "✗", sym);
	at.w -= x + 2 - at.x;
	at.x = x + 2;
	if (*entered)
		draw_textf(p->sc, record_id(&p->f, TAG_REPORT, m, i - 1, REPORT_ENTERED), at,
			STYLE(ROLE_UNSURE), "◀ %s", entered);
}

/* Reported frames that are left out so that the first wrong one has a line. */
struct gap {
	int from, n;
};

static struct gap gap_of(const struct chain *c, int room)
{
	int bad = 1 + chain_first_false(c);
	/* Above the first wrong one: frame 0 and the gap; below it "… and 3 more". */
	if (c->n + 1 <= room || bad > c->n || bad <= room - 2)
		return (struct gap){0, 0};
	return (struct gap){1, bad - (room - 2) + 1};
}

static void draw_report(struct picture *p, int m)
{
	struct rect r = p->l.report;
	const struct chain *c = &p->f.answers[m].chain;
	int n = c->n + 1, room = r.h - 1, m_id = p->f.at.now->ms[m].id;
	draw_textf(p->sc, draw_id_of(TAG_REPORT, m_id, REPORT_TITLE), rect_row(r, 0, 0),
		BOLD(ROLE_TITLE),
		r.w < 42 ? "a profiler would report (M%d)" : "a profiler would report for M%d now",
		m_id);
	struct gap gap = gap_of(c, room);
	int row = 1;
	for (int i = 0; i < n && row <= room; i++, row++) {
		bool last = row == room && i + 1 < n;
		if (i == gap.from && gap.n) {
			draw_textf(p->sc, draw_id_of(TAG_REPORT, m_id, REPORT_GAP),
				rect_row(r, row, 2), STYLE(ROLE_DIM), "… %d more", gap.n);
			i += gap.n - 1;
		} else if (last) {
			draw_textf(p->sc, draw_id_of(TAG_REPORT, m_id, REPORT_REST),
				rect_row(r, row, 2), STYLE(ROLE_DIM), "… and %d more", n - i);
		} else {
			draw_reported(p, m, i, rect_row(r, row, 0));
		}
	}
}

static void draw_truth(struct picture *p, int m)
{
	struct rect r = p->l.truth;
	const struct truth *t = &p->f.answers[m].truth;
	struct thing_id id = draw_id_of(TAG_TRUTH, p->f.at.now->ms[m].id, TRUTH_TITLE);
	int n = t->n, room = r.h - 1 - (t->gave_up_g != 0), shown = n > room ? room - 1 : n;
	char sym[128];
	draw_text(p->sc, id, rect_row(r, 0, 0), BOLD(ROLE_TITLE), "the truth");
	for (int i = 0; i < shown; i++)
		draw_textf(p->sc, frame_id(&p->f, m, i), rect_row(r, i + 1, 0), STYLE(ROLE_TEXT),
			"  %s",
			symbol_words(&p->f, t->frame[i].pc, t->frame[i].is_ret, sym, sizeof sym));
	id.part = TRUTH_REST;
	if (shown < n)
		draw_textf(p->sc, id, rect_row(r, room, 2), STYLE(ROLE_DIM), "… and %d more",
			n - shown);
	id.part = TRUTH_GAVE_UP;
	if (t->gave_up_g)
		draw_textf(p->sc, id, rect_row(r, shown + 1 + (shown < n), 2), STYLE(ROLE_DIM),
			"(gave up G%d: step %lld)", t->gave_up_g, (long long)t->gave_up_step);
}

static void draw_verdict(struct picture *p, int m)
{
	const struct answer *a = &p->f.answers[m];
	char words[WORDS_MAX];
	struct prose lines = {0};
	bool said = a->verdict != VERDICT_VALID || a->missing || a->interrupted || a->cut;
	verdict_words(a, words, sizeof words);
	if (a->verdict != VERDICT_VALID || !said)
		append(words, sizeof words, ": %s", verdict_sentence(a->verdict));
	prose_wrap(&lines, words, p->l.verdict.h > 1 ? p->l.verdict.w : WORDS_MAX, 2);
	struct style st = BOLD(verdict_role(a->verdict));
	st.badge = text_width(verdict_name(a->verdict));
	for (size_t i = 0; i < lines.n; i++, st.badge = 0)
		draw_text(p->sc, draw_id_of(TAG_VERDICT, p->f.at.now->ms[m].id, i),
			rect_row(p->l.verdict, i, 0), st, lines.line[i]);
	prose_free(&lines);
}

/* "══✗══▶ foreign: another M runs it", as cells draw such an arrow. */
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

/* Text of the legend at *at, which is moved behind it; false: there is no room. */
static bool draw_legend_part(
	struct picture *p, struct rect *at, enum link l, enum role role, const char *text)
{
	int end = at->x + at->w;
	if (text_width(text) > at->w)
		return false;
	at->x = draw_text(p->sc, draw_id(TAG_LEGEND, l, 0), *at, STYLE(role), text) + 2;
	at->w = end - at->x;
	return true;
}

/* What one has to know first comes first: not all may fit. */
static void draw_legend(struct picture *p)
{
	static const enum link order[] = {LINK_CALL, LINK_FOREIGN, LINK_OWN, LINK_IDLE, LINK_TOP,
		LINK_FREED, LINK_CYCLE, LINK_WILD};
	enum { LINKS = sizeof order / sizeof *order };
	char words[WORDS_MAX];
	struct rect at = p->l.legend;
	bool room = at.h > 0;
	for (int i = 0; i < LINKS && room; i++) {
		const struct link_look *look = link_look(order[i]);
		room = draw_legend_part(
			p, &at, order[i], look->role, legend_words(look, words, sizeof words));
	}
	if (room)
		draw_legend_part(p, &at, LINK_COUNT, ROLE_WRITTEN, "* just written");
}

void draw_answers(struct picture *p)
{
	draw_legend(p);
	if (!p->l.report.h || p->f.focus < 0)
		return;
	const struct m_state *m = &p->f.at.now->ms[p->f.focus];
	if (m->exited) {
		draw_textf(p->sc, draw_id_of(TAG_REPORT, m->id, REPORT_TITLE),
			rect_row(p->l.report, 0, 0), BOLD(ROLE_TITLE),
			"M%d has ended: nothing to walk", m->id);
		return;
	}
	draw_report(p, p->f.focus);
	draw_truth(p, p->f.focus);
	draw_verdict(p, p->f.focus);
}
