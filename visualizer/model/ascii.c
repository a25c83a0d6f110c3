/* SPDX-License-Identifier: MIT */
/* What is not ASCII, where there is to be nothing else; and lines to a stream. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "xalloc.h"

static bool only_ascii;

char text_ascii(const char *utf8)
{
	static const struct {
		const char *from;
		char to;
	} table[] = {
		{"─━┄", '-'},
		{"│┆", '|'},
		{"═", '='},
		{"║", '#'},
		{"▶▸", '>'},
		{"◀◂", '<'},
		{"▷", ')'},
		{"◁", '('},
		{"▲△↑", '^'},
		{"▼▽↓", 'v'},
		{"→", '>'},
		{"←", '<'},
		{"●", '0'},
		{"◆", '$'},
		{"✗", 'x'},
		{"†", 't'},
		{"↺", '@'},
		{"⋮", ':'},
		{"·", '.'},
		{"…", '~'},
		{"✓", 'v'},
		{"≤", '<'},
		{"≥", '>'},
		{"‘’", '\''},
		{"“”", '"'},
		{"–—", '-'},
		{"╪╬╫", '#'},
	};
	size_t n = strlen(utf8);
	if ((unsigned char)utf8[0] < 0x80)
		return utf8[0];
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		for (const char *s = table[i].from; *s; s++)
			if (strncmp(s, utf8, n) == 0)
				return table[i].to;
	/*
	 * U+2500 to U+257F: what is left of the box-drawing characters are corners and
	 * crossings.
	 */
	return utf8[0] == '\xe2' && (utf8[1] == '\x94' || utf8[1] == '\x95') ? '+' : '?';
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

void say(FILE *to, const char *format, ...)
{
	va_list ap;
	char *line;
	va_start(ap, format);
	int n = vasprintf(&line, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	char *shown = text_shown(line, (size_t)n);
	if (only_ascii)
		put_in_ascii(to, shown);
	else
		fputs(shown, to);
	fputc('\n', to);
	free(shown);
	free(line);
}
