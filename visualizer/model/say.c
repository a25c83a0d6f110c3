/* SPDX-License-Identifier: MIT */
#include "say.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "xalloc.h"

static bool only_ascii;

/* As it is shown, however long. Caller frees. */
static char *shown_words(const char *format, va_list ap)
{
	char *words;
	int n = vasprintf(&words, format, ap);
	if (n < 0)
		return xstrdup("");
	char *shown = text_shown(words, (size_t)n);
	free(words);
	return shown;
}

/* Of a text that does not fit in n bytes the begin and the end, between glyphs. */
static void put_ends(char *buf, size_t n, const char *s)
{
	static const char dots[] = "…";
	struct glyph g;
	size_t len = strlen(s), head = 0, tail = 0;
	size_t room = n > sizeof dots ? n - sizeof dots : 0;
	for (size_t k; (k = glyph_next(s + tail, len - tail, &g)) && len - tail > room - head;) {
		tail += k;
		if (tail <= room / 2)
			head = tail;
	}
	memcpy(buf, s, head);
	buf[head] = '\0';
	if (n >= sizeof dots)
		strcpy(stpcpy(buf + head, dots), s + tail);
}

static void put_fitting(char *buf, size_t n, char *shown)
{
	if (strlen(shown) < n)
		strcpy(buf, shown);
	else if (n)
		put_ends(buf, n, shown);
	free(shown);
}

void vsay(char *buf, size_t n, const char *format, va_list ap)
{
	put_fitting(buf, n, shown_words(format, ap));
}

void say(char *buf, size_t n, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsay(buf, n, format, ap);
	va_end(ap);
}

void say_more(char *buf, size_t n, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	char *more = shown_words(format, ap);
	va_end(ap);
	say(buf, n, "%s%s", buf, more);
	free(more);
}

void say_in_ascii(void)
{
	only_ascii = true;
}

static void put_in_ascii(FILE *to, const char *s)
{
	struct glyph g;
	for (size_t n = strlen(s), len; (len = glyph_next(s, n, &g)); s += len, n -= len)
		fprintf(to, "%-*c", g.cells, text_ascii(g.utf8));
}

void say_line(FILE *to, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	char *shown = shown_words(format, ap);
	va_end(ap);
	if (only_ascii)
		put_in_ascii(to, shown);
	else
		fputs(shown, to);
	fputc('\n', to);
	free(shown);
}
