/* SPDX-License-Identifier: MIT */
/* What the program wrote, as lines of text: of the newest as many as one likes to read at once. */
#include "prose.h"

#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

enum { NEWEST = 12, INDENT = 2 };

/* One line as it can be printed anywhere: what would steer a terminal is a question mark. */
static void add_line(struct prose *out, const char *text, size_t n, int width)
{
	char *line = xcalloc(INDENT + n + 1, 1), *to = line + INDENT;
	memset(line, ' ', INDENT);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = text[i];
		to[i] = c == '\t' ? ' ' : c < 0x20 || c == 0x7f ? '?' : (char)c;
	}
	prose_wrap(out, line, width, 2 * INDENT);
	free(line);
}

void prose_written(struct prose *out, const char *head, const char *text, size_t n, int width)
{
	const char *end = text + n, *from = end;
	int lines = 0;
	if (!n)
		return;
	if (from[-1] == '\n')
		from--;
	while (from > text && (from[-1] != '\n' || ++lines < NEWEST))
		from--;
	prose_wrap(out, head, width, INDENT);
	if (from > text)
		add_line(out, "...", 3, width);
	while (from < end) {
		const char *nl = memchr(from, '\n', (size_t)(end - from));
		size_t len = nl ? (size_t)(nl - from) : (size_t)(end - from);
		add_line(out, from, len, width);
		from += len + (nl != NULL);
	}
}
