/* SPDX-License-Identifier: MIT */
/*
 * A schedule: which M executes how many steps, in turn. As text "M0*98 M1*116 M0"; a lone
 * "M0" is one step.
 */
#ifndef MODEL_SCHEDULE_H
#define MODEL_SCHEDULE_H

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
void schedule_copy(struct schedule *to, const struct schedule *from);
char *schedule_text(const struct schedule *s); /* caller frees */
int64_t schedule_steps(const struct schedule *s);
void schedule_clear(struct schedule *s);

#endif
