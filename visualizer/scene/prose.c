/* SPDX-License-Identifier: MIT */
/*
 * Markdown to plain lines. See prose.h. Lessons use little of it; what is not known here is
 * shown as it was written.
 */
#include "prose.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "model/xalloc.h"

static void add_line(struct prose *p, const char *s, size_t len, int indent)
{
	while (len && s[len - 1] == ' ')
		len--;
	char *shown = text_shown(s, len);
	p->line = xgrow(p->line, &p->cap, p->n + 1, sizeof *p->line);
	p->line[p->n++] = xasprintf("%*s%s", indent, "", shown);
	free(shown);
}

/* The "](…)" of a link, or 0 if that is not what s begins with. */
static size_t link_end(const char *s)
{
	const char *end = s[0] == ']' && s[1] == '(' ? strchr(s, ')') : NULL;
	return end ? (size_t)(end + 1 - s) : 0;
}

/* Without its marks; caller frees. In `code` everything stands for itself. */
static char *strip(const char *s, size_t len)
{
	char *out = xmalloc(len + 1), *to = out;
	bool code = false, link = false;
	for (size_t i = 0; i < len; i++) {
		bool spaced = i > 0 && s[i - 1] == ' ' && (i + 1 >= len || s[i + 1] == ' ');
		size_t skip = link ? link_end(s + i) : 0;
		if (s[i] == '`') {
			code = !code;
		} else if (skip && i + skip <= len) {
			i += skip - 1;
			link = false;
		} else if (!code && s[i] == '[' && memchr(s + i, ']', len - i) &&
			   link_end(memchr(s + i, ']', len - i))) {
			link = true;
		} else if (code || s[i] != '*' || spaced) {
			*to++ = s[i];
		}
	}
	*to = '\0';
	return out;
}

/* Bytes of s that go on a line of width cells: up to the last blank that fits, at least a glyph. */
static size_t line_bytes(const char *s, int width)
{
	struct glyph first;
	size_t len = text_bytes(s, width), cut = len;
	if (!len)
		return glyph_next(s, strlen(s), &first);
	if (!s[len])
		return len;
	while (cut > 0 && s[cut] != ' ')
		cut--;
	return cut ? cut : len;
}

void prose_wrap(struct prose *p, const char *text, int width, int hang)
{
	int indent = 0;
	if (strncmp(text, "- ", 2) == 0)
		hang += 2;
	if (!*text)
		add_line(p, "", 0, 0);
	while (*text) {
		int w = width - indent > 8 ? width - indent : 8;
		size_t len = line_bytes(text, w);
		add_line(p, text, len, indent);
		text += len;
		while (*text == ' ')
			text++;
		indent = hang;
	}
}

void prose_add(struct prose *p, const char *markdown, int width, int hang)
{
	/* Blank lines at the end say nothing. */
	size_t total = strlen(markdown);
	while (total && markdown[total - 1] == '\n')
		total--;
	const char *end = markdown + total;
	for (const char *s = markdown; s < end;) {
		const char *nl = memchr(s, '\n', end - s);
		size_t len = nl ? (size_t)(nl - s) : (size_t)(end - s);
		char *plain = strip(s, len);
		prose_wrap(p, plain, width, hang);
		free(plain);
		s += len + (nl != NULL);
	}
}

void prose_free(struct prose *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->line[i]);
	free(p->line);
	*p = (struct prose){0};
}

char *prose_text(struct prose *p)
{
	size_t n = 1;
	for (size_t i = 0; i < p->n; i++)
		n += strlen(p->line[i]) + 1;
	char *text = xcalloc(n, 1), *to = text;
	for (size_t i = 0; i < p->n; i++)
		to = stpcpy(stpcpy(to, p->line[i]), "\n");
	prose_free(p);
	return text;
}
