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
int test_place(void);
int test_outside(void);
int test_absent(void);
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

/* The same at step 0, where three of the runtime's lists are damaged. */
static inline struct session *damaged_session(void)
{
	static const char *const said[] = {"allgs[1] is G1 again (and many more)",
		"allm is a cycle at M0", "G1000's stack from 0x10 to 0x8 can be none"};
	struct moment_state t;
	struct recording_info info = {"examples/stale_link", "keep", 2, 0, "amd64", 0};
	moment_start(&t);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		strcpy(t.s.damage[t.s.ndamage++], said[i]);
	struct recording *r = recording_new(&info, &t.s, moment_functions("mcall_keep"));
	return session_new(timeline_replay(r), NULL);
}

#endif
