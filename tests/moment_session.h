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
	moment_start(&t);
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		strcpy(t.s.damage[t.s.ndamage++], said[i]);
	struct recording *r = moment_recording(&t, "keep");
	return session_new(timeline_replay(r), NULL);
}

static const char moment_lesson_text[] =
	"---\ntitle: The moment\nprogram: sh\nmcall: %s\n---\nBefore *it all*.\n\n"
	"## M0 lets go\n\nG1 is `runnable`.\n\n> clear: No link here.\n\n"
	"```do\nrun M0 for 3 steps\nfocus M0\n```\n\n"
	"```expect\nverdict of M0 is STALE\n```\n\n"
	"## M1 takes it\n\nThe words change.\n\n"
	"```do\nrun M1 for 4 steps\n```\n\n"
	"```expect\nverdict of M0 is CHIMERA\n```\n";

/* The same at step 0, with a lesson on it, told under a policy. */
static inline struct session *moment_lesson(const char *policy)
{
	char err[400] = "", own[1024];
	snprintf(own, sizeof own, moment_lesson_text, policy);
	struct lesson *l = lesson_parse("/bin/moment.md", own, strlen(own), err, sizeof err);
	if (!l)
		fail_msg("%s", err);
	return session_new(moment_timeline(policy), l);
}

#endif
