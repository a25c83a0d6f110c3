/* SPDX-License-Identifier: MIT */
/* What a chunk consists of, and what is asked of it. chunk_rows.c has it as bytes. */
#include "chunk.h"

#include <assert.h>
#include <stdlib.h>

#include "chunk_parts.h"
#include "xalloc.h"

struct chunk *chunk_new(int64_t first)
{
	struct chunk *k = xcalloc(1, sizeof *k);
	k->first = first;
	return k;
}

struct chunk *chunk_broken(int64_t first, size_t n, int m)
{
	struct chunk *k = chunk_new(first);
	k->broken = true;
	k->facts = xcalloc(n, sizeof *k->facts);
	for (k->n = 0; k->n < n; k->n++)
		k->facts[k->n] = (struct step_facts){.m = m, .event = -1};
	return k;
}

void chunk_free(struct chunk *k)
{
	if (!k)
		return;
	bytes_free(&k->rows);
	free(k->facts);
	free(k->writes);
	free(k->events);
	free(k->turns);
	free(k->by_addr);
	free(k);
}

bool chunk_is_full(const struct chunk *k)
{
	return k->n == CHUNK_STEPS || k->rows.n >= CHUNK_BYTES;
}

size_t chunk_size(const struct chunk *k)
{
	return sizeof *k + k->rows.cap + k->facts_cap * sizeof *k->facts +
	       k->writes_cap * (sizeof *k->writes + sizeof *k->by_addr) +
	       k->events_cap * sizeof *k->events + k->turns_cap * sizeof *k->turns;
}

/* ---- adding ---- */

struct step_facts *chunk_add_facts(struct chunk *k)
{
	k->facts = xgrow(k->facts, &k->facts_cap, k->n + 1, sizeof *k->facts);
	struct step_facts *f = &k->facts[k->n++];
	*f = (struct step_facts){.delta = (uint32_t)k->rows.n,
		.writes = (uint32_t)k->nwrites,
		.turns = (uint32_t)k->nturns,
		.output = k->output,
		.event = -1};
	return f;
}

void chunk_add_write(struct chunk *k, struct word_write w)
{
	k->writes = xgrow(k->writes, &k->writes_cap, k->nwrites + 1, sizeof *k->writes);
	k->writes[k->nwrites++] = w;
	free(k->by_addr);
	k->by_addr = NULL;
}

void chunk_add_turn(struct chunk *k, const struct turn *t)
{
	k->turns = xgrow(k->turns, &k->turns_cap, k->nturns + 1, sizeof *k->turns);
	k->turns[k->nturns++] = *t;
}

int32_t chunk_add_event(struct chunk *k, const struct event *e)
{
	k->events = xgrow(k->events, &k->events_cap, k->nevents + 1, sizeof *k->events);
	k->events[k->nevents] = *e;
	return (int32_t)k->nevents++;
}

void chunk_add_output(struct chunk *k, size_t n)
{
	k->output += n;
}

/* ---- asking ---- */

struct reader chunk_delta(const struct chunk *k, size_t i)
{
	const struct step_facts *f = &k->facts[i];
	return reader_of(k->rows.p ? k->rows.p + f->delta : NULL, f->ndelta);
}

const struct word_write *chunk_writes(const struct chunk *k, size_t i, int *n)
{
	size_t from = k->facts[i].writes, to = i + 1 < k->n ? k->facts[i + 1].writes : k->nwrites;
	*n = (int)(to - from);
	return k->writes ? k->writes + from : NULL;
}

struct before chunk_before(const struct chunk *k, size_t i)
{
	size_t from = k->facts[i].turns, to = i + 1 < k->n ? k->facts[i + 1].turns : k->nturns;
	return (struct before){to > from ? k->turns + from : NULL, to - from};
}

uint64_t chunk_output(const struct chunk *k, size_t i)
{
	return i + 1 < k->n ? k->facts[i + 1].output : k->output;
}

static void stand(const struct chunk *k, int64_t step, struct snapmem *state)
{
	state->s.step = step;
	if (step >= k->first)
		state->s.last_m = k->facts[step - k->first].m;
}

bool chunk_apply(const struct chunk *k, size_t i, struct snapmem *state)
{
	int n;
	if (!delta_apply(state, chunk_delta(k, i), DELTA_FORWARD))
		return false;
	const struct word_write *w = chunk_writes(k, i, &n);
	for (int j = 0; j < n; j++)
		if (!snapmem_write(state, w[j].addr, w[j].now))
			return false;
	stand(k, k->first + (int64_t)i, state);
	return true;
}

bool chunk_take_back(const struct chunk *k, size_t i, struct snapmem *state)
{
	int n;
	const struct word_write *w = chunk_writes(k, i, &n);
	while (n--)
		if (!snapmem_write(state, w[n].addr, w[n].old))
			return false;
	if (!delta_apply(state, chunk_delta(k, i), DELTA_BACK))
		return false;
	stand(k, k->first + (int64_t)i - 1, state);
	return true;
}

/* ---- by address ---- */

static int in_order(const void *a, const void *b)
{
	const struct word_at *x = a, *y = b;
	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return (x->step > y->step) - (x->step < y->step);
}

const struct word_at *chunk_by_addr(struct chunk *k)
{
	if (k->by_addr || !k->nwrites)
		return k->by_addr;
	k->by_addr = xmalloc(k->nwrites * sizeof *k->by_addr);
	for (size_t i = 0, at = 0; i < k->n; i++) {
		int n;
		const struct word_write *w = chunk_writes(k, i, &n);
		for (int j = 0; j < n; j++)
			k->by_addr[at++] = (struct word_at){w[j].addr, k->first + (int64_t)i};
	}
	qsort(k->by_addr, k->nwrites, sizeof *k->by_addr, in_order);
	return k->by_addr;
}
