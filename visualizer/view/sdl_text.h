/* SPDX-License-Identifier: MIT */
/*
 * Type: the font at one size, regular and bold, and an atlas of the glyphs met so far,
 * each drawn by SDL2_ttf once. A character that the font lacks is taken from DejaVu Sans,
 * where that is. Text is a row of cells of cw x ch pixels, one character each.
 */
#ifndef VIEW_SDL_TEXT_H
#define VIEW_SDL_TEXT_H

#include <SDL_ttf.h>

#include "sdl_canvas.h"

struct stamp {
	uint32_t key; /* code point * 2 + bold; 0: free */
	size_t slot;  /* in the atlas */
};

struct type {
	TTF_Font *font[2];  /* regular, bold */
	TTF_Font *spare;    /* for characters that those do not have; NULL: none */
	int px;             /* height of the type */
	int cw, ch;         /* a cell, with the leading between rows */
	int slot_w, slot_h; /* a glyph's picture, wider than a cell: some reach over it */
	size_t nglyphs, nslots, cap_slots;
	size_t cap;           /* of glyphs, a power of two */
	struct stamp *glyphs; /* hash table, open addressing */
	uint8_t *atlas;       /* coverage, slot after slot */
};

/* px: height of the type in pixels. False: err says what to do. */
bool type_open(struct type *t, double px, char *err, size_t nerr);
void type_close(struct type *t);

struct text_style {
	rgb color;
	double alpha;
	bool bold;
};
/* UTF-8 with its first cell's top left corner at (x, y). */
void type_draw(struct type *t, struct canvas *c, double x, double y, const char *text,
	struct text_style style);

#endif
