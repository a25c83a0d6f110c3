/* SPDX-License-Identifier: MIT */
/* The runtime's structs, one at a time, out of shadow memory. */
#include <stdio.h>
#include <string.h>

#include "runtime_view_parts.h"
#include "model/xalloc.h"

enum { PAGE = 4096 };

static const struct variable_info variables[NVARIABLES] = {
	[V_SCHED] = {"sched", sizeof sched},
	[V_ALLGS] = {"allgs", sizeof allgs},
	[V_ALLGLEN] = {"allglen", sizeof allglen},
	[V_ALLM] = {"allm", sizeof allm},
	[V_ALLP] = {"allp", sizeof allp},
	[V_GOMAXPROCS] = {"gomaxprocs", sizeof gomaxprocs},
	[V_ARENA] = {"arena", sizeof arena},
};

const struct variable_info *state_variable_info(enum variable v)
{
	return &variables[v];
}

bool state_look(struct runtime_view *rv, uint64_t at, void *to, size_t n)
{
	const void *copy = memory_peek(rv->mem, at, n);
	if (!copy && at && memory_watch(rv->mem, at, at + n, false))
		copy = memory_peek(rv->mem, at, n);
	if (!copy || memory_region(rv->mem, at)->is_stack)
		return false;
	memcpy(to, copy, n);
	return true;
}

void state_variable(struct runtime_view *rv, enum variable v, void *to)
{
	const struct region *r = memory_region(rv->mem, rv->at[v]);
	memcpy(to, r->copy + (rv->at[v] - r->lo), variables[v].size);
}

/* Entry i of an array of n pointers, which are taken over by the page. */
static bool entry(struct runtime_view *rv, uint64_t array, int32_t i, int32_t n, uint64_t *at)
{
	uint64_t addr = array + (uint64_t)i * sizeof *at, end = array + (uint64_t)n * sizeof *at;
	uint64_t page = (addr | (PAGE - 1)) + 1;
	if (!memory_peek(rv->mem, addr, sizeof *at))
		memory_watch(rv->mem, addr, end < page ? end : page, false);
	return state_look(rv, addr, at, sizeof *at);
}

int32_t state_count(struct runtime_view *rv, enum variable v, int32_t max)
{
	int32_t n = 0;
	state_variable(rv, v, &n);
	if (n >= 0 && n <= max)
		return n;
	damage_add(&rv->damage, ABOUT_COUNTS, "%s is %d", variables[v].name, n);
	return n < 0 ? 0 : max;
}

void state_array(struct runtime_view *rv, enum subject about, enum variable v, int32_t n,
	bool (*call)(struct runtime_view *rv, int32_t i, uint64_t at))
{
	uint64_t array = 0, at;
	int bad = 0;
	state_variable(rv, v, &array);
	for (int32_t i = 0; i < n && bad < DAMAGE_MANY; i++) {
		if (!entry(rv, array, i, n, &at)) {
			damage_add(
				&rv->damage, about, "%s[%d] cannot be read", variables[v].name, i);
			return;
		}
		bad += !call(rv, i, at);
	}
}

int state_g_id(struct runtime_view *rv, const G *at)
{
	G g;
	if (state_look(rv, (uintptr_t)at, &g, sizeof g))
		return is_goid(g.goid) ? (int)g.goid : 0;
	const struct member *is = roll_find(&rv->gs, (uintptr_t)at);
	return is && is->is >= 0 ? rv->snap.gs[is->is].id : 0;
}

int state_m_id(struct runtime_view *rv, const M *at)
{
	const struct member *is = roll_find(&rv->ms, (uintptr_t)at);
	return is ? is->is : -1;
}

int state_p_id(struct runtime_view *rv, const P *at)
{
	int32_t id;
	_Static_assert(offsetof(P, id) == 0, "what is copied here is the beginning of the P");
	if (state_look(rv, (uintptr_t)at, &id, sizeof id))
		return id;
	const struct member *is = roll_find(&rv->ps, (uintptr_t)at);
	return is ? rv->snap.ps[is->is].id : -1;
}

/*
 * Why a G waits, out of the program. These are string literals, so each is read once; reading them
 * again and again would be most of what a step costs.
 */
const char *state_reason(struct runtime_view *rv, const char *at)
{
	uint64_t addr = (uintptr_t)at;
	const char *kept = (const char *)(uintptr_t)addrmap_get(&rv->reasons, addr);
	if (kept || !addr)
		return kept ? kept : "";
	char text[sizeof((struct g_state *)0)->waitreason] = "";
	for (size_t i = 0; i < sizeof text - 1; i++)
		if (!memory_fetch(rv->mem, addr + i, text + i, 1) || !text[i])
			break;
	char *copy = xstrdup(text);
	addrmap_put(&rv->reasons, addr, (uintptr_t)copy);
	return copy;
}
