/* SPDX-License-Identifier: MIT */
/*
 * Telling a lesson on two architectures at once: each goes to the same stop by its own steps, and
 * what is another is said.
 */
#include "tell.h"

#include "model/say.h"

struct twins {
	struct session *on[2];
	void (*out)(void *ctx, const char *line);
	void *ctx;
	size_t told[2]; /* how much of each program's output has been */
};

static const char *arch_of(struct session *s)
{
	return timeline_now(s->tl)->arch->name;
}

/* False: that one cannot be brought there. */
static bool tell_one(struct twins *t, int i, int stop)
{
	char err[SENTENCE_MAX], line[64];
	struct session *s = t->on[i];
	bool reached = session_goto_stop(s, stop, err, sizeof err);
	snprintf(line, sizeof line, "── on %s ──", arch_of(s));
	t->out(t->ctx, line);
	if (reached) {
		tell_lines(story_stop(s, stop, i > 0, t->told[i]), t->out, t->ctx);
		if (i > 0)
			tell_lines(story_answer(s, stop), t->out, t->ctx);
		recording_text(timeline_recording(s->tl), timeline_step(s->tl), &t->told[i]);
		if (!session_check(s))
			tell_lines(story_failure(s->unmet), t->out, t->ctx);
	} else {
		tell_lines(story_failure(err), t->out, t->ctx);
	}
	t->out(t->ctx, "");
	return reached;
}

static bool tell_stop(struct twins *t, int stop)
{
	tell_lines(story_heading(t->on[0], stop, false), t->out, t->ctx);
	if (!tell_one(t, 0, stop) || !tell_one(t, 1, stop))
		return false;
	t->out(t->ctx, "── what is another ──");
	tell_lines(story_twin(t->on[0], t->on[1]), t->out, t->ctx);
	t->out(t->ctx, "");
	return true;
}

bool tell_twins(struct session *one, struct session *other, int stop,
	void (*out)(void *ctx, const char *line), void *ctx)
{
	struct twins t = {.on = {one, other}, .out = out, .ctx = ctx};
	char heading[64];
	tell_lines(story_opening(one), out, ctx);
	for (int i = 0; i < 2; i++) {
		snprintf(heading, sizeof heading, "on %s under ", arch_of(t.on[i]));
		tell_lines(story_policy(t.on[i], heading), out, ctx);
	}
	int first = stop < 0 ? 0 : stop, end = stop < 0 ? one->lesson->nstops : stop + 1;
	for (int i = first; i < end; i++)
		if (!tell_stop(&t, i))
			return false;
	return true;
}
