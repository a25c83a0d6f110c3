/* SPDX-License-Identifier: MIT */
/*
 * The text view: the same scene as everywhere, printed once, and the same facts in words
 * below it for whoever reads with a pipe or a screen reader.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cells.h"
#include "model/say.h"
#include "tell.h"
#include "view.h"

enum { PAGE_COLS = 118 };

static void print_line(void *out, const char *line)
{
	say_line(out, "%s", line);
}

int view_text(struct session *s, const struct view_options *o, FILE *out)
{
	struct scene scene = {0};
	struct grid grid = {0};
	struct cells cells = {0};
	/* There is one picture alone: it has all marks. */
	timeline_first_foreign(s->tl, INT64_MAX);
	scene_build(&scene, s);
	grid_build(&grid, &scene, o->cols ? o->cols : PAGE_COLS,
		o->rows ? o->rows : grid_rows_wanted(&scene));
	grid.rows--; /* the last line tells of keys, which paper has none of */
	cells_draw(&cells, &grid, o->ascii);
	char *picture = cells_text(&cells);
	fprintf(out, "%s\n", picture);
	tell_lines(story_step(s), print_line, out);
	free(picture);
	cells_free(&cells);
	grid_free(&grid);
	scene_free(&scene);
	return s->message_is_error || *s->unmet;
}

int view_story(struct session *s)
{
	char err[SENTENCE_MAX];
	return !tell_lesson(s, print_line, stdout, err, sizeof err);
}

int view_twins(struct session *one, struct session *other, int stop)
{
	return !tell_twins(one, other, stop, print_line, stdout);
}
