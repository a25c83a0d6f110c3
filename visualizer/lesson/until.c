/* SPDX-License-Identifier: MIT */
#include "until.h"

#include <stdlib.h>
#include <string.h>

#include "fact.h"
#include "model/say.h"
#include "model/xalloc.h"
#include "parse.h"

struct cond *until_parse(const char *text, char *err, size_t nerr)
{
	struct cond *c = xcalloc(1, sizeof *c);
	size_t len = strlen(text);
	struct lesson_file file = {
		.text = text, .len = len, .here = text, .err = err, .nerr = nerr};
	if (line_until(&file, (struct span){text, len}, c))
		return c;
	until_free(c);
	return NULL;
}

void until_free(struct cond *c)
{
	if (!c)
		return;
	free(c->words);
	free(c->fact.sym);
	free(c);
}

/* A value of what is not there is another than any. */
static bool changes(const struct fact *f, const struct moment *was, const struct moment *is)
{
	char *before = fact_value(was, f), *now = fact_value(is, f);
	bool same = strcmp(before, now) == 0;
	free(before);
	free(now);
	return !same;
}

bool until_comes(void *cond, const struct moment *was, const struct moment *is)
{
	const struct cond *c = cond;
	char saw[SENTENCE_MAX];
	int m = is->now->last_m;
	if (c->kind == COND_CHANGES)
		return changes(&c->fact, was, is);
	if (!cond_holds(is, c, m, saw, sizeof saw))
		return false;
	bool of_a_step = c->kind == COND_EVENT || c->kind == COND_AT;
	return of_a_step || !cond_holds(was, c, m, saw, sizeof saw);
}
