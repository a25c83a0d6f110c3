/* SPDX-License-Identifier: MIT */
/*
 * Text from outside: what a program writes, how it, its functions and its files are called, what
 * stands in a lesson, in a recording, on the command line. It is taken for UTF-8 and may hold any
 * bytes. A picture, a page and a message show it the same way, glyph by glyph:
 *
 *   a character                     as it is, in one cell or (Chinese, emoji) in two
 *   accents and the like after it   in its cell; what only chooses a picture of it is left out
 *   a byte that is no part of one   U+FFFD, one for each
 *   a tab                           a blank
 *   all else                        its number, "\x1b" or "\u202e": what steers a terminal, what
 *                                   is not seen, what libc knows no width of
 *
 * How wide a character is says libc, as it does to ncurses, whatever the user's locale. Text that
 * has been shown once is shown as it is.
 */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* With the 0 at its end: a character and the marks on it, or "\U000e0001". */
enum { GLYPH_MARKS = 4, GLYPH_MAX = 4 * (1 + GLYPH_MARKS) + 1 };

struct glyph {
	char utf8[GLYPH_MAX];
	int cells; /* > 0 */
};

/* What is shown for the next bytes of s, which has n; returns how many, 0 if n is. */
size_t glyph_next(const char *s, size_t n, struct glyph *g);

/* The bytes of the character that s begins with, 0 if it is none of UTF-8. */
size_t utf8_next(const char *s, size_t n, uint32_t *ch);
/* Whether a character steers or is not seen: it must not be sent to a terminal. */
bool utf8_is_hidden(uint32_t ch);
/*
 * Of the first n of `all` bytes as many as are whole characters: n, or less where a character
 * begins before n and ends behind it.
 */
size_t utf8_whole(const char *s, size_t n, size_t all);

/* In cells. */
int text_width(const char *s);
/* Bytes of what goes into w cells. */
size_t text_bytes(const char *s, int w);
/* As it is shown; caller frees. */
char *text_shown(const char *s, size_t n);

/* What says the same as one glyph in ASCII, '?' if nothing does (ascii.c). */
char text_ascii(const char *utf8);

#endif
