/* SPDX-License-Identifier: MIT */
/*
 * Sentences: whatever g0scope tells its user, on a stream, on a screen, in the buffer of an error.
 * Names, paths, words of a lesson or of the environment may stand in them, so a sentence is as
 * model/text.h shows it: one line, in which nothing steers a terminal and each bad byte is one
 * character. Saying again what has been said changes nothing.
 */
#ifndef MODEL_SAY_H
#define MODEL_SAY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* What every buffer for a sentence has. */
enum { SENTENCE_MAX = 1024 };

/*
 * Into a buffer of n bytes. Of what is too long the middle is left out, for "…": a sentence begins
 * with what it is about and ends with what to do. What stands in the buffer may be an argument.
 */
void say(char *buf, size_t n, const char *format, ...) __attribute__((format(printf, 3, 4)));
void vsay(char *buf, size_t n, const char *format, va_list ap);
/* After what is in the buffer already. */
void say_more(char *buf, size_t n, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A line to a stream, whole, and its end; in ASCII once say_in_ascii has been called. */
void say_line(FILE *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_in_ascii(void);

#endif
