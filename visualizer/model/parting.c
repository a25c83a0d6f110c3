/* SPDX-License-Identifier: MIT */
/*
 * Steps are compared by their marks, and the way to each is boiled down to a number too: which Ms
 * have executed, in turn, and what came from outside. Two runs that came the same way and have
 * other marks part there.
 */
#include "parting.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addrmap.h"
#include "mix.h"
#include "recording_parts.h"
#include "xalloc.h"

/* ---- what was another ---- */

static void tell_event(
	struct parting *p, const struct recording *was, const struct recording *is, int64_t step)
{
	const struct event *before = recording_event(was, step), *now = recording_event(is, step);
	char a[100], b[100];
	snprintf(p->what, sizeof p->what, "%s, and before %s",
		now ? event_words(now, is->code, a, sizeof a) : "there is no event",
		before ? event_words(before, was->code, b, sizeof b) : "there was none");
}

/* A word that one of them has written, and that is another in the other one. */
static bool tell_word(struct parting *p, const struct recording *r, const struct snapshot *was,
	const struct snapshot *is, int64_t step)
{
	int n;
	const struct word_write *w = recording_writes(r, step, &n);
	for (int i = 0; i < n; i++) {
		uint64_t a = 0, b = 0;
		char name[16];
		int stack = snap_stack_at(is, w[i].addr);
		if (stack < 0 || mark_is_of_mcall(r, is, w[i].now))
			continue;
		snap_read(was, w[i].addr, &a);
		snap_read(is, w[i].addr, &b);
		if (a == b)
			continue;
		snprintf(p->what, sizeof p->what, "%s's word …%04llx is 0x%llx, and was 0x%llx",
			snap_stack_name(is, stack, name), (unsigned long long)w[i].addr & 0xffff,
			(unsigned long long)b, (unsigned long long)a);
		return true;
	}
	return false;
}

static bool tell_state(
	struct parting *p, const struct recording *was, const struct recording *is, int64_t step)
{
	struct cursor *a = cursor_new(was), *b = cursor_new(is);
	const struct snapshot *before = cursor_seek(a, step), *now = cursor_seek(b, step);
	bool told;
	if (marks_same_policy(was, is))
		told = snap_differs(before, now, p->what, sizeof p->what);
	else
		told = step > 0 && (tell_word(p, is, before, now, step) ||
					   tell_word(p, was, before, now, step));
	cursor_free(a);
	cursor_free(b);
	return told;
}

static bool is_same_way(const struct recording *a, const struct recording *b, int64_t step)
{
	int64_t leaves = marks_part(a, b, MARK_TURN);
	return step <= a->last && step <= b->last && (leaves < 0 || step < leaves);
}

void parting_tell(
	struct parting *p, const struct recording *was, const struct recording *is, int64_t step)
{
	int m = step ? recording_m(is, step) : 0;
	bool known = was && is_same_way(was, is, step);
	p->step = step;
	if (known && step &&
		mark_pc(was, recording_pc(was, step), step) !=
			mark_pc(is, recording_pc(is, step), step)) {
		char a[80], b[80];
		snprintf(p->what, sizeof p->what, "M%d executes %s, and executed %s before", m,
			code_symbolize(is->code, recording_pc(is, step), false, b, sizeof b),
			code_symbolize(was->code, recording_pc(was, step), false, a, sizeof a));
		return;
	}
	if (known &&
		mark_event(recording_event(was, step)) != mark_event(recording_event(is, step))) {
		tell_event(p, was, is, step);
		return;
	}
	if (known && tell_state(p, was, is, step))
		return;
	if (known && mark_of(was, MARK_OUTPUT, step) != mark_of(is, MARK_OUTPUT, step))
		snprintf(p->what, sizeof p->what, "the program writes something else");
	else
		snprintf(p->what, sizeof p->what, "M%d left something else behind in a run before",
			m);
}

/* From where another M executes it is another schedule, of which nothing is said. */
static int64_t first_other(const struct recording *was, const struct recording *is)
{
	int64_t other = marks_part(was, is, marks_same_policy(was, is) ? MARK_STATE : MARK_PATH);
	int64_t wrote = marks_part(was, is, MARK_OUTPUT);
	if (wrote >= 0 && (other < 0 || wrote < other))
		other = wrote;
	return other >= 0 && is_same_way(was, is, other) ? other : -1;
}

void parting_find(struct parting *p, const struct recording *was, const struct recording *is)
{
	*p = (struct parting){.step = first_other(was, is)};
	if (p->step >= 0)
		parting_tell(p, was, is, p->step);
}

/* ---- trails ---- */

/* Values of the map that are no marks. */
enum { UNKNOWN, PARTED, MARK_MIN };

struct trails {
	struct addrmap marks; /* by the way there and the kind of mark */
	int64_t nparted;      /* how many of them are PARTED */
};

struct trail {
	struct trails *trails;
	const struct recording *r;
	int64_t step; /* the last one compared; -1: none */
	uint64_t way; /* to there */
	int64_t parts;
	int64_t nparted; /* the trails', then */
	/* What this step had written was kept while it was the last; more of that may have come. */
	int64_t early_step;
	uint64_t early;
};

struct trails *trails_new(void)
{
	return xcalloc(1, sizeof(struct trails));
}

void trails_free(struct trails *t)
{
	if (!t)
		return;
	addrmap_free(&t->marks);
	free(t);
}

struct trail *trail_new(struct trails *trails, const struct recording *r)
{
	struct trail *t = xcalloc(1, sizeof *t);
	*t = (struct trail){.trails = trails, .r = r, .step = -1, .parts = -1, .early_step = -1};
	return t;
}

void trail_free(struct trail *t)
{
	free(t);
}

/* The key of a mark of the step where t is. */
static uint64_t key_of(const struct trail *t, enum mark kind)
{
	const char *policy = t->r->info.policy;
	uint64_t key = mix_word(t->way, kind);
	return kind == MARK_STATE ? mix_bytes(key, policy, strlen(policy)) : key;
}

static uint64_t mark_here(const struct trail *t, enum mark kind)
{
	uint64_t mark = mark_of(t->r, kind, t->step);
	return mark < MARK_MIN ? MARK_MIN : mark;
}

/* Whether a mark of the step where t is, is another than before; from now on it is known. */
static bool differs(struct trail *t, enum mark kind)
{
	struct trails *all = t->trails;
	uint64_t key = key_of(t, kind), was = addrmap_get(&all->marks, key);
	uint64_t mark = mark_here(t, kind);
	bool other = was != UNKNOWN && was != mark;
	if (was != mark)
		addrmap_put(&all->marks, key, other ? PARTED : mark);
	all->nparted += other && was != PARTED;
	return other;
}

/* What was written in a step may come later than it does, but before the next. */
static bool wrote_other(struct trail *t)
{
	uint64_t key = key_of(t, MARK_OUTPUT);
	if (t->step == t->early_step && addrmap_get(&t->trails->marks, key) == t->early)
		addrmap_put(&t->trails->marks, key, mark_here(t, MARK_OUTPUT));
	return differs(t, MARK_OUTPUT);
}

/* One step further. */
static void go_on(struct trail *t)
{
	if (t->step >= 0 && wrote_other(t) && t->parts < 0)
		t->parts = t->step;
	t->step++;
	t->way = t->step ? mix_word(t->way, mark_of(t->r, MARK_TURN, t->step)) : 1;
	bool state = differs(t, MARK_STATE), path = differs(t, MARK_PATH);
	if ((state || path) && t->parts < 0)
		t->parts = t->step;
}

static void go_to_end(struct trail *t)
{
	/* Where others have parted meanwhile, it may be from what this one led to. */
	if (t->nparted != t->trails->nparted)
		t->step = t->parts = -1;
	assert(t->step <= recording_last(t->r)); /* it only grows */
	while (t->step < recording_last(t->r))
		go_on(t);
	t->nparted = t->trails->nparted;
}

int64_t trail_parts(struct trail *t)
{
	/* The first run has nothing to be compared with. */
	if (t->trails->marks.n)
		go_to_end(t);
	return t->parts;
}

void trail_keep(struct trail *t)
{
	go_to_end(t);
	bool other = wrote_other(t);
	t->early_step = other ? -1 : t->step;
	t->early = other ? UNKNOWN : mark_here(t, MARK_OUTPUT);
}
