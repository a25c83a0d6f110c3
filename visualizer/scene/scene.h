/* SPDX-License-Identifier: MIT */
/*
 * What a session shows, as a list of things (thing.h), and the same facts as pages of text. A pure
 * function of the session as it stands: nothing is kept between two scenes.
 */
#ifndef SCENE_SCENE_H
#define SCENE_SCENE_H

#include "session/session.h"
#include "thing.h"

/* sc is zeroed before the first time, and used again after that. */
void scene_build(struct scene *sc, const struct session *s);
void scene_free(struct scene *sc);

/*
 * A step as prose lines, links in words (text view; screen readers); caller frees. Verdicts
 * of all Ms.
 */
char *story_step(const struct session *s);
/*
 * The pieces that a lesson is told in, of the session as it stands, as prose lines; caller frees.
 * again: it was told before, under another policy, and what was said then is left out.
 */
char *story_opening(const struct session *s);
char *story_policy(const struct session *s, const char *before);
char *story_heading(const struct session *s, int stop, bool again);
/* At the stop. told: how many bytes of what the program wrote have been told already. */
char *story_stop(const struct session *s, int stop, bool again, size_t told);
/* What memory says there, if something is asked: for a run that only that was not said of. */
char *story_answer(const struct session *s, int stop);
/* That something the lesson promises does not hold. */
char *story_failure(const char *sentence);
/* What is another in a session of the same lesson on another architecture, each as it stands. */
char *story_twin(const struct session *one, const struct session *other);

/* What a lesson has shown under one policy. */
struct story_run {
	char policy[16];
	enum verdict *at_stop;        /* at each stop, of the M looked at */
	int64_t count[VERDICT_COUNT]; /* of every M at every step */
};
/* For it: the verdict on the M looked at; those on every M up to this step, counted. */
enum verdict story_verdict(const struct session *s);
void story_count(const struct session *s, int64_t count[VERDICT_COUNT]);
char *story_summary(const struct session *s, const struct story_run *run, int n);

#endif
