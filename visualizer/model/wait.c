/* SPDX-License-Identifier: MIT */
#include "wait.h"

#include <string.h>

static const struct wait_words kinds[WAIT_KINDS] = {
	[WAIT_CHAN] = {"chan",
		{[CHAN_ELEMSIZE] = {"elemsize", WAIT_DECIMAL},
			[CHAN_CAP] = {"cap", WAIT_DECIMAL},
			[CHAN_LEN] = {"len", WAIT_DECIMAL},
			[CHAN_CLOSED] = {"closed", WAIT_BOOL}},
		{[CHAN_RECEIVERS] = {"receivers", WAIT_DECIMAL},
			[CHAN_SENDERS] = {"senders", WAIT_DECIMAL},
			[CHAN_ELEMENTS] = {"elements", WAIT_HEX}}},
	[WAIT_MUTEX] = {"mutex",
		{[MUTEX_USERS] = {"users", WAIT_DECIMAL},
			[MUTEX_RELEASED] = {"released", WAIT_DECIMAL}},
		{[MUTEX_WAITERS] = {"waiters", WAIT_DECIMAL}}},
	[WAIT_RWMUTEX] = {"rwmutex",
		{[RWMUTEX_READING] = {"reading", WAIT_DECIMAL},
			[RWMUTEX_WRITING] = {"writing", WAIT_BOOL}},
		{[RWMUTEX_READERS] = {"readers", WAIT_DECIMAL},
			[RWMUTEX_WRITERS] = {"writers", WAIT_DECIMAL}}},
	[WAIT_WAITGROUP] = {"waitgroup", {[WAITGROUP_N] = {"n", WAIT_DECIMAL}},
		{[WAITGROUP_WAITERS] = {"waiters", WAIT_DECIMAL}}},
	[WAIT_TIMER] = {"timer",
		{[TIMER_WHEN] = {"when", WAIT_DECIMAL},
			[TIMER_SEQ] = {"seq", WAIT_DECIMAL},
			[TIMER_FN] = {"fn", WAIT_HEX},
			[TIMER_ARG] = {"arg", WAIT_HEX}},
		{[TIMER_WAKES] = {"wakes", WAIT_DECIMAL}}},
};

const struct wait_words *wait_words(enum wait_kind kind)
{
	return &kinds[kind];
}

const uint64_t *wait_list(const struct waits *w, const struct wait_object *o, int list)
{
	int at = o->at;
	for (int i = 0; i < list; i++)
		at += o->n[i];
	return w->entry ? w->entry + at : NULL;
}

bool wait_list_same(const struct waits *was, const struct wait_object *a, const struct waits *now,
	const struct wait_object *b, int list)
{
	int n = b->n[list];
	return a->n[list] == n && (!n || memcmp(wait_list(was, a, list), wait_list(now, b, list),
						 (size_t)n * sizeof *now->entry) == 0);
}

bool waits_same(const struct waits *was, const struct waits *now)
{
	return was->n == now->n && was->nentries == now->nentries &&
	       (!now->n || memcmp(was->object, now->object, (size_t)now->n * sizeof *now->object) ==
				   0) &&
	       (!now->nentries || memcmp(was->entry, now->entry,
					  (size_t)now->nentries * sizeof *now->entry) == 0);
}

int wait_entries(const struct wait_object *o)
{
	return o->n[0] + o->n[1] + o->n[2];
}
_Static_assert(WAIT_LISTS == 3, "those are all");

int wait_order(const struct wait_object *a, const struct wait_object *b)
{
	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	return (int)a->kind - (int)b->kind;
}

int wait_place(const struct waits *w, enum wait_kind kind, uint64_t addr, bool *is_there)
{
	const struct wait_object is = {.kind = kind, .addr = addr};
	int lo = 0, hi = w->n;
	while (lo < hi) {
		int mid = lo + (hi - lo) / 2;
		if (wait_order(&w->object[mid], &is) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*is_there = lo < w->n && wait_order(&w->object[lo], &is) == 0;
	return lo;
}

static bool is_number_sound(const struct wait_words *of, int i, uint64_t number)
{
	return number == 0 ||
	       (of->number[i].name && (of->number[i].form != WAIT_BOOL || number == 1));
}

bool wait_is_sound(const struct wait_object *o)
{
	if ((unsigned)o->kind >= WAIT_KINDS)
		return false;
	const struct wait_words *of = wait_words(o->kind);
	for (int i = 0; i < WAIT_NUMBERS; i++)
		if (!is_number_sound(of, i, o->number[i]))
			return false;
	for (int i = 0; i < WAIT_LISTS; i++)
		if (o->n[i] < 0 || o->n[i] > (of->list[i].name ? WAIT_ENTRIES_MAX : 0))
			return false;
	return (o->kind != WAIT_CHAN || o->n[CHAN_ELEMENTS] <= CHAN_ELEMENTS_MAX) &&
	       (o->kind != WAIT_TIMER || o->n[TIMER_WAKES] <= 1);
}

bool waits_are_sound(const struct waits *w)
{
	int at = 0;
	if (w->n < 0 || w->n > WAITS_MAX || w->nentries < 0 || w->nentries > WAIT_ENTRIES_MAX)
		return false;
	for (int i = 0; i < w->n; i++) {
		const struct wait_object *o = &w->object[i];
		if (!wait_is_sound(o) || o->at != at || (i && wait_order(o - 1, o) >= 0))
			return false;
		at += wait_entries(o);
		if (at > w->nentries)
			return false;
	}
	return at == w->nentries;
}
