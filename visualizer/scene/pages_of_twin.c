/* SPDX-License-Identifier: MIT */
/*
 * Two runs side by side, in lines: where each stands, what is said of its Ms, and which registers
 * and words are others.
 */
#include <inttypes.h>
#include <string.h>

#include "model/other_words.h"
#include "model/parting.h"
#include "parts.h"

enum { WORDS_TOLD = 200 };

static void add_line(struct scene *sc, const char *words)
{
	thing_add(sc, thing_numbered(TAG_PAGE, sc->n, 0));
	thing_say(sc, PAGE_LINE, STYLE(ROLE_TEXT), words);
}

/* "path 2, fooled, mcall_keep at step 98" */
static void add_side(const struct session *s, const struct moment *at, char *words, size_t n)
{
	for (int i = 0; i < timeline_paths(s->tl); i++) {
		struct path_taken p = timeline_path(s->tl, i);
		if (p.r == at->r)
			append(words, n, "path %d%s%s, ", p.number, *p.name ? ", " : "", p.name);
	}
	append(words, n, "mcall_%s at step %lld", recording_info(at->r)->policy,
		(long long)at->now->step);
}

static void add_where(struct scene *sc, const struct session *s, const struct moment side[SIDES])
{
	char words[WORDS_MAX] = "";
	struct parting p;
	add_side(s, &side[0], words, sizeof words);
	append(words, sizeof words, "; beside it ");
	add_side(s, &side[1], words, sizeof words);
	page_heading(sc, words);
	timeline_difference(s->tl, &p);
	*words = '\0';
	if (p.step >= 0)
		append(words, sizeof words, "They part at step %lld: %s", (long long)p.step,
			p.what);
	else
		append(words, sizeof words,
			"One schedule leads both up to step %lld. So far they are the same%s.",
			(long long)recording_common_schedule(side[0].r, side[1].r),
			strcmp(recording_info(side[0].r)->policy,
				recording_info(side[1].r)->policy) == 0
				? ""
				: ", but for what mcall decides");
	add_line(sc, words);
	if (*timeline_stays(s->tl))
		add_line(sc, timeline_stays(s->tl));
}

static const char *verdict_at(const struct moment *at, int m)
{
	static struct answer a;
	const struct m_state *mp = snap_m(at->now, m);
	if (!mp)
		return "not there";
	if (mp->exited)
		return "ended";
	moment_judge(at, m, &a);
	return verdict_name(a.verdict);
}

static void add_verdicts(struct scene *sc, const struct moment side[SIDES])
{
	char term[32], words[WORDS_MAX];
	page_heading(sc, "What a profiler's answer is worth");
	for (int i = 0; i < side[0].now->nms; i++) {
		int m = side[0].now->ms[i].id;
		*term = *words = '\0';
		append(term, sizeof term, "M%d", m);
		append(words, sizeof words, "%-12s", verdict_at(&side[0], m));
		append(words, sizeof words, "%s", verdict_at(&side[1], m));
		page_entry(sc, term, words);
	}
}

static void add_two(struct scene *sc, const char *term, uint64_t a, uint64_t b)
{
	char words[WORDS_MAX] = "";
	append(words, sizeof words, "0x%016" PRIx64 "  0x%016" PRIx64, a, b);
	page_entry(sc, term, words);
}

static void add_registers(struct scene *sc, const struct moment side[SIDES])
{
	char term[32];
	page_heading(sc, "Registers that are others");
	size_t before = sc->n;
	for (int i = 0; i < side[0].now->nms; i++) {
		const struct m_state *a = &side[0].now->ms[i], *b = snap_m(side[1].now, a->id);
		for (int k = 0; b && k < side[0].now->arch->nregs; k++) {
			*term = '\0';
			append(term, sizeof term, "M%d %s", a->id, side[0].now->arch->regs[k]);
			if (a->regs[k] != b->regs[k])
				add_two(sc, term, a->regs[k], b->regs[k]);
		}
	}
	if (sc->n == before)
		page_entry(sc, "none", "");
}

static void add_word(void *of, const struct other_word *w)
{
	char term[32] = "";
	append(term, sizeof term, "%s …%04x", w->stack, (unsigned)(w->addr & 0xffff));
	add_two(of, term, w->a, w->b);
}

void make_twin(struct scene *sc, const struct session *s)
{
	char more[64] = "";
	if (timeline_sides(s->tl) < SIDES) {
		page_heading(sc, "there is no run beside this one");
		return;
	}
	const struct moment side[SIDES] = {timeline_side(s->tl, 0), timeline_side(s->tl, 1)};
	add_where(sc, s, side);
	add_verdicts(sc, side);
	add_registers(sc, side);
	page_heading(sc, "Words of stacks that are others");
	int n = other_words(side[0].now, side[1].now, WORDS_TOLD, add_word, sc);
	append(more, sizeof more, n ? "and %d more" : "none", n - WORDS_TOLD);
	if (!n || n > WORDS_TOLD)
		page_entry(sc, more, "");
}
