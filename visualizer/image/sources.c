/* SPDX-License-Identifier: MIT */
#include "sources.h"

#include <assert.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/regular.h"
#include "model/xalloc.h"

/* ---- the runtime's, which travels with the program ---- */

/* The section that the Makefile makes of the runtime's files: name, 0, text, 0, for each. */
struct carried {
	const char *at, *end;
	char *root; /* of the tree that the runtime was compiled in, with the / at its end */
};

/* The path of a source file; NULL: no line is of it. */
static const char *path_of(const struct lines *lines, const char *name)
{
	const char *is, *path;
	for (size_t i = 0; (is = lines_file(lines, i, &path)); i++)
		if (strcmp(is, name) == 0)
			return path;
	return NULL;
}

/* The runtime's files are those of the tree that the file with runtime_text lies in. */
static char *runtime_root(const struct program *p, const struct lines *lines)
{
	int line;
	const char *name = lines_at(lines, program_address(p, "runtime_text"), &line);
	const char *path = name ? path_of(lines, name) : NULL;
	size_t n = path ? strlen(path) : 0, tail = name ? strlen(name) : 0;
	return xasprintf("%.*s", (int)(n > tail ? n - tail : 0), n ? path : "");
}

static struct carried carried_open(const struct program *p, const struct lines *lines)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = program_section(p, ".debug_g0_sources", &shdr);
	if (scn && (shdr.sh_flags & SHF_COMPRESSED))
		elf_compress(scn, 0, 0);
	Elf_Data *data = program_data(scn);
	struct carried c = {.root = runtime_root(p, lines)};
	/* Whoever made the file, what is read of it ends with a 0. */
	if (data && ((const char *)data->d_buf)[data->d_size - 1] == '\0') {
		c.at = data->d_buf;
		c.end = c.at + data->d_size;
	}
	return c;
}

/* The text of the file at path; NULL: it is not the runtime's. */
static const char *carried_text(const struct carried *c, const char *path)
{
	size_t n = strlen(c->root);
	assert(!c->at || c->end[-1] == '\0');
	if (n == 0 || strncmp(path, c->root, n) != 0)
		return NULL;
	for (const char *at = c->at; at && at < c->end;) {
		const char *text = at + strlen(at) + 1;
		if (text >= c->end)
			return NULL;
		if (strcmp(at, path + n) == 0)
			return text;
		at = text + strlen(text) + 1;
	}
	return NULL;
}

/* ---- all others' ---- */

/* More than any source has, and all of them: what is larger is no text to be read. */
enum { SOURCE_MAX = 4 << 20, SOURCES_MAX = 32 << 20 };

/* left: how many bytes there may still be, of this and of others. */
static bool add_file(struct code *table, const char *name, const char *path, off_t *left)
{
	const char *why;
	FILE *f = open_regular(path, &why);
	if (!f)
		return false;
	struct stat st;
	bool fits = fstat(fileno(f), &st) == 0 && st.st_size <= SOURCE_MAX && st.st_size <= *left;
	char *text = NULL;
	size_t n = 0;
	/* Up to a byte that no source holds: the whole file. */
	ssize_t len = fits ? getdelim(&text, &n, '\0', f) : 0;
	fclose(f);
	if (len > 0) {
		code_add_source(table, name, text, (size_t)len);
		code_source_is(table, name, &st);
		*left -= len;
	}
	free(text);
	return len > 0;
}

static void add_found(struct code *table, const struct program *p, const char *name,
	const char *path, off_t *left)
{
	if ((*path == '/' && add_file(table, name, path, left)) || *name == '/')
		return;
	char *program = realpath(p->path, NULL);
	bool found = false;
	for (char *dir = program; dir && !found && strlen(dir) > 1;) {
		dir = dirname(dir);
		char *guess = xasprintf("%s/%s", dir, name);
		found = add_file(table, name, guess, left);
		free(guess);
	}
	free(program);
}

void sources_add(struct code *table, const struct program *p, const struct lines *lines)
{
	struct carried carried = carried_open(p, lines);
	const char *name, *path;
	off_t left = SOURCES_MAX;
	for (size_t i = 0; (name = lines_file(lines, i, &path)); i++) {
		const char *text = carried_text(&carried, path);
		if (text)
			code_add_source(table, name, text, strlen(text));
		else
			add_found(table, p, name, path, &left);
	}
	free(carried.root);
}
