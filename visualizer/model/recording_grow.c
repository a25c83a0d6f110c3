/* SPDX-License-Identifier: MIT */
/*
 * A recording grows by steps. Its last chunk is open; when that is full it becomes a frame, and the
 * state there the key of the next one.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "recfile.h"
#include "recording_parts.h"
#include "xalloc.h"

/* A key that others are told by: the state there, and what was written since its parent. */
struct key_point {
	size_t key;
	struct snapmem state;
	struct written written;
};

struct grower {
	struct snapmem head; /* the state at the last step */
	/* From key 0 to that of the open chunk, each the parent of the next: one for each bit. */
	struct key_point points[64];
	size_t npoints;
	struct bytes delta, frame; /* being put together */
	struct word_write *writes;
	size_t nwrites, writes_cap;
};

static void free_point(struct key_point *p)
{
	snapmem_free(&p->state);
	written_free(&p->written);
}

void grower_free(struct grower *g)
{
	if (!g)
		return;
	while (g->npoints)
		free_point(&g->points[--g->npoints]);
	snapmem_free(&g->head);
	bytes_free(&g->delta);
	bytes_free(&g->frame);
	free(g->writes);
	free(g);
}

/* ---- chunks and keys ---- */

/* What was written from the parent of key i on; the chunk before i was full. */
static struct written written_since_parent(struct grower *g, size_t i, struct chunk *full)
{
	struct written w = full ? written_of(full) : (struct written){0};
	while (g->npoints && g->points[g->npoints - 1].key > key_parent(i)) {
		struct key_point *p = &g->points[--g->npoints];
		written_join(&p->written, &w);
		written_free(&w);
		w = p->written;
		p->written = (struct written){0};
		free_point(p);
	}
	return w;
}

static void pack_key(const struct grower *g, struct bytes *out, const struct written *w)
{
	out->n = 0;
	put_u8(out, FRAME_KEY);
	put_uv(out, (uint64_t)g->head.s.step);
	put_sv(out, g->head.s.last_m);
	put_blob(out, g->delta.p, g->delta.n);
	written_put(w, g->head.s.step + 1, out);
}

/* The head's state becomes key i. */
static int add_key(struct recording *r, size_t i, struct chunk *full)
{
	struct grower *g = r->growing;
	struct written w = written_since_parent(g, i, full);
	const struct snapshot nothing = {.arch = r->arch};
	g->delta.n = 0;
	delta_all(
		&g->delta, g->npoints ? &g->points[g->npoints - 1].state.s : &nothing, &g->head.s);
	pack_key(g, &g->frame, &w);
	assert(g->npoints < sizeof g->points / sizeof *g->points);
	struct key_point *p = &g->points[g->npoints++];
	*p = (struct key_point){.key = i, .written = w};
	snapmem_init(&p->state, r->arch);
	snapmem_copy(&p->state, &g->head.s);
	return store_add(r->store, g->frame.p, g->frame.n);
}

static void add_chunk(struct recording *r, struct chunk *full)
{
	struct chunk_at *at = directory_add(r, full);
	at->chunk = chunk_new(at->first);
	at->key = add_key(r, r->nat - 1, full);
}

void pack_steps(const struct recording *r, struct bytes *out)
{
	out->n = 0;
	put_u8(out, FRAME_STEPS);
	chunk_pack(r->at[r->nat - 1].chunk, out);
}

void pack_text(const struct recording *r, struct bytes *out)
{
	uint64_t from = r->at[r->nat - 1].output;
	out->n = 0;
	put_u8(out, FRAME_TEXT);
	put_raw(out, r->output.p + from, r->output.n - from);
}

/* The chunk that is open becomes a frame, and the next one is. */
static void close_chunk(struct recording *r)
{
	struct chunk_at *at = &r->at[r->nat - 1];
	struct chunk *full = at->chunk;
	struct bytes *frame = &r->growing->frame;
	pack_steps(r, frame);
	at->steps = store_add(r->store, frame->p, frame->n);
	if (full->output) {
		pack_text(r, frame);
		at->text = store_add(r->store, frame->p, frame->n);
	}
	at->lines = code_count(r->code);
	at->sources = code_source_count(r->code);
	add_chunk(r, full);
	cache_let_go(r, r->nat - 2);
}

struct recording *recording_new(
	const struct recording_info *info, const struct snapshot *first, struct code *code)
{
	struct recording *r = xcalloc(1, sizeof *r);
	r->info = *info;
	r->arch = first->arch;
	r->code = code;
	r->lines = code_count(code);
	r->sources = code_source_count(code);
	r->store = store_new();
	r->has_output = true;
	for (r->events.n = 0; r->events.n < EVENT_COUNT; r->events.n++)
		r->events.to[r->events.n] = (int16_t)r->events.n;
	r->growing = xcalloc(1, sizeof *r->growing);
	snapmem_init(&r->scratch, r->arch);
	struct snapmem *head = &r->growing->head;
	snapmem_init(head, r->arch);
	snapmem_copy(head, first);
	head->s.step = 0;
	head->s.last_m = -1;
	/* Histories begin with it. */
	for (int i = 0; i < head->s.nms; i++)
		head->s.ms[i].departure = NO_DEPARTURE;
	assert(snap_is_sound(&head->s));
	add_chunk(r, NULL);
	return r;
}

/* ---- steps ---- */

static void add_write(struct grower *g, struct word_write w)
{
	g->writes = xgrow(g->writes, &g->writes_cap, g->nwrites + 1, sizeof *g->writes);
	g->writes[g->nwrites++] = w;
}

/*
 * The head's words become those after a step. Where it writes below what is held of a stack, the
 * delta says that more of it is. What is in no stack is nobody's word.
 */
static void write_words(struct grower *g, const struct step *st)
{
	struct snapmem *head = &g->head;
	g->nwrites = 0;
	for (int n = 0; n < st->nwrites; n++) {
		struct word_write w = st->writes[n];
		int i = snap_stack_at(&head->s, w.addr);
		if (i < 0 || w.addr % 8)
			continue;
		if (w.addr < head->s.stacks[i].from) {
			delta_hold(&g->delta, &head->s, i, w.addr);
			snapmem_hold(head, i, w.addr);
		}
		snap_read_in(&head->s, i, w.addr, &w.old);
		snapmem_write(head, w.addr, w.now);
		add_write(g, w);
	}
}

void recording_add(struct recording *r, const struct step *st)
{
	struct grower *g = r->growing;
	struct snapmem *head = &g->head;
	const struct m_state *m = snap_m(st->state, st->m), *was = snap_m(&head->s, st->m);
	assert(m && was && (!st->state_changed || snap_is_sound(st->state)));
	if (chunk_is_full(r->at[r->nat - 1].chunk))
		close_chunk(r);

	uint64_t stood = m_pc(&head->s, was);
	int g_before = history_before(&head->s, st->m);
	g->delta.n = 0;
	if (st->state_changed)
		delta_state(&g->delta, &head->s, st->state);
	else
		delta_regs(&g->delta, &head->s, st->state, (int)(m - st->state->ms));
	bool ok = delta_apply(head, reader_of(g->delta.p, g->delta.n), DELTA_FORWARD);
	assert(ok);
	head->s.step = ++r->last;
	head->s.last_m = st->m;
	write_words(g, st);
	history_after(&head->s, st->m, g_before, st->state_changed, &g->delta);

	struct chunk_at *at = &r->at[r->nat - 1];
	chunk_add(at->chunk, st, stood, g->delta, g->writes, (int)g->nwrites);
	at->n++;
	if (st->event.id >= 0)
		at->ms |= UINT64_C(1) << (unsigned)st->m % 64;
	recording_add_output(r, st->output, st->noutput);
}

void recording_add_output(struct recording *r, const char *text, size_t n)
{
	if (!text || !n)
		return;
	put_raw(&r->output, text, n);
	chunk_add_output(r->at[r->nat - 1].chunk, n);
}
