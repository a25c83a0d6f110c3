/* SPDX-License-Identifier: MIT */
/* The lessons and programs that there are, and one of them by its name. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "find.h"
#include "lesson.h"
#include "model/say.h"
#include "model/xalloc.h"

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);

	return n > k && strcmp(s + n - k, end) == 0;
}

struct list {
	struct lesson_entry *e;
	int n;
};

static struct lesson_entry *list_find(struct list *l, const char *name)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->e[i].name, name) == 0)
			return &l->e[i];
	return NULL;
}

/* The entry of that name, new if there was none. */
static struct lesson_entry *list_entry(struct list *l, const char *name)
{
	struct lesson_entry *e = list_find(l, name);

	if (e)
		return e;
	l->e = xrealloc(l->e, (size_t)(l->n + 1) * sizeof *l->e);
	e = &l->e[l->n++];
	*e = (struct lesson_entry){0};
	snprintf(e->name, sizeof e->name, "%s", name);
	return e;
}

/* What a lesson says of itself; where it cannot be read, that is its title. */
static void describe(struct lesson_entry *e, const char *path)
{
	char err[SENTENCE_MAX];
	struct lesson *l = lesson_load(path, err, sizeof err);

	snprintf(e->path, sizeof e->path, "%s", path);
	snprintf(e->title, sizeof e->title, "%.127s", l ? l->title : err);
	if (l)
		snprintf(e->program, sizeof e->program, "%s", l->program);
	lesson_free(l);
}

/* Add a directory's lessons and programs to the list. */
static bool list_dir(const char *dir, void *ctx)
{
	struct list *l = ctx;
	DIR *d = opendir(dir);
	struct dirent *f;
	char path[512], bare[64];

	while (d && (f = readdir(d))) {
		snprintf(path, sizeof path, "%s/%s", dir, f->d_name);
		find_bare_name(f->d_name, bare, sizeof bare);
		if (ends_in(path, ".md")) {
			struct lesson_entry *e = list_entry(l, bare);
			if (!e->path[0])
				describe(e, path);
		} else if (find_is_executable(path)) {
			struct lesson_entry *e = list_entry(l, bare);
			if (!e->program[0])
				snprintf(e->program, sizeof e->program, "%s", path);
		}
	}
	if (d)
		closedir(d);
	return false;
}

/* The file name, with the number that says where in the course it stands. */
static const char *file_name(const struct lesson_entry *e)
{
	const char *path = e->path[0] ? e->path : e->program;
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Lessons first, each kind in the order of their numbers. */
static int by_number(const void *a, const void *b)
{
	const struct lesson_entry *x = a, *y = b;

	if (!x->path[0] != !y->path[0])
		return x->path[0] ? -1 : 1;
	return strcmp(file_name(x), file_name(y));
}

int lesson_list(struct lesson_entry **out)
{
	struct list l = {0};

	find_each_dir(list_dir, &l);
	if (l.n)
		qsort(l.e, (size_t)l.n, sizeof *l.e, by_number);
	*out = l.e;
	return l.n;
}

/* A path to a lesson or to a program, rather than a name. Whether it is one shows later. */
static bool find_path(const char *path, struct lesson_entry *out)
{
	if (ends_in(path, ".md") && access(path, R_OK) == 0)
		describe(out, path);
	else if (strchr(path, '/') && access(path, F_OK) == 0)
		snprintf(out->program, sizeof out->program, "%s", path);
	else
		return false;
	find_bare_name(path, out->name, sizeof out->name);
	return true;
}

/* There is none of that name; what there is. */
static void complain(const struct list *l, const char *name, char *err, size_t nerr)
{
	char *names = xstrdup(l->n ? "" : " none: $G0SCOPE_EXAMPLES can name a directory of them");

	for (int i = 0; i < l->n; i++) {
		char *more = xasprintf("%s%s %s", names, i ? "," : "", l->e[i].name);
		free(names);
		names = more;
	}
	say(err, nerr, "there is no lesson or program `%s`; there is%s", name, names);
	free(names);
}

bool lesson_find(const char *name, struct lesson_entry *out, char *err, size_t nerr)
{
	struct list l = {0};
	struct lesson_entry *e;
	char bare[64];

	*out = (struct lesson_entry){0};
	if (find_path(name, out))
		return true;
	l.n = lesson_list(&l.e);
	e = list_find(&l, find_bare_name(name, bare, sizeof bare));
	if (e)
		*out = *e;
	else
		complain(&l, name, err, nerr);
	free(l.e);
	return e != NULL;
}
