/* SPDX-License-Identifier: MIT */
/*
 * Where lessons and their programs lie. Directories are tried in this order:
 * $G0SCOPE_EXAMPLES (several, with colons between), those around the executable, for a
 * build tree and for an installed one, and examples/ of the current directory. A name found
 * twice is the first one's.
 */
#include "find.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Seen from the directory that the executable is in. */
static const char *const around[] = {
	"examples",       /* build/g0scope: the programs */
	"../examples",    /* build/g0scope: the lessons; build/tests/lesson: the programs */
	"../../examples", /* build/address/g0scope */
	"../share/g0scope/examples", /* installed: the lessons */
	"../lib/g0scope/examples",   /* installed: the programs */
};

bool find_is_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool find_each_dir(find_dir_fn *fn, void *ctx)
{
	const char *env = getenv("G0SCOPE_EXAMPLES");
	char self[400], dir[512];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	while (env && *env) {
		size_t len = strcspn(env, ":");
		snprintf(dir, sizeof dir, "%.*s", (int)len, env);
		if (fn(dir, ctx))
			return true;
		env += len + (env[len] == ':');
	}
	if (n > 0) {
		self[n] = 0;
		*strrchr(self, '/') = 0;
		for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
			snprintf(dir, sizeof dir, "%s/%s", self, around[i]);
			if (fn(dir, ctx))
				return true;
		}
	}
	return fn("examples", ctx);
}

char *find_bare_name(const char *path, char *buf, size_t n)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *p = name;
	char *dot;

	while (isdigit((unsigned char)*p))
		p++;
	if (p > name && *p == '_' && p[1])
		name = p + 1;
	snprintf(buf, n, "%s", name);
	dot = strrchr(buf, '.');
	if (dot && (strcmp(dot, ".md") == 0 || strcmp(dot, ".c") == 0))
		*dot = 0;
	return buf;
}

struct program_search {
	const char *name;
	char *buf;
	size_t n;
};

/* NAME or NN_NAME in a directory, executable. */
static bool program_in(const char *dir, void *ctx)
{
	struct program_search *s = ctx;
	DIR *d = opendir(dir);
	struct dirent *e;
	char bare[256];
	bool found = false;

	while (d && !found && (e = readdir(d))) {
		if (strcmp(find_bare_name(e->d_name, bare, sizeof bare), s->name) != 0)
			continue;
		snprintf(s->buf, s->n, "%s/%s", dir, e->d_name);
		found = find_is_executable(s->buf);
	}
	if (d)
		closedir(d);
	return found;
}

bool find_program(const char *lesson_path, const char *name, char *buf, size_t n)
{
	const char *slash = strrchr(lesson_path, '/');
	char dir[512], bare[256];
	struct program_search s = {find_bare_name(name, bare, sizeof bare), buf, n};

	snprintf(dir, sizeof dir, "%.*s", slash ? (int)(slash - lesson_path) : 1,
		slash ? lesson_path : ".");
	if (strchr(name, '/')) {
		snprintf(buf, n, name[0] == '/' ? "%.0s%s" : "%s/%s", dir, name);
		return find_is_executable(buf);
	}
	if (program_in(dir, &s) || find_each_dir(program_in, &s))
		return true;
	buf[0] = 0;
	return false;
}
