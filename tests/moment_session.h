/* SPDX-License-Identifier: MIT */
/* Sessions on the moment of moment.h, for the tests of two layers. */
#ifndef TESTS_MOMENT_SESSION_H
#define TESTS_MOMENT_SESSION_H

#include "moment.h"
#include "session/session.h"

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
