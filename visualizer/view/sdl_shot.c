/* SPDX-License-Identifier: MIT */
/*
 * Screenshots. A picture needs no window: the canvas is memory, and SDL2_image writes it
 * as PNG.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <SDL_image.h>

#include "engine/timeline.h"
#include "sdl.h"

enum {
	SHOT_W = 1600,
	SHOT_H = 900,
	SHOT_TYPE = 19,
	SHOT_COLS = 144,
	SHOT_ROWS = 37,
	SHOTS_OF_A_STEP_MAX = 99
};

static bool open_paint(struct paint *p, const struct view_options *o, char *err, size_t nerr)
{
	double px = SHOT_TYPE * (o->scale > 0 ? o->scale : 1);
	if (!o->cols && !o->rows)
		return paint_open(p, SHOT_W, SHOT_H, px, err, nerr);
	return paint_open_cells(
		p, o->cols ? o->cols : SHOT_COLS, o->rows ? o->rows : SHOT_ROWS, px, err, nerr);
}

int sdl_shot_headless(struct session *s, const struct view_options *o)
{
	struct paint p;
	char err[512];
	if (!open_paint(&p, o, err, sizeof(err))) {
		fprintf(stderr, "g0scope: %s\n", err);
		return 1;
	}
	struct scene sc = {0};
	scene_build(&sc, s, p.cols, p.rows);
	paint_scene(&p, &sc);
	int failed = IMG_SavePNG(p.canvas.surface, o->screenshot);
	if (failed)
		fprintf(stderr,
			"g0scope: %s could not be written: %s; "
			"name a file in a directory of yours\n",
			o->screenshot, IMG_GetError());
	scene_free(&sc);
	paint_close(&p);
	return failed ? 1 : 0;
}

/* g0scope-214.png, or g0scope-214-2.png where there is one; -1: errno says why. */
static int create(int64_t step, char *name, size_t n)
{
	int fd = -1;
	for (int i = 1; i <= SHOTS_OF_A_STEP_MAX; i++) {
		if (i == 1)
			snprintf(name, n, "g0scope-%" PRId64 ".png", step);
		else
			snprintf(name, n, "g0scope-%" PRId64 "-%d.png", step, i);
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	return fd;
}

void sdl_shot_taken(struct session *s, struct paint *p)
{
	char name[64];
	int fd = create(timeline_step(s->tl), name, sizeof(name));
	bool ok = fd >= 0 && IMG_SavePNG(p->canvas.surface, name) == 0;
	const char *why = fd < 0 ? strerror(errno) : IMG_GetError();
	if (fd >= 0)
		close(fd);
	s->message_is_error = !ok;
	if (ok)
		snprintf(s->message, sizeof(s->message), "this picture is in %s", name);
	else
		snprintf(s->message, sizeof(s->message),
			"this picture could not be written to %s: %s; "
			"start g0scope in a directory of yours",
			name, why);
}
