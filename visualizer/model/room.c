/* SPDX-License-Identifier: MIT */
#include "room.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

struct room room_in(char *buf, size_t n)
{
	assert(n > 0);
	buf[0] = '\0';
	return (struct room){.buf = buf, .n = n};
}

void room_vput(struct room *r, const char *format, va_list ap)
{
	static const char dots[] = "…";
	if (r->full)
		return;
	int more = vsnprintf(r->buf + r->used, r->n - r->used, format, ap);
	if (more < 0)
		return;
	r->full = (size_t)more >= r->n - r->used;
	r->used = r->full ? r->n - 1 : r->used + more;
	if (!r->full)
		return;
	/* Not half a character before the end. */
	size_t room = r->n > sizeof dots ? r->n - sizeof dots : 0;
	r->used = utf8_whole(r->buf, room, r->used);
	snprintf(r->buf + r->used, r->n - r->used, "%s", dots);
	r->used = strlen(r->buf);
}

void room_put(struct room *r, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	room_vput(r, format, ap);
	va_end(ap);
}
