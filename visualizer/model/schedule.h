/* SPDX-License-Identifier: MIT */
/*
 * A schedule: which M executes how many steps, in turn. As text "M0*98 M1*116 M0"; a lone "M0" is
 * one step. Before a step may stand what comes over the program from outside, which is no step of
 * its own: "!M0", M0 is sent the signal that asks its G to yield; "@10ms", so much time passes.
 */
#ifndef MODEL_SCHEDULE_H
#define MODEL_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An hour, in nanoseconds: no more passes at once. */
#define SCHEDULE_TIME_MAX INT64_C(3600000000000)

struct turn {
	enum turn_kind { TURN_STEPS, TURN_SIGNAL, TURN_TIME } kind;
	int m;     /* not TURN_TIME */
	int64_t n; /* TURN_STEPS: how many; TURN_TIME: nanoseconds */
};

/* What comes before a step, in this order; all of one step are TURN_SIGNAL or TURN_TIME. */
struct before {
	const struct turn *turns;
	size_t n;
};

struct schedule {
	size_t n, cap;
	struct turn *turns;
};

/* 0, or -1 with a sentence in err that names the column. */
int schedule_parse(struct schedule *s, const char *text, char *err, size_t nerr);
/* One word of it, something that comes before a step. NULL, or what the word should have been. */
const char *schedule_parse_before(struct schedule *s, const char *word);
void schedule_add(
	struct schedule *s, int m, int64_t n); /* joins the last turn if the M is the same */
/* Whether a turn is something that can come before a step. */
bool schedule_can_precede(const struct turn *t);
/* That comes before the step that is added next, after what does already. */
void schedule_precede(struct schedule *s, const struct turn *t);
/* Whether the same comes before two steps. */
bool before_same(struct before a, struct before b);
/*
 * The turns of the steps after the first `from` of them, up to `to`, with what comes before each;
 * caller clears.
 */
struct schedule schedule_slice(const struct schedule *s, int64_t from, int64_t to);
/* How many steps from the first on are the same in both, and come after the same. */
int64_t schedule_common(const struct schedule *a, const struct schedule *b);
/* Whether the first `steps` steps of both are the same; not if one has fewer. */
bool schedule_same(const struct schedule *a, const struct schedule *b, int64_t steps);
char *schedule_text(const struct schedule *s); /* caller frees */
/* Keep the first n steps. */
void schedule_truncate(struct schedule *s, int64_t n);
/*
 * How many turns there are up to a step, what comes before steps among them.
 */
size_t schedule_turns(const struct schedule *s, int64_t steps);
/*
 * The last turns of the first `steps` steps, as many as go into `width` characters; *whole: those
 * are all. Caller frees.
 */
char *schedule_tail(const struct schedule *s, int64_t steps, size_t width, bool *whole);
int64_t schedule_steps(const struct schedule *s);
void schedule_clear(struct schedule *s);

#endif
