/* SPDX-License-Identifier: MIT */
/* What a session shows on a screen of a size. */
#ifndef TESTS_SHOWN_H
#define TESTS_SHOWN_H

#include "grid/grid.h"
#include "scene/scene.h"

static inline void show(struct grid *grid, const struct session *s, int cols, int rows)
{
	struct scene sc = {0};
	scene_build(&sc, s);
	grid_build(grid, &sc, cols, rows);
	scene_free(&sc);
}

#endif
