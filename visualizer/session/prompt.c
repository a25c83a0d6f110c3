/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "model/say.h"

const struct prompt_info prompts[] = {
#define PROMPT(action, before, what) {ACT_##action, before, what},
#include "prompt.def"
#undef PROMPT
	{ACT_COUNT, "", ""},
};

const struct prompt_info *prompt_of(enum action a)
{
	const struct prompt_info *p = prompts;
	while (p->action != a && p->action != ACT_COUNT)
		p++;
	return p;
}

bool prompt_is_for(enum action a)
{
	return a != ACT_COUNT && prompt_of(a)->action == a;
}

void prompt_open(struct session *s, enum action a)
{
	s->prompting = true;
	s->asks = a;
	*s->prompt = '\0';
}

/* ---- what is done with it ---- */

static const char *word_after(const char *text, const char *word)
{
	size_t n = strlen(word);
	if (strncmp(text, word, n) != 0 || (text[n] && text[n] != ' '))
		return NULL;
	return text + n + strspn(text + n, " ");
}

static void look_for(struct session *s, const char *text, bool back)
{
	char err[SENTENCE_MAX];
	if (*text && !travel_set_until(s, text, err, sizeof err))
		session_reply(s, true, "%s", err);
	else if (s->until || s->typed_word) {
		if (!s->until)
			s->word = (struct word_sought){s->typed_word, timeline_visit(s->tl)};
		travel(s, s->until ? WAY_UNTIL : WAY_WORD, back);
	} else
		session_reply(s, false,
			"nothing was looked for before; type, for instance, verdict of M0 changes");
}

/* "seed 7 until event gosched"; each part may be left out. */
static void draw_on(struct session *s, const char *text)
{
	char err[SENTENCE_MAX], *end;
	const char *rest = word_after(text, "seed");
	if (rest && isdigit((unsigned char)*rest)) {
		errno = 0;
		uint64_t seed = strtoull(rest, &end, 10);
		if (errno) {
			session_reply(s, true, "a seed is at most %llu", ULLONG_MAX);
			return;
		}
		s->lot_seed = seed;
		text = end + strspn(end, " ");
	} else if (rest) {
		session_reply(s, true, "a seed is a number, as in seed 7 until event gosched");
		return;
	}
	rest = word_after(text, "until");
	if (*text && !rest)
		session_reply(s, true, "`%s`: expected seed N, or until, and a condition", text);
	else if (rest && !travel_set_until(s, rest, err, sizeof err))
		session_reply(s, true, "%s", err);
	else
		by_lot_run(s, rest != NULL);
}

static void follow(struct session *s, const char *text)
{
	char err[SENTENCE_MAX];
	struct schedule turns = {0};
	int64_t from = timeline_step(s->tl);
	if (!*text)
		s->page = PAGE_SCHEDULE;
	else if (schedule_parse(&turns, text, err, sizeof err) != 0 ||
		 !session_follow(s, &turns, err, sizeof err))
		session_reply(s, true, "%s", err);
	else
		session_reply(s, false, "%lld steps along that schedule",
			(long long)(timeline_step(s->tl) - from));
	schedule_clear(&turns);
}

void prompt_do(struct session *s, enum action a, const char *text)
{
	switch (a) {
	case ACT_GOTO: places_goto(s, text); break;
	case ACT_UNTIL_NEXT: look_for(s, text, false); break;
	case ACT_UNTIL_PREV: look_for(s, text, true); break;
	case ACT_BY_LOT: draw_on(s, text); break;
	case ACT_SCHEDULE: follow(s, text); break;
	case ACT_BOOKMARK: places_bookmark(s, text); break;
	case ACT_NAME: places_name(s, text); break;
	case ACT_SAVE: files_save(s, text); break;
	case ACT_EXPORT: files_export(s, text); break;
	default: assert(!prompt_is_for(a));
	}
}
