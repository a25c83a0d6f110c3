/* SPDX-License-Identifier: MIT */
/*
 * Each step is boiled down to numbers, its marks, by which steps of two recordings are compared.
 * What policies have in common is told with the state of a step: so a recording that is compared is
 * gone through once, and then as far as it has grown.
 *
 * The marks of all steps so far are mixed into one number a kind, and those numbers are kept every
 * MARKS_EVERY steps. Two recordings are the same as far as theirs are: so the first step that is
 * another is found by halving, and then among MARKS_EVERY steps.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mix.h"
#include "recording_parts.h"
#include "xalloc.h"

/* The marks of many steps, each kind mixed into one number. */
enum { MARKS_EVERY = 256 };
struct marks {
	uint64_t of[NMARKS];
};

struct marking {
	struct cursor *cursor;
	int64_t step; /* up to which they are mixed; -1: none yet */
	struct marks
		mixed; /* of all those steps, and of those up to every MARKS_EVERY-th, from 0 on */
	struct marks *mixes;
	size_t nmixes, mixes_cap;
	/* mcall, from the step on at which it is executed first; 0: not known yet. */
	int64_t mcall_step;
	uint64_t mcall_lo, mcall_hi;
};

void marking_free(struct marking *m)
{
	if (!m)
		return;
	cursor_free(m->cursor);
	free(m->mixes);
	free(m);
}

/* To ask is not to change the recording. */
static struct marking *marking_of(const struct recording *r)
{
	if (r->marking)
		return r->marking;
	struct marking *m = xcalloc(1, sizeof *m);
	m->cursor = cursor_new(r);
	m->step = -1;
	((struct recording *)r)->marking = m;
	return m;
}

/* ---- what two policies must have in common ---- */

/* As far as that is known at a step, however long the recording is. */
static bool in_mcall(const struct recording *r, uint64_t pc, int64_t step)
{
	const struct marking *m = marking_of(r);
	return m->mcall_step && step >= m->mcall_step &&
	       pc - m->mcall_lo < m->mcall_hi - m->mcall_lo;
}

/* Of a step that is executed there. To ask is not to make more of the code known. */
static void look_for_mcall(const struct recording *r, int64_t step)
{
	struct marking *m = marking_of(r);
	if (m->mcall_step)
		return;
	const struct code_line *l = code_known(r->code, recording_pc(r, step));
	if (!l || !l->sym || strncmp(l->sym, "mcall_", strlen("mcall_")) != 0)
		return;
	m->mcall_step = step;
	m->mcall_lo = l->sym_lo;
	m->mcall_hi = l->sym_hi;
}

uint64_t mark_pc(const struct recording *r, uint64_t pc, int64_t step)
{
	return in_mcall(r, pc, step) ? 0 : pc;
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
	return word == 0 || leads_to_stack(now, word) || in_mcall(r, word, now->step);
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

static uint64_t first_path_mark(const struct recording *r)
{
	const struct snapshot *now = cursor_seek(marking_of(r)->cursor, 0);
	uint64_t hash = 1;
	for (int i = 0; i < now->nms; i++)
		hash = mix_word(hash, mark_pc(r, m_pc(now, &now->ms[i]), 0));
	return hash;
}

static uint64_t path_mark(const struct recording *r, int64_t step)
{
	struct marking *m = marking_of(r);
	const struct snapshot *now = cursor_seek(m->cursor, step);
	struct chunk *k;
	size_t i;
	int n;
	const struct step_facts *f = recording_facts(r, step, &k, &i);
	const struct word_write *w = chunk_writes(k, i, &n);
	uint64_t hash = place_mark(f->m, mark_pc(r, f->pc, step));
	hash = mix_word(hash, mark_event(f->event < 0 ? NULL : &k->events[f->event]));
	for (int j = 0; j < n; j++)
		if (!mark_is_of_mcall(r, now, w[j].now))
			hash = mix_word(mix_word(hash, w[j].addr), w[j].now);
	return hash;
}

static uint64_t first_state_mark(const struct recording *r)
{
	const struct snapshot nothing = {.arch = r->arch};
	struct bytes b = {0};
	delta_all(&b, &nothing, cursor_seek(marking_of(r)->cursor, 0));
	uint64_t hash = mix_bytes(1, b.p, b.n);
	bytes_free(&b);
	return hash;
}

static uint64_t state_mark(const struct recording *r, int64_t step)
{
	struct chunk *k;
	size_t i;
	int n;
	const struct step_facts *f = recording_facts(r, step, &k, &i);
	const struct word_write *w = chunk_writes(k, i, &n);
	struct reader delta = chunk_delta(k, i);
	uint64_t hash = place_mark(f->m, f->pc);
	hash = mix_word(hash, mark_event(f->event < 0 ? NULL : &k->events[f->event]));
	hash = mix_bytes(hash, delta.p, (size_t)(delta.end - delta.p));
	return mix_bytes(hash, w, (size_t)n * sizeof *w);
}

static uint64_t output_mark(const struct recording *r, int64_t step)
{
	size_t n;
	const char *text = recording_written(r, step, &n);
	return mix_bytes(1, text, n);
}

static uint64_t compute(const struct recording *r, enum mark kind, int64_t step)
{
	switch (kind) {
	case MARK_TURN: return step ? turn_mark(r, step) : 0;
	case MARK_PLACE: return step ? mix_word(turn_mark(r, step), recording_pc(r, step)) : 0;
	case MARK_PATH: return step ? path_mark(r, step) : first_path_mark(r);
	case MARK_STATE: return step ? state_mark(r, step) : first_state_mark(r);
	default: return output_mark(r, step);
	}
}

/* ---- of many steps ---- */

/* The step whose mark is mixed in with a step: all that one wrote is there with the next. */
static int64_t step_behind(enum mark kind, int64_t step)
{
	return kind == MARK_OUTPUT ? step - 1 : step;
}

static void mix_in(const struct recording *r, struct marking *m, int64_t step)
{
	if (step)
		look_for_mcall(r, step);
	for (enum mark kind = 0; kind < NMARKS; kind++) {
		uint64_t mark = compute(r, kind, step_behind(kind, step));
		m->mixed.of[kind] = mix_word(m->mixed.of[kind], mark);
	}
	if (step % MARKS_EVERY)
		return;
	assert(m->nmixes == (size_t)step / MARKS_EVERY);
	m->mixes = xgrow(m->mixes, &m->mixes_cap, m->nmixes + 1, sizeof *m->mixes);
	m->mixes[m->nmixes++] = m->mixed;
}

/* The marks of all steps up to one. */
static struct marking *mark_upto(const struct recording *r, int64_t step)
{
	struct marking *m = marking_of(r);
	while (m->step < step)
		mix_in(r, m, ++m->step);
	return m;
}

uint64_t mark_of(const struct recording *r, enum mark kind, int64_t step)
{
	if (kind == MARK_PATH)
		mark_upto(r, step);
	return compute(r, kind, step);
}

/* ---- of two recordings ---- */

/* How many of the first n mixes of both are the same. */
static size_t same_mixes(
	const struct recording *a, const struct recording *b, enum mark kind, size_t n)
{
	const struct marks *in_a = marking_of(a)->mixes, *in_b = marking_of(b)->mixes;
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (in_a[mid].of[kind] == in_b[mid].of[kind])
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

int64_t marks_part(const struct recording *a, const struct recording *b, enum mark kind)
{
	int64_t last = a->last < b->last ? a->last : b->last;
	mark_upto(a, last);
	mark_upto(b, last);
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
