/* SPDX-License-Identifier: MIT */
/* Keys while something is typed: they are of that, until Enter does it or Escape does not. */
#include <stdio.h>
#include <string.h>

#include "model/text.h"
#include "prompt.h"

static void delete_last(char *text)
{
	size_t n = strlen(text);
	while (n > 0 && ((unsigned char)text[--n] & 0xc0) == 0x80)
		;
	text[n] = '\0';
}

/* A key that is a character; those that are not have names of several. */
static void add(struct session *s, const char *key)
{
	size_t n = strlen(s->prompt), more = strlen(key);
	uint32_t ch;
	bool one = utf8_next(key, more, &ch) == more && !utf8_is_hidden(ch);
	if (one && n + more < sizeof s->prompt)
		memcpy(s->prompt + n, key, more + 1);
}

/* Without the blanks around it. */
static void enter(struct session *s)
{
	char text[sizeof s->prompt];
	snprintf(text, sizeof text, "%s", s->prompt + strspn(s->prompt, " "));
	for (size_t n = strlen(text); n && text[n - 1] == ' ';)
		text[--n] = '\0';
	s->prompting = false;
	session_act(s, (struct act){s->asks, -1, -1, text});
}

void typing_key(struct session *s, const char *key)
{
	if (strcmp(key, "Enter") == 0)
		enter(s);
	else if (strcmp(key, "Escape") == 0 || strcmp(key, "C-c") == 0)
		s->prompting = false;
	else if (strcmp(key, "Backspace") == 0)
		delete_last(s->prompt);
	else if (strcmp(key, "C-u") == 0)
		*s->prompt = '\0';
	else
		add(s, strcmp(key, "Space") == 0 ? " " : key);
}
