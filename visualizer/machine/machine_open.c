/* SPDX-License-Identifier: MIT */
#include "machine_open.h"

#include <string.h>

#include "emulated.h"
#include "emulated_start.h"
#include "model/say.h"
#include "ptrace.h"
#include "ptrace_start.h"

/* Whether this computer's own CPU could; also of what is no program. */
static bool is_ours(const char *program)
{
	const char *built_for = program_machine(program);
	return !built_for || strcmp(built_for, ptrace_arch()) == 0;
}

/* Of an architecture that is known here; also what is no program. */
static bool is_known(const char *built_for)
{
	return !built_for || strcmp(built_for, "amd64") == 0 || strcmp(built_for, "arm64") == 0;
}

bool machine_can_execute(const struct run_options *o, char *err, size_t nerr)
{
	const char *built_for = program_machine(o->program);
	char why[SENTENCE_MAX];
	if (!is_known(built_for)) {
		say(err, nerr,
			"%s is built for %s, and g0scope steps amd64 and arm64 programs; "
			"build it for one of those",
			o->program, built_for);
		return false;
	}
	if (o->real && !is_ours(o->program)) {
		say(err, nerr,
			"%s is built for %s, which this computer's own CPU cannot execute; leave "
			"--machine=real out, and an emulated one does",
			o->program, built_for);
		return false;
	}
	if ((is_ours(o->program) && !o->emulated) || emulated_is_there(why, sizeof why))
		return true;
	if (is_ours(o->program))
		say(err, nerr, "%s", why);
	else
		say(err, nerr, "%s is built for %s, and this computer is for %s: %s", o->program,
			built_for, ptrace_arch(), why);
	return false;
}

const char *machine_own_arch(void)
{
	return ptrace_arch();
}

bool machine_can_emulate(void)
{
	char why[SENTENCE_MAX];
	return emulated_is_there(why, sizeof why);
}

bool machine_try_real(char *err, size_t nerr)
{
	return start_is_allowed(err, nerr);
}

bool machine_try_emulated(char *err, size_t nerr)
{
	return emulated_is_there(err, nerr) && emulated_answers(err, nerr);
}

/*
 * Where nobody may trace: on an emulated CPU, if it can execute that, and that is said. NULL: err,
 * which says that, says also how to have one where there is none.
 */
static struct machine *open_in_place(const struct run_options *o, const struct image *image,
	uint64_t start, char *err, size_t nerr)
{
	char why[SENTENCE_MAX];
	struct machine *m = NULL;
	if (emulated_is_there(why, sizeof why))
		m = emulated_open(o, image, start, why, sizeof why);
	else
		say_more(err, nerr, "; an emulated CPU needs no ptrace, but %s", why);
	if (m)
		say_more(m->note, sizeof m->note, ", for this system does not allow ptrace");
	return m;
}

struct machine *machine_open(const struct run_options *o, const struct image *image, uint64_t start,
	char *err, size_t nerr)
{
	bool denied;
	if (o->emulated || !is_ours(o->program))
		return emulated_open(o, image, start, err, nerr);
	struct machine *m = ptrace_open(o, image, start, &denied, err, nerr);
	if (!m && denied && !o->real)
		m = open_in_place(o, image, start, err, nerr);
	else if (!m && denied && machine_can_emulate())
		say_more(err, nerr, "; leave --machine=real out, and an emulated CPU executes it");
	return m;
}
