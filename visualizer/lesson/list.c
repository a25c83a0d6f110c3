/* SPDX-License-Identifier: MIT */
/* The lessons and programs that there are, and one of them by its name. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "find.h"
#include "lesson.h"
#include "model/say.h"
#include "model/xalloc.h"
#include "words.h"

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

/* The entry of that name, which becomes the list's, new if there was none. */
static struct lesson_entry *list_entry(struct list *l, char *name)
{
	struct lesson_entry *e = list_find(l, name);

	if (e) {
		free(name);
		return e;
	}
	l->e = xrealloc(l->e, (size_t)(l->n + 1) * sizeof *l->e);
	e = &l->e[l->n++];
	*e = (struct lesson_entry){.name = name};
	return e;
}

/* What a lesson says of itself; where it cannot be read, that is its title. */
static void describe(struct lesson_entry *e, const char *path)
{
	char err[SENTENCE_MAX];
	struct lesson *l = lesson_load(path, err, sizeof err);

	e->path = xstrdup(path);
	e->title = xstrdup(l ? l->title : err);
	if (l) {
		free(e->program);
		e->program = xstrdup(l->program);
	}
	lesson_free(l);
}

/* One file of a directory: a lesson, a program, or neither. */
static void list_file(struct list *l, const char *path)
{
	bool lesson = ends_in(path, ".md");

	if (!lesson && !find_is_executable(path))
		return;
	struct lesson_entry *e = list_entry(l, find_bare_name(path));
	if (lesson && !e->path)
		describe(e, path);
	else if (!lesson && !e->program)
		e->program = xstrdup(path);
}

/* Add a directory's lessons and programs to the list. */
static bool list_dir(const char *dir, void *ctx)
{
	DIR *d = opendir(dir);
	struct dirent *f;

	while (d && (f = readdir(d))) {
		char *path = xasprintf("%s/%s", dir, f->d_name);
		list_file(ctx, path);
		free(path);
	}
	if (d)
		closedir(d);
	return false;
}

/* The file name, with the number that says where in the course it stands. */
static const char *file_name(const struct lesson_entry *e)
{
	const char *path = e->path ? e->path : e->program ? e->program : "";
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Lessons first, each kind in the order of their numbers. */
static int by_number(const void *a, const void *b)
{
	const struct lesson_entry *x = a, *y = b;

	if (!x->path != !y->path)
		return x->path ? -1 : 1;
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

/*
 * What has a slash is a path, to a lesson or to a program, and so is a lesson's file right here.
 * Whether it is one shows later.
 */
static bool find_path(const char *path, struct lesson_entry *out)
{
	if (ends_in(path, ".md") && access(path, R_OK) == 0)
		describe(out, path);
	else if (strchr(path, '/') && access(path, F_OK) == 0)
		out->program = xstrdup(path);
	else
		return false;
	out->name = find_bare_name(path);
	return true;
}

static bool complain_path(const char *path, char *err, size_t nerr)
{
	say(err, nerr, "%s: %s; a name without a slash is that of a lesson or an example", path,
		errno == ENOENT ? "there is no such file" : strerror(errno));
	return false;
}

/* One of that list whose name is near; NULL: none is. */
static const char *near_name(const struct list *l, const char *name)
{
	const char **all = xcalloc((size_t)l->n + 1, sizeof *all);
	for (int i = 0; i < l->n; i++)
		all[i] = l->e[i].name;
	const char *near = name_near((struct span){name, strlen(name)}, all);
	free(all);
	return near;
}

/* There is none of that name; what there is. */
static void complain(const struct list *l, const char *name, char *err, size_t nerr)
{
	const char *near = near_name(l, name);
	char *all = xstrdup(l->n ? "" : " none: $G0SCOPE_EXAMPLES can name a directory of them");

	for (int i = 0; i < l->n; i++) {
		char *more = xasprintf("%s%s %s", all, i ? "," : "", l->e[i].name);
		free(all);
		all = more;
	}
	say(err, nerr, "there is no lesson or program `%s`%s%s%s is%s", name,
		near ? "; did you mean `" : "", near ? near : "", near ? "`? There" : "; there",
		all);
	free(all);
}

bool lesson_find(const char *name, struct lesson_entry *out, char *err, size_t nerr)
{
	struct list l = {0};
	struct lesson_entry *e;
	char *bare;

	*out = (struct lesson_entry){0};
	if (find_path(name, out))
		return true;
	if (strchr(name, '/'))
		return complain_path(name, err, nerr);
	l.n = lesson_list(&l.e);
	bare = find_bare_name(name);
	e = list_find(&l, bare);
	free(bare);
	if (e) {
		*out = *e;
		*e = (struct lesson_entry){0};
	} else {
		complain(&l, name, err, nerr);
	}
	lesson_list_free(l.e, l.n);
	return e != NULL;
}

void lesson_entry_free(struct lesson_entry *e)
{
	free(e->name);
	free(e->path);
	free(e->program);
	free(e->title);
}

void lesson_list_free(struct lesson_entry *list, int n)
{
	for (int i = 0; i < n; i++)
		lesson_entry_free(&list[i]);
	free(list);
}
