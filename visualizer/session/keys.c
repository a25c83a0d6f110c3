/* SPDX-License-Identifier: MIT */
/*
 * Keys by name to actions, by the table in action.def. A page over the picture, and a
 * prompt, take keys for themselves first.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "prompt.h"

/* Whether key is one of the words of keys. */
static bool has_key(const char *keys, const char *key)
{
	size_t n = strlen(key);
	for (const char *k = keys; *k; k += strspn(k, " ")) {
		size_t len = strcspn(k, " ");
		if (len == n && strncmp(k, key, n) == 0)
			return true;
		k += len;
	}
	return false;
}

enum action session_key_action(const char *key)
{
	for (int a = 0; a < ACT_COUNT; a++)
		if (has_key(actions[a].keys, key))
			return a;
	return ACT_COUNT;
}

/* Two runs side by side are gone along with as ever, until the page is closed. */
static bool twin_key(struct session *s, const char *key)
{
	bool closes = strcmp(key, "Escape") == 0;
	if (closes)
		session_do(s, ACT_BESIDE);
	return closes;
}

/*
 * A page of lines, of which only the scene knows how many there are. Any other key closes it.
 * False: the key is for what is behind it as well, as something is to be typed there.
 */
static bool page_key(struct session *s, const char *key)
{
	enum action a = session_key_action(key);
	if (a == ACT_STOP_NEXT)
		s->help_page++;
	else if (s->page == PAGE_TWIN)
		return twin_key(s, key);
	else if (a == ACT_QUIT && strcmp(key, "C-c") == 0)
		session_do(s, ACT_QUIT);
	else
		s->page = PAGE_MAIN;
	return !prompt_is_for(a);
}

bool session_key_types(const struct session *s, const char *key)
{
	if (s->prompting)
		return strcmp(key, "Enter") != 0;
	return s->page == PAGE_MAIN && prompt_is_for(session_key_action(key));
}

void session_key(struct session *s, const char *key)
{
	s->message[0] = '\0';
	s->message_is_error = false;
	s->done = ACT_COUNT;
	enum action a = session_key_action(key);
	if (s->prompting) {
		typing_key(s, key);
	} else if (page_is_lines(s->page) && page_key(s, key)) {
		return;
	} else if (s->page != PAGE_MAIN && strcmp(key, "Escape") == 0) {
		s->page = PAGE_MAIN;
	} else if (a != ACT_COUNT) {
		session_do(s, a);
	} else if (isdigit((unsigned char)key[0]) && !key[1]) {
		session_act(s, (struct act){ACT_CHOOSE_M, key[0] - '0', -1, NULL});
	} else {
		session_reply(s, false, "%.32s does nothing here; ? shows the keys", key);
	}
}
