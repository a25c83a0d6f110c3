/* SPDX-License-Identifier: MIT */
/* Who stands in the queues of what Gs wait for. */
#include "runtime_view_parts.h"

#include "model/xalloc.h"

void state_wait_damaged(struct runtime_view *rv, enum wait_kind kind, uint64_t at, const char *what)
{
	damage_add(&rv->damage, ABOUT_WAITS, "the %s at 0x%llx %s", wait_words(kind)->name,
		(unsigned long long)at, what);
}

bool state_add_entry(struct runtime_view *rv, struct wait_object *o, int list, uint64_t entry)
{
	struct waits *w = &rv->snap.waits;
	if (w->nentries == WAIT_ENTRIES_MAX)
		return false;
	w->entry =
		xgrow(w->entry, &rv->wait_entries_cap, (size_t)w->nentries + 1, sizeof *w->entry);
	w->entry[w->nentries++] = entry;
	o->n[list]++;
	return true;
}

/*
 * Whether a list that is gone along is a cycle: then it comes again to where it was at the last
 * power of two. It is not told of who is in one.
 */
struct way {
	uint64_t was;
	unsigned n, next;
};

static bool goes_on(
	struct runtime_view *rv, struct wait_object *o, int list, struct way *way, uint64_t at)
{
	bool again = at == way->was, full = rv->snap.waits.nentries == WAIT_ENTRIES_MAX;
	if (at && (again || full)) {
		state_wait_damaged(rv, o->kind, o->addr,
			again ? "has a queue that is a cycle" : "is waited for by too many");
		rv->snap.waits.nentries -= o->n[list];
		o->n[list] = 0;
		return false;
	}
	if (way->n++ == way->next) {
		way->was = at;
		way->next = 2 * way->next + 1;
	}
	return at != 0;
}

bool state_add_g(struct runtime_view *rv, struct wait_object *o, int list, uint64_t at)
{
	const struct member *is = roll_find(&rv->gs, at);
	bool there = is && is->is >= 0;
	if (there)
		state_add_entry(rv, o, list, (uint64_t)rv->snap.gs[is->is].id);
	else
		state_wait_damaged(rv, o->kind, o->addr, "is waited for by what is no G");
	return there;
}

void state_add_gqueue(struct runtime_view *rv, struct wait_object *o, int list, uint64_t at)
{
	const struct layout_item *link = &rv->is[G_schedlink];
	struct way way = {0};
	const uint8_t *next;
	while (goes_on(rv, o, list, &way, at) && state_add_g(rv, o, list, at)) {
		next = state_marked(rv, at + link->value, link->size, 0);
		at = next ? state_number(next, link->size) : 0;
	}
}

/* Whether a sudog is of a select that has been done by another of its cases. */
static bool is_done(struct runtime_view *rv, const struct seen *s)
{
	uint64_t at = seen(rv, s, sudog_fired), fired = 0;
	const uint8_t *word = at ? state_marked(rv, at, sizeof fired, 0) : NULL;
	if (word)
		memcpy(&fired, word, sizeof fired);
	return fired != 0;
}

void state_add_sudogs(struct runtime_view *rv, struct wait_object *o, int list, uint64_t at)
{
	struct way way = {0};
	struct seen s;
	for (; goes_on(rv, o, list, &way, at); at = seen(rv, &s, sudog_next)) {
		if (!state_mark_look_stack(rv, S_SUDOG, at, &s) ||
			seen(rv, &s, sudog_c) != o->addr) {
			state_wait_damaged(rv, o->kind, o->addr, "has a queue that cannot be read");
			return;
		}
		if (!is_done(rv, &s) && !state_add_g(rv, o, list, seen(rv, &s, sudog_g)))
			return;
	}
}
