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
	char key[16];
	snprintf(key, sizeof key, "%.*s", (int)strcspn(a->keys, " "), a->keys);
	bool right = strcmp(key, "Right") == 0, left = strcmp(key, "Left") == 0;
	append(buf, n, "%s", right ? "→" : left ? "←" : key);
}

/* What has this rank in the bar; false: nothing has, or not now. */
static bool hint_at(const struct session *s, int rank, char *keys, size_t nkeys, const char **hint)
{
	*keys = '\0';
	for (int i = 0; i < ACT_COUNT; i++) {
		const struct action_info *a = &actions[i];
		if (a->rank != rank || (strcmp(a->group, "lesson") == 0 && !s->lesson))
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
	for (int rank = 1; rank <= ACT_COUNT; rank++) {
		if (!hint_at(s, rank, keys, sizeof keys, &hint) ||
			at.x + text_width(keys) + 1 + text_width(hint) > end)
			continue;
		at.w = end - at.x;
		at.x = draw_text(sc, draw_id(TAG_KEYS, 1, rank), at, BOLD(ROLE_KEY), keys) + 1;
		at.w = end - at.x;
		at.x = draw_text(sc, draw_id(TAG_KEYS, 2, rank), at, STYLE(ROLE_DIM), hint) + 2;
	}
}

void draw_keys(struct scene *sc, const struct session *s, bool all_shown)
{
	struct rect at = {1, sc->rows - 1, sc->cols - 2, 1};
	struct thing_id id = draw_id(TAG_KEYS, 0, 0);
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

void scene_meanwhile(struct scene *sc, const char *words)
{
	size_t n = 0;
	for (size_t i = 0; i < sc->n; i++)
		if (sc->draws[i].y != sc->rows - 1)
			sc->draws[n++] = sc->draws[i];
	sc->n = n;
	draw_text(sc, draw_id(TAG_KEYS, 0, 0), (struct rect){1, sc->rows - 1, sc->cols - 2, 1},
		BOLD(ROLE_NARRATION), words);
}
