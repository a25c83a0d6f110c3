/* SPDX-License-Identifier: MIT */
/* Words of a line; see words.h. */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

/* Not the user's locale's: a lesson means the same everywhere. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool words_split(struct words *w, struct span line)
{
	const char *p = line.at, *end = line.at + line.len;

	w->n = 0;
	for (;;) {
		while (p < end && is_blank(*p))
			p++;
		w->word[w->n] = (struct span){p, 0};
		if (p == end)
			return true;
		if (w->n == WORDS_MAX)
			return false;
		const char *from = p;
		while (p < end && !is_blank(*p))
			p++;
		w->word[w->n++] = (struct span){from, (size_t)(p - from)};
	}
}

bool span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

struct span span_trim(struct span s)
{
	while (s.len && is_blank(s.at[0]))
		s.at++, s.len--;
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

char *span_dup(struct span s)
{
	return xasprintf("%.*s", (int)s.len, s.at);
}

char *span_copy(struct span s, char *buf, size_t n)
{
	size_t len = s.len < n ? s.len : n - 1;

	memcpy(buf, s.at, len);
	buf[len] = 0;
	return buf;
}

long long span_number(struct span s)
{
	long long n = 0;

	if (s.len == 0 || s.len > 15)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] < '0' || s.at[i] > '9')
			return -1;
		n = n * 10 + (s.at[i] - '0');
	}
	return n;
}

int span_numbered(struct span s, char prefix)
{
	if (s.len < 2 || s.len > 7 || s.at[0] != prefix)
		return -1;
	return (int)span_number((struct span){s.at + 1, s.len - 1});
}

void text_add(struct growing *t, const char *s, size_t n)
{
	t->s = xgrow(t->s, &t->cap, t->n + n + 1, 1);
	memcpy(t->s + t->n, s, n);
	t->n += n;
	t->s[t->n] = 0;
}

void text_drop(struct growing *t)
{
	free(t->s);
	*t = (struct growing){0};
}

char *text_take(struct growing *t, bool want)
{
	struct span s = span_trim((struct span){t->s ? t->s : "", t->n});
	char *copy = s.len || want ? span_dup(s) : NULL;

	text_drop(t);
	return copy;
}

int name_index(struct span s, const char *const *list)
{
	for (int i = 0; list[i]; i++)
		if (span_is(s, list[i]))
			return i;
	return -1;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;
	return ab < c ? ab : c;
}

/*
 * How many letters have to be put in, taken out or replaced to make one of the other; case
 * does not count.
 */
static size_t distance(struct span s, const char *name)
{
	enum { LONGEST = 32 };
	size_t n = strlen(name), row[LONGEST + 1];

	if (s.len > LONGEST || n > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; i <= s.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t above = row[j];
			bool same = lower(s.at[i - 1]) == lower(name[j - 1]);
			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + !same);
			diagonal = above;
		}
	}
	return row[n];
}

const char *name_near(struct span s, const char *const *list)
{
	size_t best = s.len / 3 + 1;
	const char *near = NULL;

	for (int i = 0; list[i]; i++) {
		size_t d = distance(s, list[i]);
		if (d <= best && (!near || d < best)) {
			near = list[i];
			best = d;
		}
	}
	return near;
}

char *name_hint(struct span s, const char *const *list, char *buf, size_t n)
{
	const char *near = name_near(s, list);
	size_t used;

	if (near) {
		snprintf(buf, n, "; did you mean `%s`?", near);
		return buf;
	}
	used = (size_t)snprintf(buf, n, "; known are ");
	for (int i = 0; list[i] && used < n; i++)
		used += (size_t)snprintf(buf + used, n - used, "%s%s", list[i],
			!list[i + 1]  ? ""
			: list[i + 2] ? ", "
				      : " and ");
	return buf;
}
