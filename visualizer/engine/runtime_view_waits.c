/* SPDX-License-Identifier: MIT */
/*
 * What Gs wait for. A G that is parked has the address of a lock that lies in it, and why says of
 * what kind it is; a select has its sudogs, each with its channel; timers are in a heap. All words
 * that are read are marked (memory.h): until one is written, or another G parks, nothing is read.
 */
#include <stdlib.h>

#include "runtime_view_parts.h"
#include "model/xalloc.h"

/* ---- finding ---- */

/* Why a G is parked (src/): then gopark was given the lock of one of these, or its select. */
static const struct {
	const char *reason;
	int kind;
} reasons[] = {
	{"chan receive", WAIT_CHAN},
	{"chan send", WAIT_CHAN},
	{"mutex lock", WAIT_MUTEX},
	{"rwmutex rlock", WAIT_RWMUTEX},
	{"rwmutex lock", WAIT_RWMUTEX},
	{"waitgroup wait", WAIT_WAITGROUP},
	{"select", PARKED_SELECT},
};

static int kind_by_reason(const char *reason)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(reason, reasons[i].reason) == 0)
			return reasons[i].kind;
	return PARKED_ELSE;
}

void state_park(struct runtime_view *rv, int g, const struct seen *gp)
{
	struct parked now = {.kind = PARKED_ELSE};
	if (!rv->tells_waits)
		return;
	while (rv->nparked <= (size_t)g) {
		rv->parked =
			xgrow(rv->parked, &rv->parked_cap, rv->nparked + 1, sizeof *rv->parked);
		rv->parked[rv->nparked++] = now;
	}
	struct parked *was = &rv->parked[g];
	if (rv->snap.gs[g].status == GS_WAITING) {
		now.lock = seen(rv, gp, G_waitlock);
		now.reason = seen(rv, gp, G_waitreason);
	}
	if (was->lock == now.lock && was->reason == now.reason)
		return;
	if (now.lock)
		now.kind = kind_by_reason(state_reason(rv, now.reason));
	rv->waits_stale = true;
	*was = now;
}

/* There is one of that kind, if it can be read. */
static void add_found(struct runtime_view *rv, enum wait_kind kind, uint64_t at)
{
	rv->found = xgrow(rv->found, &rv->found_cap, rv->nfound + 1, sizeof *rv->found);
	rv->found[rv->nfound++] = (struct found){kind, at};
}

/* The channels of the cases of G i's select, which is on its stack. */
static void find_select(struct runtime_view *rv, int i, uint64_t at)
{
	enum { CASES_MAX = 256 };
	struct seen s;
	int64_t n = -1;
	if (state_mark_look_stack(rv, S_SELECT, at, &s))
		n = seen_signed(rv, &s, select_n);
	bool read = n >= 0 && n <= CASES_MAX;
	uint64_t waiter = read ? seen(rv, &s, select_waiters) : 0;
	for (int64_t k = 0; k < n && read; k++, waiter += rv->is[S_SUDOG].size) {
		read = state_mark_look_stack(rv, S_SUDOG, waiter, &s);
		if (read)
			add_found(rv, WAIT_CHAN, seen(rv, &s, sudog_c));
	}
	if (!read)
		damage_add(
			&rv->damage, ABOUT_WAITS, "G%d's select cannot be read", rv->snap.gs[i].id);
}

/* Where that is, by kind. */
static const enum item locks[] = {
	[WAIT_CHAN] = chan_lock,
	[WAIT_MUTEX] = mutex_lock,
	[WAIT_RWMUTEX] = rwmutex_lock,
	[WAIT_WAITGROUP] = waitgroup_lock,
	[WAIT_TIMER] = S_TIMER, /* it has none */
};

static void find_of_g(struct runtime_view *rv, int i)
{
	const struct parked *g = &rv->parked[i];
	if (g->kind == PARKED_SELECT)
		find_select(rv, i, g->lock);
	else if (g->kind < (int)WAIT_KINDS)
		add_found(rv, (enum wait_kind)g->kind, g->lock - rv->is[locks[g->kind]].value);
}

static void find_timer(struct runtime_view *rv, uint64_t at)
{
	add_found(rv, WAIT_TIMER, at);
}

/* In order of address, each once; not too many. */
static int in_order(const void *a, const void *b)
{
	const struct found *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

static void find_all(struct runtime_view *rv)
{
	size_t n = 0;
	rv->nfound = 0;
	for (size_t i = 0; i < rv->nparked; i++)
		find_of_g(rv, (int)i);
	state_find_timers(rv, find_timer);
	if (rv->nfound)
		qsort(rv->found, rv->nfound, sizeof *rv->found, in_order);
	for (size_t i = 0; i < rv->nfound; i++)
		if (n == 0 || in_order(&rv->found[n - 1], &rv->found[i]) != 0)
			rv->found[n++] = rv->found[i];
	if (n > WAITS_MAX)
		damage_add(&rv->damage, ABOUT_WAITS, "Gs wait for %zu things", n);
	rv->nfound = n < WAITS_MAX ? n : WAITS_MAX;
}

/* ---- reading ---- */

/* A channel's elements from the oldest on; false: they cannot be there. */
static bool read_elements(struct runtime_view *rv, struct wait_object *o, uint64_t first)
{
	uint64_t size = o->number[CHAN_ELEMSIZE], cap = o->number[CHAN_CAP];
	uint64_t n = o->number[CHAN_LEN], word;
	if (n > cap || (n && first >= cap))
		return false;
	if (n == 0 || size == 0 || size > sizeof word)
		return true;
	const uint8_t *buffer = NULL;
	if (cap <= MEMORY_MAX)
		buffer = state_marked(rv, o->addr + rv->is[S_CHAN].size, cap * size, 0);
	if (!buffer)
		return false;
	for (uint64_t i = 0; i < n && i < CHAN_ELEMENTS_MAX; i++) {
		word = 0;
		memcpy(&word, buffer + (first + i) % cap * size, size);
		state_add_entry(rv, o, CHAN_ELEMENTS, word);
	}
	return true;
}

static void read_chan(struct runtime_view *rv, struct wait_object *o, const struct seen *c)
{
	o->number[CHAN_ELEMSIZE] = seen(rv, c, chan_elemsize);
	o->number[CHAN_CAP] = seen(rv, c, chan_dataqsiz);
	o->number[CHAN_LEN] = seen(rv, c, chan_qcount);
	o->number[CHAN_CLOSED] = seen(rv, c, chan_closed) != 0;
	state_add_sudogs(rv, o, CHAN_RECEIVERS, seen(rv, c, chan_recvq));
	state_add_sudogs(rv, o, CHAN_SENDERS, seen(rv, c, chan_sendq));
	if (!read_elements(rv, o, seen(rv, c, chan_recvx)))
		state_wait_damaged(rv, o->kind, o->addr, "has elements that cannot be read");
}

static void read_mutex(struct runtime_view *rv, struct wait_object *o, const struct seen *m)
{
	o->number[MUTEX_USERS] = seen(rv, m, mutex_users);
	o->number[MUTEX_RELEASED] = seen(rv, m, mutex_n);
	state_add_gqueue(rv, o, MUTEX_WAITERS, seen(rv, m, mutex_waiters));
}

static void read_rwmutex(struct runtime_view *rv, struct wait_object *o, const struct seen *rw)
{
	o->number[RWMUTEX_READING] = (uint64_t)seen_signed(rv, rw, rwmutex_reading);
	o->number[RWMUTEX_WRITING] = seen(rv, rw, rwmutex_writing) != 0;
	state_add_gqueue(rv, o, RWMUTEX_READERS, seen(rv, rw, rwmutex_readers));
	state_add_gqueue(rv, o, RWMUTEX_WRITERS, seen(rv, rw, rwmutex_writers));
}

static void read_waitgroup(struct runtime_view *rv, struct wait_object *o, const struct seen *wg)
{
	o->number[WAITGROUP_N] = (uint64_t)seen_signed(rv, wg, waitgroup_n);
	state_add_gqueue(rv, o, WAITGROUP_WAITERS, seen(rv, wg, waitgroup_waiters));
}

static void read_timer(struct runtime_view *rv, struct wait_object *o, const struct seen *t)
{
	uint64_t sleeper = seen(rv, t, timer_sleeper);
	o->number[TIMER_WHEN] = seen(rv, t, timer_when);
	o->number[TIMER_SEQ] = seen(rv, t, timer_seq);
	o->number[TIMER_FN] = seen(rv, t, timer_f);
	o->number[TIMER_ARG] = seen(rv, t, timer_arg);
	if (sleeper)
		state_add_g(rv, o, TIMER_WAKES, sleeper);
}

static const struct {
	enum item structure;
	void (*read)(struct runtime_view *rv, struct wait_object *o, const struct seen *is);
} kinds[WAIT_KINDS] = {
	[WAIT_CHAN] = {S_CHAN, read_chan},
	[WAIT_MUTEX] = {S_MUTEX, read_mutex},
	[WAIT_RWMUTEX] = {S_RWMUTEX, read_rwmutex},
	[WAIT_WAITGROUP] = {S_WAITGROUP, read_waitgroup},
	[WAIT_TIMER] = {S_TIMER, read_timer},
};

static void read_object(struct runtime_view *rv, struct found f)
{
	struct waits *w = &rv->snap.waits;
	struct wait_object o = {.kind = f.kind, .at = w->nentries, .addr = f.at};
	struct seen is;
	if (!state_mark_look_locked(rv, kinds[f.kind].structure, locks[f.kind], f.at, &is)) {
		state_wait_damaged(rv, f.kind, f.at, "cannot be read");
		return;
	}
	kinds[f.kind].read(rv, &o, &is);
	w->object = xgrow(w->object, &rv->waits_cap, w->n + 1, sizeof *w->object);
	w->object[w->n++] = o;
}

void state_read_waits(struct runtime_view *rv)
{
	struct waits *w = &rv->snap.waits;
	if (!rv->tells_waits || (!rv->waits_stale && !rv->mem->marked))
		return;
	rv->waits_stale = false;
	damage_forget(&rv->damage, ABOUT_WAITS, SUBJECTS);
	memory_unmark(rv->mem);
	find_all(rv);
	w->n = w->nentries = 0;
	for (size_t i = 0; i < rv->nfound; i++)
		read_object(rv, rv->found[i]);
	state_give_back(rv);
}
