/* SPDX-License-Identifier: MIT */
#include "usage.h"

#include <string.h>

#include "model/say.h"

int usage_error(const char *what, const char *word)
{
	say_line(stderr, "g0scope: %s%s%s; see g0scope --help", what, word ? " " : "",
		word ? word : "");
	return 2;
}

/* What the runtime is told by options; the program would find that first. */
static bool is_ours(const char *variable)
{
	static const char *const ours[] = {
		"G0_MCALL=", "G0_PROCS=", "G0_SEED=", "G0_STEPPED=", "G0_POISON="};
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (!strncmp(variable, ours[i], strlen(ours[i])))
			return true;
	return false;
}

static int check_record(const struct options *o)
{
	if (!o->output)
		return usage_error("record needs -o FILE to write to", NULL);
	if (o->stop || o->step >= 0)
		return usage_error(
			"record has no use for --step and --stop, which say where to look", NULL);
	return -1;
}

static int check_check(const struct options *o)
{
	if (o->stop || o->step >= 0 || o->schedule)
		return usage_error("check tells a lesson's own stops, all of them; it has no use "
				   "for --schedule, --step and --stop",
			NULL);
	return -1;
}

static int check_export(const struct options *o)
{
	bool whole = o->format == FORMAT_CHROME || o->format == FORMAT_FOLDED;
	if (!o->format)
		return usage_error("export needs --format", NULL);
	if (whole && o->step >= 0)
		return usage_error("this format is of all steps; it has no use for", "--step");
	if (o->grain && o->format != FORMAT_ASCIICAST)
		return usage_error("this format has no pictures one after the other; it has no use "
				   "for",
			"--grain");
	if (whole && o->look.cols)
		return usage_error("this format is no picture; it has no use for", "--size");
	return -1;
}

static int check_command(const struct options *o)
{
	switch (o->command) {
	case CMD_RECORD: return check_record(o);
	case CMD_CHECK: return check_check(o);
	case CMD_EXPORT: return check_export(o);
	case CMD_TRIM: return o->output ? -1 : usage_error("trim needs -o FILE to write to", NULL);
	case CMD_DUMP:
		return o->json ? -1 : usage_error("dump needs --json, the one form it has", NULL);
	default: return -1;
	}
}

int usage_check(const struct options *o)
{
	if (o->output && o->command != CMD_RECORD && o->command != CMD_EXPORT &&
		o->command != CMD_TRIM)
		return usage_error("-o names what record, trim or export writes", NULL);
	int status = check_command(o);
	if (status >= 0)
		return status;
	if (o->both && (o->schedule || o->step >= 0))
		return usage_error("--arch=both goes by stops, as neither --step nor --schedule "
				   "is the same on both: --stop names one",
			NULL);
	for (int i = 0; o->env[i]; i++)
		if (is_ours(o->env[i]))
			return usage_error("--env: an option says what would be", o->env[i]);
	if (o->look.screenshot && o->view != VIEW_SDL)
		return usage_error("--screenshot needs --view=sdl", NULL);
	return -1;
}
