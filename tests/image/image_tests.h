/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_IMAGE_TESTS_H
#define TESTS_IMAGE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each file's group; returns the number of failures. */
int test_exclusives(void);
int test_insn(void);
int test_program(void);
int test_sdt(void);
int test_layout(void);

#endif
