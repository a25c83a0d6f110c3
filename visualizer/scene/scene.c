/* SPDX-License-Identifier: MIT */
/*
 * The scene, put together. Data flows one way:
 *
 *   session ─▶ facts ────▶ layout ────▶ parts ─────────────▶ draw commands ─▶ cells, curses, pixels
 *   (cursor)   judged by   what goes    stacks, links,       clipped,
 *              the model   where        answer, narration    with ids
 *
 * Each scene is built whole from the session: nothing is kept between two of them, so going
 * back, jumping and resizing need no care. What makes them calm to look at is that the layout
 * does not depend on the step (layout.c), words are counted from the top of their stack
 * (window.c), arrows have fixed lanes (links.c), and every command's id names the thing it
 * shows. Rejected: views that draw from the model, each with facts of its own.
 *
 * Commands lie on each other in order: boxes and words, then arrows, the focused M's last.
 */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "picture.h"

static void draw_picture(struct scene *sc, const struct session *s)
{
	struct picture p = {.sc = sc};
	facts_gather(&p.f, s);
	layout_screen(&p.l, &p.f, sc->cols, sc->rows);
	p.places = layout_places(&p.l, &p.f, &p.nplaces);
	draw_header(&p);
	draw_stacks(&p);
	draw_lists(&p);
	draw_links(&p);
	draw_answers(&p);
	draw_code(&p);
	draw_narration(&p);
	draw_keys(sc, s, p.l.npanes == 1);
	free(p.places);
	facts_free(&p.f);
}

void scene_build(struct scene *sc, const struct session *s, int cols, int rows)
{
	sc->n = 0;
	sc->cols = cols;
	sc->rows = rows;
	if (cols < SCENE_MIN_COLS || rows < SCENE_MIN_ROWS)
		draw_too_small(sc);
	else if (s->page == PAGE_HELP)
		draw_help(sc, s);
	else if (s->page == PAGE_OUTPUT) {
		draw_output(sc, s);
		draw_keys(sc, s, false);
	} else {
		draw_picture(sc, s);
	}
}

int scene_rows_wanted(const struct session *s)
{
	struct facts f;
	int most = 12;
	facts_gather(&f, s);
	for (int i = 0; i < f.at.now->nstacks; i++) {
		int rows = window_wanted(&f, i);
		const struct g_state *g = stack_g(&f, i);
		if ((!g || g->status != GS_DEAD) && rows > most)
			most = rows;
	}
	facts_free(&f);
	/* What is not stacks takes 21 rows of a screen of 34 to 49. */
	return most + 21 < 34 ? 34 : most + 21 > 49 ? 49 : most + 21;
}

void scene_free(struct scene *sc)
{
	free(sc->draws);
	memset(sc, 0, sizeof *sc);
}
