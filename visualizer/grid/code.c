/* SPDX-License-Identifier: MIT */
/* The instructions around the pc, with the line they come from, and the registers. */
#include "picture.h"

#include "scene/append.h"

/* Function and line; where that is too long, each has half of the width. */
static void draw_head(struct picture *p, const struct thing *t, struct rect at)
{
	const struct text *head = thing_text(p->sc, t, CODE_HEAD),
			  *file = thing_text(p->sc, t, CODE_FILE);
	struct thing_id id = t->id;
	char line[DRAW_TEXT_MAX];
	int end = at.x + at.w, room = at.w - text_width(head->words[IN_FULL]) - 2;
	end_of_path(file->words[IN_FULL], room > at.w / 2 ? room : at.w / 2, line, sizeof line);
	at.w -= *line ? text_width(line) + 2 : 0;
	at.x = draw_thing(p, t, CODE_HEAD, at, IN_FULL) + 2;
	at.w = end - at.x;
	id.part = CODE_FILE;
	draw_text(p->grid, id, at, file->style, line);
}

static bool is_instruction(const struct scene *sc, int i)
{
	return i >= 0 && sc->things[i].id.part == CODE_INSTRUCTION;
}

/* With the one that comes next in the middle. */
static void draw_instructions(struct picture *p, int head, struct rect r)
{
	const struct scene *sc = p->sc;
	int room = r.h - 2, from = thing_next(sc, TAG_CODE, head + 1), here = from;
	while (is_instruction(sc, here) && !(sc->things[here].is & IS_HERE))
		here = thing_next(sc, TAG_CODE, here + 1);
	if (here - from > room / 2)
		from = here - room / 2;
	for (int i = 0; i < room && is_instruction(sc, from); i++) {
		draw_thing(p, &sc->things[from], CODE_INSTRUCTION, rect_row(r, i + 2, 0), IN_FULL);
		from = thing_next(sc, TAG_CODE, from + 1);
	}
}

static void draw_listing(struct picture *p, struct rect r)
{
	int head = thing_next(p->sc, TAG_CODE, 0);
	if (head < 0)
		return;
	draw_head(p, &p->sc->things[head], rect_row(r, 0, 0));
	draw_thing(p, &p->sc->things[head], CODE_SOURCE, rect_row(r, 1, 2), IN_FULL);
	draw_instructions(p, head, r);
}

static void draw_registers(struct picture *p, struct rect r)
{
	enum { CELL = 25 };
	const struct scene *sc = p->sc;
	int across = r.w / CELL < 1 ? 1 : r.w / CELL, n = 0;
	for (int i = thing_next(sc, TAG_REGS, 0); i >= 0; i = thing_next(sc, TAG_REGS, i + 1)) {
		const struct thing *t = &sc->things[i];
		struct rect at = rect_row(r, 0, 0);
		if (!(t->is & IS_HEADING)) {
			at = rect_row(r, 1 + n / across, n % across * CELL);
			at.w = at.w > CELL - 1 ? CELL - 1 : at.w;
			n++;
		}
		draw_thing(p, t, t->id.part, at, IN_FULL);
	}
}

void draw_code(struct picture *p)
{
	bool both = p->l.regs.h > 0;
	if (p->l.code.h && (both || !p->sc->at.registers))
		draw_listing(p, p->l.code);
	else if (p->l.code.h)
		draw_registers(p, p->l.code);
	if (both)
		draw_registers(p, p->l.regs);
}
