/* SPDX-License-Identifier: MIT */
#include "stepper_event.h"

#include <assert.h>
#include <string.h>

bool event_argument(const struct probe *probe, int i, const uint64_t *regs,
	const struct memory *mem, int64_t *value)
{
	*value = 0;
	return i < probe->nargs &&
	       probe_arg_value(&probe->arg[i], regs, memory_read, (void *)mem, value);
}

static void read_string(const struct memory *mem, uint64_t addr, char *to, size_t n)
{
	size_t i = 0;
	while (i < n - 1 && memory_fetch(mem, addr + i, to + i, 1) && to[i])
		i++;
	to[i] = '\0';
}

void event_read(struct event *e, const struct probe *probe, const uint64_t *regs,
	const struct memory *mem, const struct code *code)
{
	assert(probe->nargs <= SNAP_NARGS_MAX);
	memset(e, 0, sizeof *e);
	e->id = probe->event;
	e->nargs = probe->nargs;
	for (int i = 0; i < probe->nargs; i++) {
		event_argument(probe, i, regs, mem, &e->arg[i]);
		if (event_arg_kind(e->id, i) == ARG_STRING)
			read_string(mem, (uint64_t)e->arg[i], e->string, sizeof e->string);
		else if (event_arg_kind(e->id, i) == ARG_FUNCTION)
			code_at(code, (uint64_t)e->arg[i]); /* a recording is to know its name */
	}
}
