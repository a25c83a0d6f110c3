/* SPDX-License-Identifier: MIT */
#include "machine_open.h"

#include "ptrace.h"

struct machine *machine_open(const struct run_options *o, const struct image *image, uint64_t start,
	char *err, size_t nerr)
{
	return ptrace_open(o, image, start, err, nerr);
}
