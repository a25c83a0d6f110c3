/* SPDX-License-Identifier: MIT */
/* A lesson's Markdown as plain lines of a width. */
#ifndef SCENE_PROSE_H
#define SCENE_PROSE_H

#include <stddef.h>

struct prose {
	size_t n, cap;
	char **line;
};

/*
 * Append the text, wrapped: `code`, *emphasis* and [links](…) stripped to their text. Lines after
 * the first of a paragraph begin with `hang` blanks, those of a list item with two more. Empty
 * lines stay.
 */
void prose_add(struct prose *p, const char *markdown, int width, int hang);
/* Append one plain line, wrapped; its marks are its own. All is appended as text.h shows it. */
void prose_wrap(struct prose *p, const char *text, int width, int hang);
/*
 * Append what a program wrote, below a line that says so; nothing if it is nothing. Of a long text
 * the last lines (written.c).
 */
void prose_written(struct prose *p, const char *head, const char *text, size_t n, int width);
/* One line of it, given without its '\n', as it is shown; caller frees. */
char *written_line(const char *text, size_t n);
/* All lines, each with its '\n', which are gone then; caller frees. */
char *prose_text(struct prose *p);
void prose_free(struct prose *p);

#endif
