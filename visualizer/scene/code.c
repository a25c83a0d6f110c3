/* SPDX-License-Identifier: MIT */
/* The instructions around the focused M's pc, the source line they come from, and the registers. */
#include "parts.h"

/* How many instructions of the function are told, before the pc and from it on. */
enum { BEFORE = 64, AFTER = 128 };

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

/* "M0 ▸ schedule+0x8", "src/proc.c:86", and that line. */
static void make_head(struct making *mk, const struct m_state *m, const struct code_line *l)
{
	char sym[128], source[512], file_line[FILE_LINE_MAX];
	symbol_words(&mk->f, m_pc(mk->f.at.now, m), false, sym, sizeof sym);
	thing_add(mk->sc, thing_numbered(TAG_CODE, 0, 0))->is = IS_HEADING;
	thing_sayf(mk->sc, CODE_HEAD, BOLD(ROLE_TITLE), "M%d ▸ %s", m->id, sym);
	file_line_words(l, FILE_LINE_MAX, file_line, sizeof file_line);
	if (l && !l->file && !l->library)
		append(file_line, sizeof file_line, "(no line information)");
	thing_say(mk->sc, CODE_FILE, BOLD(ROLE_TITLE), file_line);
	if (l)
		thing_say(mk->sc, CODE_SOURCE, STYLE(ROLE_DIM),
			source_words(&mk->f, l, source, sizeof source));
}

static void make_instructions(struct making *mk, uint64_t pc, const struct code_line *l)
{
	const struct code *code = moment_code(&mk->f.at);
	const struct code_line *at = l, *prev;
	for (int i = 0; i < BEFORE && (prev = code_prev(code, at->pc)) && prev->sym_lo == l->sym_lo;
		i++)
		at = prev;
	for (int left = AFTER; at && at->sym_lo == l->sym_lo && left > 0;
		at = code_next(code, at->pc)) {
		bool here = at->pc == pc;
		thing_add(mk->sc, thing_numbered(TAG_CODE, at->pc, CODE_INSTRUCTION))->is =
			here ? IS_HERE : 0;
		thing_sayf(mk->sc, CODE_INSTRUCTION, here ? BOLD(ROLE_PC) : STYLE(ROLE_TEXT),
			"%s %6llx  %s", here ? "▸" : " ", (unsigned long long)at->pc, at->text);
		left -= at->pc >= l->pc;
	}
}

/* Those that say where a stack is and how it goes on. */
static bool is_of_stack(const struct arch_desc *arch, int i)
{
	return i == arch->pc || i == arch->sp || i == arch->fp || i == arch->lr;
}

static void make_register(struct making *mk, const struct m_state *m, int i, int in)
{
	const struct arch_desc *arch = mk->f.at.now->arch;
	struct style st = STYLE(ROLE_TEXT);
	if (i == arch->pc)
		st = BOLD(ROLE_PC);
	else if (i == arch->sp || i == arch->fp)
		st = BOLD(i == arch->sp ? ROLE_SP : ROLE_FP);
	thing_add(mk->sc, thing_of(TAG_REGS, m->id, i + 1))->in = in;
	thing_sayf(
		mk->sc, i + 1, st, "%-6s %016llx", arch->regs[i], (unsigned long long)m->regs[i]);
}

/* Where there is no room for all, those of the stack are there: so they come first. */
static void make_registers(struct making *mk, const struct m_state *m)
{
	const struct arch_desc *arch = mk->f.at.now->arch;
	int in = (int)mk->sc->n;
	thing_add(mk->sc, thing_of(TAG_REGS, m->id, 0))->is = IS_HEADING;
	thing_sayf(mk->sc, 0, BOLD(ROLE_TITLE), "M%d's registers", m->id);
	for (int others = 0; others < 2; others++)
		for (int i = 0; i < arch->nregs; i++)
			if (is_of_stack(arch, i) != (bool)others)
				make_register(mk, m, i, in);
}

void make_code(struct making *mk)
{
	if (mk->f.focus < 0 || !has_registers(&mk->f))
		return;
	const struct m_state *m = &mk->f.at.now->ms[mk->f.focus];
	uint64_t pc = m_pc(mk->f.at.now, m);
	const struct code_line *l = code_at(moment_code(&mk->f.at), pc);
	make_head(mk, m, l);
	if (l)
		make_instructions(mk, pc, l);
	make_registers(mk, m);
}
