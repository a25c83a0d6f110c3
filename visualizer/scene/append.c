/* SPDX-License-Identifier: MIT */
#include "append.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/room.h"

void append(char *buf, size_t n, const char *format, ...)
{
	struct room room = {.buf = buf, .n = n, .used = strlen(buf)};
	va_list ap;
	assert(room.used < n);
	va_start(ap, format);
	room_vput(&room, format, ap);
	va_end(ap);
}

/* A path that fits into w cells and n bytes; else its end from a '/' on, or its last characters. */
static const char *path_end(const char *path, int w, size_t n)
{
	const char *end = path + strlen(path), *at = end, *slash = NULL;
	for (const char *s = end; s > path && w-- > 0; at = s) {
		do
			s--;
		while (s > path && (*s & 0xc0) == 0x80);
		if ((size_t)(end - s) > n)
			break;
		if (*s == '/')
			slash = s;
	}
	return slash && at > path ? slash : at;
}

char *end_of_path(const char *path, int w, char *buf, size_t n)
{
	static const char dots[] = "…";
	assert(n >= sizeof dots);
	const char *from = path_end(path, w, n - 1);
	if (from > path)
		from = path_end(path, w - 1, n - sizeof dots);
	snprintf(buf, n, "%s%s", from > path ? dots : "", from);
	return buf;
}
