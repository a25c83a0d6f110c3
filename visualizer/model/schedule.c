/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include <assert.h>
#include <stdlib.h>

#include "xalloc.h"

static void add_turn(struct schedule *s, struct turn t)
{
	s->turns = xgrow(s->turns, &s->cap, s->n + 1, sizeof *s->turns);
	s->turns[s->n++] = t;
}

void schedule_add(struct schedule *s, int m, int64_t n)
{
	struct turn *last = s->n ? &s->turns[s->n - 1] : NULL;
	if (n <= 0)
		return;
	if (last && last->kind == TURN_STEPS && last->m == m)
		last->n += n;
	else
		add_turn(s, (struct turn){TURN_STEPS, m, n});
}

bool schedule_can_precede(const struct turn *t)
{
	return t->kind == TURN_SIGNAL
		       ? t->m >= 0
		       : t->kind == TURN_TIME && t->n > 0 && t->n <= SCHEDULE_TIME_MAX;
}

void schedule_precede(struct schedule *s, const struct turn *t)
{
	assert(schedule_can_precede(t));
	add_turn(s, *t);
}

static bool is_same(const struct turn *a, const struct turn *b)
{
	return a->kind == b->kind && (a->kind == TURN_TIME || a->m == b->m);
}

bool before_same(struct before a, struct before b)
{
	for (size_t i = 0; i < a.n && i < b.n; i++)
		if (!is_same(&a.turns[i], &b.turns[i]) || a.turns[i].n != b.turns[i].n)
			return false;
	return a.n == b.n;
}

/* How many steps a turn has. */
static int64_t steps_of(const struct turn *t)
{
	return t->kind == TURN_STEPS ? t->n : 0;
}

struct schedule schedule_slice(const struct schedule *s, int64_t from, int64_t to)
{
	struct schedule out = {0};
	int64_t at = 0;
	assert(from >= 0);
	for (size_t i = 0; i < s->n && at < to; i++) {
		int64_t lo = at, hi = at + steps_of(&s->turns[i]);
		at = hi;
		if (s->turns[i].kind != TURN_STEPS && lo >= from)
			add_turn(&out, s->turns[i]);
		lo = lo > from ? lo : from;
		hi = hi < to ? hi : to;
		if (s->turns[i].kind == TURN_STEPS)
			schedule_add(&out, s->turns[i].m, hi - lo);
	}
	return out;
}

int64_t schedule_common(const struct schedule *a, const struct schedule *b)
{
	int64_t same = 0;
	for (size_t i = 0; i < a->n && i < b->n && is_same(&a->turns[i], &b->turns[i]); i++) {
		int64_t x = a->turns[i].n, y = b->turns[i].n;
		if (a->turns[i].kind == TURN_STEPS)
			same += x < y ? x : y;
		if (x != y)
			break;
	}
	return same;
}

bool schedule_same(const struct schedule *a, const struct schedule *b, int64_t steps)
{
	return schedule_common(a, b) >= steps;
}

void schedule_clear(struct schedule *s)
{
	free(s->turns);
	*s = (struct schedule){0};
}

int64_t schedule_steps(const struct schedule *s)
{
	int64_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		n += steps_of(&s->turns[i]);
	return n;
}

size_t schedule_turns(const struct schedule *s, int64_t steps)
{
	size_t n = 0;
	while (n < s->n && steps > 0)
		steps -= steps_of(&s->turns[n++]);
	return n;
}

void schedule_truncate(struct schedule *s, int64_t n)
{
	size_t keep = schedule_turns(s, n);
	int64_t has = 0;
	for (size_t i = 0; i < keep; i++)
		has += steps_of(&s->turns[i]);
	if (has > n)
		s->turns[keep - 1].n -= has - n;
	s->n = keep;
}
