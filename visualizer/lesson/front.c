/* SPDX-License-Identifier: MIT */
/*
 * A lesson's front matter, `key: value` from `---` to `---`, and the way in and out: load,
 * parse, free.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "parse.h"
#include "model/regular.h"
#include "model/policy.h"
#include "model/say.h"
#include "model/xalloc.h"

enum { LESSON_SIZE_MAX = 1 << 20 };

static names keys = {"title", "program", "mcall", "procs", "seed", NULL};
enum key { KEY_TITLE, KEY_PROGRAM, KEY_MCALL, KEY_PROCS, KEY_SEED };

static bool set_number(
	struct lesson_file *file, struct span v, long long least, long long most, long long *n)
{
	*n = span_number(v);
	if (*n < least || *n > most)
		return parse_error(file, v.at, "`%.*s` is not a number from %lld to %lld",
			(int)v.len, v.at, least, most);
	return true;
}

static bool set_program(struct lesson_file *file, struct lesson *l, struct span v)
{
	char *name = span_dup(v);

	free(l->program);
	l->program = file->recorded ? name : find_program(file->path, name);
	if (file->recorded)
		return true;
	free(name);
	return l->program ||
	       parse_error(file, v.at,
		       "there is no program `%.*s`; `make` builds those of examples/, "
		       "$G0SCOPE_EXAMPLES names other directories",
		       (int)v.len, v.at);
}

static bool set_key(struct lesson_file *file, struct lesson *l, enum key key, struct span v)
{
	char hint[256];
	long long n;

	switch (key) {
	case KEY_TITLE:
		free(l->title);
		l->title = span_dup(v);
		return true;
	case KEY_PROGRAM: return set_program(file, l, v);
	case KEY_MCALL:
		if (name_index(v, policy_names) < 0)
			return parse_error(file, v.at, "`%.*s` is not an mcall policy%s",
				(int)v.len, v.at, name_hint(v, policy_names, hint, sizeof hint));
		assert(v.len < sizeof l->mcall);
		span_copy(v, l->mcall, sizeof l->mcall);
		return true;
	case KEY_PROCS:
		if (!set_number(file, v, 1, 64, &n))
			return false;
		l->procs = (int)n;
		return true;
	case KEY_SEED:
		if (!set_number(file, v, 0, 999999999, &n))
			return false;
		l->seed = (uint64_t)n;
	}
	return true;
}

/* `key: value` */
static bool read_key(struct lesson_file *file, struct lesson *l, struct span line)
{
	const char *colon = memchr(line.at, ':', line.len);
	struct span key = span_trim(
			    (struct span){line.at, colon ? (size_t)(colon - line.at) : line.len}),
		    value;
	char hint[256];
	int k = name_index(key, keys);

	if (!colon)
		return parse_error(file, line.at,
			"the front matter has lines `key: value`, and `---` at its end");
	if (k < 0)
		return parse_error(file, key.at, "`%.*s` is not a key%s", (int)key.len, key.at,
			name_hint(key, keys, hint, sizeof hint));
	value = span_trim((struct span){colon + 1, (size_t)(line.at + line.len - colon - 1)});
	if (!value.len)
		return parse_error(file, colon, "`%.*s` has no value", (int)key.len, key.at);
	return set_key(file, l, (enum key)k, value);
}

/* The next line at *at, without its newline; moves *at behind it. False at the end. */
static bool next_line(const struct lesson_file *file, const char **at, struct span *line)
{
	const char *end = file->text + file->len, *nl;

	if (*at >= end)
		return false;
	nl = memchr(*at, '\n', (size_t)(end - *at));
	*line = (struct span){*at, (size_t)((nl ? nl : end) - *at)};
	*at = nl ? nl + 1 : end;
	return true;
}

/* From `---` to `---`. *body: what follows. */
static bool read_front(struct lesson_file *file, const char **body, struct lesson *l)
{
	const char *at = file->text;
	struct span line = {at, 0};

	if (!next_line(file, &at, &line) || !span_is(span_trim(line), "---"))
		return parse_error(file, file->text,
			"a lesson starts with its front matter: a line `---`, "
			"lines `key: value`, a line `---`");
	while (next_line(file, &at, &line)) {
		struct span s = span_trim(line);
		if (span_is(s, "---")) {
			*body = at;
			if (!l->title || !l->program)
				return parse_error(file, line.at, "the front matter lacks `%s: …`",
					l->title ? "program" : "title");
			return true;
		}
		if (s.len && !read_key(file, l, s))
			return false;
	}
	return parse_error(file, line.at, "the front matter does not end; a line `---` ends it");
}

static struct lesson *read_lesson(struct lesson_file *file)
{
	struct lesson *l = xcalloc(1, sizeof *l);
	const char *body = file->text;

	l->name = find_bare_name(file->path);
	l->path = xstrdup(file->path);
	l->text = xmalloc(file->len + 1);
	memcpy(l->text, file->text, file->len);
	l->len = file->len;
	snprintf(l->mcall, sizeof l->mcall, "%s", policy_names[0]);
	l->procs = 2;
	if (read_front(file, &body, l) && parse_body(file, body, l))
		return l;
	lesson_free(l);
	return NULL;
}

struct lesson *lesson_parse(const char *path, const char *text, size_t len, char *err, size_t nerr)
{
	struct lesson_file file = {
		.path = path, .text = text, .here = text, .len = len, .err = err, .nerr = nerr};
	return read_lesson(&file);
}

static void say_too_large(const char *name, char *err, size_t nerr)
{
	say(err, nerr, "%s: larger than a lesson can be (1 MiB); make two of it", name);
}

struct lesson *lesson_recorded(
	const char *name, const char *text, size_t len, char *err, size_t nerr)
{
	struct lesson_file file = {.path = name,
		.text = text,
		.here = text,
		.len = len,
		.err = err,
		.nerr = nerr,
		.recorded = true};
	if (len < LESSON_SIZE_MAX)
		return read_lesson(&file);
	say_too_large(name, err, nerr);
	return NULL;
}

struct lesson *lesson_load(const char *path, char *err, size_t nerr)
{
	const char *why;
	FILE *f = open_regular(path, &why);
	char *text;
	size_t len;
	struct lesson *l;

	if (!f) {
		say(err, nerr, "%s: %s; `g0scope lessons` lists what there is", path, why);
		return NULL;
	}
	text = xmalloc(LESSON_SIZE_MAX);
	len = fread(text, 1, LESSON_SIZE_MAX, f);
	fclose(f);
	if (len < LESSON_SIZE_MAX) {
		l = lesson_parse(path, text, len, err, nerr);
	} else {
		say_too_large(path, err, nerr);
		l = NULL;
	}
	free(text);
	return l;
}

static void free_cond(struct cond *c)
{
	free(c->fact.sym);
	free(c->words);
}

static void free_stop(struct lesson_stop *s)
{
	for (int k = 0; k < s->ncmds; k++) {
		free_cond(&s->cmds[k].until);
		free(s->cmds[k].text);
		schedule_clear(&s->cmds[k].before);
	}
	for (int k = 0; k < s->nexpects; k++) {
		free_cond(&s->expects[k].what);
		free(s->expects[k].text);
	}
	for (int k = 0; k < s->noptions; k++)
		free(s->options[k]);
	free(s->title);
	free(s->prose);
	free(s->notes);
	free(s->prose_clear);
	free(s->cmds);
	free(s->expects);
	free(s->question);
	free(s->answer.sym);
}

void lesson_free(struct lesson *l)
{
	if (!l)
		return;
	for (int i = 0; i < l->nstops; i++)
		free_stop(&l->stops[i]);
	free(l->stops);
	free(l->intro);
	free(l->name);
	free(l->path);
	free(l->title);
	free(l->program);
	free(l->text);
	free(l);
}
