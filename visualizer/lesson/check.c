/* SPDX-License-Identifier: MIT */
/*
 * Does a stop's `expect` hold, and which option of its `ask` is right: looked up in memory,
 * for the policy that runs.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "fact.h"
#include "model/say.h"
#include "tell.h"

/* Whether an expectation speaks of the policy that runs. */
static bool applies(const struct telling *t, const struct lesson_expect *e)
{
	return strcmp(e->policy[0] ? e->policy : t->l->mcall, timeline_policy(t->tl)) == 0;
}

/* "file:line: expected …, but at step N …". Returns false. */
static bool unmet(const struct telling *t, const struct lesson_expect *e, int64_t step,
	const char *saw, char *err, size_t nerr)
{
	say(err, nerr, "%s:%d: under %s expected `%s`, but at step %lld %s", t->l->path, e->line,
		timeline_policy(t->tl), e->text, (long long)step, saw);
	return false;
}

/* A `never`: at every step up to the cursor. */
static bool check_never(struct telling *t, const struct lesson_expect *e, char *err, size_t nerr)
{
	const struct recording *r = timeline_recording(t->tl);
	struct cursor *c = cursor_new(r);
	int64_t last = timeline_step(t->tl);
	char saw[SENTENCE_MAX];
	bool ok = true;

	for (int64_t step = 0; ok && step <= last; step++) {
		struct moment at = {r, cursor_seek(c, step)};
		if (cond_holds(&at, &e->what, at.now->last_m, saw, sizeof saw))
			ok = unmet(t, e, step, saw, err, nerr);
	}
	cursor_free(c);
	return ok;
}

/* The question, if there is one, must have an answer among its options. */
static bool check_answer(struct telling *t, int stop, char *err, size_t nerr)
{
	const struct lesson_stop *s = &t->l->stops[stop];
	char *value;
	bool ok;

	if (!s->noptions)
		return true;
	ok = telling_right(t, stop, &value) >= 0;
	if (!ok)
		say(err, nerr, "%s:%d: under %s the answer is %s, which no option starts with",
			t->l->path, s->ask_line, timeline_policy(t->tl), value);
	free(value);
	return ok;
}

bool telling_check(struct telling *t, int stop, char *err, size_t nerr)
{
	const struct lesson_stop *s = &t->l->stops[stop];
	struct moment at = timeline_moment(t->tl);
	char saw[SENTENCE_MAX];

	assert(stop >= 0 && stop < t->l->nstops);
	for (int i = 0; i < s->nexpects; i++) {
		const struct lesson_expect *e = &s->expects[i];
		if (!applies(t, e))
			continue;
		if (e->never ? !check_never(t, e, err, nerr)
			     : !cond_holds(&at, &e->what, at.now->last_m, saw, sizeof saw) &&
					!unmet(t, e, at.now->step, saw, err, nerr))
			return false;
	}
	return check_answer(t, stop, err, nerr);
}

/*
 * Whether an option's first word, without ticks, is the value: "`repaint`: it never called
 * mcall".
 */
static bool option_is(const char *option, const char *value)
{
	size_t n = strlen(value);

	option += *option == '`';
	return strncmp(option, value, n) == 0 && strchr(" `:;,.", option[n]) != NULL;
}

int telling_right(struct telling *t, int stop, char **value)
{
	const struct lesson_stop *s = &t->l->stops[stop];
	struct moment at = timeline_moment(t->tl);

	*value = fact_value(&at, &s->answer);
	for (int i = 0; i < s->noptions; i++)
		if (option_is(s->options[i], *value))
			return i;
	return -1;
}
