/* SPDX-License-Identifier: MIT */
/* What the program wrote, as lines of text: of the newest, as many as can be read at once. */
#include "prose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "model/xalloc.h"

enum { NEWEST = 12, INDENT = 2, TAB = 8 };

/* A tab leads to the next stop, as in a terminal; a '\r' at the end belongs to the line's end. */
char *written_line(const char *text, size_t n)
{
	struct glyph g;
	size_t used = 0, cap = 0, bytes;
	char *line = xgrow(NULL, &cap, n + 1, 1);
	if (n && text[n - 1] == '\r')
		n--;
	for (int column = 0; (bytes = glyph_next(text, n, &g)); text += bytes, n -= bytes) {
		line = xgrow(line, &cap, used + GLYPH_MAX, 1);
		if (*text == '\t')
			g.cells = sprintf(g.utf8, "%*s", TAB - column % TAB, "");
		used = (size_t)(stpcpy(line + used, g.utf8) - line);
		column += g.cells;
	}
	line[used] = '\0';
	return line;
}

static void add_line(struct prose *out, const char *text, size_t n, int width)
{
	char *line = written_line(text, n), *indented = xasprintf("%*s%s", INDENT, "", line);
	prose_wrap(out, indented, width, 2 * INDENT);
	free(indented);
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
