/* SPDX-License-Identifier: MIT */
/*
 * The pages that are not the picture: help, made from the tables that the keys and the
 * model's words come from; and what the program has written.
 */
#include <stdlib.h>
#include <string.h>

#include "parts.h"
#include "prose.h"

/* Of what was written: more than any screen has rows. */
enum { NEWEST_LINES = 512 };

void page_heading(struct scene *sc, const char *words)
{
	thing_add(sc, thing_numbered(TAG_PAGE, sc->n, 0))->is = IS_HEADING;
	thing_say(sc, PAGE_LINE, BOLD(ROLE_TITLE), words);
}

void page_entry(struct scene *sc, const char *term, const char *words)
{
	thing_add(sc, thing_numbered(TAG_PAGE, sc->n, 0));
	thing_say(sc, PAGE_TERM, STYLE(ROLE_TEXT), term);
	thing_say(sc, PAGE_WORDS, STYLE(ROLE_TEXT), words);
}

void make_help(struct scene *sc)
{
	page_heading(sc, "Keys");
	for (int i = 0; i < ACT_COUNT; i++)
		page_entry(sc, actions[i].keys, actions[i].help);
	page_heading(sc, "Where a frame pointer leads");
	for (int i = 0; i < LINK_COUNT; i++)
		page_entry(sc, link_name(i), link_sentence(i));
	page_heading(sc, "What a profiler's answer is worth");
	for (int i = 0; i < VERDICT_COUNT; i++)
		page_entry(sc, verdict_name(i), verdict_sentence(i));
}

/* Where the last of `lines` lines begin; *first: the number of that line. */
static const char *last_lines(const char *text, size_t n, int lines, int *first)
{
	const char *from = text;
	int seen = 0;
	*first = 0;
	for (size_t i = n; i-- > 0;)
		if (i + 1 < n && text[i] == '\n' && ++seen == lines)
			from = text + i + 1;
	if (seen >= lines)
		*first = seen + 1 - lines;
	return from;
}

void make_output(struct scene *sc, const struct session *s)
{
	size_t n = 0;
	int number;
	const char *out = recording_text(timeline_recording(s->tl), timeline_step(s->tl), &n);
	page_heading(sc, "what the program has written up to this step");
	if (!n) {
		thing_add(sc, thing_numbered(TAG_PAGE, 0, 1));
		thing_say(sc, PAGE_LINE, STYLE(ROLE_DIM), "nothing");
	}
	const char *end = out + n, *at = last_lines(out, n, NEWEST_LINES, &number);
	for (; at < end; number++) {
		const char *nl = memchr(at, '\n', (size_t)(end - at));
		char *line = written_line(at, (size_t)((nl ? nl : end) - at));
		thing_add(sc, thing_numbered(TAG_PAGE, number, 2));
		thing_say(sc, PAGE_LINE, STYLE(ROLE_TEXT), line);
		free(line);
		at = nl ? nl + 1 : end;
	}
}
