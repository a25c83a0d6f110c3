/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_SCENE_TESTS_H
#define TESTS_SCENE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "moment_session.h"
#include "scene/scene.h"

/* Each file's group; returns the number of failures. */
int test_things(void);
int test_prose(void);
int test_story(void);

#endif
