/* SPDX-License-Identifier: MIT */
#include "snapmem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

void snapmem_init(struct snapmem *k, const struct arch_desc *arch)
{
	*k = (struct snapmem){.s = {.arch = arch, .last_m = -1}, .words_max = UINT64_MAX};
}

/*
 * How many words the block of a stack has room for, of which the last are those held: twice as
 * many whenever there is not enough, but never more than the stack has.
 */
static size_t room(const struct stack_image *st, uint64_t from)
{
	size_t held = (st->hi - from) / 8, all = (st->hi - st->lo) / 8, n = 16;
	while (n < held)
		n *= 2;
	return n < all ? n : all;
}

static uint64_t *block_of(const struct stack_image *st)
{
	return st->words ? st->words - (room(st, st->from) - (st->hi - st->from) / 8) : NULL;
}

static void drop_words(struct snapmem *k, struct stack_image *st)
{
	k->nwords -= (st->hi - st->from) / 8;
	free(block_of(st));
	st->words = NULL;
	st->from = st->hi;
}

void snapmem_free(struct snapmem *k)
{
	for (int i = 0; i < k->s.nstacks; i++)
		drop_words(k, &k->s.stacks[i]);
	free(k->s.ms);
	free(k->s.gs);
	free(k->s.ps);
	free(k->s.stacks);
	free(k->s.global);
	free(k->s.waits.object);
	free(k->s.waits.entry);
	snapmem_init(k, k->s.arch);
}

/* An array of *n elements gets `want`; new ones are zero. */
static void *resize(void *p, size_t *cap, int *n, int want, size_t size)
{
	p = xgrow(p, cap, want, size);
	if (want > *n)
		memset((char *)p + *n * size, 0, (want - *n) * size);
	*n = want;
	return p;
}

void snapmem_resize(struct snapmem *k, int nms, int ngs, int nps, int nstacks)
{
	struct snapshot *s = &k->s;
	int old_nms = s->nms;

	assert(nms >= 0 && ngs >= 0 && nps >= 0 && nstacks >= 0);
	for (int i = nstacks; i < s->nstacks; i++)
		drop_words(k, &s->stacks[i]);
	s->ms = resize(s->ms, &k->ms_cap, &s->nms, nms, sizeof *s->ms);
	s->gs = resize(s->gs, &k->gs_cap, &s->ngs, ngs, sizeof *s->gs);
	s->ps = resize(s->ps, &k->ps_cap, &s->nps, nps, sizeof *s->ps);
	s->stacks = resize(s->stacks, &k->stacks_cap, &s->nstacks, nstacks, sizeof *s->stacks);
	for (int i = old_nms; i < nms; i++)
		s->ms[i].departure = NO_DEPARTURE;
}

void snapmem_resize_global(struct snapmem *k, int n)
{
	k->s.global = resize(k->s.global, &k->global_cap, &k->s.nglobal, n, sizeof *k->s.global);
}

/* Of an array of *n elements, those behind the first `at` move up or down by `more`. */
static void *shift(void *p, size_t *cap, int *n, int at, int more, size_t size)
{
	int behind = *n - at;
	p = xgrow(p, cap, (size_t)(*n + more), size);
	if (behind)
		memmove((char *)p + (size_t)(at + more) * size, (char *)p + (size_t)at * size,
			(size_t)behind * size);
	*n += more;
	return p;
}

static void shift_objects(struct snapmem *k, int at, int more)
{
	struct waits *w = &k->s.waits;
	w->object = shift(w->object, &k->waits_cap, &w->n, at, more, sizeof *w->object);
}

void snapmem_add_wait(struct snapmem *k, int place, enum wait_kind kind, uint64_t addr)
{
	struct waits *w = &k->s.waits;
	int at = place < w->n ? w->object[place].at : w->nentries;
	shift_objects(k, place, 1);
	w->object[place] = (struct wait_object){.kind = kind, .at = at, .addr = addr};
}

void snapmem_drop_wait(struct snapmem *k, int place)
{
	for (int i = 0; i < WAIT_LISTS; i++)
		snapmem_set_wait_list(k, place, i, NULL, 0);
	shift_objects(k, place + 1, -1);
}

void snapmem_set_wait_list(struct snapmem *k, int place, int list, const uint64_t *entries, int n)
{
	struct waits *w = &k->s.waits;
	struct wait_object *o = &w->object[place];
	int at = (int)(wait_list(w, o, list) - w->entry), more = n - o->n[list];
	if (more) {
		w->entry = shift(w->entry, &k->wait_entries_cap, &w->nentries, at + o->n[list],
			more, sizeof *w->entry);
		o->n[list] = n;
		for (int i = place + 1; i < w->n; i++)
			w->object[i].at += more;
	}
	if (n)
		memcpy(w->entry + at, entries, (size_t)n * sizeof *entries);
}

void snapmem_set_stack(
	struct snapmem *k, int i, enum stack_kind kind, int id, uint64_t lo, uint64_t hi)
{
	assert(snap_is_stack(lo, hi));
	drop_words(k, &k->s.stacks[i]);
	k->s.stacks[i] =
		(struct stack_image){.kind = kind, .id = id, .lo = lo, .hi = hi, .from = hi};
}

void snapmem_hold(struct snapmem *k, int i, uint64_t from)
{
	struct stack_image *st = &k->s.stacks[i];
	if (from >= st->from)
		return;
	assert(from >= st->lo && from % 8 == 0);
	size_t n = room(st, from), held = (st->hi - st->from) / 8, more = (st->from - from) / 8;
	uint64_t *words = st->words ? st->words - more : NULL;
	if (!words || n != room(st, st->from)) {
		words = (uint64_t *)xmalloc(8 * n) + (n - held - more);
		if (held)
			memcpy(words + more, st->words, 8 * held);
		free(block_of(st));
	}
	memset(words, 0, 8 * more);
	k->nwords += more;
	st->from = from;
	st->words = words;
}

void snapmem_let_go(struct snapmem *k, int i, uint64_t from)
{
	struct stack_image *st = &k->s.stacks[i];
	size_t fewer = (from - st->from) / 8, held = (st->hi - from) / 8;
	assert(from >= st->from && from <= st->hi && from % 8 == 0);
	uint64_t *words = held ? st->words + fewer : NULL;
	if (!held || room(st, from) != room(st, st->from)) {
		uint64_t *block = held ? xmalloc(8 * room(st, from)) : NULL;
		words = held ? block + (room(st, from) - held) : NULL;
		if (held)
			memcpy(words, st->words + fewer, 8 * held);
		free(block_of(st));
	}
	st->from = from;
	st->words = words;
	k->nwords -= fewer;
}

/* An array of *n elements becomes a copy of another. */
static void *copy(void *p, size_t *cap, int *n, const void *from, int nfrom, size_t size)
{
	p = resize(p, cap, n, nfrom, size);
	if (nfrom)
		memcpy(p, from, (size_t)nfrom * size);
	return p;
}

void snapmem_copy(struct snapmem *to, const struct snapshot *s)
{
	struct snapshot *is = &to->s;
	assert(is->arch == s->arch);
	for (int i = 0; i < is->nstacks; i++)
		drop_words(to, &is->stacks[i]);
	is->ms = copy(is->ms, &to->ms_cap, &is->nms, s->ms, s->nms, sizeof *s->ms);
	is->gs = copy(is->gs, &to->gs_cap, &is->ngs, s->gs, s->ngs, sizeof *s->gs);
	is->ps = copy(is->ps, &to->ps_cap, &is->nps, s->ps, s->nps, sizeof *s->ps);
	is->global = copy(is->global, &to->global_cap, &is->nglobal, s->global, s->nglobal,
		sizeof *s->global);
	is->stacks = copy(is->stacks, &to->stacks_cap, &is->nstacks, s->stacks, s->nstacks,
		sizeof *s->stacks);
	for (int i = 0; i < s->nstacks; i++) {
		struct stack_image *st = &is->stacks[i];
		st->words = NULL;
		st->from = st->hi;
		snapmem_hold(to, i, s->stacks[i].from);
		if (st->from < st->hi)
			memcpy(st->words, s->stacks[i].words, st->hi - st->from);
	}
	is->waits.object = copy(is->waits.object, &to->waits_cap, &is->waits.n, s->waits.object,
		s->waits.n, sizeof *s->waits.object);
	is->waits.entry = copy(is->waits.entry, &to->wait_entries_cap, &is->waits.nentries,
		s->waits.entry, s->waits.nentries, sizeof *s->waits.entry);
	is->ndamage = s->ndamage;
	memcpy(is->damage, s->damage, sizeof s->damage);
	is->step = s->step;
	is->last_m = s->last_m;
}

bool snapmem_write(struct snapmem *k, uint64_t addr, uint64_t word)
{
	int i = snap_stack_at(&k->s, addr);
	if (i < 0 || addr % 8 || addr < k->s.stacks[i].from)
		return false;
	struct stack_image *st = &k->s.stacks[i];
	st->words[(addr - st->from) / 8] = word;
	return true;
}
