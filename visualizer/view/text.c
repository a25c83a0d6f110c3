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

/* 0, or 1 with a message if not all of it could be written. */
static int close_page(void)
{
	bool failed = ferror(stdout) != 0;
	failed |= fflush(stdout) != 0;
	if (failed)
		fprintf(stderr, "g0scope: standard output: not all of it could be written: %s\n",
			strerror(errno));
	return failed;
}

/* A line of the story, in ASCII where that was asked for. */
static void print_words(const char *words, bool ascii)
{
	char plain[512];
	if (ascii)
		words = cells_ascii(words, plain, sizeof plain);
	puts(words);
}

int view_text(struct session *s, const struct view_options *o)
{
	struct scene sc = {0};
	struct cells cells = {0};
	scene_build(
		&sc, s, o->cols ? o->cols : PAGE_COLS, o->rows ? o->rows : scene_rows_wanted(s));
	sc.rows--; /* the last line tells of keys, which paper has none of */
	cells_draw(&cells, &sc, o->ascii);
	char *picture = cells_text(&cells), *words = story_step(s);
	puts(picture);
	for (char *line = words, *nl; *line; line = nl + 1) {
		nl = strchr(line, '\n');
		*nl = '\0';
		print_words(line, o->ascii);
	}
	free(words);
	free(picture);
	cells_free(&cells);
	scene_free(&sc);
	return close_page();
}

static void print_line(void *ctx, const char *line)
{
	const struct view_options *o = ctx;
	print_words(line, o->ascii);
}

int view_story(struct session *s, const struct view_options *o)
{
	bool held = story_tell(s, print_line, (void *)o);
	return close_page() || !held;
}
