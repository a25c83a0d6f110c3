/* SPDX-License-Identifier: MIT */
/* A call and what the kernel says to it, as a line; and programs of several parts. */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "g0.h"

/* The result of a call, or its error by name. */
static inline long said(const char *what, long result)
{
	if (result == -1)
		printf("%s: %s\n", what, strerrorname_np(errno));
	else
		printf("%s: %ld\n", what, result);
	return result;
}
#define SAID(call) said(#call, (long)(call))

struct part {
	const char *name;
	void (*fn)(void);
};

struct run {
	const struct part *parts;
	size_t n;
};

static inline int32_t run(void *arg)
{
	const struct run *r = arg;
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->parts[i].name, g0_argv[1]) == 0)
			r->parts[i].fn();
	return fflush(stdout);
}

/* That which the first argument names, on a stack that is large enough for libc. */
static inline void run_part(const struct part *parts, size_t n)
{
	struct run r = {parts, n};
	cgocall(run, &r);
}

#endif
