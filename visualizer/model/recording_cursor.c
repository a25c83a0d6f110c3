/* SPDX-License-Identifier: MIT */
/*
 * A cursor: a snapshot that goes to any step, from the keyframe before it or from where
 * it stands.
 */
#include <assert.h>
#include <stdlib.h>

#include "recording_parts.h"
#include "xalloc.h"

struct cursor {
	const struct recording *r;
	struct snapmem k;
	int cut; /* recording.cut when it was last moved */
};

void recording_keyframe(const struct recording *r, struct snapmem *k, size_t chunk)
{
	assert(chunk < r->nchunks);
	const struct bytes *b = &r->chunks[chunk].keyframe;
	bool ok = delta_apply(k, reader_of(b->p, b->n));
	assert(ok);
	k->s.step = (int64_t)chunk * RECORDING_KEYFRAME;
	k->s.last_m = k->s.step ? recording_m(r, k->s.step) : -1;
}

void recording_advance(const struct recording *r, struct snapmem *k, int64_t step)
{
	int n;
	assert(k->s.step == step - 1);
	bool ok = delta_apply(k, recording_delta(r, step));
	assert(ok);
	const struct word_write *w = recording_writes(r, step, &n);
	for (int i = 0; i < n; i++)
		snapmem_write(k, w[i].addr, w[i].now);
	k->s.step = step;
	k->s.last_m = recording_m(r, step);
}

struct cursor *cursor_new(const struct recording *r)
{
	struct cursor *c = xcalloc(1, sizeof *c);
	c->r = r;
	c->cut = r->cut;
	snapmem_init(&c->k, r->head.s.arch);
	recording_keyframe(r, &c->k, 0);
	return c;
}

void cursor_free(struct cursor *c)
{
	if (!c)
		return;
	snapmem_free(&c->k);
	free(c);
}

const struct snapshot *cursor_seek(struct cursor *c, int64_t step)
{
	int64_t last = recording_last(c->r);
	step = step < 0 ? 0 : step > last ? last : step;
	size_t chunk = step ? (step - 1) / RECORDING_KEYFRAME : 0;

	if (c->cut != c->r->cut || step < c->k.s.step ||
		c->k.s.step < (int64_t)chunk * RECORDING_KEYFRAME)
		recording_keyframe(c->r, &c->k, chunk);
	c->cut = c->r->cut;
	while (c->k.s.step < step)
		recording_advance(c->r, &c->k, c->k.s.step + 1);
	return &c->k.s;
}
