/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_GRID_TESTS_H
#define TESTS_GRID_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "moment_session.h"
#include "shown.h"

/* Each file's group; returns the number of failures. */
int test_layout(void);
int test_place(void);
int test_outside(void);
int test_absent(void);
int test_lesson(void);
int test_toy(void);

#endif
