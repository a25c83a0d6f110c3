/* SPDX-License-Identifier: MIT */
/*
 * The scene, put together. Data flows one way:
 *
 *   session ─▶ facts ─────▶ parts ─────▶ things ─▶ grid/ ─▶ cells, curses, pixels
 *   (cursor)   judged by    stacks, links,           has
 *              the model    answer, narration        room for some of them
 *
 * Each scene is built whole from the session: nothing is kept between two of them, so going
 * back and jumping need no care; and it is the same whatever the size of a screen. Rejected: views
 * that draw from the model, each with facts of its own.
 */
#include "scene.h"

#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "parts.h"

static void make_picture(struct scene *sc, const struct session *s)
{
	struct making mk = {.sc = sc};
	facts_gather(&mk.f, s);
	mk.stack = xcalloc(mk.f.at.now->nstacks + 1, sizeof *mk.stack);
	make_header(&mk);
	make_stacks(&mk);
	make_queues(&mk);
	make_links(&mk);
	make_legend(&mk);
	make_answer(&mk);
	make_code(&mk);
	make_narration(&mk);
	free(mk.stack);
	facts_free(&mk.f);
}

void scene_build(struct scene *sc, const struct session *s)
{
	scene_clear(sc);
	sc->at = (struct looking){.page = s->page,
		.scroll = s->scroll,
		.pane = s->pane,
		.help_page = s->help_page,
		.registers = s->show_registers,
		.lesson = s->lesson != NULL};
	switch (s->page) {
	case PAGE_MAIN: make_picture(sc, s); break;
	case PAGE_OUTPUT: make_output(sc, s); break;
	case PAGE_HELP: make_help(sc); break;
	case PAGE_PLACES: make_places(sc, s); break;
	case PAGE_SCHEDULE: make_schedule(sc, s); break;
	case PAGE_TWIN: make_twin(sc, s); break;
	}
	/* What is typed is seen wherever that is. */
	if (!page_is_lines(s->page) || s->prompting || (s->page == PAGE_TWIN && *s->message))
		make_keys(sc, s);
}

void scene_free(struct scene *sc)
{
	scene_clear(sc);
	free(sc->things);
	free(sc->texts);
	memset(sc, 0, sizeof *sc);
}
