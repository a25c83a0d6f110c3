/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_SESSION_TESTS_H
#define TESTS_SESSION_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "moment_session.h"

/* Each file's group; returns the number of failures. */
int test_actions(void);
int test_prompts(void);
int test_travel(void);
int test_worker(void);

#endif
