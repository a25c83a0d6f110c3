/* SPDX-License-Identifier: MIT */
/* The pages about a run: where there is something to go to, and the schedule that led here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"
#include "parts.h"

static void add_stops(struct scene *sc, const struct session *s)
{
	char term[32], words[WORDS_MAX];
	if (!s->telling)
		return;
	page_heading(sc, "Stops of the lesson (# stop 2 goes to one)");
	for (int i = 0; i < s->lesson->nstops; i++) {
		int64_t step = telling_step(s->telling, i);
		snprintf(term, sizeof term, "stop %d", i + 1);
		*words = '\0';
		append(words, sizeof words, "%s", s->lesson->stops[i].title);
		if (step >= 0)
			append(words, sizeof words, " · step %lld", (long long)step);
		page_entry(sc, term, words);
	}
}

static void add_bookmarks(struct scene *sc, const struct session *s)
{
	char term[32], words[WORDS_MAX];
	int n;
	const struct bookmark *b = recording_bookmarks(timeline_recording(s->tl), &n);
	page_heading(sc, "Bookmarks (b makes one, # bookmark 1 goes to it)");
	for (int i = 0; i < n; i++) {
		snprintf(term, sizeof term, "bookmark %d", i + 1);
		*words = '\0';
		append(words, sizeof words, "step %lld%s%s", (long long)b[i].step,
			*b[i].note ? " · " : "", b[i].note);
		page_entry(sc, term, words);
	}
	if (!n)
		page_entry(sc, "none", "");
}

static void add_path(struct scene *sc, const struct path_taken *p)
{
	char term[32], words[WORDS_MAX] = "";
	const char *how;
	enum run_end end = recording_end(p->r, &how);
	snprintf(term, sizeof term, "path %d", p->number);
	const char *policy = recording_info(p->r)->policy;
	append(words, sizeof words, "%s%s%s%s%s%lld steps", p->name, *p->name ? " · " : "",
		*policy ? "under mcall_" : "", policy, *policy ? " · " : "",
		(long long)recording_last(p->r));
	if (p->shown)
		append(words, sizeof words, " · the one that is shown");
	else if (p->parts == recording_last(p->r))
		append(words, sizeof words, " · the same schedule as far as it goes");
	else
		append(words, sizeof words, " · another way after step %lld", (long long)p->parts);
	if (end != RUN_GOES_ON)
		append(words, sizeof words, " · %s", how);
	page_entry(sc, term, words);
}

void make_places(struct scene *sc, const struct session *s)
{
	add_stops(sc, s);
	add_bookmarks(sc, s);
	page_heading(
		sc, "Paths that were taken (# path 2 goes to one, = gives the one shown a name)");
	for (int i = 0; i < timeline_paths(s->tl); i++) {
		struct path_taken p = timeline_path(s->tl, i);
		add_path(sc, &p);
	}
}

void make_schedule(struct scene *sc, const struct session *s)
{
	enum { SHOWN_MAX = 8000 };
	bool whole;
	char *text = recording_schedule_tail(
		timeline_recording(s->tl), timeline_step(s->tl), SHOWN_MAX, &whole);
	page_heading(
		sc, whole ? "The schedule that led here: --schedule and ; execute it"
			  : "The end of the schedule that led here; g0scope info prints it all");
	thing_add(sc, thing_numbered(TAG_PAGE, sc->n, 0));
	thing_say(sc, PAGE_LINE, STYLE(ROLE_TEXT), text);
	free(text);
}
