/* SPDX-License-Identifier: MIT */
/*
 * Allocation that does not fail: where memory is out, the program says so in a sentence
 * and aborts. A visualizer has nothing better to do then, and its code stays readable.
 */
#ifndef MODEL_XALLOC_H
#define MODEL_XALLOC_H

#include <stddef.h>

/*
 * As malloc, calloc, realloc and strdup; never NULL, not even for a size of 0. Freed with
 * free().
 */
void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Room for at least `need` elements of `size` bytes in an array of *cap: doubled as often
 * as it takes.
 */
void *xgrow(void *p, size_t *cap, size_t need, size_t size);

#endif
