/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_MACHINE_TESTS_H
#define TESTS_MACHINE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Each file's group; returns the number of failures. */
int test_cpu(void);
int test_tick(void);
int test_wrote(void);

#endif
