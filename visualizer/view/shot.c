/* SPDX-License-Identifier: MIT */
#include "shot.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "engine/timeline.h"
#include "model/outfile.h"
#include "model/say.h"

enum { SHOTS_OF_A_STEP_MAX = 99 };

/* A name that nobody has is taken, by an empty file. False: errno says why. */
static bool take_name(int64_t step, const char *ext, char *name, size_t n)
{
	int fd = -1;
	for (int i = 1; i <= SHOTS_OF_A_STEP_MAX && fd < 0; i++) {
		if (i == 1)
			snprintf(name, n, "g0scope-%" PRId64 ".%s", step, ext);
		else
			snprintf(name, n, "g0scope-%" PRId64 "-%d.%s", step, i, ext);
		fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd < 0 && errno != EEXIST)
			return false;
	}
	return fd >= 0 && close(fd) == 0;
}

void shot_save(struct session *s, const char *what, const char *ext, const void *p, size_t n)
{
	char name[64], err[SENTENCE_MAX];
	bool taken = take_name(timeline_step(s->tl), ext, name, sizeof name);
	bool ok = taken && outfile_write(name, p, n, err, sizeof err);
	if (!taken)
		outfile_complain(name, errno, err, sizeof err);
	else if (!ok)
		unlink(name);
	s->message_is_error = !ok;
	say(s->message, sizeof s->message, ok ? "%s is in %s" : "%s: %s", what, ok ? name : err);
}
