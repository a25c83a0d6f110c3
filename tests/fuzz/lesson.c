/* SPDX-License-Identifier: MIT */
/* Lessons, as a recording has them: what is read of one is whole, and shown as text. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lesson/lesson.h"
#include "model/say.h"

static void shown(const char *s)
{
	if (s)
		fuzz_shown(s, strlen(s));
}

static void look_at_fact(const struct fact *f)
{
	fuzz_require(f->kind >= FACT_VERDICT && f->kind <= FACT_OWNER);
	fuzz_require(f->id >= -1);
	fuzz_require((f->kind == FACT_CALLER) == (f->sym != NULL));
	shown(f->sym);
}

static void look_at_cond(const struct cond *c)
{
	fuzz_require(c->kind >= COND_FACT && c->kind <= COND_STEPS);
	fuzz_require(c->g >= 0 && c->n >= 0);
	fuzz_require(c->words || c->kind == COND_ASLEEP || c->kind == COND_STEPS);
	if (c->kind == COND_FACT)
		look_at_fact(&c->fact);
	shown(c->words);
}

static void look_at_stop(const struct lesson_stop *s)
{
	fuzz_require(s->title && s->prose && s->notes);
	shown(s->title);
	shown(s->prose);
	shown(s->notes);
	shown(s->prose_clear);
	shown(s->question);
	fuzz_require(s->noptions <= LESSON_OPTIONS_MAX);
	fuzz_require(!s->question || (s->noptions >= 2 && s->ask_line > 0));
	for (int i = 0; i < s->noptions; i++)
		shown(s->options[i]);
	if (s->question)
		look_at_fact(&s->answer);
	for (int i = 0; i < s->ncmds; i++) {
		const struct lesson_cmd *cmd = &s->cmds[i];
		fuzz_require(cmd->line > 0 && cmd->m >= -1 && cmd->text);
		shown(cmd->text);
		if (cmd->kind == LCMD_RUN)
			look_at_cond(&cmd->until);
	}
	for (int i = 0; i < s->nexpects; i++) {
		fuzz_require(s->expects[i].line > 0 && s->expects[i].text);
		shown(s->expects[i].text);
		look_at_cond(&s->expects[i].what);
	}
}

static void look_at(const struct lesson *l)
{
	fuzz_require(l->title && l->program && l->intro && l->nstops > 0);
	fuzz_require(l->procs >= 1 && l->procs <= 64);
	shown(l->title);
	shown(l->program);
	shown(l->intro);
	for (int i = 0; i < l->nstops; i++)
		look_at_stop(&l->stops[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char err[SENTENCE_MAX] = "";
	/* Of its own, so that what is read behind it is seen. */
	char *text = malloc(n);
	memcpy(text, data, n);
	struct lesson *l = lesson_recorded("fuzz", text, n, err, sizeof err);
	fuzz_require(l || *err);
	free(text);
	fuzz_taken += l != NULL;
	if (l)
		look_at(l);
	fuzz_sentence(err);
	lesson_free(l);
	return 0;
}
