/* SPDX-License-Identifier: MIT */
#include "xalloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Say how much was asked for, and abort. */
static _Noreturn void out_of_memory(size_t n)
{
	fprintf(stderr,
		"g0scope: out of memory (asked for %zu bytes); a shorter recording needs less\n",
		n);
	abort();
}

static void *checked(void *p, size_t n)
{
	if (!p)
		out_of_memory(n);
	return p;
}

void *xmalloc(size_t n)
{
	return checked(malloc(n ? n : 1), n);
}

void *xcalloc(size_t n, size_t size)
{
	if (!n || !size)
		n = size = 1;
	return checked(calloc(n, size), n * size);
}

void *xrealloc(void *p, size_t n)
{
	return checked(realloc(p, n ? n : 1), n);
}

char *xstrdup(const char *s)
{
	return checked(strdup(s), strlen(s) + 1);
}

char *xasprintf(const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	char *s;
	int n = vasprintf(&s, format, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory(0);
	return s;
}

void *xgrow(void *p, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return p;
	size_t n = *cap ? *cap : 16;
	while (n < need)
		n *= 2;
	if (n > SIZE_MAX / size)
		out_of_memory(SIZE_MAX);
	*cap = n;
	return xrealloc(p, n * size);
}
