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

/* "path mine": what is behind a word and a blank; NULL: it is not that. */
static const char *word_after(const char *name, const char *word)
{
	size_t n = strlen(word);
	return strncmp(name, word, n) == 0 && name[n] == ' ' ? name + n + 1 : NULL;
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

/* "look here", "bookmark look here": its number; -1: no bookmark has that note. */
static int64_t find_noted(const struct session *s, const char *name)
{
	int all;
	const struct bookmark *b = recording_bookmarks(timeline_recording(s->tl), &all);
	const char *note = word_after(name, "bookmark");
	for (int i = 0; i < all; i++)
		if (*b[i].note && (!strcmp(b[i].note, name) || (note && !strcmp(b[i].note, note))))
			return i + 1;
	return -1;
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

/* "path 2", "path mine", "mine": its index; -1: there is none of that number, or of that name. */
static int find_path(const struct session *s, const char *name)
{
	int64_t number = number_after(name, "path");
	const char *called = word_after(name, "path");
	for (int i = 0; i < timeline_paths(s->tl); i++) {
		struct path_taken p = timeline_path(s->tl, i);
		bool is_it = !strcmp(p.name, name) || (called && !strcmp(p.name, called));
		if (p.number == number || (*p.name && is_it))
			return i;
	}
	return -1;
}

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

/* ---- all of them ---- */

void places_goto(struct session *s, const char *name)
{
	int64_t event = number_after(name, "event"), stop = number_after(name, "stop");
	int64_t bookmark = number_after(name, "bookmark"), number = number_after(name, "path");
	int path = find_path(s, name);
	size_t digits = strspn(name, "0123456789");
	const char *other = word_after(name, "beside");
	if (bookmark < 0)
		bookmark = find_noted(s, name);
	if (!*name)
		return;
	if (other)
		put_beside(s, find_path(s, other));
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
