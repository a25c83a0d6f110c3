/* SPDX-License-Identifier: MIT */
/*
 * Opening and closing a session: what a name stands for, and how its program is to be started.
 */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/flight.h"
#include "lesson/find.h"
#include "lesson/until.h"
#include "model/say.h"
#include "model/xalloc.h"

/* Escape ends it before, where somebody looks on. */
enum { RUN_LIMIT = 2000000 };

struct session *session_new(struct timeline *tl, struct lesson *lesson)
{
	struct session *s = xcalloc(1, sizeof *s);
	s->tl = tl;
	s->lesson = lesson;
	s->done = ACT_COUNT;
	s->run_limit = RUN_LIMIT;
	s->telling = lesson ? telling_new(lesson, tl) : NULL;
	say(s->message, sizeof s->message, "%s", timeline_note(tl));
	return s;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);
	return n >= e && strcmp(s + n - e, end) == 0;
}

/*
 * Whether the program that lies beside a recording, or where examples do, is the one recorded. What
 * is built for another architecture is none that could be.
 */
static void note_other_build(struct session *s, const char *path)
{
	const struct recording_info *info = recording_info(timeline_recording(s->tl));
	char why[SENTENCE_MAX], *found = find_program(path, info->program);
	char *program = found ? find_built_for(info->arch, found, why, sizeof why) : NULL;
	free(found);
	uint64_t build = program ? stepper_build_of(program) : 0;
	free(program);
	if (build && info->build && build != info->build)
		say(s->message, sizeof s->message,
			"recorded with another build of %s than is there now; what is shown is "
			"that one's",
			info->program);
}

/* The one that it is of; err says why that cannot be read. */
static struct lesson *lesson_of(const struct recording *r, char *err, size_t nerr)
{
	const struct recording_lesson *l = recording_lesson(r);
	*err = '\0';
	return l ? lesson_recorded(l->name, l->text, l->len, err, nerr) : NULL;
}

struct session *session_replay(
	const char *path, const struct schedule *schedule, char *err, size_t nerr)
{
	struct recording *r = load_either(path, err, nerr);
	char unreadable[SENTENCE_MAX];
	struct lesson *lesson = r ? lesson_of(r, unreadable, sizeof unreadable) : NULL;
	struct session *s = r ? session_new(timeline_replay(r), lesson) : NULL;
	if (s) {
		s->recording = xstrdup(path);
		note_other_build(s, path);
	}
	if (s && *err) /* where it was cut short */
		say(s->message, sizeof s->message, "%s", err);
	if (s && *unreadable)
		say(s->message, sizeof s->message, "its lesson cannot be told: %s", unreadable);
	if (s && s->lesson)
		telling_take(s->telling, recording_lesson(r));
	if (!s || !schedule || session_follow(s, schedule, err, nerr))
		return s;
	session_close(s);
	return NULL;
}

/*
 * Options with strings of their own: what is asked for wins over what the lesson says. False: there
 * is no such build of the program.
 */
static bool make_options(struct run_options *to, const char *program, const struct lesson *l,
	const struct run_options *over, char *err, size_t nerr)
{
	const char *mcall = over && over->mcall ? over->mcall : l ? l->mcall : NULL;
	to->program = over && over->arch ? find_built_for(over->arch, program, err, nerr)
					 : xstrdup(program);
	to->mcall = mcall && *mcall ? xstrdup(mcall) : NULL;
	to->procs = over && over->procs ? over->procs : l ? l->procs : 0;
	to->seed = over && over->seed ? over->seed : l ? l->seed : 0;
	to->poison = over && over->poison;
	to->emulated = over && over->emulated;
	to->real = over && over->real;
	to->args = over ? over->args : NULL;
	to->env = over ? over->env : NULL;
	to->input = over ? over->input : NULL;
	to->wait_s = over ? over->wait_s : 0;
	to->hurry = over ? over->hurry : NULL;
	to->halt = over ? over->halt : NULL;
	to->halt_ctx = over ? over->halt_ctx : NULL;
	return to->program != NULL;
}

static void free_options(struct run_options *o)
{
	free((char *)o->program);
	free((char *)o->mcall);
}

bool session_follow(struct session *s, const struct schedule *schedule, char *err, size_t nerr)
{
	if (!timeline_is_live(s->tl)) {
		say(err, nerr,
			"a recording cannot be run along another schedule; "
			"name its program or lesson instead");
		return false;
	}
	return timeline_follow(s->tl, schedule, err, nerr);
}

bool session_cut_off(const struct session *s, char *words, size_t n)
{
	const char *how;
	enum run_end end = recording_end(timeline_recording(s->tl), &how);
	bool over = end == RUN_EXITED || end == RUN_CRASHED;
	if (over)
		say(words, n, "%s, before what was to be followed did", how);
	return over;
}

/* A program that has died on the way can be looked at where it did. False: it has not. */
static bool stay_at_end(struct session *s)
{
	char words[SENTENCE_MAX];
	if (!session_cut_off(s, words, sizeof words))
		return false;
	say_more(s->message, sizeof s->message, "%s%s", *s->message ? "; " : "", words);
	s->message_is_error = true;
	return true;
}

struct session *session_open(const char *name, const struct run_options *overrides,
	const struct schedule *schedule, char *err, size_t nerr)
{
	struct lesson_entry entry;
	struct lesson *lesson = NULL;
	struct run_options run = {0};
	/* What it holds decides; what is called so and is none, nor a program, is told so. */
	if (recording_is(name) || flight_is(name) ||
		(ends_with(name, ".g0r") && !find_is_executable(name)))
		return session_replay(name, schedule, err, nerr);
	if (!lesson_find(name, &entry, err, nerr))
		return NULL;
	if (entry.path)
		lesson = lesson_load(entry.path, err, nerr);
	struct timeline *tl = NULL;
	if (lesson || !entry.path) {
		const char *program = lesson ? lesson->program : entry.program;
		if (make_options(&run, program, lesson, overrides, err, nerr))
			tl = timeline_open(&run, err, nerr);
	}
	lesson_entry_free(&entry);
	if (!tl) {
		free_options(&run);
		lesson_free(lesson);
		return NULL;
	}
	struct session *s = session_new(tl, lesson);
	s->run = run;
	s->lot_seed = run.seed;
	if (!schedule || session_follow(s, schedule, err, nerr) || stay_at_end(s))
		return s;
	session_close(s);
	return NULL;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	telling_free(s->telling);
	until_free(s->until);
	free(s->went);
	timeline_close(s->tl);
	if (s->lesson)
		lesson_free(s->lesson);
	free_options(&s->run);
	free(s->recording);
	free(s);
}

bool session_reads(const struct session *s, const char *path)
{
	const char *const read[] = {s->recording,
		s->lesson && !s->recording ? s->lesson->path : NULL, s->run.program,
		s->run.input ? s->run.input : "/dev/stdin"};
	int n = sizeof read / sizeof *read - !timeline_is_live(s->tl);
	struct stat to, from;
	if (stat(path, &to) != 0 || !S_ISREG(to.st_mode))
		return false;
	for (int i = 0; i < n; i++)
		if (read[i] && stat(read[i], &from) == 0 && from.st_dev == to.st_dev &&
			from.st_ino == to.st_ino)
			return true;
	return code_is_source(timeline_code(s->tl), &to);
}

bool session_parted(const struct session *s, char *words, size_t n)
{
	const char *what;
	int64_t step = timeline_parting(s->tl, &what);
	bool parted = step >= 0 && step <= timeline_step(s->tl);
	*words = '\0';
	if (parted)
		say(words, n, "runs of this schedule part at step %lld: %s", (long long)step, what);
	return parted;
}

bool session_check(struct session *s)
{
	int stop = s->telling ? telling_stop(s->telling) : -1;
	*s->unmet = '\0';
	if (stop >= 0 && telling_step(s->telling, stop) == timeline_step(s->tl))
		telling_check(s->telling, stop, s->unmet, sizeof s->unmet);
	return !*s->unmet;
}

int session_m(const struct session *s)
{
	const struct snapshot *now = timeline_now(s->tl);
	return snap_m(now, s->focus_m) || !now->nms ? s->focus_m : now->ms[0].id;
}

bool session_goto_stop(struct session *s, int stop, char *err, size_t nerr)
{
	if (!s->telling) {
		say(err, nerr, "no lesson is being told here; name one, such as stale_link");
		return false;
	}
	if (stop < 0 || stop >= s->lesson->nstops) {
		say(err, nerr, "the lesson has stops 1 to %d", s->lesson->nstops);
		return false;
	}
	s->scroll = 0;
	return telling_goto(s->telling, stop, &s->focus_m, err, nerr);
}

bool session_set_policy(struct session *s, const char *policy, char *err, size_t nerr)
{
	return timeline_set_policy(s->tl, policy, err, nerr);
}
