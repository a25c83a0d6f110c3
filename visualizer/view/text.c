/* SPDX-License-Identifier: MIT */
/*
 * The text view: the same scene as everywhere, printed once, and the same facts in words
 * below it for whoever reads with a pipe or a screen reader.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "view.h"

enum { PAGE_COLS = 118 };

/* Where the page goes: standard output, or the file that was asked for. */
static FILE *open_page(const struct view_options *o)
{
	FILE *out = o->screenshot ? fopen(o->screenshot, "w") : stdout;
	if (!out)
		fprintf(stderr, "g0scope: %s cannot be written: %s\n", o->screenshot,
			strerror(errno));
	return out;
}

/* 0, or 1 with a message if not all of it could be written. */
static int close_page(FILE *out, const struct view_options *o)
{
	bool failed = ferror(out) != 0;
	failed |= (out == stdout ? fflush(out) : fclose(out)) != 0;
	if (failed)
		fprintf(stderr, "g0scope: %s: not all of it could be written: %s\n",
			o->screenshot ? o->screenshot : "standard output", strerror(errno));
	return failed;
}

/* A line of the story, in ASCII where that was asked for. */
static void print_words(FILE *out, const char *words, bool ascii)
{
	char plain[512];
	if (ascii)
		words = cells_ascii(words, plain, sizeof plain);
	fprintf(out, "%s\n", words);
}

int view_text(struct session *s, const struct view_options *o)
{
	struct scene sc = {0};
	struct cells cells = {0};
	FILE *out = open_page(o);
	if (!out)
		return 1;
	scene_build(
		&sc, s, o->cols ? o->cols : PAGE_COLS, o->rows ? o->rows : scene_rows_wanted(s));
	sc.rows--; /* the last line tells of keys, which paper has none of */
	cells_draw(&cells, &sc, o->ascii);
	char *picture = cells_text(&cells), *words = story_step(s);
	fprintf(out, "%s\n", picture);
	for (char *line = words, *nl; *line; line = nl + 1) {
		nl = strchr(line, '\n');
		*nl = '\0';
		print_words(out, line, o->ascii);
	}
	free(words);
	free(picture);
	cells_free(&cells);
	scene_free(&sc);
	return close_page(out, o);
}

struct printer {
	FILE *out;
	bool ascii;
};

static void print_line(void *ctx, const char *line)
{
	struct printer *p = ctx;
	print_words(p->out, line, p->ascii);
}

int view_story(struct session *s, const struct view_options *o)
{
	struct printer p = {open_page(o), o->ascii};
	if (!p.out)
		return 1;
	bool held = story_tell(s, print_line, &p);
	return close_page(p.out, o) || !held;
}
