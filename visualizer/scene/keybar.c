/* SPDX-License-Identifier: MIT */
/*
 * The last line: what can be done now, made from the table of actions; or what was said; or the
 * number that is being typed.
 */
#include "picture.h"

#include <stdio.h>
#include <string.h>

/* An action's first key, as it is printed on a keyboard. */
static void key_words(const struct action_info *a, char *buf, size_t n)
{
	int len = (int)strcspn(a->keys, " ");
	if (strncmp(a->keys, "Right", (size_t)len) == 0)
		append(buf, n, "→");
	else if (strncmp(a->keys, "Left", (size_t)len) == 0)
		append(buf, n, "←");
	else
		append(buf, n, "%.*s", len, a->keys);
}

/* What stands at a place of the bar; false: there is no such place, or not now. */
static bool hint_at(const struct session *s, int place, char *keys, size_t nkeys, const char **hint)
{
	*keys = '\0';
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct action_info *a = &actions[i];
		if (a->place != place || (strcmp(a->group, "lesson") == 0 && !s->lesson))
			continue;
		if (*keys)
			append(keys, nkeys, "/");
		else
			*hint = a->hint;
		key_words(a, keys, nkeys);
	}
	return *keys;
}

/* As many as fit. */
static void draw_hints(struct scene *sc, const struct session *s, struct rect at)
{
	int end = at.x + at.w;
	char keys[16];
	const char *hint;
	for (int place = 1; place <= ACT_COUNT; place++) {
		if (!hint_at(s, place, keys, sizeof keys, &hint) ||
			at.x + text_width(keys) + 1 + text_width(hint) > end)
			continue;
		at.w = end - at.x;
		at.x = draw_text(sc, draw_id(TAG_KEYS, 1, place), at, BOLD(ROLE_KEY), keys) + 1;
		at.w = end - at.x;
		at.x = draw_text(sc, draw_id(TAG_KEYS, 2, place), at, STYLE(ROLE_DIM), hint) + 2;
	}
}

void draw_keys(struct scene *sc, const struct session *s, bool all_shown)
{
	struct rect at = {1, sc->rows - 1, sc->cols - 2, 1};
	uint32_t id = draw_id(TAG_KEYS, 0, 0);
	if (s->prompting)
		draw_textf(sc, id, at, BOLD(ROLE_KEY),
			"go to step: %s_   (Enter goes there, Escape does not)", s->prompt);
	else if (*s->message)
		draw_text(sc, id, at, BOLD(s->message_is_error ? ROLE_ERROR : ROLE_NARRATION),
			s->message);
	else if (s->done == ACT_PANE_NEXT && all_shown)
		draw_text(sc, id, at, BOLD(ROLE_NARRATION), "all of it is on the screen");
	else
		draw_hints(sc, s, at);
}
