/* SPDX-License-Identifier: MIT */
/* The font is looked for here, and its glyphs are kept here. */
#include "sdl_text.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "model/say.h"
#include "model/text.h"
#include "model/xalloc.h"

static const double leading = 1.25; /* height of a row, in heights of the type */

static const char *const font_dirs[] = {
	"/usr/share/fonts/truetype/dejavu",
	"/usr/share/fonts/dejavu-sans-mono-fonts",
	"/usr/share/fonts/dejavu",
	"/usr/share/fonts/TTF",
	"/usr/local/share/fonts/dejavu",
	"/usr/local/share/fonts",
};

/* ---- the font ------------------------------------------------------------ */

/* A readable font file, or NULL; caller frees. */
static char *find_font(const char *name)
{
	for (size_t i = 0; i < sizeof(font_dirs) / sizeof(*font_dirs); i++) {
		char *path = xasprintf("%s/%s", font_dirs[i], name);
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}

/*
 * The bold cut is a file of its own; where it is missing, SDL2_ttf thickens the regular
 * one.
 */
static TTF_Font *open_bold(const char *regular, bool chosen, int px)
{
	char *path = chosen ? NULL : find_font("DejaVuSansMono-Bold.ttf");
	TTF_Font *font = path ? TTF_OpenFont(path, px) : NULL;
	if (!font && (font = TTF_OpenFont(regular, px)))
		TTF_SetFontStyle(font, TTF_STYLE_BOLD);
	free(path);
	return font;
}

/* The proportional font of the family: more characters, not all of a cell's width. */
static TTF_Font *open_spare(int px)
{
	char *path = find_font("DejaVuSans.ttf");
	TTF_Font *font = path ? TTF_OpenFont(path, px) : NULL;
	free(path);
	return font;
}

/* Opens all cuts. */
static bool open_fonts(struct type *t, int px, char *err, size_t nerr)
{
	const char *chosen = getenv("G0SCOPE_FONT");
	bool is_chosen = chosen && *chosen;
	char *path = is_chosen ? xstrdup(chosen) : find_font("DejaVuSansMono.ttf");
	if (!path) {
		say(err, nerr,
			"the font DejaVu Sans Mono was not found: install the package "
			"fonts-dejavu-core, or name a monospaced .ttf file in G0SCOPE_FONT");
		return false;
	}
	t->font[0] = TTF_OpenFont(path, px);
	if (t->font[0])
		t->font[1] = open_bold(path, is_chosen, px);
	t->spare = open_spare(px);
	bool ok = t->font[0] && t->font[1];
	if (!ok)
		say(err, nerr,
			"the font %s cannot be used (%s): install the package fonts-dejavu-core%s",
			path, TTF_GetError(), is_chosen ? " and unset G0SCOPE_FONT" : "");
	free(path);
	return ok;
}

bool type_open(struct type *t, double px, char *err, size_t nerr)
{
	memset(t, 0, sizeof(*t));
	if (TTF_Init() != 0) {
		say(err, nerr, "SDL2_ttf does not start: %s", TTF_GetError());
		return false;
	}
	int size = (int)lround(fmax(px, 1)), advance = 0;
	if (!open_fonts(t, size, err, nerr)) {
		type_close(t);
		return false;
	}
	for (int i = 0; i < 2; i++)
		TTF_SetFontHinting(t->font[i], TTF_HINTING_LIGHT);
	TTF_GlyphMetrics32(t->font[0], 'M', NULL, NULL, NULL, NULL, &advance);
	t->px = size;
	t->cw = SDL_max(1, advance);
	t->slot_h = SDL_max(1, TTF_FontHeight(t->font[0]));
	t->ch = SDL_max(t->slot_h, (int)lround(size * leading));
	t->slot_w = 2 * t->cw;
	t->cap = 512;
	t->glyphs = xcalloc(t->cap, sizeof(*t->glyphs));
	return true;
}

void type_close(struct type *t)
{
	for (int i = 0; i < 2; i++)
		if (t->font[i])
			TTF_CloseFont(t->font[i]);
	if (t->spare)
		TTF_CloseFont(t->spare);
	TTF_Quit();
	free(t->glyphs);
	free(t->atlas);
	memset(t, 0, sizeof(*t));
}

/* ---- the atlas ----------------------------------------------------------- */

static uint8_t *slot_mask(struct type *t, size_t slot)
{
	return t->atlas + slot * (size_t)(t->slot_w * t->slot_h);
}

/*
 * Where a cell begins in its slot: half a cell in, so that glyphs may reach over on both
 * sides.
 */
static int slot_origin(const struct type *t)
{
	return t->cw / 2;
}

/* Copy a glyph's coverage, the alpha that SDL2_ttf drew, into a slot from x0 on. */
static void fill_slot(struct type *t, uint8_t *mask, SDL_Surface *drawn, int x0)
{
	for (int y = 0; y < SDL_min(drawn->h, t->slot_h); y++) {
		const uint32_t *px = (const uint32_t *)((char *)drawn->pixels + y * drawn->pitch);
		for (int x = 0; x < drawn->w; x++)
			if (x0 + x >= 0 && x0 + x < t->slot_w)
				mask[y * t->slot_w + x0 + x] = (uint8_t)(px[x] >> 24);
	}
}

/*
 * The font that has a character; where none has, the character becomes the one that says
 * so.
 */
static TTF_Font *font_for(struct type *t, uint32_t *ch, bool bold)
{
	TTF_Font *const fonts[] = {t->font[bold], t->font[0], t->spare};
	for (int i = 0; i < 3; i++)
		if (fonts[i] && TTF_GlyphIsProvided32(fonts[i], *ch))
			return fonts[i];
	*ch = 0xfffd;
	return t->font[0];
}

/* Draw a character into a new slot. What is not as wide as a cell is put in its middle. */
static size_t add_slot(struct type *t, uint32_t ch, bool bold)
{
	size_t bytes = (size_t)(t->slot_w * t->slot_h);
	if (t->nslots == t->cap_slots) {
		t->cap_slots = t->cap_slots ? 2 * t->cap_slots : 128;
		t->atlas = xrealloc(t->atlas, t->cap_slots * bytes);
	}
	uint8_t *mask = slot_mask(t, t->nslots);
	memset(mask, 0, bytes);
	TTF_Font *font = font_for(t, &ch, bold);
	int minx = 0, advance = t->cw;
	TTF_GlyphMetrics32(font, ch, &minx, NULL, NULL, NULL, &advance);
	SDL_Surface *drawn = TTF_RenderGlyph32_Blended(font, ch, (SDL_Color){255, 255, 255, 255});
	if (drawn) {
		fill_slot(
			t, mask, drawn, slot_origin(t) + (t->cw - advance) / 2 + SDL_min(0, minx));
		SDL_FreeSurface(drawn);
	}
	return t->nslots++;
}

/* Where a key is, or would be put. */
static struct stamp *probe_glyph(struct stamp *table, size_t cap, uint32_t key)
{
	assert(key && (cap & (cap - 1)) == 0);
	size_t i = key * 2654435761u & (cap - 1);
	while (table[i].key && table[i].key != key)
		i = (i + 1) & (cap - 1);
	return &table[i];
}

static void grow_glyphs(struct type *t)
{
	size_t cap = 2 * t->cap;
	struct stamp *table = xcalloc(cap, sizeof(*table));
	for (size_t i = 0; i < t->cap; i++)
		if (t->glyphs[i].key)
			*probe_glyph(table, cap, t->glyphs[i].key) = t->glyphs[i];
	free(t->glyphs);
	t->glyphs = table;
	t->cap = cap;
}

static const uint8_t *glyph_mask(struct type *t, uint32_t ch, bool bold)
{
	uint32_t key = ch * 2 + bold;
	struct stamp *g = probe_glyph(t->glyphs, t->cap, key);
	if (!g->key) {
		if (t->nglyphs * 2 >= t->cap) {
			grow_glyphs(t);
			g = probe_glyph(t->glyphs, t->cap, key);
		}
		*g = (struct stamp){key, add_slot(t, ch, bold)};
		t->nglyphs++;
	}
	return slot_mask(t, g->slot);
}

/* ---- text ---------------------------------------------------------------- */

void type_draw(struct type *t, struct canvas *c, double x, double y, const char *text,
	struct text_style style)
{
	struct glyph g;
	double px = round(x) - slot_origin(t);
	int py = (int)lround(y) + (t->ch - t->slot_h) / 2;
	for (size_t bytes; (bytes = glyph_next(text, strnlen(text, GLYPH_MAX), &g));
		text += bytes) {
		uint32_t ch;
		size_t n = strlen(g.utf8), len;
		/* In the middle of its cells, and its marks over it. */
		int at = (int)(px + (g.cells - 1) * t->cw / 2.0);
		for (const char *s = g.utf8; (len = utf8_next(s, n, &ch)); s += len, n -= len)
			if (ch != ' ')
				canvas_stamp(c, at, py, glyph_mask(t, ch, style.bold), t->slot_w,
					t->slot_h, style.color, style.alpha);
		px += g.cells * t->cw;
	}
}
