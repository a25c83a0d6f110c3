/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "say.h"

static const struct {
	int nargs;
	const char *args;     /* their names, a blank between */
	const char *sentence; /* {0} {1} … stand for the arguments */
} events[EVENT_COUNT] = {
#define EVENT(name, nargs, args, sentence) {nargs, args, sentence},
#include "../../src/event.def"
#undef EVENT
};

const char *const event_names[EVENT_COUNT + 1] = {
#define EVENT(name, nargs, args, sentence) #name,
#include "../../src/event.def"
#undef EVENT
};

int event_by_name(const char *name)
{
	for (int i = 0; i < EVENT_COUNT; i++)
		if (strcmp(event_names[i], name) == 0)
			return i;
	return -1;
}

int event_nargs(int id)
{
	return events[id].nargs;
}

const char *event_args(int id)
{
	return events[id].args;
}

/* The i-th of the names in `args`, a blank between, and how long it is. */
static const char *argument(const char *args, int i, size_t *n)
{
	for (; i > 0 && *args; i--) {
		args += strcspn(args, " ");
		args += *args == ' ';
	}
	*n = strcspn(args, " ");
	return args;
}

static bool argument_is(const char *args, int i, const char *name)
{
	size_t n;
	const char *is = argument(args, i, &n);
	return n == strlen(name) && !memcmp(is, name, n);
}

char *event_arg_name(int id, int i, char *buf, size_t n)
{
	size_t len;
	const char *name = argument(events[id].args, i, &len);
	snprintf(buf, n, "%.*s", (int)len, name);
	return buf;
}

enum event_arg event_arg_kind(int id, int i)
{
	const char *args = events[id].args;
	if (argument_is(args, i, "old") || argument_is(args, i, "new"))
		return ARG_STATUS;
	if (argument_is(args, i, "fn"))
		return ARG_FUNCTION;
	return argument_is(args, i, "reason") ? ARG_STRING : ARG_NUMBER;
}

static void argument_words(
	const struct event *e, int i, const struct code *code, char *to, size_t n)
{
	int64_t value = i < e->nargs ? e->arg[i] : 0;
	enum event_arg kind = event_arg_kind(e->id, i);
	if (kind == ARG_STATUS && value >= 0 && value <= GS_DEAD)
		snprintf(to, n, "%s", status_name((enum g_status_model)value));
	else if (kind == ARG_FUNCTION)
		code_symbolize(code, (uint64_t)value, false, to, n);
	else if (kind == ARG_STRING)
		snprintf(to, n, "%s", e->string);
	else
		snprintf(to, n, "%lld", (long long)value);
}

/* Whether "G{0}" is about a G that has no number: it has been made, and newproc gives it one. */
static bool is_nameless(const struct event *e, const char *s)
{
	int i = strncmp(s, "G{", 2) == 0 ? s[2] - '0' : -1;
	return i >= 0 && i < e->nargs && e->arg[i] == 0;
}

char *event_words(const struct event *e, const struct code *code, char *buf, size_t n)
{
	char words[SENTENCE_MAX];
	size_t at = 0;
	assert(e->id >= 0 && e->id < EVENT_COUNT); /* -1 is none, and has no words */
	for (const char *s = events[e->id].sentence; *s && at < sizeof words - 1;) {
		int i = s[1] - '0';
		if (s[0] == '{' && i >= 0 && i < SNAP_NARGS_MAX && s[2] == '}') {
			argument_words(e, i, code, words + at, sizeof words - at);
			at += strlen(words + at);
			s += 3;
		} else if (is_nameless(e, s)) {
			snprintf(words + at, sizeof words - at, "a new G");
			at += strlen(words + at);
			s += strlen("G{0}");
		} else {
			words[at++] = *s++;
		}
	}
	words[at] = '\0';
	say(buf, n, "%s", words);
	return buf;
}
