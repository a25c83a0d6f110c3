/* SPDX-License-Identifier: MIT */
/*
 * g0scope record: a program, a lesson or a schedule is run, and grows into a file meanwhile. What
 * has been recorded is kept whatever becomes of the run, of g0scope or of the terminal.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "engine/drive.h"
#include "halt.h"
#include "model/outfile.h"
#include "model/say.h"

/* Which M executes when: as asked for, by lot, or as the lesson says. */
static bool by_lesson(const struct options *o, const struct session *s)
{
	return s->lesson && !o->schedule && !o->run.seed;
}

/* A program goes on until it ends; nobody has to wait for one that does not. */
static void set_limit(const struct options *o, const struct session *s, struct halt *h)
{
	enum { LIMIT = 100000 };
	h->by_itself = !o->limit && !o->schedule && !by_lesson(o, s);
	if (h->by_itself)
		h->limit = LIMIT;
}

/* What the file is of: one halted on the way to another policy is not what the session is on. */
static const struct recording *recorded(const struct halt *h, const struct session *s)
{
	return *h->why && h->recording ? h->recording : timeline_recording(s->tl);
}

/*
 * What became of the program, or why it was not followed any further. False: it was stopped before
 * its end, or that of what was asked for.
 */
static bool end_words(
	const struct options *o, const struct session *s, struct halt *h, char *words, size_t n)
{
	const struct recording *r = recorded(h, s);
	const char *sentence;
	enum run_end end = recording_end(r, &sentence);
	char sleepers[400];
	bool whole = end == RUN_EXITED || end == RUN_CRASHED;
	if (*h->why || whole) {
		say(words, n, "%s", whole ? sentence : h->why);
	} else if (end == RUN_GOES_ON && (by_lesson(o, s) || o->schedule)) {
		whole = true;
		say(words, n, "%s",
			o->schedule ? "the schedule ends there" : "the lesson's last stop");
	} else {
		bool stuck = end == RUN_STUCK;
		say(words, n, "stopped at step %" PRId64 ", where nobody can go on: %s%s",
			recording_last(r),
			stuck ? sentence : timeline_sleepers(s->tl, sleepers, sizeof sleepers),
			stuck ? "" : "; --wait=SECONDS waits longer");
	}
	if (end == RUN_GOES_ON)
		timeline_add_lacks(s->tl, words, n);
	return whole;
}

/* Where words go: not into the recording, where that is written to standard output. */
static FILE *words_to(const struct options *o)
{
	struct stat out, file;
	bool same = fstat(STDOUT_FILENO, &out) == 0 && stat(o->output, &file) == 0 &&
		    out.st_dev == file.st_dev && out.st_ino == file.st_ino;
	return same && !S_ISCHR(out.st_mode) ? stderr : stdout;
}

static bool run(const struct options *o, struct session *s, char *err, size_t nerr)
{
	if (o->schedule)
		return session_follow(s, o->schedule, err, nerr);
	if (by_lesson(o, s))
		return session_goto_stop(s, s->lesson->nstops - 1, err, nerr);
	drive(s->tl, o->run.seed, INT64_MAX);
	return true;
}

/* The file ends with what there is; *h->why where that is not all that was asked for. */
static bool finish(
	struct halt *h, const struct recording *r, const struct recording *twin, const char *words)
{
	char err[SENTENCE_MAX] = "";
	if (!h->saver && !h->lost)
		h->saver = recording_save_begin(r, h->output, err, sizeof err);
	bool ok = h->saver && recording_save_end_twins(h->saver, r, twin, words, err, sizeof err);
	if (*err)
		say(h->why, sizeof h->why, "%s", err);
	return ok;
}

/*
 * A lesson is about what another policy would have done: the same schedule under that one. NULL:
 * there is none; what was asked for and could not be done has been said.
 */
static const struct recording *run_twin(const struct options *o, struct session *s, struct halt *h)
{
	char err[SENTENCE_MAX] = "";
	const char *policy = timeline_policy(s->tl);
	const char *other = o->twin                   ? o->twin
			    : !by_lesson(o, s)        ? NULL
			    : strcmp(policy, "clear") ? "clear"
						      : s->lesson->mcall;
	if (!other || strcmp(other, policy) == 0)
		return NULL;
	timeline_seek(s->tl, timeline_last(s->tl));
	bool ok = timeline_open_beside(s->tl, other, err, sizeof err);
	progress_clear(&h->progress);
	if (ok)
		return timeline_side(s->tl, 1).r;
	fail(err);
	return NULL;
}

/* That a run has come to its limit does not hold for its twin, which goes no further. */
static const struct recording *twin_of(const struct options *o, struct session *s, struct halt *h)
{
	char why[SENTENCE_MAX];
	if (halt_signal() || h->lost)
		return NULL;
	say(why, sizeof why, "%s", h->why);
	*h->why = '\0';
	const struct recording *twin = run_twin(o, s, h);
	if (!*h->why)
		say(h->why, sizeof h->why, "%s", why);
	return twin;
}

/* Run it and keep it. The exit status. */
static int record_session(const struct options *o, struct session *s, struct halt *h)
{
	char err[SENTENCE_MAX] = "";
	char words[SENTENCE_MAX];
	h->output = o->output;
	h->progress = progress_begin();
	snprintf(h->policy, sizeof h->policy, "%s", timeline_policy(s->tl));
	set_limit(o, s, h);
	if (by_lesson(o, s))
		telling_keep(s->telling);
	bool ok = run(o, s, err, sizeof err) || *h->why;
	progress_clear(&h->progress);
	bool whole = ok && end_words(o, s, h, words, sizeof words);
	bool cut_off = !ok && session_cut_off(s, err, sizeof err);
	const struct recording *r = recorded(h, s);
	const struct recording *twin = twin_of(o, s, h);
	if (by_lesson(o, s))
		telling_keep(s->telling);
	if (!finish(h, r, twin, ok ? words : err))
		return fail(h->why);
	FILE *out = words_to(o);
	const struct recording_info *info = recording_info(r);
	char cpu[32], under[32];
	bool said = ok || cut_off;
	say_line(out, "%s: %" PRId64 " steps of %s%s%s%s%s%s%s", o->output, recording_last(r),
		info->program, emulated_words(info, cpu, sizeof cpu),
		under_words(info, under, sizeof under), twin ? " and beside it under " : "",
		twin ? recording_info(twin)->policy : "", said ? "; " : "",
		!said ? ""
		: ok  ? words
		      : err);
	print_damage(r, out);
	if (!said)
		return fail(err);
	if (session_parted(s, err, sizeof err))
		fail(err);
	return whole ? 0 : 1;
}

int record(const struct options *o)
{
	char err[SENTENCE_MAX];
	struct halt h = {0};
	const struct run_options run = halt_options(&h, o);
	/* What cannot be kept need not be run. */
	if (!outfile_can(o->output, err, sizeof err))
		return fail(err);
	struct session *s = session_open(o->names[0], &run, NULL, err, sizeof err);
	if (!s)
		return fail(err);
	if (*timeline_note(s->tl))
		fail(timeline_note(s->tl));
	int status;
	if (session_reads(s, o->output)) {
		status = fail_over_itself("-o", o->output);
	} else {
		halt_on_signals();
		status = record_session(o, s, &h);
	}
	session_close(s);
	if (halt_signal()) {
		fflush(stdout);
		signal(halt_signal(), SIG_DFL);
		raise(halt_signal());
	}
	return status;
}
