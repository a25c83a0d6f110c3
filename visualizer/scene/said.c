/* SPDX-License-Identifier: MIT */
/*
 * Where a lesson's text holds. It tells of one step of the lesson's schedule, under one policy;
 * elsewhere it stays on the screen, and it is said what it tells of.
 */
#include "facts.h"

#include <assert.h>
#include <string.h>

#include "append.h"

static bool is_under_clear(const struct session *s, const struct lesson_stop *stop)
{
	return strcmp(timeline_policy(s->tl), "clear") == 0 && stop->prose_clear;
}

const char *said_prose(const struct session *s, int stop)
{
	assert(stop >= 0 && stop < s->lesson->nstops);
	const struct lesson_stop *st = &s->lesson->stops[stop];
	const char *prose = is_under_clear(s, st) ? st->prose_clear : st->prose;
	return prose ? prose : "";
}

char *said_policy(const struct session *s, int stop, char *buf, size_t n)
{
	const struct lesson *l = s->lesson;
	*buf = '\0';
	if (!is_under_clear(s, &l->stops[stop]) && strcmp(timeline_policy(s->tl), l->mcall) != 0)
		append(buf, n, " · said under %s", l->mcall);
	return buf;
}

char *said_where(const struct session *s, int stop, char *buf, size_t n)
{
	char policy[32] = "";
	int64_t step = stop < 0 ? 0 : telling_step(s->telling, stop);
	bool here = timeline_step(s->tl) == step;
	if (stop >= 0)
		said_policy(s, stop, policy, sizeof policy);
	*buf = '\0';
	append(buf, n, "%s", policy);
	if (!here)
		append(buf, n, "%s at step %lld", *policy ? "," : " · said", (long long)step);
	return buf;
}
