/* SPDX-License-Identifier: MIT */
/*
 * The pages that are not the picture: help, made from the tables that the keys and the
 * model's words come from; what the program has written; and the sentence for a screen that
 * is too small.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "prose.h"

/* What help says, line by line. */
static void help_lines(struct prose *out, int w)
{
	char line[512];
	prose_add(out, "Keys", w, 0);
	for (int i = 0; i < ACT_COUNT; i++) {
		snprintf(line, sizeof line, "%-18s%s", actions[i].keys, actions[i].help);
		prose_wrap(out, line, w, 18);
	}
	prose_add(out, "\n \nWhere a frame pointer leads", w, 0);
	for (int i = 0; i < LINK_COUNT; i++) {
		snprintf(line, sizeof line, "%-18s%s", link_name(i), link_sentence(i));
		prose_wrap(out, line, w, 18);
	}
	prose_add(out, "\n \nWhat a profiler's answer is worth", w, 0);
	for (int i = 0; i < VERDICT_COUNT; i++) {
		snprintf(line, sizeof line, "%-18s%s", verdict_name(i), verdict_sentence(i));
		prose_wrap(out, line, w, 18);
	}
}

void draw_help(struct scene *sc, const struct session *s)
{
	int across = sc->cols >= 150 ? 2 : 1, w = (sc->cols - 2) / across - 2, h = sc->rows - 1;
	struct prose lines = {0};
	help_lines(&lines, w);
	int room = across * h, pages = ((int)lines.n + room - 1) / room;
	int page = s->help_page % pages;
	for (int i = 0; i < room && page * room + i < (int)lines.n; i++) {
		const char *text = lines.line[page * room + i];
		struct rect at = {1 + i / h * (w + 2), i % h, w, 1};
		bool head = *text != ' ' && !strstr(text, "  ");
		draw_text(sc, draw_id(TAG_PAGE, page * room + i, 0), at,
			head ? BOLD(ROLE_TITLE) : STYLE(ROLE_TEXT), text);
	}
	draw_textf(sc, draw_id(TAG_KEYS, 0, 0), (struct rect){1, sc->rows - 1, sc->cols - 2, 1},
		BOLD(ROLE_KEY), "page %d of %d · Space: the next page · any other key closes this",
		page + 1, pages);
	prose_free(&lines);
}

/* Where the last of `lines` lines begin; *total: how many there are. */
static const char *last_lines(const char *text, size_t n, int lines, int *total)
{
	const char *from = text;
	*total = 0;
	for (size_t i = n; i-- > 0;) {
		if (i + 1 < n && text[i] == '\n' && ++*total == lines)
			from = text + i + 1;
	}
	++*total;
	return from;
}

/* The last lines that fit. */
void draw_output(struct scene *sc, const struct session *s)
{
	size_t n = 0;
	int h = sc->rows - 3, w = sc->cols - 2, total;
	const char *out = recording_text(timeline_recording(s->tl), timeline_step(s->tl), &n);
	draw_text(sc, draw_id(TAG_PAGE, 0, 1), (struct rect){1, 0, w, 1}, BOLD(ROLE_TITLE),
		"what the program has written up to this step");
	if (!n)
		draw_text(sc, draw_id(TAG_PAGE, 0, 2), (struct rect){1, 2, w, 1}, STYLE(ROLE_DIM),
			"nothing");
	const char *end = out + n, *at = last_lines(out, n, h, &total);
	for (int i = 0; i < h && at < end; i++) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		char *line = written_line(at, (size_t)((nl ? nl : end) - at));
		draw_text(sc, draw_id(TAG_PAGE, total, 100 + i), (struct rect){1, 2 + i, w, 1},
			STYLE(ROLE_TEXT), line);
		free(line);
		at = nl ? nl + 1 : end;
	}
}

void draw_too_small(struct scene *sc)
{
	char words[128];
	struct prose lines = {0};
	snprintf(words, sizeof words,
		"g0scope needs %dx%d characters; this screen has %dx%d. Make it larger; q quits.",
		SCENE_MIN_COLS, SCENE_MIN_ROWS, sc->cols, sc->rows);
	prose_add(&lines, words, sc->cols > 8 ? sc->cols : 8, 0);
	for (size_t i = 0; i < lines.n; i++)
		draw_text(sc, draw_id(TAG_PAGE, i, 3), (struct rect){0, i, sc->cols, 1},
			STYLE(ROLE_ERROR), lines.line[i]);
	prose_free(&lines);
}
