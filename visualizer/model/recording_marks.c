/* SPDX-License-Identifier: MIT */
/*
 * Each step is boiled down to numbers, its marks, by which steps of two recordings are compared.
 * What policies have in common is found out when a step is recorded: it takes the state there.
 *
 * The marks of all steps so far are mixed into one number a kind, and those numbers are kept every
 * MARKS_EVERY steps. Two recordings are the same as far as theirs are: so the first step that is
 * another is found by halving, and then among MARKS_EVERY steps. All that is 9 bytes a step.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mix.h"
#include "recording_parts.h"
#include "xalloc.h"

/* ---- what two policies must have in common ---- */

/* Whether a pc is in mcall_*. To ask is not to make more of the code known. */
static bool in_mcall(const struct recording *r, uint64_t pc)
{
	const struct code_line *l = code_known(r->code, pc);
	return l && l->sym && strncmp(l->sym, "mcall_", strlen("mcall_")) == 0;
}

uint64_t mark_pc(const struct recording *r, uint64_t pc)
{
	return in_mcall(r, pc) ? 0 : pc;
}

/* Into a stack, or to its end, where a stack pointer is while it is empty. */
static bool leads_to_stack(const struct snapshot *now, uint64_t word)
{
	for (int i = 0; i < now->nstacks; i++)
		if (word - now->stacks[i].lo <= now->stacks[i].hi - now->stacks[i].lo)
			return true;
	return false;
}

bool mark_is_of_mcall(const struct recording *r, const struct snapshot *now, uint64_t word)
{
	return word == 0 || leads_to_stack(now, word) || in_mcall(r, word);
}

/* ---- marks ---- */

static uint64_t place_mark(int m, uint64_t pc)
{
	return mix_word(mix_word(1, (uint64_t)m), pc);
}

uint64_t mark_event(const struct event *e)
{
	if (!e)
		return 0;
	uint64_t hash = mix_word(1, (uint64_t)e->id);
	return mix_bytes(hash, e->arg, (size_t)e->nargs * sizeof *e->arg);
}

/* Of whose step it is, after what from outside. */
static uint64_t turn_mark(const struct recording *r, int64_t step)
{
	const struct before before = recording_before(r, step);
	uint64_t mark = (uint64_t)recording_m(r, step);
	for (size_t i = 0; i < before.n; i++) {
		const struct turn *t = &before.turns[i];
		mark = mix_word(mix_word(mark, (uint64_t)t->kind), (uint64_t)(t->m + t->n));
	}
	return mark;
}

static uint64_t path_mark(const struct recording *r, const struct snapshot *now, int64_t step)
{
	uint64_t hash = 1;
	for (int i = 0; step == 0 && i < now->nms; i++)
		hash = mix_word(hash, mark_pc(r, m_pc(now, &now->ms[i])));
	if (step == 0)
		return hash;
	int n;
	const struct word_write *w = recording_writes(r, step, &n);
	hash = place_mark(recording_m(r, step), mark_pc(r, recording_pc(r, step)));
	hash = mix_word(hash, mark_event(recording_event(r, step)));
	for (int i = 0; i < n; i++)
		if (!mark_is_of_mcall(r, now, w[i].now))
			hash = mix_word(mix_word(hash, w[i].addr), w[i].now);
	return hash;
}

static uint64_t state_mark(const struct recording *r, int64_t step)
{
	const struct bytes *first = &r->chunks[0].keyframe;
	if (step == 0)
		return mix_bytes(1, first->p, first->n);
	int n;
	const struct word_write *w = recording_writes(r, step, &n);
	struct reader delta = recording_delta(r, step);
	uint64_t hash = place_mark(recording_m(r, step), recording_pc(r, step));
	hash = mix_word(hash, mark_event(recording_event(r, step)));
	hash = mix_bytes(hash, delta.p, (size_t)(delta.end - delta.p));
	return mix_bytes(hash, w, (size_t)n * sizeof *w);
}

static uint64_t output_mark(const struct recording *r, int64_t step)
{
	size_t n;
	const char *text = recording_written(r, step, &n);
	return mix_bytes(1, text, n);
}

uint64_t mark_of(const struct recording *r, enum mark kind, int64_t step)
{
	switch (kind) {
	case MARK_TURN: return step ? turn_mark(r, step) : 0;
	case MARK_PLACE: return step ? mix_word(turn_mark(r, step), recording_pc(r, step)) : 0;
	case MARK_PATH: return step ? recording_facts(r, step)->path : r->first_path;
	case MARK_STATE: return state_mark(r, step);
	default: return output_mark(r, step);
	}
}

/* ---- of many steps ---- */

/* The step whose mark is mixed in with a step: all that one wrote is there with the next. */
static int64_t step_behind(enum mark kind, int64_t step)
{
	return kind == MARK_OUTPUT ? step - 1 : step;
}

static void mix_in(struct recording *r, int64_t step)
{
	for (enum mark kind = 0; kind < NMARKS; kind++) {
		uint64_t mark = mark_of(r, kind, step_behind(kind, step));
		r->mixed.of[kind] = mix_word(r->mixed.of[kind], mark);
	}
	if (step % MARKS_EVERY)
		return;
	assert(r->nmixes == (size_t)step / MARKS_EVERY);
	r->mixes = xgrow(r->mixes, &r->mixes_cap, r->nmixes + 1, sizeof *r->mixes);
	r->mixes[r->nmixes++] = r->mixed;
}

void marks_begin(struct recording *r)
{
	r->first_path = path_mark(r, &r->head.s, 0);
	mix_in(r, 0);
}

void marks_add(struct recording *r)
{
	struct chunk *k = &r->chunks[r->nchunks - 1];
	k->facts[k->n - 1].path = path_mark(r, &r->head.s, r->last);
	mix_in(r, r->last);
}

void marks_truncate(struct recording *r, int64_t n)
{
	r->nmixes = (size_t)n / MARKS_EVERY + 1;
	r->mixed = r->mixes[r->nmixes - 1];
	for (int64_t step = n - n % MARKS_EVERY + 1; step <= n; step++)
		mix_in(r, step);
}

/* ---- of two recordings ---- */

/* How many of the first n mixes of both are the same. */
static size_t same_mixes(
	const struct recording *a, const struct recording *b, enum mark kind, size_t n)
{
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (a->mixes[mid].of[kind] == b->mixes[mid].of[kind])
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int64_t marks_part(const struct recording *a, const struct recording *b, enum mark kind)
{
	int64_t last = a->last < b->last ? a->last : b->last;
	size_t n = (size_t)last / MARKS_EVERY + 1, same = same_mixes(a, b, kind, n);
	int64_t to = same < n ? (int64_t)same * MARKS_EVERY : last;
	for (int64_t at = same ? ((int64_t)same - 1) * MARKS_EVERY + 1 : 0; at <= to; at++) {
		int64_t step = step_behind(kind, at);
		if (mark_of(a, kind, step) != mark_of(b, kind, step))
			return step;
	}
	assert(same == n); /* between the last mix that is the same and one that is not it is */
	return -1;
}

bool marks_same_policy(const struct recording *a, const struct recording *b)
{
	return strcmp(a->info.policy, b->info.policy) == 0;
}

static int64_t common(const struct recording *a, const struct recording *b, enum mark kind)
{
	int64_t part = marks_part(a, b, kind);
	if (part > 0)
		return part - 1;
	return a->last < b->last ? a->last : b->last;
}

int64_t recording_common(const struct recording *a, const struct recording *b)
{
	return common(a, b, marks_same_policy(a, b) ? MARK_PLACE : MARK_TURN);
}

int64_t recording_common_schedule(const struct recording *a, const struct recording *b)
{
	return common(a, b, MARK_TURN);
}

int64_t recording_beside(const struct recording *of, const struct recording *with, int64_t step)
{
	int64_t same = recording_common_schedule(of, with);
	assert(step >= 0 && step <= with->last);
	if (step <= same)
		return step;
	/* Counted from there on, however many each had before. */
	int64_t more = recording_count_events(with, step) - recording_count_events(with, same);
	if (more == 0)
		return same;
	int64_t at = recording_nth_event(of, recording_count_events(of, same) + more);
	return at < 0 ? of->last : at;
}
