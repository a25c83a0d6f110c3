/* SPDX-License-Identifier: MIT */
/* A schedule as text, and out of it. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "say.h"
#include "schedule.h"
#include "text.h"

/* What a time is told in, the longest first; "" is nanoseconds. */
static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {{"s", 1000000000}, {"ms", 1000000}, {"us", 1000}, {"ns", 1}, {"", 1}};
enum { UNITS = sizeof units / sizeof *units };

enum { TURN_MAX = 48 };

/* How many a schedule has at most: turns of one M are one, whose number must be readable too. */
enum { STEPS_DIGITS = 15 };
static const int64_t STEPS_MAX = 999999999999999;

/* ---- there ---- */

static int time_text(int64_t ns, char *buf)
{
	const struct unit *u = units;
	while (ns % u->ns)
		u++;
	return snprintf(
		buf, TURN_MAX, "@%lld%s", (long long)(ns / u->ns), u->ns > 1 ? u->name : "");
}

/* "M0*98", "!M0", "@10ms"; returns how long that is. */
static size_t turn_text(struct turn t, char *buf)
{
	if (t.kind == TURN_TIME)
		return (size_t)time_text(t.n, buf);
	int n = snprintf(buf, TURN_MAX, "%sM%d", t.kind == TURN_SIGNAL ? "!" : "", t.m);
	if (t.kind == TURN_STEPS && t.n != 1)
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
	struct schedule upto = schedule_slice(s, 0, steps);
	size_t from = upto.n, room = width;
	char text[TURN_MAX];
	for (; from > 0; from--) {
		size_t n = turn_text(upto.turns[from - 1], text) + (room < width);
		if (n > room)
			break;
		room -= n;
	}
	*whole = from == 0;
	struct schedule tail = {.n = upto.n - from};
	if (tail.n) /* of none there is no address */
		tail.turns = upto.turns + from;
	char *out = schedule_text(&tail);
	schedule_clear(&upto);
	return out;
}

/* ---- and back ---- */

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

/* The unit at *p, which moves past it. */
static const struct unit *unit(const char **p)
{
	size_t len = 0;
	while (isalpha((unsigned char)(*p)[len]))
		len++;
	for (int i = 0; i < UNITS; i++)
		if (strlen(units[i].name) == len && memcmp(units[i].name, *p, len) == 0) {
			*p += len;
			return &units[i];
		}
	return NULL;
}

/*
 * Each of these reads one turn at *p, behind what it was known by, and moves *p past it. NULL, or
 * what should have stood at *p.
 */
static const char *read_time(struct turn *t, const char **p)
{
	const char *from = *p;
	int64_t n = number(p, 15);
	if (n < 0)
		return "a time, as in @1500 or @10ms";
	if (**p == '.')
		return "a whole number of ns, us, ms or s, as in @1500us";
	const struct unit *u = unit(p);
	if (!u)
		return "ns, us, ms or s";
	if (n == 0 || n > SCHEDULE_TIME_MAX / u->ns) {
		*p = from;
		return "a time from @1 to @3600s";
	}
	*t = (struct turn){TURN_TIME, 0, n * u->ns};
	return NULL;
}

static const char *read_m(struct turn *t, const char **p)
{
	if (strncmp(*p, "until", 5) == 0)
		return "an M such as M0*116 (it is in lessons that one runs until something)";
	if (**p != 'M' && **p != 'm')
		return t->kind == TURN_SIGNAL ? "an M such as M0" : "an M such as M0 or M1*116";
	const char *from = ++*p;
	int64_t m = number(p, 6);
	if (m < 0) {
		*p = from;
		return "the number of an M, as in M0, up to M999999";
	}
	t->m = (int)m;
	return NULL;
}

/* *room: how many steps there may be from here on. */
static const char *read_steps(struct turn *t, const char **p, int64_t *room)
{
	const char *turn = *p, *wanted = read_m(t, p);
	t->n = 1;
	if (wanted)
		return wanted;
	if (**p == '*') {
		const char *from = ++*p;
		t->n = number(p, STEPS_DIGITS);
		if (t->n <= 0) {
			*p = from;
			return "a number of steps, as in M0*98, of at most 15 digits and not 0";
		}
	}
	if (t->n > *room) {
		*p = turn;
		return "fewer steps: all turns together have at most 999999999999999";
	}
	*room -= t->n;
	return NULL;
}

/* Onto s. */
static const char *read_turn(struct schedule *s, const char **p, int64_t *room)
{
	struct turn t = {.kind = **p == '!' ? TURN_SIGNAL : **p == '@' ? TURN_TIME : TURN_STEPS};
	*p += t.kind != TURN_STEPS;
	const char *wanted = t.kind == TURN_TIME     ? read_time(&t, p)
			     : t.kind == TURN_SIGNAL ? read_m(&t, p)
						     : read_steps(&t, p, room);
	if (wanted)
		return wanted;
	if (**p && !isspace((unsigned char)**p))
		return "a space before the next turn";
	if (t.kind == TURN_STEPS)
		schedule_add(s, t.m, t.n);
	else
		schedule_precede(s, &t);
	return NULL;
}

const char *schedule_parse_before(struct schedule *s, const char *word)
{
	if (*word != '!' && *word != '@')
		return "!M0, or a time such as @10ms";
	int64_t room = 0; /* it is no step */
	return read_turn(s, &word, &room);
}

/* All of it. NULL, or what should have stood at *p. */
static const char *read_all(struct schedule *s, const char **p)
{
	const char *wanted = NULL;
	int64_t room = STEPS_MAX;
	while (!wanted) {
		while (isspace((unsigned char)**p))
			++*p;
		if (!**p)
			break;
		wanted = read_turn(s, p, &room);
	}
	if (!wanted && s->n && s->turns[s->n - 1].kind != TURN_STEPS)
		wanted = "a step that this comes before, such as M0";
	return wanted;
}

int schedule_parse(struct schedule *s, const char *text, char *err, size_t nerr)
{
	struct schedule parsed = {0};
	const char *p = text, *wanted = read_all(&parsed, &p);
	if (wanted) {
		say(err, nerr, "schedule, column %d: expected %s, found %s%.*s",
			(int)(p - text) + 1, wanted, *p ? "" : "its end", (int)text_bytes(p, 24),
			p);
		schedule_clear(&parsed);
		return -1;
	}
	schedule_clear(s);
	*s = parsed;
	return 0;
}
