/* SPDX-License-Identifier: MIT */
/*
 * The soak: random games (games.c) that many Gs play at once for as long as wanted (main.c). A
 * game is a number of Gs with something to do together, and knows what must have come of it.
 */
#ifndef TESTS_SOAK_H
#define TESTS_SOAK_H

#include <stdint.h>

/* Random numbers, each G's its own; all drawn from the seed. */
struct rnd {
	uint32_t x;
};
/* 0 to n - 1. */
uint32_t rnd(struct rnd *r, uint32_t n);
/* Another G's. */
struct rnd rndnew(struct rnd *r);

/* What a G does between two moves: nothing, most of the time. What else there is, is drawn once. */
void mood(struct rnd *r);
void draw_moods(struct rnd *r);

/* Ends the process, after a table of all Gs, unless cond. a and b are shown. */
#define MUST(cond, a, b)                                                                           \
	do {                                                                                       \
		if (!(cond))                                                                       \
			wrong(#cond, (long)(a), (long)(b));                                        \
	} while (0)
_Noreturn void wrong(const char *what, long a, long b);

struct game {
	const char *name; /* NULL ends the table */
	/* Starts Gs and returns when they are done, having checked what they did. */
	void (*play)(struct rnd *r);
};
extern const struct game games[];
void timers(struct rnd *r);
void callbacks(struct rnd *r);
/* One that nobody wins, to see the watchdog bark. */
extern const struct game hang;

#endif
