/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_EXPORT_TESTS_H
#define TESTS_EXPORT_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../model/sim.h"

/* Whether text holds `wanted`, where ' stands for ". */
bool holds(const char *text, const char *wanted);
/* It is one value, with newlines between whatever of it. */
void assert_one_json(const char *text);
/* M0 has just given G1 up on g0, under keep. */
struct sim *a_run(void);

/* Each file's group; returns the number of failures. */
int test_json(void);
int test_json_vars(void);
int test_folded(void);
int test_chrome(void);
int test_cast(void);

#endif
