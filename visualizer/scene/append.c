/* SPDX-License-Identifier: MIT */
#include "append.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/text.h"

void append(char *buf, size_t n, const char *format, ...)
{
	static const char dots[] = "…";
	size_t used = strlen(buf);
	assert(used < n);
	va_list ap;
	va_start(ap, format);
	int more = vsnprintf(buf + used, n - used, format, ap);
	va_end(ap);
	if (more < 0 || used + (size_t)more < n)
		return;
	/* Not half a character before the end. */
	size_t len = n > sizeof dots ? n - sizeof dots : 0;
	len = utf8_whole(buf, len, strlen(buf));
	snprintf(buf + len, n - len, "%s", dots);
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
