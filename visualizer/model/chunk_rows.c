/* SPDX-License-Identifier: MIT */
/*
 * A chunk as bytes: docs/recording.md says what a row is. What stands to reason is left out: that
 * an M goes on where it stood, that the M of the step before goes on, what a word was before.
 */
#include <string.h>

#include "chunk_parts.h"
#include "store.h"
#include "xalloc.h"

/* A row's first byte: what is told in it, and how many words were written. */
enum {
	ROW_M = 1,
	ROW_PC = 2,
	ROW_BEFORE = 4,
	ROW_EVENT = 8,
	ROW_WRITES = 4, /* from this bit on; 15: the number follows */
	ROW_MANY = 15,
};

/* ---- to bytes ---- */

/* A step as it is put into a row, with what it is told by. */
struct step_row {
	const struct step *st;
	int m_before;   /* the M of the row before it; -1: there is none */
	uint64_t stood; /* the M's pc before it */
	uint64_t sp;    /* its SP after it */
	struct bytes delta;
	const struct word_write *writes;
	int nwrites;
};

static void put_before(struct bytes *b, struct before before)
{
	put_uv(b, before.n);
	for (size_t i = 0; i < before.n; i++) {
		put_uv(b, before.turns[i].kind);
		put_sv(b, before.turns[i].m);
		put_sv(b, before.turns[i].n);
	}
}

static void put_writes(struct bytes *b, const struct step_row *row)
{
	uint64_t at = row->sp;
	for (int i = 0; i < row->nwrites; i++) {
		const struct word_write *w = &row->writes[i];
		put_sv(b, (int64_t)(w->addr - at));
		put_sv(b, (int64_t)(w->now - w->old));
		at = w->addr;
	}
}

static void put_event(struct bytes *b, const struct event *e)
{
	put_uv(b, (uint64_t)e->id);
	put_uv(b, (uint64_t)e->nargs);
	for (int i = 0; i < e->nargs; i++)
		put_sv(b, e->arg[i]);
	put_text(b, e->string);
}

/* Returns where the delta begins in the rows. */
static size_t put_row(struct bytes *b, const struct step_row *row)
{
	const struct step *st = row->st;
	bool tell_m = st->m != row->m_before, tell_pc = st->pc != row->stood;
	int n = row->nwrites < ROW_MANY ? row->nwrites : ROW_MANY;
	put_u8(b, (uint8_t)((tell_m ? ROW_M : 0) | (tell_pc ? ROW_PC : 0) |
			    (st->before.n ? ROW_BEFORE : 0) | (st->event.id >= 0 ? ROW_EVENT : 0) |
			    n << ROW_WRITES));
	if (n == ROW_MANY)
		put_uv(b, (uint64_t)row->nwrites);
	if (tell_m)
		put_sv(b, st->m);
	if (tell_pc)
		put_uv(b, st->pc);
	if (st->before.n)
		put_before(b, st->before);
	size_t delta = b->n;
	put_raw(b, row->delta.p, row->delta.n);
	delta_end(b);
	put_writes(b, row);
	if (st->event.id >= 0)
		put_event(b, &st->event);
	return delta;
}

void chunk_add(struct chunk *k, const struct step *st, uint64_t stood, struct bytes delta,
	const struct word_write *w, int nw)
{
	struct step_row row = {
		.st = st, .stood = stood, .delta = delta, .writes = w, .nwrites = nw};
	const struct m_state *m = snap_m(st->state, st->m);
	row.m_before = k->n ? k->facts[k->n - 1].m : -1;
	row.sp = m_sp(st->state, m);
	size_t at = put_row(&k->rows, &row);
	struct step_facts *f = chunk_add_facts(k);
	f->m = st->m;
	f->pc = st->pc;
	f->delta = (uint32_t)at;
	f->ndelta = (uint32_t)delta.n;
	for (size_t i = 0; i < st->before.n; i++)
		chunk_add_turn(k, &st->before.turns[i]);
	for (int i = 0; i < nw; i++)
		chunk_add_write(k, w[i]);
	if (st->event.id >= 0)
		f->event = chunk_add_event(k, &st->event);
}

/* After how many of its steps it had written more, and how much. */
static void put_outputs(const struct chunk *k, struct bytes *out)
{
	size_t told = 0;
	uint64_t had = 0;
	for (size_t i = 0; i <= k->n; i++) {
		uint64_t has = i < k->n ? k->facts[i].output : k->output;
		if (has == had)
			continue;
		put_uv(out, 1 + i - told);
		put_uv(out, has - had);
		told = i;
		had = has;
	}
	put_uv(out, 0);
}

void chunk_pack(const struct chunk *k, struct bytes *out)
{
	put_uv(out, (uint64_t)k->first);
	put_uv(out, k->n);
	put_blob(out, k->rows.p, k->rows.n);
	put_outputs(k, out);
}

/* ---- from bytes ---- */

static bool get_before(struct reader *in, struct chunk *k, const struct snapshot *s)
{
	for (uint64_t n = get_uv(in); n-- && !in->bad;) {
		struct turn t = {.kind = get_uv(in)};
		t.m = (int)get_in(in, INT32_MIN, INT32_MAX);
		t.n = get_sv(in);
		if (in->bad || !schedule_can_precede(&t) ||
			(t.kind == TURN_SIGNAL && !snap_m(s, t.m)))
			return false;
		chunk_add_turn(k, &t);
	}
	return !in->bad;
}

static bool get_writes(
	struct reader *in, struct chunk *k, struct snapmem *state, uint64_t at, uint64_t n)
{
	while (n-- && !in->bad) {
		struct word_write w;
		w.addr = at += (uint64_t)get_sv(in);
		if (!snap_read(&state->s, w.addr, &w.old))
			return false;
		w.now = w.old + (uint64_t)get_sv(in);
		snapmem_write(state, w.addr, w.now);
		chunk_add_write(k, w);
	}
	return !in->bad;
}

static bool get_event(
	struct reader *in, struct chunk *k, struct step_facts *f, const struct event_map *map)
{
	uint64_t id = get_uv(in);
	struct event e = {.id = id < (uint64_t)map->n ? map->to[id] : -1};
	e.nargs = (int)get_uv(in);
	if (e.nargs < 0 || e.nargs > SNAP_NARGS_MAX)
		return false;
	for (int i = 0; i < e.nargs; i++)
		e.arg[i] = get_sv(in);
	get_text(in, e.string, sizeof e.string);
	if (e.id >= 0)
		f->event = chunk_add_event(k, &e);
	return !in->bad;
}

static bool get_row(
	struct reader *in, struct chunk *k, const struct event_map *map, struct snapmem *state)
{
	uint8_t head = get_u8(in);
	uint64_t nwrites = head >> ROW_WRITES;
	int m = k->n ? k->facts[k->n - 1].m : -1;
	if (nwrites == ROW_MANY)
		nwrites = get_uv(in);
	if (head & ROW_M)
		m = (int)get_in(in, INT32_MIN, INT32_MAX);
	const struct m_state *mp = snap_m(&state->s, m);
	if (in->bad || !mp)
		return false;
	struct step_facts *f = chunk_add_facts(k);
	f->m = m;
	f->pc = head & ROW_PC ? get_uv(in) : m_pc(&state->s, mp);
	if (head & ROW_BEFORE && !get_before(in, k, &state->s))
		return false;
	f->delta = (uint32_t)(in->p - k->rows.p);
	if (!delta_apply_to_end(state, in) || !(mp = snap_m(&state->s, m)))
		return false;
	f->ndelta = (uint32_t)(in->p - k->rows.p) - f->delta - 1;
	if (!get_writes(in, k, state, m_sp(&state->s, mp), nwrites))
		return false;
	return !(head & ROW_EVENT) || get_event(in, k, f, map);
}

static bool get_rows(
	struct chunk *k, uint64_t n, const struct event_map *map, struct snapmem *state)
{
	struct reader in = reader_of(k->rows.p, k->rows.n);
	if (!n || n > CHUNK_STEPS)
		return false;
	k->facts = xgrow(k->facts, &k->facts_cap, n, sizeof *k->facts);
	for (uint64_t i = 0; i < n; i++) {
		if (!get_row(&in, k, map, state))
			return false;
		state->s.step = k->first + (int64_t)i;
		state->s.last_m = k->facts[i].m;
	}
	return reader_done(&in);
}

/* Each step's facts say how much was written before it. */
static bool get_outputs(struct reader *in, struct chunk *k)
{
	size_t at = 0;
	for (uint64_t gap; (gap = get_uv(in)) && !in->bad;) {
		uint64_t n = get_uv(in);
		if (gap - 1 > k->n - at || n > FRAME_MAX)
			return false;
		for (uint64_t to = at + gap - 1; at < to; at++)
			k->facts[at].output = k->output;
		k->output += n;
	}
	for (; at < k->n; at++)
		k->facts[at].output = k->output;
	return !in->bad;
}

struct chunk *chunk_unpack(struct reader in, const struct event_map *map, struct snapmem *state)
{
	struct chunk *k = chunk_new((int64_t)get_uv(&in));
	uint64_t n = get_uv(&in);
	size_t nrows;
	const void *rows = get_blob(&in, &nrows);
	put_raw(&k->rows, rows, nrows);
	bool can_count = k->first >= 1 && k->first <= INT64_MAX - CHUNK_STEPS;
	if (can_count && !in.bad && get_rows(k, n, map, state) && get_outputs(&in, k))
		return k;
	chunk_free(k);
	return NULL;
}
