/* SPDX-License-Identifier: MIT */
/* The last step and its event, what the lesson says here, and what the timeline has marks for. */
#include "parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

/* How it has ended, or the event, beside the step itself. */
static void say_event(struct making *mk)
{
	const struct facts *f = &mk->f;
	const struct event *e = moment_event(&f->at);
	const char *how = NULL;
	char words[WORDS_MAX], top[2 * WORDS_MAX] = "";
	enum run_end end = recording_end(f->at.r, &how);
	bool last = f->at.now->step == f->last && how && *how;
	bool over = last && end != RUN_GOES_ON;
	if (over)
		append(top, sizeof top, "%s", how);
	else if (e)
		append(top, sizeof top, "event: %s",
			event_words(e, moment_code(&f->at), words, sizeof words));
	else if (last)
		append(top, sizeof top, "the recording ends here: %s", how);
	if (*top)
		thing_say(mk->sc, STEP_EVENT, BOLD(over ? ROLE_ERROR : ROLE_NARRATION), top);
}

static void make_step(struct making *mk)
{
	char words[WORDS_MAX];
	thing_add(mk->sc, thing_numbered(TAG_STEP, 0, 0));
	thing_say(mk->sc, STEP_WORDS, STYLE(ROLE_STEP), step_words(&mk->f, words, sizeof words));
	say_event(mk);
}

static struct thing *make_prose(struct making *mk, int n, enum role role, const char *markdown)
{
	thing_add(mk->sc, thing_numbered(TAG_NARRATION, n, 0));
	thing_say(mk->sc, 0, role == ROLE_TITLE ? BOLD(role) : STYLE(role), markdown);
	return &mk->sc->things[mk->sc->n - 1];
}

/* What the prose is made of, by number. */
enum { HEADING, PROSE, QUESTION, OPTION, UNMET = OPTION + LESSON_OPTIONS_MAX };

/* A question and its options. */
static void make_question(struct making *mk, const struct lesson_stop *stop)
{
	int in = (int)mk->sc->n;
	make_prose(mk, QUESTION, ROLE_NARRATION, stop->question);
	for (int k = 0; k < stop->noptions; k++) {
		char *option = xasprintf("  (%c) %s", 'a' + k, stop->options[k]);
		make_prose(mk, OPTION + k, ROLE_NARRATION, option)->in = in;
		free(option);
	}
}

/*
 * What the lesson says where the cursor is, or said last on the way there: before the first stop
 * its introduction.
 */
static void make_lesson(struct making *mk)
{
	const struct session *s = mk->f.s;
	const struct lesson *l = s->lesson;
	int i = s->telling ? telling_stop(s->telling) : -1;
	const struct lesson_stop *stop = i < 0 ? NULL : &l->stops[i];
	char where[64];
	said_where(s, i, where, sizeof where);
	char *title = stop ? xasprintf("%d of %d · %s%s", i + 1, l->nstops, stop->title, where)
			   : xasprintf("%s%s", l->title, where);
	make_prose(mk, HEADING, ROLE_TITLE, title)->is = IS_HEADING;
	free(title);
	if (*s->unmet)
		make_prose(mk, UNMET, ROLE_ERROR, s->unmet);
	const char *prose = stop ? said_prose(s, i) : l->intro ? l->intro : "";
	make_prose(mk, PROSE, ROLE_NARRATION, prose);
	if (stop && prose != stop->prose_clear && stop->noptions)
		make_question(mk, stop);
}

static void make_mark(struct making *mk, int in, unsigned part, int id, int64_t step)
{
	assert(step >= 0 && step <= mk->f.last);
	struct thing_id what = thing_of(TAG_INSTANT, id, part);
	what.address = (uint64_t)step;
	struct thing *t = thing_add(mk->sc, what);
	t->in = in;
	t->step = step;
}

/* Of a long recording each picture looks on, for a moment. */
enum { LOOKED_AT = 50000 };

static void make_bar(struct making *mk)
{
	const struct session *s = mk->f.s;
	int in = (int)mk->sc->n;
	thing_add(mk->sc, thing_numbered(TAG_BAR, 0, 0))->step = mk->f.last;
	for (int i = 0; s->telling && i < s->lesson->nstops; i++)
		if (telling_step(s->telling, i) >= 0)
			make_mark(mk, in, MARK_STOP, i, telling_step(s->telling, i));
	int64_t foreign = timeline_first_foreign(s->tl, LOOKED_AT);
	if (foreign >= 0)
		make_mark(mk, in, MARK_FOREIGN, 0, foreign);
	make_mark(mk, in, MARK_CURSOR, 0, mk->f.at.now->step);
}

void make_narration(struct making *mk)
{
	make_step(mk);
	if (mk->f.s->lesson)
		make_lesson(mk);
	make_bar(mk);
}
