/* SPDX-License-Identifier: MIT */
/*
 * Words that are put together piece by piece in a buffer, however many there would be: what does
 * not fit is left out, and "…" says so.
 */
#ifndef MODEL_ROOM_H
#define MODEL_ROOM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct room {
	char *buf;
	size_t n, used; /* used: without the 0 at the end, which is always there */
	bool full;      /* nothing more is put */
};

/* In a buffer of n bytes, of which there is one; it is "" then. */
struct room room_in(char *buf, size_t n);
void room_vput(struct room *r, const char *format, va_list ap);
void room_put(struct room *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
