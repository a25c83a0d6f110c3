/* SPDX-License-Identifier: MIT */
/*
 * The words under the picture: the last step and its event, what the lesson says here, and the
 * timeline.
 */
#include "picture.h"

#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "prose.h"

enum { PROSE_MAX_W = 110, CUT_W = 6 }; /* CUT_W: what says that there is more */

/* On one line the end, or the event, is what matters most. On two the step may need both. */
static void draw_step(struct picture *p)
{
	const struct facts *f = &p->f;
	const struct event *e = moment_event(&f->at);
	const char *how = NULL;
	char words[WORDS_MAX], top[2 * WORDS_MAX] = "";
	struct prose lines = {0};
	struct rect r = p->l.step;
	enum run_end end = recording_end(f->at.r, &how);
	bool last = f->at.now->step == f->last && how && *how;
	bool over = last && end != RUN_GOES_ON;
	if (over)
		append(top, sizeof top, "%s", how);
	else if (e)
		append(top, sizeof top, "event: %s",
			event_words(e, moment_code(&f->at), words, sizeof words));
	else if (last)
		append(top, sizeof top, "the recording ends here: %s", how);
	step_words(f, words, sizeof words);
	if (*top && r.h == 1)
		append(top, sizeof top, " · %s", words);
	else
		prose_wrap(&lines, words, r.w, 4);
	int row = 0, room = r.h - (*top != '\0');
	for (; row < (int)lines.n && row < room; row++)
		draw_textf(p->sc, draw_id(TAG_STEP, row, 0), rect_row(r, row, 0), STYLE(ROLE_STEP),
			"%s%s", lines.line[row],
			row + 1 == room && row + 1 < (int)lines.n ? " …" : "");
	if (*top)
		draw_text(p->sc, draw_id(TAG_STEP, 0, 1), rect_row(r, row, 0),
			BOLD(over ? ROLE_ERROR : ROLE_NARRATION), top);
	prose_free(&lines);
}

/* The options, as many on a line as fit. */
static void add_options(struct prose *out, const struct lesson_stop *stop, int w)
{
	char *line = NULL;
	for (int k = 0; k < stop->noptions; k++) {
		char *option = xasprintf("  (%c) %s", 'a' + k, stop->options[k]);
		if (line && text_width(line) + text_width(option) > w) {
			prose_add(out, line, w, 6);
			free(line);
			line = NULL;
		}
		char *more = xasprintf("%s%s", line ? line : "", option);
		free(line);
		free(option);
		line = more;
	}
	if (line)
		prose_add(out, line, w, 6);
	free(line);
}

/*
 * What the lesson says where the cursor is, or said last on the way there: before the first stop
 * its introduction.
 */
static void lesson_prose(const struct facts *f, struct prose *out, int w)
{
	const struct lesson *l = f->s->lesson;
	int i = f->s->telling ? telling_stop(f->s->telling) : -1;
	char where[64];
	said_where(f->s, i, where, sizeof where);
	const struct lesson_stop *stop = i < 0 ? NULL : &l->stops[i];
	char *title = stop ? xasprintf("%d of %d · %s%s", i + 1, l->nstops, stop->title, where)
			   : xasprintf("%s%s", l->title, where);
	prose_add(out, title, w, 0);
	free(title);
	if (!stop) {
		prose_add(out, l->intro ? l->intro : "", w, 0);
		return;
	}
	const char *prose = said_prose(f->s, i);
	prose_add(out, prose, w, 0);
	if (prose == stop->prose_clear || !stop->noptions)
		return;
	prose_add(out, stop->question, w, 0);
	add_options(out, stop, w);
}

static void draw_prose(struct picture *p)
{
	struct rect r = p->l.narration;
	struct prose lines = {0};
	if (!r.h || !p->f.s->lesson)
		return;
	if (r.w > PROSE_MAX_W)
		r.w = PROSE_MAX_W;
	lesson_prose(&p->f, &lines, r.w - CUT_W);
	int row = 0;
	for (size_t i = 0; i < lines.n && row < r.h; i++) {
		/* Empty lines are for where there is room. */
		if (!*lines.line[i] && (int)lines.n > r.h)
			continue;
		bool cut = row == r.h - 1 && i + 1 < lines.n;
		draw_textf(p->sc, draw_id(TAG_NARRATION, i, 0), rect_row(r, row++, 0),
			i == 0 ? BOLD(ROLE_TITLE) : STYLE(ROLE_NARRATION), "%s%s", lines.line[i],
			cut ? " … Tab" : "");
	}
	prose_free(&lines);
}

static int16_t at_of(const struct facts *f, int64_t step)
{
	return f->last ? (int16_t)(step * 1000 / f->last) : 0;
}

static void draw_timeline(struct picture *p)
{
	const struct facts *f = &p->f;
	struct mark marks[BAR_MARKS_MAX];
	int n = 0;
	for (int i = 0; f->s->telling && i < f->s->lesson->nstops && n < BAR_MARKS_MAX - 2; i++) {
		int64_t step = telling_step(f->s->telling, i);
		if (step >= 0)
			marks[n++] = (struct mark){at_of(f, step), 's'};
	}
	int64_t foreign = timeline_first_foreign(f->s->tl);
	if (foreign >= 0)
		marks[n++] = (struct mark){at_of(f, foreign), 'f'};
	marks[n++] = (struct mark){at_of(f, f->at.now->step), 'c'};
	draw_bar(p->sc, draw_id(TAG_BAR, 0, 0), p->l.bar, marks, n);
}

void draw_narration(struct picture *p)
{
	draw_step(p);
	draw_prose(p);
	draw_timeline(p);
}
