/* SPDX-License-Identifier: MIT */
/* The last line: what can be done now, as much of it as fits; or what was said. */
#include "picture.h"

/* What is said in place of the keys; NULL: nothing. */
static const struct thing *said(const struct scene *sc, bool all_shown)
{
	int i = thing_next(sc, TAG_KEYS, 0);
	const struct thing *t = i < 0 ? NULL : &sc->things[i];
	bool is_said = t && !thing_text(sc, t, KEY_HINT);
	return is_said && (all_shown || !(t->is & IS_FALLBACK)) ? t : NULL;
}

static void draw_hint(
	struct grid *grid, const struct scene *sc, const struct thing *t, struct rect *at)
{
	const struct text *keys = thing_text(sc, t, KEY_NAMES), *hint = thing_text(sc, t, KEY_HINT);
	struct thing_id id = t->id;
	int end = at->x + at->w;
	if (!hint ||
		text_width(keys->words[IN_FULL]) + 1 + text_width(hint->words[IN_FULL]) > at->w)
		return;
	at->x = draw_text(grid, id, *at, keys->style, keys->words[IN_FULL]) + 1;
	at->w = end - at->x;
	id.part = KEY_HINT;
	at->x = draw_text(grid, id, *at, hint->style, hint->words[IN_FULL]) + 2;
	at->w = end - at->x;
}

void draw_keys(struct grid *grid, const struct scene *sc, bool all_shown)
{
	struct rect at = {1, grid->rows - 1, grid->cols - 2, 1};
	const struct thing *t = said(sc, all_shown);
	const struct text *words = t ? thing_text(sc, t, KEY_NAMES) : NULL;
	if (words)
		draw_text(grid, t->id, at, words->style, words->words[IN_FULL]);
	for (int i = thing_next(sc, TAG_KEYS, 0); i >= 0 && !words;
		i = thing_next(sc, TAG_KEYS, i + 1))
		draw_hint(grid, sc, &sc->things[i], &at);
}

void grid_meanwhile(struct grid *grid, const char *words)
{
	size_t n = 0;
	for (size_t i = 0; i < grid->n; i++)
		if (grid->draws[i].y != grid->rows - 1)
			grid->draws[n++] = grid->draws[i];
	grid->n = n;
	draw_text(grid, thing_numbered(TAG_KEYS, 0, 0),
		(struct rect){1, grid->rows - 1, grid->cols - 2, 1}, BOLD(ROLE_NARRATION), words);
}
