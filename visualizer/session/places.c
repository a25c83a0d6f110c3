/* SPDX-License-Identifier: MIT */
/* Going to what has a name: steps, events, stops, functions, bookmarks, and paths. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/until.h"
#include "model/say.h"
#include "model/xalloc.h"
#include "parts.h"

/* "event 12": the number behind a word; -1: it is not that. */
static int64_t number_after(const char *name, const char *word)
{
	size_t n = strlen(word);
	if (strncmp(name, word, n) != 0 || (name[n] != ' ' && !isdigit((unsigned char)name[n])))
		return -1;
	const char *digits = name + n + strspn(name + n, " ");
	size_t len = strspn(digits, "0123456789");
	return len && len < 16 && !digits[len] ? atoll(digits) : -1;
}

static void go_to_event(struct session *s, int64_t n)
{
	const struct recording *r = timeline_recording(s->tl);
	int64_t all = recording_count_events(r, recording_last(r));
	if (n < 1 || n > all)
		session_reply(s, true, "event %lld: the recording has the events 1 to %lld",
			(long long)n, (long long)all);
	else
		step_seek(s, recording_nth_event(r, n));
}

static void go_to_bookmark(struct session *s, int64_t n)
{
	int all;
	const struct bookmark *b = recording_bookmarks(timeline_recording(s->tl), &all);
	if (n < 1 || n > all)
		session_reply(s, true,
			all ? "bookmark %lld: there are 1 to %d"
			    : "there is no bookmark yet; b makes one",
			(long long)n, all);
	else
		step_seek(s, b[n - 1].step);
}

/* ---- functions ---- */

/* The next step at which an M comes there; if none does any more, the first. */
static void go_to_function(struct session *s, const char *name)
{
	char err[SENTENCE_MAX], *at = xasprintf("at %s", name);
	struct cond *c = until_parse(at, err, sizeof err);
	struct sight there = {until_comes, c};
	int64_t from = timeline_step(s->tl), last = timeline_last(s->tl), found = -1;
	if (c)
		found = timeline_find(s->tl, false, last, &there, s->run.hurry);
	if (c && found < 0 && !step_is_ended(s)) {
		timeline_seek(s->tl, 0);
		found = timeline_find(s->tl, false, from, &there, s->run.hurry);
		timeline_seek(s->tl, from);
	}
	if (found >= 0 && found <= from)
		session_reply(s, false, "no M comes to %s after step %lld: this is the first time",
			name, (long long)from);
	if (found >= 0)
		step_seek(s, found);
	else if (!s->message_is_error)
		session_reply(s, true,
			"no M comes to %s in what is recorded, and it is no other place; try a "
			"step, event N, stop N, bookmark N, path N",
			name);
	if (found >= 0)
		s->focus_m = timeline_now(s->tl)->last_m;
	until_free(c);
	free(at);
}

/* ---- paths ---- */

static void go_to_path(struct session *s, int i)
{
	const struct path_taken p = timeline_path(s->tl, i);
	timeline_go_to_path(s->tl, i);
	s->scroll = 0;
	session_reply(s, false,
		p.shown ? "path %d is the one that is shown"
			: "on path %d; u goes back to the one before",
		p.number);
}

/* Its index; -1: there is none of that number, or of that name. */
static void put_beside(struct session *s, int i)
{
	if (i < 0)
		session_reply(s, true, "there is no such path; B lists those that there are");
	else if (timeline_path_beside(s->tl, i))
		s->page = PAGE_TWIN;
	else
		session_reply(s, true,
			"that is the path that is shown; B lists those that can be beside it");
}

static int find_path(const struct session *s, int64_t number, const char *name)
{
	for (int i = 0; i < timeline_paths(s->tl); i++) {
		struct path_taken p = timeline_path(s->tl, i);
		if (p.number == number || (*p.name && strcmp(p.name, name) == 0))
			return i;
	}
	return -1;
}

/* What is typed after # is that first. */
static bool is_other_place(const char *name)
{
	return !name[strspn(name, "0123456789")] || number_after(name, "event") >= 0 ||
	       number_after(name, "stop") >= 0 || number_after(name, "bookmark") >= 0 ||
	       number_after(name, "path") >= 0 || strcmp(name, "beside") == 0;
}

void places_name(struct session *s, const char *name)
{
	if (strlen(name) >= RUN_NAME_MAX)
		session_reply(s, true, "a path's name has at most %d bytes", RUN_NAME_MAX - 1);
	else if (*name && (strchr(name, ' ') || is_other_place(name)))
		session_reply(
			s, true, "`%s` is no name: it would be another place, or two words", name);
	else
		timeline_name_path(s->tl, name);
	if (!s->message_is_error)
		session_reply(s, false,
			*name ? "this path is %s now" : "this path has no name now%s", name);
}

/* "beside path 2", "beside keep_all": what is behind the word; NULL: it is not there. */
static const char *after_beside(const char *name)
{
	static const char word[] = "beside ";
	return strncmp(name, word, sizeof word - 1) == 0 ? name + sizeof word - 1 : NULL;
}

/* ---- all of them ---- */

void places_goto(struct session *s, const char *name)
{
	int64_t event = number_after(name, "event"), stop = number_after(name, "stop");
	int64_t bookmark = number_after(name, "bookmark"), number = number_after(name, "path");
	int path = find_path(s, number, name);
	size_t digits = strspn(name, "0123456789");
	const char *other = after_beside(name);
	if (!*name)
		return;
	if (other)
		put_beside(s, find_path(s, number_after(other, "path"), other));
	else if (!name[digits] && digits < 16)
		step_go_to(s, atoll(name));
	else if (event >= 0)
		go_to_event(s, event);
	else if (stop >= 0)
		travel_to_stop(s, stop > 0 && stop < INT32_MAX ? (int)stop - 1 : -1);
	else if (bookmark >= 0)
		go_to_bookmark(s, bookmark);
	else if (path >= 0)
		go_to_path(s, path);
	else if (number >= 0)
		session_reply(s, true, "there is no path %lld; B lists those that there are",
			(long long)number);
	else
		go_to_function(s, name);
}

void places_bookmark(struct session *s, const char *note)
{
	bool removes = strcmp(note, "-") == 0;
	if (!timeline_bookmark(s->tl, removes ? NULL : note))
		session_reply(s, true, "there are %d bookmarks already; b and - removes one",
			BOOKMARKS_MAX);
	else
		session_reply(s, false,
			removes ? "no bookmark here any more"
				: "step %lld is a bookmark; B lists them, K saves them in a file",
			(long long)timeline_step(s->tl));
}
