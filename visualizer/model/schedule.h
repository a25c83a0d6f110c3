/* SPDX-License-Identifier: MIT */
/*
 * A schedule: which M executes how many steps, in turn. As text "M0*98 M1*116 M0"; a lone
 * "M0" is one step.
 */
#ifndef MODEL_SCHEDULE_H
#define MODEL_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct turn {
	int m;
	int64_t n;
};

struct schedule {
	size_t n, cap;
	struct turn *turns;
};

/* 0, or -1 with a sentence in err that names the column. */
int schedule_parse(struct schedule *s, const char *text, char *err, size_t nerr);
void schedule_add(
	struct schedule *s, int m, int64_t n); /* joins the last turn if the M is the same */
/* The turns of the steps after the first `from` of them, up to `to`; caller clears. */
struct schedule schedule_slice(const struct schedule *s, int64_t from, int64_t to);
/* How many steps from the first on are the same in both. */
int64_t schedule_common(const struct schedule *a, const struct schedule *b);
/* Whether the first `steps` steps of both are the same; not if one has fewer. */
bool schedule_same(const struct schedule *a, const struct schedule *b, int64_t steps);
char *schedule_text(const struct schedule *s); /* caller frees */
/*
 * The last turns of the first `steps` steps, as many as go into `width` characters; *whole: those
 * are all. Caller frees.
 */
char *schedule_tail(const struct schedule *s, int64_t steps, size_t width, bool *whole);
int64_t schedule_steps(const struct schedule *s);
void schedule_clear(struct schedule *s);

#endif
