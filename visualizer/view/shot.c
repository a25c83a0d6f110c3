/* SPDX-License-Identifier: MIT */
#include "shot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "engine/timeline.h"
#include "model/outfile.h"
#include "model/say.h"

enum { SHOTS_OF_A_STEP_MAX = 99 };

void shot_save(struct session *s, const char *what, const char *ext, const void *p, size_t n)
{
	int64_t step = timeline_step(s->tl);
	char name[64], err[SENTENCE_MAX];
	bool ok = false;
	errno = EEXIST;
	for (int i = 1; i <= SHOTS_OF_A_STEP_MAX && !ok && errno == EEXIST; i++) {
		if (i == 1)
			snprintf(name, sizeof name, "g0scope-%" PRId64 ".%s", step, ext);
		else
			snprintf(name, sizeof name, "g0scope-%" PRId64 "-%d.%s", step, i, ext);
		ok = outfile_new(name, p, n);
	}
	if (!ok)
		outfile_complain(name, errno, err, sizeof err);
	if (ok)
		session_reply(s, false, "%s is in %s", what, name);
	else
		session_reply(s, true, "%s: %s", what, err);
}
