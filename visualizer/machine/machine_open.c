/* SPDX-License-Identifier: MIT */
#include "machine_open.h"

#include <string.h>

#include "model/say.h"
#include "ptrace.h"

bool machine_can_execute(const char *program, char *err, size_t nerr)
{
	const char *built_for = program_machine(program), *steps = ptrace_arch();
	if (!built_for || strcmp(built_for, steps) == 0)
		return true;
	say(err, nerr, "%s is built for %s, and this g0scope steps %s programs; build it for that",
		program, built_for, steps);
	return false;
}

struct machine *machine_open(const struct run_options *o, const struct image *image, uint64_t start,
	char *err, size_t nerr)
{
	return ptrace_open(o, image, start, err, nerr);
}
