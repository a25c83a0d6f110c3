/* SPDX-License-Identifier: MIT */
/*
 * The instructions around the focused M's pc, the source line they come from, and the registers.
 */
#include "picture.h"

#include <string.h>

/* The source line of a pc, without the blanks before it; "" if not held. */
static char *source_words(const struct facts *f, const struct code_line *l, char *buf, size_t n)
{
	size_t len = 0;
	*buf = '\0';
	const char *s =
		l->file ? code_source_line(moment_code(&f->at), l->file, l->line, &len) : NULL;
	while (s && len && (*s == ' ' || *s == '\t'))
		s++, len--;
	if (s && len)
		append(buf, n, "%.*s", (int)(len < n ? len : n), s);
	return buf;
}

static bool same_function(const struct code_line *a, const struct code_line *b)
{
	return a->sym_lo == b->sym_lo;
}

/* "M0 ▸ schedule+0x8  src/proc.c:86"; where that is too long, each has half of the line. */
static void draw_whereabouts(
	struct picture *p, const struct m_state *m, const struct code_line *l, struct rect at)
{
	char sym[128], head[DRAW_TEXT_MAX] = "", file_line[FILE_LINE_MAX];
	symbol_words(&p->f, m_pc(p->f.at.now, m), false, sym, sizeof sym);
	append(head, sizeof head, "M%d ▸ %s", m->id, sym);
	int end = at.x + at.w, room = at.w - text_width(head) - 2;
	file_line_words(l, room > at.w / 2 ? room : at.w / 2, file_line, sizeof file_line);
	if (l && !l->file && !l->library)
		append(file_line, sizeof file_line, "(no line information)");
	at.w -= *file_line ? text_width(file_line) + 2 : 0;
	at.x = draw_text(p->sc, draw_id(TAG_CODE, 0, 0), at, BOLD(ROLE_TITLE), head) + 2;
	at.w = end - at.x;
	draw_text(p->sc, draw_id(TAG_CODE, 0, 3), at, BOLD(ROLE_TITLE), file_line);
}

static void draw_instructions(struct picture *p, const struct m_state *m, struct rect r)
{
	char source[DRAW_TEXT_MAX];
	uint64_t pc = m_pc(p->f.at.now, m);
	const struct code_line *l = code_at(moment_code(&p->f.at), pc);
	draw_whereabouts(p, m, l, rect_row(r, 0, 0));
	if (!l)
		return;
	draw_text(p->sc, draw_id(TAG_CODE, 0, 1), rect_row(r, 1, 2), STYLE(ROLE_DIM),
		source_words(&p->f, l, source, sizeof source));
	const struct code_line *from = l, *prev;
	int room = r.h - 2;
	for (int i = 0; i < room / 2 && (prev = code_prev(moment_code(&p->f.at), from->pc)) &&
			same_function(prev, l);
		i++)
		from = prev;
	for (int i = 0; i < room && from && same_function(from, l); i++) {
		bool here = from->pc == pc;
		draw_textf(p->sc, draw_id(TAG_CODE, from->pc, 2), rect_row(r, i + 2, 0),
			here ? BOLD(ROLE_PC) : STYLE(ROLE_TEXT), "%s %6llx  %s", here ? "▸" : " ",
			(unsigned long long)from->pc, from->text);
		from = code_next(moment_code(&p->f.at), from->pc);
	}
}

static void draw_registers(struct picture *p, const struct m_state *m, struct rect r)
{
	const struct arch_desc *arch = p->f.at.now->arch;
	int cell = 25, across = r.w / cell < 1 ? 1 : r.w / cell;
	draw_textf(p->sc, draw_id_of(TAG_REGS, m->id, 0), rect_row(r, 0, 0), BOLD(ROLE_TITLE),
		"M%d's registers", m->id);
	for (int i = 0; i < arch->nregs; i++) {
		struct rect at = rect_row(r, 1 + i / across, i % across * cell);
		struct style st = STYLE(ROLE_TEXT);
		if (i == arch->pc)
			st = BOLD(ROLE_PC);
		else if (i == arch->sp || i == arch->fp)
			st = BOLD(i == arch->sp ? ROLE_SP : ROLE_FP);
		if (at.w > cell - 1)
			at.w = cell - 1;
		draw_textf(p->sc, draw_id_of(TAG_REGS, m->id, i + 1), at, st, "%-6s %016llx",
			arch->regs[i], (unsigned long long)m->regs[i]);
	}
}

void draw_code(struct picture *p)
{
	if (p->f.focus < 0)
		return;
	const struct m_state *m = &p->f.at.now->ms[p->f.focus];
	bool both = p->l.regs.h > 0;
	if (p->l.code.h && (both || !p->f.s->show_registers))
		draw_instructions(p, m, p->l.code);
	else if (p->l.code.h)
		draw_registers(p, m, p->l.code);
	if (both)
		draw_registers(p, m, p->l.regs);
}
