/* SPDX-License-Identifier: MIT */
/* g0scope info and verify: what a recording holds, and whether all of it is there. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "engine/flight.h"
#include "export/jsonw.h"

static const char *end_of(const struct recording *r)
{
	const char *sentence = NULL;
	enum run_end end = recording_end(r, &sentence);
	return end == RUN_GOES_ON && !*sentence ? "still going on when recorded" : sentence;
}

/* ---- in words ---- */

static void print_args(const struct recording_info *i)
{
	char words[SENTENCE_MAX] = "";
	const char *arg = i->args;
	for (int n = 0; n < i->nargs; n++, arg += strlen(arg) + 1)
		say_more(words, sizeof words, "%s%s", n ? " " : "", arg);
	if (i->nargs)
		say_line(stdout, "arguments %s", words);
}

static void print_options(const struct recording_info *i, const char *twin)
{
	say_line(stdout, "policy    %s%s%s", i->policy, twin ? ", and beside it " : "",
		twin ? twin : "");
	say_line(stdout, "procs     %d", i->procs);
	say_line(stdout, "seed      %" PRIu64, i->seed);
}

static void print_bookmarks(const struct recording *r)
{
	int n;
	const struct bookmark *b = recording_bookmarks(r, &n);
	for (int i = 0; i < n; i++)
		say_line(stdout, "bookmark  step %" PRId64 "%s%s", b[i].step,
			*b[i].note ? " · " : "", b[i].note);
}

static void print_info(const struct recording *r, const struct recording *twin)
{
	const struct recording_info *i = recording_info(r);
	const struct recording_lesson *lesson = recording_lesson(r);
	uint64_t bytes;
	size_t chunks = recording_chunks(r, &bytes);
	char *schedule = recording_schedule_text(r);
	bool alone = !recording_has_registers(r); /* then nobody knows the options */
	say_line(stdout, "program   %s (%s%s)", i->program, i->emulated ? "emulated " : "",
		alone ? "events alone, as the flight recorder kept them" : i->arch);
	print_args(i);
	if (lesson)
		say_line(stdout, "lesson    %s", lesson->name);
	if (!alone)
		print_options(i, twin ? recording_info(twin)->policy : NULL);
	say_line(stdout, "steps     %" PRId64, recording_last(r));
	if (i->after)
		say_line(stdout, "part      of another recording, after its step %" PRId64,
			i->after);
	say_line(stdout, "events    %" PRId64, recording_count_events(r, recording_last(r)));
	say_line(stdout, "size      %zu chunks, %" PRIu64 " bytes", chunks, bytes);
	say_line(stdout, "end       %s", end_of(r));
	if (!alone)
		say_line(stdout, "build     %016" PRIx64, i->build);
	say_line(stdout, "schedule  %s%s", i->after ? "after that: " : "", schedule);
	print_bookmarks(r);
	print_damage(r, stdout);
	free(schedule);
}

/* ---- as JSON ---- */

static void put_text_of(struct jsonw *j, const char *key, const char *text)
{
	json_key(j, key);
	json_str(j, text);
}

static void put_number(struct jsonw *j, const char *key, int64_t n)
{
	json_key(j, key);
	json_int(j, n);
}

static void json_bookmarks(struct jsonw *j, const struct recording *r)
{
	int n;
	const struct bookmark *b = recording_bookmarks(r, &n);
	json_key(j, "bookmarks");
	json_open(j, '[');
	for (int i = 0; i < n; i++) {
		json_open(j, '{');
		put_number(j, "step", b[i].step);
		json_key(j, "note");
		json_text(j, b[i].note, strlen(b[i].note));
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void json_info(const struct recording *r, const struct recording *twin)
{
	struct jsonw j = {.f = stdout};
	const struct recording_info *i = recording_info(r);
	const struct recording_lesson *lesson = recording_lesson(r);
	const char *arg = i->args;
	uint64_t bytes;
	size_t chunks = recording_chunks(r, &bytes);
	char *schedule = recording_schedule_text(r);
	json_open(&j, '{');
	put_text_of(&j, "program", i->program);
	put_text_of(&j, "arch", i->arch);
	put_text_of(&j, "machine", i->emulated ? "emulated" : "real");
	json_key(&j, "args");
	json_open(&j, '[');
	for (int n = 0; n < i->nargs; n++, arg += strlen(arg) + 1)
		json_text(&j, arg, strlen(arg));
	json_close(&j, ']');
	put_text_of(&j, "lesson", lesson ? lesson->name : NULL);
	put_text_of(&j, "policy", i->policy);
	put_text_of(&j, "twin", twin ? recording_info(twin)->policy : NULL);
	put_number(&j, "procs", i->procs);
	json_key(&j, "seed");
	json_hex(&j, i->seed);
	json_key(&j, "build");
	json_hex(&j, i->build);
	put_number(&j, "steps", recording_last(r));
	put_number(&j, "after", i->after);
	put_number(&j, "events", recording_count_events(r, recording_last(r)));
	put_number(&j, "chunks", (int64_t)chunks);
	put_number(&j, "bytes", (int64_t)bytes);
	put_text_of(&j, "end", end_of(r));
	put_text_of(&j, "schedule", schedule);
	json_bookmarks(&j, r);
	json_close(&j, '}');
	putchar('\n');
	free(schedule);
}

int info(const struct options *o)
{
	struct recording *r = load_recording(o->names[0]);
	if (!r)
		return 1;
	struct recording *twin = recording_take_twin(r);
	(o->json ? json_info : print_info)(r, twin);
	recording_free(twin);
	recording_free(r);
	return 0;
}

/* ---- verify ---- */

static int tell_verified(const struct options *o, const struct recording *r, const char *err)
{
	if (o->json) {
		struct jsonw j = {.f = stdout};
		json_open(&j, '{');
		json_key(&j, "whole");
		json_bool(&j, !*err);
		put_number(&j, "steps", r ? recording_last(r) : -1);
		put_text_of(&j, "why", *err ? err : NULL);
		json_close(&j, '}');
		putchar('\n');
	} else if (!*err) {
		say_line(stdout, "%s: all %" PRId64 " steps can be read", o->names[0],
			recording_last(r));
	}
	return !*err ? 0 : o->json ? 1 : fail(err);
}

int verify(const struct options *o)
{
	char err[SENTENCE_MAX] = "", what[SENTENCE_MAX];
	struct recording *r = load_either(o->names[0], err, sizeof err);
	struct recording *twin = r ? recording_take_twin(r) : NULL;
	const struct recording *runs[] = {r, twin};
	for (int i = 0; i < 2 && runs[i] && !*err; i++)
		if (!recording_verify(runs[i], what, sizeof what))
			say(err, sizeof err, "%s: %sis damaged: %s", o->names[0],
				i ? "its twin " : "", what);
	int status = tell_verified(o, r, err);
	recording_free(twin);
	recording_free(r);
	return status;
}
