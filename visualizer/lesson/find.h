/* SPDX-License-Identifier: MIT */
/* Where lessons and their programs lie. Below all that reads lessons. */
#ifndef LESSON_FIND_H
#define LESSON_FIND_H

#include <stdbool.h>
#include <stddef.h>

/* "examples/03_stale_link.md" is called "stale_link". Caller frees. */
char *find_bare_name(const char *path);

/*
 * The path of the executable that a lesson at lesson_path calls `name`: beside the lesson, or
 * where examples are looked for. Caller frees; NULL: there is none.
 */
char *find_program(const char *lesson_path, const char *name);

bool find_is_executable(const char *path);
/*
 * The build of a program for an architecture: itself, or of that name where a build or a package
 * has those for it. Caller frees; NULL: err says what to do.
 */
char *find_built_for(const char *arch, const char *program, char *err, size_t nerr);

/* Call fn for each directory that lessons and programs are looked for in, until it returns true. */
typedef bool find_dir_fn(const char *dir, void *ctx);
bool find_each_dir(find_dir_fn *fn, void *ctx);

#endif
