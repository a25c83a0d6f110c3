/* SPDX-License-Identifier: MIT */
/* Telling without a screen, line by line. */
#ifndef VIEW_TELL_H
#define VIEW_TELL_H

#include "scene/scene.h"

/* Each line of a text, which is freed, without its '\n'. */
void tell_lines(char *text, void (*out)(void *ctx, const char *line), void *ctx);
/*
 * A lesson from stop to stop, then the same schedule under clear. False: it could not be told
 * whole, or something that it promises does not hold; err: the first such thing.
 */
bool tell_lesson(struct session *s, void (*out)(void *ctx, const char *line), void *ctx, char *err,
	size_t nerr);
/*
 * A lesson on two architectures, in step by its stops, and what is another there; stop: that one
 * alone, -1: all. False: one of them could not be brought to its end, which has been said.
 */
bool tell_twins(struct session *one, struct session *other, int stop,
	void (*out)(void *ctx, const char *line), void *ctx);

#endif
