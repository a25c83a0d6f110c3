/* SPDX-License-Identifier: MIT */
/* g0scope export: a recording, in a form that other tools read, to a file or to standard output. */
#include "export/export.h"

#include <stdio.h>
#include <string.h>

#include "command.h"
#include "model/outfile.h"
#include "model/say.h"

/* At the step asked for. NULL: the reason has been said. */
static struct session *open_recording(const struct options *o)
{
	char err[SENTENCE_MAX];
	struct session *s = session_replay(o->names[0], NULL, err, sizeof err);
	if (!s) {
		fail(err);
		return NULL;
	}
	/* What a damaged file has lost. */
	if (*s->message)
		fail(s->message);
	if (has_step(o, timeline_last(s->tl))) {
		if (o->step >= 0)
			timeline_seek(s->tl, o->step);
		return s;
	}
	session_close(s);
	return NULL;
}

/* Whether there is something to write; if not, err says why. */
static bool can_put(const struct options *o, const struct session *s, char *err, size_t nerr)
{
	if (o->format != FORMAT_FOLDED || recording_has_registers(timeline_recording(s->tl)))
		return true;
	say(err, nerr,
		"only events were recorded: there are no stacks to fold; "
		"--format=chrome shows the events");
	return false;
}

/* False: not all could be written, and errno says why. */
static bool put(const struct options *o, struct session *s, FILE *out)
{
	switch (o->format) {
	case FORMAT_CHROME: return export_chrome(timeline_recording(s->tl), out);
	case FORMAT_FOLDED: return export_folded(timeline_recording(s->tl), out);
	case FORMAT_ASCIICAST: return export_asciicast(o, s, out);
	default: view_text(s, &o->look, out); return fflush(out) == 0;
	}
}

/* By a session that is shown, whose cursor stays where it is. */
bool export_shown(struct session *s, const char *format, const char *path, char *err, size_t nerr)
{
	static const char *const names[] = {[FORMAT_TXT] = "txt",
		[FORMAT_CHROME] = "chrome",
		[FORMAT_FOLDED] = "folded",
		[FORMAT_ASCIICAST] = "asciicast"};
	struct options o = {.command = CMD_OPEN, .format = FORMAT_TXT};
	int64_t step = timeline_step(s->tl);
	while (o.format <= FORMAT_ASCIICAST && strcmp(names[o.format], format) != 0)
		o.format++;
	if (o.format > FORMAT_ASCIICAST) {
		say(err, nerr, "`%s` is no format; txt, chrome, folded and asciicast are", format);
		return false;
	}
	struct outfile *f = can_put(&o, s, err, nerr) ? outfile_begin(path, err, nerr) : NULL;
	if (f)
		put(&o, s, outfile_stream(f));
	timeline_seek(s->tl, step);
	return f && outfile_end(f, err, nerr);
}

static int write_out(const struct options *o, struct session *s)
{
	char err[SENTENCE_MAX];
	if (!can_put(o, s, err, sizeof err))
		return fail(err);
	if (!o->output)
		return put(o, s, stdout) ? 0 : fail_output();
	struct outfile *f = outfile_begin(o->output, err, sizeof err);
	if (f)
		put(o, s, outfile_stream(f));
	return f && outfile_end(f, err, sizeof err) ? 0 : fail(err);
}

int export_recording(const struct options *o)
{
	struct session *s = open_recording(o);
	if (!s)
		return 1;
	int status = o->output && session_reads(s, o->output) ? fail_over_itself("-o", o->output)
							      : write_out(o, s);
	session_close(s);
	return status;
}
