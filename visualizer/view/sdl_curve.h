/* SPDX-License-Identifier: MIT */
/*
 * Links as curves. The kind of a link is told by its line (thick, double, dashed,
 * dotted), by its end (a filled or hollow arrowhead, a dot) and by a badge on it (scene/look.h);
 * the colour only says it once more.
 */
#ifndef VIEW_SDL_CURVE_H
#define VIEW_SDL_CURVE_H

#include "sdl_canvas.h"

/* A smooth curve as points at equal distances. */
enum { PATH_POINTS = 129 };

struct path {
	int n;       /* PATH_POINTS, or 1: a link that goes nowhere, an end mark only */
	double step; /* between two points */
	struct spot at[PATH_POINTS];
};

/*
 * Along the given corners, which are rounded by Bezier curves that begin at most `radius`
 * before them. n >= 1.
 */
void path_make(struct path *p, const struct spot *corners, int n, double radius);
void path_blend(struct path *p, const struct path *was, double t);
/* The point at a share 0 … 1 of the length. */
struct spot path_at(const struct path *p, double share);

/*
 * unit: height of a row. halo: painted around the line so that it stands off from what it
 * crosses.
 */
void curve_draw(struct canvas *c, const struct path *p, enum link link, double unit, rgb ink,
	rgb halo, double alpha);

#endif
