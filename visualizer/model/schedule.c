/* SPDX-License-Identifier: MIT */
#include "schedule.h"

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

void schedule_copy(struct schedule *to, const struct schedule *from)
{
	schedule_clear(to);
	for (size_t i = 0; i < from->n; i++)
		schedule_add(to, from->turns[i].m, from->turns[i].n);
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

char *schedule_text(const struct schedule *s)
{
	struct bytes b = {0};
	for (size_t i = 0; i < s->n; i++) {
		char turn[48];
		int n = snprintf(turn, sizeof turn, "%sM%d", i ? " " : "", s->turns[i].m);
		if (s->turns[i].n != 1)
			n += snprintf(turn + n, sizeof turn - n, "*%lld", (long long)s->turns[i].n);
		put_raw(&b, turn, n);
	}
	put_u8(&b, 0);
	return (char *)b.p;
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
