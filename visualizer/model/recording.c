/* SPDX-License-Identifier: MIT */
/*
 * A recording as a whole: adding steps and forgetting them. A step costs one struct, some
 * bytes of delta and its writes; what a step is made of stands in recording_parts.h, what
 * else is derived from it in recording_history.c, recording_marks.c and recording_writes.c. It is
 * read by recording_facts.c, a fact at a time, and recording_cursor.c, a state at a time.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "recording_parts.h"
#include "xalloc.h"

/* Begin a chunk with the head's state as its keyframe. */
static void add_chunk(struct recording *r)
{
	r->chunks = xgrow(r->chunks, &r->chunks_cap, r->nchunks + 1, sizeof *r->chunks);
	struct chunk *k = &r->chunks[r->nchunks++];
	*k = (struct chunk){0};
	delta_whole(&k->keyframe, &r->head.s);
}

static void free_chunk(struct chunk *k)
{
	free(k->keyframe.p);
	free(k->deltas.p);
	free(k->facts);
	free(k->writes);
}

/* The head becomes a copy of a state; histories begin with it. */
static void copy_state(struct snapmem *head, const struct snapshot *first)
{
	struct bytes whole = {0};
	const struct snapshot nothing = {.arch = first->arch};
	snapmem_init(head, first->arch);
	delta_state(&whole, &nothing, first);
	bool ok = delta_apply(head, reader_of(whole.p, whole.n));
	assert(ok && snap_is_sound(&head->s));
	free(whole.p);
}

struct recording *recording_new(
	const struct recording_info *info, const struct snapshot *first, struct code *code)
{
	struct recording *r = xcalloc(1, sizeof *r);
	r->info = *info;
	r->code = code;
	copy_state(&r->head, first);
	add_chunk(r);
	marks_begin(r);
	return r;
}

void recording_free(struct recording *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->nchunks; i++)
		free_chunk(&r->chunks[i]);
	history_free(r);
	events_free(r);
	writes_free(r);
	snapmem_free(&r->head);
	schedule_clear(&r->schedule);
	code_free(r->code);
	free(r->chunks);
	free(r->events);
	free(r->befores);
	free(r->mixes);
	free(r->outputs);
	free(r->output.p);
	free(r->end_sentence);
	free(r);
}

const struct recording_info *recording_info(const struct recording *r)
{
	return &r->info;
}

struct code *recording_code(const struct recording *r)
{
	return r->code;
}

void recording_set_end(struct recording *r, enum run_end end, const char *sentence)
{
	free(r->end_sentence);
	r->end = end;
	r->end_sentence = sentence ? xstrdup(sentence) : NULL;
}

enum run_end recording_end(const struct recording *r, const char **sentence)
{
	if (sentence)
		*sentence = r->end_sentence ? r->end_sentence : "";
	return r->end;
}

const struct schedule *recording_schedule(const struct recording *r)
{
	return &r->schedule;
}

/* ---- adding ---- */

static int32_t add_event(struct recording *r, int64_t step, int m, const struct event *e)
{
	if (e->id < 0)
		return -1;
	r->events = xgrow(r->events, &r->events_cap, r->nevents + 1, sizeof *r->events);
	r->events[r->nevents] = (struct event_at){.step = step, .event = *e};
	events_add(r, step, m);
	return r->nevents++;
}

void recording_add_output(struct recording *r, const char *text, size_t n)
{
	if (!text || !n)
		return;
	assert(!r->noutputs || r->outputs[r->noutputs - 1].step <= r->last);
	put_raw(&r->output, text, n);
	r->outputs = xgrow(r->outputs, &r->outputs_cap, r->noutputs + 1, sizeof *r->outputs);
	r->outputs[r->noutputs++] = (struct output_at){.step = r->last, .end = r->output.n};
}

static void add_writes(struct chunk *k, const struct step *st)
{
	k->writes = xgrow(k->writes, &k->writes_cap, k->nwrites + st->nwrites, sizeof *k->writes);
	for (int i = 0; i < st->nwrites; i++)
		k->writes[k->nwrites++] = st->writes[i];
}

/*
 * The head's words become those after a step. Where it writes below what is held of a stack, the
 * delta says that more of it is.
 */
static void write_words(struct snapmem *head, const struct step *st, struct bytes *delta)
{
	for (int n = 0; n < st->nwrites; n++) {
		uint64_t addr = st->writes[n].addr;
		if (snapmem_write(head, addr, st->writes[n].now))
			continue;
		int i = snap_stack_at(&head->s, addr);
		if (i < 0 || addr % 8)
			continue;
		delta_hold(delta, &head->s, i, addr);
		snapmem_hold(head, i, addr);
		snapmem_write(head, addr, st->writes[n].now);
	}
}

/* The next turn of the schedule: a step of M m, and what came before it. */
static void add_turn(struct recording *r, int m, struct before before)
{
	if (before.n) {
		r->befores =
			xgrow(r->befores, &r->befores_cap, r->nbefores + 1, sizeof *r->befores);
		r->befores[r->nbefores++] = (struct before_at){r->last, r->schedule.n, before.n};
	}
	for (size_t i = 0; i < before.n; i++)
		schedule_precede(&r->schedule, &before.turns[i]);
	schedule_add(&r->schedule, m, 1);
}

void recording_add(struct recording *r, const struct step *st)
{
	const struct m_state *m = snap_m(st->state, st->m);
	assert(m && (!st->state_changed || snap_is_sound(st->state)));
	/* All chunks but the last are full: where a step is is computed. */
	assert((size_t)r->last ==
		(r->nchunks - 1) * RECORDING_KEYFRAME + r->chunks[r->nchunks - 1].n);
	if (r->chunks[r->nchunks - 1].n == RECORDING_KEYFRAME)
		add_chunk(r);

	struct chunk *k = &r->chunks[r->nchunks - 1];
	int64_t step = ++r->last;
	int g_before = history_before(r, st->m);
	k->facts = xgrow(k->facts, &k->facts_cap, k->n + 1, sizeof *k->facts);
	k->facts[k->n++] = (struct step_facts){
		.pc = st->pc,
		.m = st->m,
		.delta = k->deltas.n,
		.writes = k->nwrites,
		.event = add_event(r, step, st->m, &st->event),
	};
	if (st->state_changed)
		delta_state(&k->deltas, &r->head.s, st->state);
	else
		delta_regs(&k->deltas, &r->head.s, st->state, m - st->state->ms);
	recording_advance(r, &r->head, step);
	write_words(&r->head, st, &k->deltas);
	add_writes(k, st);
	recording_add_output(r, st->output, st->noutput);
	writes_add(r, step, st->writes, st->nwrites);
	add_turn(r, st->m, st->before);
	history_after(r, st->m, g_before, st->state_changed, &k->deltas);
	marks_add(r);
}

/* ---- forgetting ---- */

static void truncate_chunks(struct recording *r, int64_t n)
{
	size_t keep = n ? (n - 1) / RECORDING_KEYFRAME + 1 : 1;
	while (r->nchunks > keep)
		free_chunk(&r->chunks[--r->nchunks]);
	struct chunk *k = &r->chunks[keep - 1];
	size_t nsteps = n - (keep - 1) * RECORDING_KEYFRAME;
	if (nsteps < k->n) {
		k->deltas.n = k->facts[nsteps].delta;
		k->nwrites = k->facts[nsteps].writes;
		k->n = nsteps;
	}
}

void recording_truncate(struct recording *r, int64_t n)
{
	if (n < 0 || n >= recording_last(r))
		return;
	for (int64_t step = recording_last(r); step > n; step--) {
		int nwrites;
		const struct word_write *w = recording_writes(r, step, &nwrites);
		writes_forget(r, w, nwrites);
	}
	truncate_chunks(r, n);
	assert(r->nchunks > 0); /* the one that step n is in */
	schedule_truncate(&r->schedule, n);
	history_truncate(r, n);
	events_truncate(r, n);
	while (r->nevents && r->events[r->nevents - 1].step > n)
		r->nevents--;
	while (r->nbefores && r->befores[r->nbefores - 1].step > n)
		r->nbefores--;
	while (r->noutputs && r->outputs[r->noutputs - 1].step > n)
		r->noutputs--;
	r->output.n = r->noutputs ? r->outputs[r->noutputs - 1].end : 0;
	recording_set_end(r, RUN_GOES_ON, NULL);
	r->cut++;

	r->last = n;
	marks_truncate(r, n);
	recording_keyframe(r, &r->head, r->nchunks - 1);
	while (r->head.s.step < n)
		recording_advance(r, &r->head, r->head.s.step + 1);
}
