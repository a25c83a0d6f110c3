/* SPDX-License-Identifier: MIT */
#include "picture.h"

int draw_thing(
	struct picture *p, const struct thing *t, unsigned part, struct rect at, enum length l)
{
	const struct text *text = thing_text(p->sc, t, part);
	struct thing_id id = t->id;
	id.part = (uint16_t)part;
	return text ? draw_text(p->grid, id, at, text->style, text->words[l]) : at.x;
}

enum length length_that_fits(const struct text *text, int w)
{
	enum length l = IN_FULL;
	while (l < LENGTHS - 1 && text_width(text->words[l]) > w)
		l++;
	return l;
}
