/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_SCENE_TESTS_H
#define TESTS_SCENE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "moment.h"
#include "scene/scene.h"

/* Each file's group; returns the number of failures. */
int test_layout(void);
int test_actions(void);
int test_lesson(void);
int test_prose(void);
int test_story(void);

/* A session on the moment of moment.h, at a step, under keep. */
static inline struct session *moment_session(int64_t step)
{
	struct session *s = session_new(moment_timeline("keep"), NULL);
	timeline_seek(s->tl, step);
	return s;
}

#endif
