/* SPDX-License-Identifier: MIT */
/*
 * Keys by name to actions, by the table in action.def. A page over the picture, and the
 * prompt for a step's number, take keys for themselves first.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

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

static void goto_typed(struct session *s)
{
	s->prompting = false;
	if (*s->prompt)
		session_act(s, (struct act){ACT_GOTO, -1, atoll(s->prompt)});
}

static void prompt_key(struct session *s, const char *key)
{
	size_t n = strlen(s->prompt);
	if (strcmp(key, "Enter") == 0) {
		goto_typed(s);
	} else if (strcmp(key, "Escape") == 0 || strcmp(key, "C-c") == 0) {
		s->prompting = false;
	} else if (strcmp(key, "Backspace") == 0) {
		if (n > 0)
			s->prompt[n - 1] = '\0';
	} else if (isdigit((unsigned char)key[0]) && !key[1] && n < 12) {
		s->prompt[n] = key[0];
		s->prompt[n + 1] = '\0';
	}
}

/* Help has as many pages as the screen needs, of which only the scene knows. */
static void help_key(struct session *s, const char *key)
{
	if (session_key_action(key) == ACT_QUIT && strcmp(key, "C-c") == 0)
		session_do(s, ACT_QUIT);
	else if (session_key_action(key) == ACT_STOP_NEXT)
		s->help_page++;
	else
		s->page = PAGE_MAIN;
}

void session_key(struct session *s, const char *key)
{
	s->message[0] = '\0';
	s->message_is_error = false;
	s->done = ACT_COUNT;
	enum action a = session_key_action(key);
	if (s->prompting) {
		prompt_key(s, key);
	} else if (s->page == PAGE_HELP) {
		help_key(s, key);
	} else if (s->page == PAGE_OUTPUT && strcmp(key, "Escape") == 0) {
		s->page = PAGE_MAIN;
	} else if (a != ACT_COUNT) {
		session_do(s, a);
	} else if (isdigit((unsigned char)key[0]) && !key[1]) {
		session_act(s, (struct act){ACT_CHOOSE_M, key[0] - '0', -1});
	} else {
		session_reply(s, false, "%.32s does nothing here; ? shows the keys", key);
	}
}
