/* SPDX-License-Identifier: MIT */
/* What is not ASCII, where there is to be nothing else. */
#include <string.h>

#include "text.h"

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
