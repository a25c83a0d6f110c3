/* SPDX-License-Identifier: MIT */
/* What is read of the runtime, and where the program has it. */
#include "runtime_view_parts.h"
#include "model/say.h"

/* clang-format off */
static const struct layout_item wanted[NITEMS] = {
#define STRUCT(id, told)      [id] = {.kind = LAYOUT_STRUCT, .name = told, .most = SEEN_MAX},
#define FIELD(id, told)       [id] = {.kind = LAYOUT_FIELD, .name = told, .most = sizeof(uint64_t)},
#define ARRAY(id, told, n)    [id] = {.kind = LAYOUT_FIELD, .name = told, .most = 8 * (n)},
#define CONSTANT(id)          [id] = {.kind = LAYOUT_CONSTANT, .name = #id},
#define VARIABLE(id, told, n) [id] = {.kind = LAYOUT_VARIABLE, .name = told, .most = n},
	RUNTIME_ITEMS WAIT_ITEMS RUNTIME_VARIABLES WAIT_VARIABLES
};
/* clang-format on */

/* A variable that is a struct is as large. */
static bool is_whole(const struct runtime_view *rv, enum item variable, enum item structure)
{
	return rv->is[variable].size >= rv->is[structure].size;
}

bool state_layout(struct runtime_view *rv, const struct program *p, char *err, size_t nerr)
{
	memcpy(rv->is, wanted, sizeof rv->is);
	for (int i = 0; i < NITEMS; i++)
		rv->is[i].optional = is_of_waits(i);
	if (!layout_read(p, rv->is, NITEMS, err, nerr))
		return false;
	rv->tells_waits = true;
	for (int i = 0; i < NITEMS; i++)
		rv->tells_waits &= rv->is[i].told;
	if (is_whole(rv, V_SCHED, sched) && is_whole(rv, V_ARENA, arena) &&
		(!rv->tells_waits || is_whole(rv, V_TIMERHEAP, S_TIMERHEAP)))
		return true;
	say(err, nerr,
		"%s tells of variables that are smaller than their structs; rebuild it with this "
		"libg0.a",
		p->path);
	return false;
}
