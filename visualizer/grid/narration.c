/* SPDX-License-Identifier: MIT */
/* The words under the picture: the last step and its event, the lesson's text, and the timeline. */
#include "picture.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "scene/append.h"
#include "scene/prose.h"

enum { PROSE_MAX_W = 110, CUT_W = 6 }; /* CUT_W: what says that there is more */

/* On one line the end, or the event, is what matters most. On two the step may need both. */
static void draw_step(struct picture *p)
{
	const struct thing *t = &p->sc->things[thing_next(p->sc, TAG_STEP, 0)];
	const struct text *step = thing_text(p->sc, t, STEP_WORDS);
	const struct text *event = thing_text(p->sc, t, STEP_EVENT);
	struct thing_id id = t->id;
	struct prose lines = {0};
	struct rect r = p->l.step;
	bool one = event && r.h == 1;
	if (!one)
		prose_wrap(&lines, step->words[IN_FULL], r.w, 4);
	int row = 0, room = r.h - (event != NULL);
	for (; row < (int)lines.n && row < room; row++) {
		bool cut = row + 1 == room && row + 1 < (int)lines.n;
		id.address = (uint64_t)row;
		draw_textf(p->grid, id, rect_row(r, row, 0), step->style, "%s%s", lines.line[row],
			cut ? " …" : "");
	}
	id = t->id;
	id.part = STEP_EVENT;
	if (event)
		draw_textf(p->grid, id, rect_row(r, row, 0), event->style, "%s%s%s",
			event->words[IN_FULL], one ? " · " : "", one ? step->words[IN_FULL] : "");
	prose_free(&lines);
}

/* Options, which are in a question, stand on a line as many as fit. */
static void add_options(struct prose *out, const struct scene *sc, int question, int w)
{
	char *line = NULL;
	for (int i = question; i >= 0; i = thing_next(sc, TAG_NARRATION, i + 1)) {
		if (sc->things[i].in != question)
			continue;
		const char *option = thing_text(sc, &sc->things[i], 0)->words[IN_FULL];
		if (line && text_width(line) + text_width(option) > w) {
			prose_add(out, line, w, 6);
			free(line);
			line = NULL;
		}
		char *more = xasprintf("%s%s", line ? line : "", option);
		free(line);
		line = more;
	}
	if (line)
		prose_add(out, line, w, 6);
	free(line);
}

/* All of it, wrapped, and the style of each line; caller frees both. */
static struct style *wrap_prose(struct prose *lines, const struct scene *sc, int w)
{
	struct style *style = NULL;
	for (int i = thing_next(sc, TAG_NARRATION, 0); i >= 0;
		i = thing_next(sc, TAG_NARRATION, i + 1)) {
		if (sc->things[i].in >= 0)
			continue;
		const struct text *text = thing_text(sc, &sc->things[i], 0);
		size_t from = lines->n;
		prose_add(lines, text->words[IN_FULL], w, 0);
		add_options(lines, sc, i, w);
		style = xrealloc(style, (lines->n + 1) * sizeof *style);
		for (size_t n = from; n < lines->n; n++)
			style[n] = text->style;
	}
	return style;
}

static void draw_prose(struct picture *p)
{
	struct rect r = p->l.narration;
	struct prose lines = {0};
	if (!r.h)
		return;
	if (r.w > PROSE_MAX_W)
		r.w = PROSE_MAX_W;
	struct style *style = wrap_prose(&lines, p->sc, r.w - CUT_W);
	int row = 0;
	for (size_t i = 0; i < lines.n && row < r.h; i++) {
		/* Empty lines are for where there is room. */
		if (!*lines.line[i] && (int)lines.n > r.h)
			continue;
		bool cut = row == r.h - 1 && i + 1 < lines.n;
		draw_textf(p->grid, thing_numbered(TAG_NARRATION, i, 0), rect_row(r, row++, 0),
			style[i], "%s%s", lines.line[i], cut ? " … Tab" : "");
	}
	free(style);
	prose_free(&lines);
}

static void draw_timeline(struct picture *p)
{
	static const char kinds[] = {[MARK_STOP] = 's', [MARK_FOREIGN] = 'f', [MARK_CURSOR] = 'c'};
	const struct scene *sc = p->sc;
	const struct thing *bar = &sc->things[thing_next(sc, TAG_BAR, 0)];
	struct bar_mark marks[BAR_MARKS_MAX];
	int n = 0;
	for (int i = thing_next(sc, TAG_INSTANT, 0); i >= 0;
		i = thing_next(sc, TAG_INSTANT, i + 1)) {
		const struct thing *t = &sc->things[i];
		/* Two places are for what comes after the stops. */
		if (t->id.part == MARK_STOP && n >= BAR_MARKS_MAX - 2)
			continue;
		assert(n < BAR_MARKS_MAX);
		marks[n++] = (struct bar_mark){
			bar->step ? (int16_t)(t->step * 1000 / bar->step) : 0, kinds[t->id.part]};
	}
	draw_bar(p->grid, bar->id, p->l.bar, marks, n);
}

void draw_narration(struct picture *p)
{
	draw_step(p);
	draw_prose(p);
	draw_timeline(p);
}
