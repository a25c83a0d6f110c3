/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_MODEL_TESTS_H
#define TESTS_MODEL_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "drive.h"
#include "sim.h"

/* A file of a group's own: its setup makes it, empty, and its teardown takes it away. */
extern char path[];
int make_path(void **state);
int remove_path(void **state);

/* Whether variables come in whole; whatever came in was looked at (recfile_vars.c). */
bool vars_come_in(const void *p, size_t n);

/* Each file's group; returns the number of failures. */
int test_snapshot(void);
int test_schedule(void);
int test_code(void);
int test_event(void);
int test_walk(void);
int test_truth(void);
int test_verdict(void);
int test_library(void);
int test_signal(void);
int test_in_use(void);
int test_history(void);
int test_delta(void);
int test_recording(void);
int test_outfile(void);
int test_outstream(void);
int test_recfile(void);
int test_bookmarks(void);
int test_hostile(void);
int test_text(void);
int test_parting(void);
int test_indexes(void);
int test_common(void);
int test_say(void);
int test_types(void);
int test_values(void);
int test_variable(void);
int test_recfile_vars(void);
int test_recfile_vars_hostile(void);
int test_frame_vars(void);
int test_waits(void);

#endif
