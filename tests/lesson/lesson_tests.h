/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_LESSON_TESTS_H
#define TESTS_LESSON_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lesson/lesson.h"

/* Each file's group; returns the number of failures. */
int test_words(void);
int test_parse(void);
int test_find(void);
int test_tell(void);

/*
 * A directory with an executable `prog` in it, made once; lessons in tests say `program:
 * prog`.
 */
const char *prog_dir(void);

/* Parse a lesson whose body this is, under a front matter of LESSON_FRONT_LINES lines. */
enum { LESSON_FRONT_LINES = 5 };
struct lesson *parse_with_front(const char *body, char *err, size_t nerr);

#endif
