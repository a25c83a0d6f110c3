/* SPDX-License-Identifier: MIT */
/*
 * Screenshots. A picture needs no window: the canvas is memory, SDL2_image makes a PNG of it, in
 * memory too.
 */
#include <stdio.h>
#include <stdlib.h>

#include <SDL_image.h>

#include "model/bytes.h"
#include "model/outfile.h"
#include "model/say.h"
#include "sdl.h"
#include "shot.h"

enum { SHOT_W = 1600, SHOT_H = 900, SHOT_TYPE = 19, SHOT_COLS = 144, SHOT_ROWS = 37 };

static bool open_paint(struct paint *p, const struct view_options *o, char *err, size_t nerr)
{
	double px = SHOT_TYPE * (o->scale > 0 ? o->scale : 1);
	if (!o->cols && !o->rows)
		return paint_open(p, SHOT_W, SHOT_H, px, err, nerr);
	return paint_open_cells(
		p, o->cols ? o->cols : SHOT_COLS, o->rows ? o->rows : SHOT_ROWS, px, err, nerr);
}

static size_t take_bytes(SDL_RWops *to, const void *p, size_t size, size_t n)
{
	put_raw(to->hidden.unknown.data1, p, size * n);
	return n;
}

/* What is painted, as PNG; false: SDL_GetError() says why. */
static bool png_of(struct paint *p, struct bytes *png)
{
	SDL_RWops *to = SDL_AllocRW();
	if (!to)
		return false;
	to->type = SDL_RWOPS_UNKNOWN;
	to->write = take_bytes;
	to->hidden.unknown.data1 = png;
	bool ok = IMG_SavePNG_RW(p->canvas.surface, to, 0) == 0;
	SDL_FreeRW(to);
	return ok;
}

int sdl_shot_headless(struct session *s, const struct view_options *o)
{
	struct paint p;
	struct bytes png = {0};
	char err[SENTENCE_MAX];
	if (!open_paint(&p, o, err, sizeof(err))) {
		say_line(stderr, "g0scope: %s", err);
		return 1;
	}
	struct scene scene = {0};
	struct grid grid = {0};
	scene_build(&scene, s);
	grid_build(&grid, &scene, p.cols, p.rows);
	paint_grid(&p, &grid);
	bool ok = png_of(&p, &png);
	if (!ok)
		say(err, sizeof(err), "the picture could not be made: %s", SDL_GetError());
	ok = ok && outfile_write(o->screenshot, png.p, png.n, err, sizeof(err));
	if (!ok)
		say_line(stderr, "g0scope: %s", err);
	free(png.p);
	grid_free(&grid);
	scene_free(&scene);
	paint_close(&p);
	return ok ? 0 : 1;
}

void sdl_shot_taken(struct session *s, struct paint *p)
{
	struct bytes png = {0};
	if (png_of(p, &png))
		shot_save(s, "this picture", "png", png.p, png.n);
	else
		session_reply(s, true, "this picture could not be made: %s", SDL_GetError());
	free(png.p);
}
