/* SPDX-License-Identifier: MIT */
/*
 * Under the stacks: the legend; what a profiler would report beside what is true, and the verdict.
 * Where not all of a report has room, its first false frame does.
 */
#include <assert.h>
#include <stdio.h>

#include "picture.h"
#include "scene/prose.h"

/* Below this width a heading is said shorter, and stands off from its neighbour. */
enum { NARROW = 42 };

/* The next thing with the tag that is no heading; -1: there is none. */
static int next_frame(const struct scene *sc, enum tag tag, int i)
{
	do
		i = thing_next(sc, tag, i + 1);
	while (i >= 0 && sc->things[i].is & IS_HEADING);
	return i;
}

static void draw_more(struct picture *p, struct thing_id id, unsigned part, struct rect at,
	const char *format, int n)
{
	char words[40];
	id.part = (uint16_t)part;
	snprintf(words, sizeof words, format, n);
	draw_text(p->grid, id, at, STYLE(ROLE_DIM), words);
}

static void draw_reported(struct picture *p, const struct thing *t, struct rect at)
{
	int x = draw_thing(p, t, REPORT_FRAME, at, IN_FULL);
	at.w -= x + 2 - at.x;
	at.x = x + 2;
	draw_thing(p, t, REPORT_ENTERED, at, IN_FULL);
}

/* Reported frames that are left out, so that those which are wrong have lines. */
struct gap {
	int from, n;
};

/* Of n frames on `room` lines: between the first and the first wrong one, no more than needed. */
static struct gap gap_of(const struct scene *sc, int n, int room)
{
	int bad = 0, needed = n + 1 - room;
	for (int i = next_frame(sc, TAG_REPORT, -1); i >= 0 && !(sc->things[i].is & IS_FALSE);
		i = next_frame(sc, TAG_REPORT, i))
		bad++;
	int left_out = needed < bad - 1 ? needed : bad - 1;
	/* One frame takes no more than the line that says that it is left out. */
	if (n <= room || bad >= n || left_out < 2)
		return (struct gap){0, 0};
	return (struct gap){1, left_out};
}

static void draw_frames(struct picture *p, const struct thing *title, int n)
{
	const struct scene *sc = p->sc;
	struct rect r = p->l.report;
	int room = r.h - 1, row = 1, at = next_frame(sc, TAG_REPORT, -1);
	struct gap gap = gap_of(sc, n, room);
	for (int i = 0; i < n && row <= room; row++) {
		int skip = 1;
		if (i == gap.from && gap.n) {
			skip = gap.n;
			draw_more(p, title->id, REPORT_GAP, rect_row(r, row, 2), "… %d more", skip);
		} else if (row == room && i + 1 < n) {
			draw_more(p, title->id, REPORT_REST, rect_row(r, row, 2), "… and %d more",
				n - i);
		} else {
			assert(at >= 0);
			draw_reported(p, &sc->things[at], rect_row(r, row, 0));
		}
		for (i += skip; skip > 0; skip--)
			at = next_frame(sc, TAG_REPORT, at);
	}
}

/* The heading of what has a tag; NULL: it is not in the scene. */
static const struct thing *draw_heading(
	struct picture *p, enum tag tag, unsigned part, struct rect r)
{
	int i = thing_next(p->sc, tag, 0);
	const struct thing *t = i < 0 ? NULL : &p->sc->things[i];
	if (t)
		draw_thing(p, t, part, rect_row(r, 0, 0), r.w < NARROW ? SHORTER : IN_FULL);
	return t;
}

static void draw_truth(struct picture *p)
{
	const struct scene *sc = p->sc;
	struct rect r = p->l.truth;
	const struct thing *title = draw_heading(p, TAG_TRUTH, TRUTH_TITLE, r), *end = NULL;
	if (!title)
		return;
	int n = 0, room, shown, row = 1;
	for (int i = next_frame(sc, TAG_TRUTH, -1); i >= 0; i = next_frame(sc, TAG_TRUTH, i))
		if (sc->things[i].id.part == TRUTH_END)
			end = &sc->things[i];
		else
			n++;
	room = r.h - 1 - (end != NULL);
	shown = n > room ? room - 1 : n;
	for (int i = next_frame(sc, TAG_TRUTH, -1); row <= shown; i = next_frame(sc, TAG_TRUTH, i))
		draw_thing(
			p, &sc->things[i], sc->things[i].id.part, rect_row(r, row++, 0), IN_FULL);
	if (shown < n)
		draw_more(p, title->id, TRUTH_REST, rect_row(r, row++, 2), "… and %d more",
			n - shown);
	if (end)
		draw_thing(p, end, TRUTH_END, rect_row(r, row, 2),
			length_that_fits(thing_text(sc, end, TRUTH_END), r.w - 2));
}

static void draw_verdict(struct picture *p)
{
	int i = thing_next(p->sc, TAG_VERDICT, 0), most = p->l.verdict.w;
	if (i < 0)
		return;
	struct thing_id id = p->sc->things[i].id;
	const struct text *text = thing_text(p->sc, &p->sc->things[i], 0);
	struct style st = text->style;
	struct prose lines = {0};
	if (p->l.verdict.h == 1)
		most = DRAW_TEXT_MAX;
	prose_wrap(&lines, text->words[IN_FULL], most, 2);
	for (size_t row = 0; row < lines.n; row++, st.badge = 0, id.part++)
		draw_text(p->grid, id, rect_row(p->l.verdict, row, 0), st, lines.line[row]);
	prose_free(&lines);
}

/* Whether a part of the legend goes into the room that is left, of which it takes its share. */
static bool fits(const struct scene *sc, const struct thing *t, int *room)
{
	int w = text_width(thing_text(sc, t, 0)->words[IN_FULL]);
	bool does = w <= *room;
	if (does)
		*room -= w + 2;
	return does;
}

/*
 * What one has to know first comes first: not all may fit. But there is room for what the picture
 * has.
 */
static void draw_legend(struct picture *p)
{
	const struct scene *sc = p->sc;
	struct rect at = p->l.legend;
	int end = at.x + at.w, room = at.w;
	bool more = at.h > 0;
	for (int i = thing_next(sc, TAG_LEGEND, 0); i >= 0; i = thing_next(sc, TAG_LEGEND, i + 1))
		if (sc->things[i].importance)
			fits(sc, &sc->things[i], &room);
	for (int i = thing_next(sc, TAG_LEGEND, 0); i >= 0 && at.h > 0;
		i = thing_next(sc, TAG_LEGEND, i + 1)) {
		const struct thing *t = &sc->things[i];
		more = more && (t->importance || fits(sc, t, &room));
		if (!t->importance && !more)
			continue;
		at.x = draw_thing(p, t, 0, at, IN_FULL) + 2;
		at.w = end - at.x;
	}
}

void draw_report(struct picture *p)
{
	draw_legend(p);
	if (!p->l.report.h)
		return;
	const struct thing *title = draw_heading(p, TAG_REPORT, REPORT_TITLE, p->l.report);
	if (title)
		draw_frames(p, title, thing_count(p->sc, TAG_REPORT, 0) - 1);
	draw_truth(p);
	draw_verdict(p);
}
