/* SPDX-License-Identifier: MIT */
/* Every lesson, stepped for real, at each of its stops, looked at from each M there is. */
#ifndef TESTS_TOUR_H
#define TESTS_TOUR_H

#include "session/session.h"

static const struct size {
	int cols, rows;
} tour_sizes[] = {{80, 24}, {80, 40}, {100, 30}, {118, 38}, {120, 40}, {132, 43}, {160, 50},
	{200, 60}, {240, 70}, {80, 60}, {110, 24}, {109, 24}};
enum { TOUR_SIZES = sizeof tour_sizes / sizeof *tour_sizes };

/* Where one is: for messages, "timer_wheel stop 2, from M0". */
typedef void tour_fn(void *ctx, struct session *s, const char *where);
/* Lessons are stepped the first time, and kept for those who come after. */
void tour(tour_fn *look, void *ctx);
int tour_end(void **state); /* a group's teardown */

#endif
