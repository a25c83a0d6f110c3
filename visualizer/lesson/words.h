/* SPDX-License-Identifier: MIT */
/*
 * Words of a line, each with where it stands, "did you mean", and text that grows. Below everything
 * else in lesson/.
 */
#ifndef LESSON_WORDS_H
#define LESSON_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_MAX = 24 };

/* A stretch of the lesson's text; `at` points into it, so that a position is never lost. */
struct span {
	const char *at;
	size_t len;
};

struct words {
	int n;
	struct span word[WORDS_MAX + 1]; /* [n] is empty and stands at the line's end */
};

/* Cut a line at blanks. False: more than WORDS_MAX. */
bool words_split(struct words *w, struct span line);
bool span_is(struct span s, const char *text);
struct span span_trim(struct span s);
/* A string of its own; caller frees. */
char *span_dup(struct span s);
/* Into a buffer, cut if it does not fit; returns buf. */
char *span_copy(struct span s, char *buf, size_t n);
/* "M3" with prefix 'M' gives 3; -1: it is not that. */
int span_numbered(struct span s, char prefix);
/* A decimal number of at most 15 digits; -1: it is not one. */
long long span_number(struct span s);

/* Text that is put together piece by piece, however many these are; {0} is none. */
struct growing {
	char *s;
	size_t n, cap;
};
void text_add(struct growing *t, const char *s, size_t n);
void text_drop(struct growing *t);
/*
 * The text without blanks around it, handed over, and t is none again; NULL if there is none and
 * none is wanted. Caller frees.
 */
char *text_take(struct growing *t, bool want);

/* A list of names, NULL at its end. */
typedef const char *const names[];
/* Index of s in the list; -1: not there. */
int name_index(struct span s, const char *const *list);
/* The one of the list that s is nearest to, by few letters; NULL: none is near. */
const char *name_near(struct span s, const char *const *list);
/* "; did you mean `expect`?" if one is near, else "; known are a, b and c". Returns buf. */
char *name_hint(struct span s, const char *const *list, char *buf, size_t n);

#endif
