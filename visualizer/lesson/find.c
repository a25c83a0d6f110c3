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
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/program.h"
#include "machine/machine_open.h"
#include "model/say.h"
#include "model/xalloc.h"

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

/* One of a list's parts, or one of those around. True: fn has had enough. */
static bool give_dir(char *dir, find_dir_fn *fn, void *ctx)
{
	bool enough = fn(dir, ctx);

	free(dir);
	return enough;
}

/* How much of a path is the directory that it is in, with its slash. */
static ssize_t parent(const char *path, ssize_t n)
{
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n;
}

/* Without dots in it, as messages have it in them. */
static char *dir_around(const char *self, ssize_t n, const char *way)
{
	static const char up[] = "../";

	for (; n > 1 && strncmp(way, up, sizeof up - 1) == 0; way += sizeof up - 1)
		n = parent(self, n - 1);
	return xasprintf("%.*s%s", (int)n, self, way);
}

bool find_each_dir(find_dir_fn *fn, void *ctx)
{
	const char *env = getenv("G0SCOPE_EXAMPLES");
	char self[PATH_MAX]; /* the kernel gives no longer one */
	ssize_t n = readlink("/proc/self/exe", self, sizeof self);

	while (env && *env) {
		size_t len = strcspn(env, ":");
		if (give_dir(xasprintf("%.*s", (int)len, env), fn, ctx))
			return true;
		env += len + (env[len] == ':');
	}
	n = parent(self, n);
	for (size_t i = 0; n > 0 && i < sizeof around / sizeof *around; i++)
		if (give_dir(dir_around(self, n, around[i]), fn, ctx))
			return true;
	return fn("examples", ctx);
}

char *find_bare_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *p = name;
	char *bare, *dot;

	while (isdigit((unsigned char)*p))
		p++;
	if (p > name && *p == '_' && p[1])
		name = p + 1;
	bare = xstrdup(name);
	dot = strrchr(bare, '.');
	if (dot && (strcmp(dot, ".md") == 0 || strcmp(dot, ".c") == 0))
		*dot = 0;
	return bare;
}

struct program_search {
	char *name;  /* bare */
	char *found; /* its path; NULL: not yet */
};

/* NAME or NN_NAME in a directory, executable. */
static bool program_in(const char *dir, void *ctx)
{
	struct program_search *s = ctx;
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && !s->found && (e = readdir(d))) {
		char *bare = find_bare_name(e->d_name);
		char *path = xasprintf("%s/%s", dir, e->d_name);
		if (strcmp(bare, s->name) == 0 && find_is_executable(path))
			s->found = path;
		else
			free(path);
		free(bare);
	}
	if (d)
		closedir(d);
	return s->found;
}

char *find_program(const char *lesson_path, const char *name)
{
	const char *slash = strrchr(lesson_path, '/');
	char *dir =
		slash ? xasprintf("%.*s", (int)(slash - lesson_path), lesson_path) : xstrdup(".");
	struct program_search s = {.name = find_bare_name(name)};

	if (strchr(name, '/')) {
		s.found = name[0] == '/' ? xstrdup(name) : xasprintf("%s/%s", dir, name);
		if (!find_is_executable(s.found)) {
			free(s.found);
			s.found = NULL;
		}
	} else if (!program_in(dir, &s)) {
		find_each_dir(program_in, &s);
	}
	free(s.name);
	free(dir);
	return s.found;
}

/* What installs it on the other of the two; "": it is this one. */
static const char *cross_compiler(const char *arch)
{
	if (strcmp(arch, machine_own_arch()) == 0)
		return "";
	return strcmp(arch, "arm64") == 0
		       ? "apt install gcc-aarch64-linux-gnu libc6-dev-arm64-cross && "
		       : "apt install gcc-x86-64-linux-gnu libc6-dev-amd64-cross && ";
}

char *find_built_for(const char *arch, const char *program, char *err, size_t nerr)
{
	/* And from where those of the other one are, which is below. */
	static const char *const forms[] = {
		"%s/../%s/examples/%s", "%s/%s/%s", "%s/../../examples/%.0s%s", "%s/../%.0s%s"};
	const char *is = program_machine(program), *slash = strrchr(program, '/');
	char *dir = slash ? xasprintf("%.*s", (int)(slash - program), program) : xstrdup(".");
	char *found = is && strcmp(is, arch) == 0 ? xstrdup(program) : NULL;
	for (size_t i = 0; i < sizeof forms / sizeof *forms && !found; i++) {
		found = xasprintf(forms[i], dir, arch, slash ? slash + 1 : program);
		is = program_machine(found);
		if (find_is_executable(found) && is && strcmp(is, arch) == 0)
			break;
		free(found);
		found = NULL;
	}
	free(dir);
	if (!found)
		say(err, nerr,
			"there is no %s for %s: for the examples, where g0scope is built, %smake "
			"ARCH=%s; one of your own goes into a folder %s beside the other",
			slash ? slash + 1 : program, arch, cross_compiler(arch), arch, arch);
	return found;
}
