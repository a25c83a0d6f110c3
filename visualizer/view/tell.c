/* SPDX-License-Identifier: MIT */
/*
 * Telling a lesson without a screen: from stop to stop under its own policy, then along the same
 * schedule under clear. What is said is scene/story.c's.
 */
#include "tell.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/say.h"
#include "model/xalloc.h"

enum { RUNS = 2 };

struct teller {
	struct session *s;
	void (*out)(void *ctx, const char *line);
	void *ctx;
	char *failure; /* the first thing that does not hold; "": all does */
	size_t nfailure;
	size_t told; /* how much of the program's output has been */
	struct story_run run[RUNS];
};

void tell_lines(char *text, void (*out)(void *ctx, const char *line), void *ctx)
{
	for (char *line = text, *nl; *line; line = nl + 1) {
		nl = strchr(line, '\n');
		*nl = '\0';
		out(ctx, line);
	}
	free(text);
}

static void tell(struct teller *t, char *text)
{
	tell_lines(text, t->out, t->ctx);
}

static void note_failure(struct teller *t, const char *sentence)
{
	if (!*t->failure)
		say(t->failure, t->nfailure, "%s", sentence);
}

static void tell_failure(struct teller *t, const char *sentence)
{
	note_failure(t, sentence);
	tell(t, story_failure(sentence));
}

/* One stop. False: it could not be reached, and why has been said. */
static bool tell_stop(struct teller *t, int run, int stop)
{
	char err[SENTENCE_MAX] = "";
	tell(t, story_heading(t->s, stop, run > 0));
	bool reached = session_goto_stop(t->s, stop, err, sizeof err);
	if (reached) {
		tell(t, story_stop(t->s, stop, run > 0, t->told));
		recording_text(timeline_recording(t->s->tl), timeline_step(t->s->tl), &t->told);
		t->run[run].at_stop[stop] = story_verdict(t->s);
		if (!session_check(t->s))
			tell_failure(t, t->s->unmet);
		if (session_parted(t->s, err, sizeof err))
			tell_failure(t, err);
	} else {
		tell_failure(t, err);
	}
	t->out(t->ctx, "");
	return reached;
}

static bool tell_run(struct teller *t, int run)
{
	say(t->run[run].policy, sizeof t->run[run].policy, "%s", timeline_policy(t->s->tl));
	assert(run >= 0 && run < RUNS);
	t->told = 0;
	for (int i = 0; i < t->s->lesson->nstops; i++)
		if (!tell_stop(t, run, i))
			return false;
	story_count(t->s, t->run[run].count);
	return true;
}

/* False: it could not be run so, or not to the end, and why has been said. */
static bool tell_clear(struct teller *t)
{
	char why[SENTENCE_MAX] = "";
	if (!session_set_policy(t->s, "clear", why, sizeof why)) {
		note_failure(t, why);
		t->out(t->ctx, why);
		return false;
	}
	tell(t, story_policy(t->s, "the same schedule under "));
	return tell_run(t, 1);
}

bool tell_lesson(struct session *s, void (*out)(void *ctx, const char *line), void *ctx, char *err,
	size_t nerr)
{
	struct teller t = {.s = s, .out = out, .ctx = ctx, .failure = err, .nfailure = nerr};
	bool told, twice = strcmp(timeline_policy(s->tl), "clear") != 0;
	*err = '\0';
	if (!s->lesson) {
		say(err, nerr, "there is no lesson to tell; name one, such as stale_link");
		out(ctx, err);
		return false;
	}
	for (int r = 0; r < RUNS; r++)
		t.run[r].at_stop = xcalloc(s->lesson->nstops + 1, sizeof *t.run[r].at_stop);
	tell(&t, story_opening(s));
	tell(&t, story_policy(s, "under "));
	told = tell_run(&t, 0);
	if (told && twice)
		told = tell_clear(&t);
	if (told)
		tell(&t, story_summary(s, t.run, twice ? RUNS : 1));
	for (int r = 0; r < RUNS; r++)
		free(t.run[r].at_stop);
	return told && !*err;
}
