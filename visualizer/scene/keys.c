/* SPDX-License-Identifier: MIT */
/*
 * What can be done now, made from the table of actions; or what was said; or the number that is
 * being typed.
 */
#include <stdio.h>
#include <string.h>

#include "parts.h"

/* An action's first key, as it is printed on a keyboard. */
static void key_words(const struct action_info *a, char *buf, size_t n)
{
	char key[16];
	snprintf(key, sizeof key, "%.*s", (int)strcspn(a->keys, " "), a->keys);
	bool right = strcmp(key, "Right") == 0, left = strcmp(key, "Left") == 0;
	append(buf, n, "%s", right ? "→" : left ? "←" : key);
}

/* Whether it can do anything: a recording cannot be run again, but may have its twin. */
static bool is_of_use(const struct session *s, const struct action_info *a)
{
	enum action is = (enum action)(a - actions);
	if (is == ACT_POLICY || is == ACT_TWIN || is == ACT_BESIDE)
		return timeline_is_live(s->tl) || timeline_other_policy(s->tl);
	if (strcmp(a->group, "lesson") == 0)
		return s->lesson != NULL;
	return strcmp(a->group, "run") != 0 || timeline_is_live(s->tl);
}

/* What has this rank in the bar; false: nothing has, or not now. */
static bool hint_at(const struct session *s, int rank, char *keys, size_t nkeys, const char **hint)
{
	*keys = '\0';
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct action_info *a = &actions[i];
		if (a->rank != rank || !is_of_use(s, a))
			continue;
		if (*keys)
			append(keys, nkeys, "/");
		else
			*hint = a->hint;
		key_words(a, keys, nkeys);
	}
	return *keys;
}

static void make_hints(struct scene *sc, const struct session *s)
{
	char keys[16];
	const char *hint = "";
	for (int rank = 1; rank <= ACT_COUNT; rank++) {
		if (!hint_at(s, rank, keys, sizeof keys, &hint))
			continue;
		thing_add(sc, thing_numbered(TAG_KEYS, rank, 0));
		thing_say(sc, KEY_NAMES, BOLD(ROLE_KEY), keys);
		thing_say(sc, KEY_HINT, STYLE(ROLE_DIM), hint);
	}
}

/* What has been typed, as much of its end as there is room for, and what may be. */
static void say_prompt(struct scene *sc, const struct session *s)
{
	enum { TYPED_W = 44 };
	const struct prompt_info *p = prompt_of(s->asks);
	const char *typed = s->prompt;
	bool cut = text_width(typed) > TYPED_W;
	while (text_width(typed) > TYPED_W)
		typed += text_bytes(typed, 1) ? text_bytes(typed, 1) : 1;
	char before[64];
	snprintf(before, sizeof before, "%s", p->before);
	if (s->asks == ACT_BY_LOT)
		append(before, sizeof before, ", seed %llu", (unsigned long long)s->lot_seed);
	thing_sayf(sc, KEY_NAMES, BOLD(ROLE_KEY), "%s: %s%s_   (Escape: no; %s)", before,
		cut ? "…" : "", typed, p->what);
}

void make_keys(struct scene *sc, const struct session *s)
{
	bool said = s->prompting || *s->message;
	if (said || s->done == ACT_PANE_NEXT)
		thing_add(sc, thing_numbered(TAG_KEYS, 0, 0))->is = said ? 0 : IS_FALLBACK;
	if (s->prompting)
		say_prompt(sc, s);
	else if (said)
		thing_say(sc, KEY_NAMES, BOLD(s->message_is_error ? ROLE_ERROR : ROLE_NARRATION),
			s->message);
	else if (s->done == ACT_PANE_NEXT)
		thing_say(sc, KEY_NAMES, BOLD(ROLE_NARRATION), "all of it is on the screen");
	if (!said)
		make_hints(sc, s);
}
