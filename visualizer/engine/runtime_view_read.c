/* SPDX-License-Identifier: MIT */
/* The runtime's structs, one at a time, out of shadow memory. */
#include <stdio.h>
#include <string.h>

#include "runtime_view_parts.h"
#include "model/xalloc.h"

enum { PAGE = 4096 };

/* n bytes of the runtime's; NULL if they cannot be read. Good until the next are asked for. */
static const uint8_t *bytes_at(struct runtime_view *rv, uint64_t at, size_t n)
{
	const uint8_t *copy = memory_peek(rv->mem, at, n);
	if (!copy && at && memory_watch(rv->mem, at, at + n, false))
		copy = memory_peek(rv->mem, at, n);
	return copy && !memory_region(rv->mem, at)->is_stack ? copy : NULL;
}

bool state_look(struct runtime_view *rv, enum item structure, uint64_t at, struct seen *to)
{
	const uint8_t *copy = bytes_at(rv, at, rv->is[structure].size);
	if (copy)
		memcpy(to->bytes, copy, rv->is[structure].size);
	return copy != NULL;
}

static const uint8_t *variable(struct runtime_view *rv, enum item v)
{
	uint64_t at = rv->is[v].value;
	const struct region *r = memory_region(rv->mem, at);
	return r->copy + (at - r->lo);
}

uint64_t state_variable(struct runtime_view *rv, enum item v)
{
	return state_number(variable(rv, v), rv->is[v].size);
}

void state_variable_look(struct runtime_view *rv, enum item v, struct seen *to)
{
	memcpy(to->bytes, variable(rv, v), rv->is[v].size);
}

/* Entry i of an array of n pointers, which are taken over by the page. */
static bool entry(struct runtime_view *rv, uint64_t array, int32_t i, int32_t n, uint64_t *at)
{
	uint64_t addr = array + (uint64_t)i * sizeof *at, end = array + (uint64_t)n * sizeof *at;
	uint64_t page = (addr | (PAGE - 1)) + 1;
	if (!memory_peek(rv->mem, addr, sizeof *at))
		memory_watch(rv->mem, addr, end < page ? end : page, false);
	const uint8_t *copy = bytes_at(rv, addr, sizeof *at);
	if (copy)
		memcpy(at, copy, sizeof *at);
	return copy != NULL;
}

int32_t state_count(struct runtime_view *rv, enum item v, int32_t max)
{
	int64_t n = state_signed(state_variable(rv, v), rv->is[v].size);
	if (n >= 0 && n <= max)
		return (int32_t)n;
	damage_add(&rv->damage, ABOUT_COUNTS, "%s is %lld", rv->is[v].name, (long long)n);
	return n < 0 ? 0 : max;
}

void state_array(struct runtime_view *rv, enum subject about, enum item v, int32_t n,
	bool (*call)(struct runtime_view *rv, int32_t i, uint64_t at))
{
	uint64_t array = state_variable(rv, v), at;
	int bad = 0;
	for (int32_t i = 0; i < n && bad < DAMAGE_MANY; i++) {
		if (!entry(rv, array, i, n, &at)) {
			damage_add(&rv->damage, about, "%s[%d] cannot be read", rv->is[v].name, i);
			return;
		}
		bad += !call(rv, i, at);
	}
}

/* Field `id` of a struct. False: it cannot be read. */
static bool id_of(
	struct runtime_view *rv, enum item structure, enum item id, uint64_t at, int64_t *to)
{
	const uint8_t *copy = bytes_at(rv, at, rv->is[structure].size);
	if (!copy)
		return false;
	*to = state_signed(state_number(copy + rv->is[id].value, rv->is[id].size), rv->is[id].size);
	return true;
}

int state_g_id(struct runtime_view *rv, uint64_t at)
{
	int64_t goid;
	if (id_of(rv, G, G_goid, at, &goid))
		return is_goid(goid) ? (int)goid : 0;
	const struct member *is = roll_find(&rv->gs, at);
	return is && is->is >= 0 ? rv->snap.gs[is->is].id : 0;
}

int state_m_id(struct runtime_view *rv, uint64_t at)
{
	const struct member *is = roll_find(&rv->ms, at);
	return is ? is->is : -1;
}

int state_p_id(struct runtime_view *rv, uint64_t at)
{
	int64_t id;
	if (id_of(rv, P, P_id, at, &id))
		return (int)id;
	const struct member *is = roll_find(&rv->ps, at);
	return is ? rv->snap.ps[is->is].id : -1;
}

/*
 * Why a G waits, out of the program. These are string literals, so each is read once; reading them
 * again and again would be most of what a step costs.
 */
const char *state_reason(struct runtime_view *rv, uint64_t at)
{
	const char *kept = (const char *)(uintptr_t)addrmap_get(&rv->reasons, at);
	if (kept || !at)
		return kept ? kept : "";
	char text[sizeof((struct g_state *)0)->waitreason] = "";
	for (size_t i = 0; i < sizeof text - 1; i++)
		if (!memory_fetch(rv->mem, at + i, text + i, 1) || !text[i])
			break;
	char *copy = xstrdup(text);
	addrmap_put(&rv->reasons, at, (uintptr_t)copy);
	return copy;
}
