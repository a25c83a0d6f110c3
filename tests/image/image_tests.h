/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_IMAGE_TESTS_H
#define TESTS_IMAGE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The path of a program beside this test, or beside the build that this one is in. */
bool find_program(const char *relative, char *path, size_t n);

/* Each file's group; returns the number of failures. */
int test_exclusives(void);
int test_insn(void);
int test_program(void);
int test_sdt(void);
int test_layout(void);
int test_variables(void);

#endif
