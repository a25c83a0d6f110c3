/* SPDX-License-Identifier: MIT */
/*
 * Between two grids: what to paint while one turns into the next. A command that is in
 * both (equal id) moves from its old place to its new one; what is only in one fades. At
 * t = 1 it is the second and nothing else.
 */
#ifndef VIEW_SDL_MOTION_H
#define VIEW_SDL_MOTION_H

#include "grid/grid.h"

/* A command to paint at `t` of its way from `was` (NULL: it has no other place) to `now`. */
struct sprite {
	const struct draw *now, *was;
	double t, alpha;
};

/* In painting order. The sprites point into the grids they were made from. */
struct frame {
	size_t n, cap;
	struct sprite *sprites;
};

/* from NULL or t >= 1: `to` at rest. */
void frame_between(struct frame *f, const struct grid *from, const struct grid *to, double t);
void frame_free(struct frame *f);

/* Fast at first, then slower: how far on the way at a share of the time. */
double motion_ease(double share);

static inline double sprite_at(const struct sprite *s, double was, double now)
{
	return s->was ? was + (now - was) * s->t : now;
}

#endif
