/* SPDX-License-Identifier: MIT */
/* A scene made by hand, like the one of stale_link at the step with the foreign link. */
#ifndef TESTS_VIEW_SDL_FIXTURE_H
#define TESTS_VIEW_SDL_FIXTURE_H

#include "grid/grid.h"
#include "scene/look.h"

struct draw *fixture_add(
	struct grid *grid, enum draw_kind kind, int x, int y, enum role role, const char *text);
/* A link along n points, given as x, y, x, y … */
struct draw *fixture_link(struct grid *grid, enum link link, int n, const int *xy);
/* The whole picture; from 120 x 30 cells on. */
void fixture_scene(struct grid *grid, int cols, int rows);
/*
 * The same an instant later: words changed, the arrow ends elsewhere, one line is gone
 * and another has come.
 */
void fixture_later(struct grid *grid, int cols, int rows);

#endif
