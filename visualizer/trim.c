/* SPDX-License-Identifier: MIT */
/* g0scope trim: a part of a recording as a recording of its own, its twin's with it. */
#include <inttypes.h>
#include <sys/stat.h>

#include "command.h"
#include "model/say.h"

/* The steps asked for, of one that has so many. False: the reason has been said. */
static bool find_steps(const struct options *o, int64_t last, int64_t *from, int64_t *to)
{
	char err[SENTENCE_MAX];
	*from = o->from < 0 ? 0 : o->from;
	*to = o->to < 0 ? last : o->to;
	if (*from <= *to && *to <= last)
		return true;
	say(err, sizeof err,
		"--from=%" PRId64 " --to=%" PRId64 ": the recording has the steps 0 to %" PRId64,
		*from, *to, last);
	fail(err);
	return false;
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat x, y;
	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int trim(const struct options *o)
{
	char err[SENTENCE_MAX] = "";
	if (is_same_file(o->names[0], o->output))
		return fail_over_itself("-o", o->output);
	struct recording *r = load_recording(o->names[0]);
	int64_t from, to;
	if (!r || !find_steps(o, recording_last(r), &from, &to)) {
		recording_free(r);
		return 1;
	}
	/* Only where it has come as far. */
	struct recording *twin = recording_take_twin(r), *other = NULL;
	struct recording *part = recording_excerpt(r, from, to);
	if (twin && to <= recording_last(twin))
		other = recording_excerpt(twin, from, to);
	bool ok = recording_save_twins(part, other, o->output, err, sizeof err);
	if (ok)
		say_line(stdout,
			"%s: steps %" PRId64 " to %" PRId64 " of %s, now 0 to %" PRId64 "%s",
			o->output, from, to, o->names[0], recording_last(part),
			from && recording_lesson(r) ? "; without the lesson, which begins before"
						    : "");
	recording_free(other);
	recording_free(part);
	recording_free(twin);
	recording_free(r);
	return ok ? 0 : fail(err);
}
