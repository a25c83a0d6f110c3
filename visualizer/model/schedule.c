/* SPDX-License-Identifier: MIT */
#include "schedule.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "say.h"
#include "text.h"
#include "xalloc.h"

void schedule_add(struct schedule *s, int m, int64_t n)
{
	if (n <= 0)
		return;
	if (s->n && s->turns[s->n - 1].m == m) {
		s->turns[s->n - 1].n += n;
		return;
	}
	s->turns = xgrow(s->turns, &s->cap, s->n + 1, sizeof *s->turns);
	s->turns[s->n++] = (struct turn){.m = m, .n = n};
}

struct schedule schedule_slice(const struct schedule *s, int64_t from, int64_t to)
{
	struct schedule out = {0};
	int64_t at = 0;
	assert(from >= 0);
	for (size_t i = 0; i < s->n && at < to; i++) {
		int64_t lo = at, hi = at + s->turns[i].n;
		at = hi;
		lo = lo > from ? lo : from;
		hi = hi < to ? hi : to;
		schedule_add(&out, s->turns[i].m, hi - lo);
	}
	return out;
}

int64_t schedule_common(const struct schedule *a, const struct schedule *b)
{
	int64_t same = 0;
	for (size_t i = 0; i < a->n && i < b->n && a->turns[i].m == b->turns[i].m; i++) {
		int64_t x = a->turns[i].n, y = b->turns[i].n;
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
		n += s->turns[i].n;
	return n;
}

enum { TURN_MAX = 48 };

/* "M0*98"; returns how long that is. */
static size_t turn_text(struct turn t, char *buf)
{
	int n = snprintf(buf, TURN_MAX, "M%d", t.m);
	if (t.n != 1)
		n += snprintf(buf + n, TURN_MAX - n, "*%lld", (long long)t.n);
	return (size_t)n;
}

char *schedule_text(const struct schedule *s)
{
	struct bytes b = {0};
	char text[TURN_MAX];
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			put_u8(&b, ' ');
		put_raw(&b, text, turn_text(s->turns[i], text));
	}
	put_u8(&b, 0);
	return (char *)b.p;
}

char *schedule_tail(const struct schedule *s, int64_t steps, size_t width, bool *whole)
{
	struct schedule tail = {0};
	size_t last = 0, from, room = width;
	char text[TURN_MAX];
	while (last < s->n && steps > s->turns[last].n)
		steps -= s->turns[last++].n;
	/* From here on `steps` of turn `last`. */
	for (from = last + (steps > 0 && last < s->n); from > 0; from--) {
		struct turn t = s->turns[from - 1];
		t.n = from - 1 == last ? steps : t.n;
		size_t n = turn_text(t, text) + (room < width);
		if (n > room)
			break;
		room -= n;
	}
	for (size_t i = from; i < s->n && i <= last; i++)
		schedule_add(&tail, s->turns[i].m, i == last ? steps : s->turns[i].n);
	*whole = from == 0;
	char *out = schedule_text(&tail);
	schedule_clear(&tail);
	return out;
}

/*
 * A number of at most `digits` digits at *p, which moves past it; -1 where there is none
 * or it is longer.
 */
static int64_t number(const char **p, int digits)
{
	int64_t n = 0;
	const char *from = *p;
	for (; isdigit((unsigned char)**p); ++*p) {
		if (*p - from >= digits)
			return -1;
		n = n * 10 + (**p - '0');
	}
	return *p == from ? -1 : n;
}

/* One turn at *p, which moves past it. NULL, or what should have stood at *p. */
static const char *turn(struct schedule *s, const char **p)
{
	if (**p != 'M' && **p != 'm')
		return "an M such as M0 or M1*116";
	++*p;
	int64_t m = number(p, 6), n = 1;
	if (m < 0)
		return "the number of an M, as in M0";
	if (**p == '*') {
		++*p;
		n = number(p, 15);
		if (n <= 0)
			return "a number of steps from 1 on, as in M0*98";
	}
	if (**p && !isspace((unsigned char)**p))
		return "a space before the next turn";
	schedule_add(s, m, n);
	return NULL;
}

int schedule_parse(struct schedule *s, const char *text, char *err, size_t nerr)
{
	struct schedule parsed = {0};
	for (const char *p = text;;) {
		while (isspace((unsigned char)*p))
			p++;
		if (!*p)
			break;
		const char *wanted = turn(&parsed, &p);
		if (wanted) {
			say(err, nerr, "schedule, column %d: expected %s, found %s%.*s",
				(int)(p - text) + 1, wanted, *p ? "" : "its end",
				(int)text_bytes(p, 24), p);
			schedule_clear(&parsed);
			return -1;
		}
	}
	schedule_clear(s);
	*s = parsed;
	return 0;
}
