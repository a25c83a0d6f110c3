/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_VIEW_TESTS_H
#define TESTS_VIEW_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shown.h"

/* Each file's group; returns the number of failures. */
int test_cells(void);
int test_ansi(void);
int test_golden(void);
int test_lessons(void);
int test_ids(void);
int test_shot(void);
int test_tell(void);
int window_tests(void); /* sdl.c, or in its place where SDL2 was not found nosdl.c */

#endif
