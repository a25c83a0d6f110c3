/* SPDX-License-Identifier: MIT */
/*
 * The text view: the same scene as everywhere, printed once, and the same facts in words
 * below it for whoever reads with a pipe or a screen reader.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "model/say.h"
#include "view.h"

enum { PAGE_COLS = 118 };

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
		say_line(stdout, "%s", line);
	}
	free(words);
	free(picture);
	cells_free(&cells);
	scene_free(&sc);
	return 0;
}

static void print_line(void *ctx, const char *line)
{
	(void)ctx;
	say_line(stdout, "%s", line);
}

int view_story(struct session *s)
{
	return !story_tell(s, print_line, NULL);
}
