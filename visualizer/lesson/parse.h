/* SPDX-License-Identifier: MIT */
/*
 * How a lesson is read, piece by piece: front.c the front matter, parse.c the Markdown,
 * line.c the lines of do, ask and expect blocks.
 */
#ifndef LESSON_PARSE_H
#define LESSON_PARSE_H

#include "lesson.h"
#include "words.h"

/* A lesson's text and where to say what is wrong with it. Only the first error is kept. */
struct lesson_file {
	const char *path, *text;
	size_t len;
	const char *here; /* the last place read */
	const char
		*counted; /* up to where lines are counted, and which one that is in; NULL: none */
	int line;
	struct growing question; /* of the block being read */
	char *err;
	size_t nerr;
	bool failed;
	bool recorded; /* it comes out of a recording: the program need not be there */
};

/*
 * "path:line:col: sentence" for the position `at` in the text; without a path, as it is a line that
 * was typed, "column N: sentence". Returns false, to be returned.
 */
bool parse_error(struct lesson_file *file, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Counted on from where it was asked for last, as there may be as many lines as there are bytes. */
int line_number(struct lesson_file *file, const char *at);

/* What follows `until`, a line by itself. False: parse_error has been called. */
bool line_until(struct lesson_file *file, struct span line, struct cond *c);
/* One line of a block, into the stop. False: parse_error has been called. */
bool line_do(struct lesson_file *file, struct span line, struct lesson_stop *stop);
bool line_ask(struct lesson_file *file, struct span line, struct lesson_stop *stop);
bool line_expect(
	struct lesson_file *file, struct span line, const char *policy, struct lesson_stop *stop);

/* From the front matter's end to the lesson's. False: parse_error has been called. */
bool parse_body(struct lesson_file *file, const char *body, struct lesson *l);

#endif
