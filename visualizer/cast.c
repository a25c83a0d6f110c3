/* SPDX-License-Identifier: MIT */
/*
 * g0scope export --format=asciicast: the terminal's picture of one step after the other, as
 * somebody would see it who goes through the recording.
 */
#include "export/cast.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "model/say.h"
#include "model/sights.h"
#include "view/ansi.h"
#include "view/term_theme.h"

enum { CAST_COLS = 118, CAST_ROWS = 38, PICTURES_MAX = 3000 };

/* How long a picture stays, in milliseconds, and how many there are of them. */
static const struct {
	int ms;
	const char *words;
} grains[] = {
	[GRAIN_EVENT] = {500, "an event"},
	[GRAIN_LINE] = {250, "a line"},
	[GRAIN_INSN] = {100, "an instruction"},
};

/* ---- which steps ---- */

struct cast_steps {
	const struct recording *r;
	enum grain grain;
	int64_t step; /* the one before; then the one that has been found */
	struct search *search;
};

static struct cast_steps steps_from(const struct recording *r, enum grain grain, int64_t from)
{
	return (struct cast_steps){r, grain, from, search_new(r)};
}

/* The next one to be shown, behind the one that is shown by itself. False: there is none. */
static bool next_step(struct cast_steps *c)
{
	int64_t last = recording_last(c->r), found;
	int anybody = -1;
	const struct sight line = {sight_line, &anybody};
	switch (c->grain) {
	case GRAIN_EVENT: found = recording_next_event(c->r, c->step, -1); break;
	case GRAIN_LINE: found = search_next(c->search, c->step, last, &line, NULL); break;
	default: found = c->step + 1;
	}
	c->step = found < 0 ? last + 1 : found;
	return c->step <= last;
}

static int64_t count_steps(const struct recording *r, enum grain grain, int64_t from)
{
	struct cast_steps c = steps_from(r, grain, from);
	int64_t n = 0;
	while (next_step(&c))
		n++;
	search_free(c.search);
	return n;
}

/* ---- their pictures ---- */

struct casting {
	struct session *s;
	struct scene scene;
	struct grid grid;
	struct cells cells;
	struct ansi ansi;
	struct jsonw out;
	bool ascii;
	int64_t ms, shown; /* when the next one comes; the last step that was */
};

static void show_step(struct casting *c, int64_t step, int cols, int rows, int ms)
{
	timeline_seek(c->s->tl, step);
	scene_build(&c->scene, c->s);
	grid_build(&c->grid, &c->scene, cols, rows);
	cells_draw(&c->cells, &c->grid, c->ascii);
	ansi_draw(&c->ansi, &c->cells);
	cast_send(&c->out, c->ms, c->ansi.out.p, c->ansi.out.n);
	c->ms += ms;
	c->shown = step;
}

/* What was too much, to whoever exports by a command; and what it is, to whoever sees it. */
static void say_left_out(
	const struct options *o, int64_t n, int64_t nth, char *title, size_t ntitle)
{
	if (nth == 1)
		return;
	if (o->command == CMD_EXPORT)
		say_line(stderr,
			"g0scope: %" PRId64 " pictures would be too many: one in %" PRId64
			" is there; --step=N begins later, --grain=event has the fewest",
			n, nth);
	say_more(title, ntitle, ", one in %" PRId64 " of them", nth);
}

static void show_steps(struct casting *c, const struct options *o, FILE *out)
{
	const struct recording *r = timeline_recording(c->s->tl);
	int64_t from = timeline_step(c->s->tl), n = count_steps(r, o->grain, from);
	int64_t nth = n / PICTURES_MAX + 1, i = 0;
	int cols = o->look.cols ? o->look.cols : CAST_COLS;
	int rows = o->look.rows ? o->look.rows : CAST_ROWS, ms = grains[o->grain].ms;
	struct cast_steps steps = steps_from(r, o->grain, from);
	char title[SENTENCE_MAX];
	char under[32];
	say(title, sizeof title, "%s%s, a picture %s", recording_info(r)->program,
		under_words(recording_info(r), under, sizeof under), grains[o->grain].words);
	say_left_out(o, n, nth, title, sizeof title);
	c->out = cast_begin(out, cols, rows, title);
	show_step(c, from, cols, rows, ms);
	while (next_step(&steps) && !ferror(out))
		if (++i % nth == 0)
			show_step(c, steps.step, cols, rows, ms);
	if (c->shown != recording_last(r))
		show_step(c, recording_last(r), cols, rows, ms);
	cast_send(&c->out, c->ms, "", 0); /* until then the last one stays */
	search_free(steps.search);
}

bool export_asciicast(const struct options *o, struct session *s, FILE *out)
{
	struct casting c = {
		.s = s, .ansi.colored = term_color_wanted(o->look.color), .ascii = o->look.ascii};
	show_steps(&c, o, out);
	ansi_free(&c.ansi);
	cells_free(&c.cells);
	grid_free(&c.grid);
	scene_free(&c.scene);
	return fflush(out) == 0 && !ferror(out);
}
