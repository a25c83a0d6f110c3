/* SPDX-License-Identifier: MIT */
/*
 * The index of a recording file: its directory, and in which frames what is. Who opens a file need
 * not look into its steps. It says nothing that the frames do not.
 */
#include <stdlib.h>

#include "recfile_parts.h"
#include "xalloc.h"

/* ---- to bytes ---- */

static void put_chunk(
	struct bytes *out, const struct chunk_at *at, const struct chunk_frames *in_file)
{
	put_uv(out, at->n);
	put_uv(out, (uint64_t)at->events);
	put_uv(out, at->output);
	put_uv(out, (uint64_t)at->turns);
	put_uv(out, at->turn ? (uint64_t)(at->first - at->turn) : 0);
	put_sv(out, at->turn_m);
	put_uv(out, at->ms);
	put_uv(out, in_file->lines);
	put_uv(out, in_file->sources);
	put_uv(out, (uint64_t)in_file->key);
	put_sv(out, in_file->text);
	put_sv(out, in_file->steps);
}

void put_index(struct bytes *out, const struct recording *r, const struct file_frames *ff,
	const struct chunk_frames *at)
{
	put_u8(out, FRAME_INDEX);
	put_uv(out, (uint64_t)ff->run);
	put_sv(out, ff->lesson);
	put_sv(out, ff->bookmarks);
	put_sv(out, ff->end);
	put_sv(out, ff->before);
	put_uv(out, ff->ncode);
	for (size_t i = 0; i < ff->ncode; i++)
		put_uv(out, (uint64_t)ff->code[i]);
	put_uv(out, ff->lines);
	put_uv(out, ff->sources);
	put_uv(out, r->nat);
	for (size_t i = 0; i < r->nat; i++)
		put_chunk(out, &r->at[i], &at[i]);
}

/* ---- from bytes ---- */

/* A frame's number; none where it may be none. */
static int get_frame(struct reader *in, int nframes, bool may_be_none)
{
	int64_t frame = may_be_none ? get_in(in, -1, nframes - 1) : (int64_t)get_uv(in);
	if (frame < (may_be_none ? -1 : 0) || frame >= nframes)
		in->bad = true;
	return in->bad ? -1 : (int)frame;
}

static uint64_t get_upto(struct reader *in, uint64_t most)
{
	uint64_t v = get_uv(in);
	if (v > most)
		in->bad = true;
	return in->bad ? 0 : v;
}

/* What counts up may not count down. */
static bool get_chunk(struct reader *in, struct recording *r, int nframes)
{
	static const struct chunk_at none = {.first = 1};
	const struct chunk_at *last = r->nat ? &r->at[r->nat - 1] : &none;
	struct chunk_at at = {.first = last->first + (int64_t)last->n};
	at.n = get_upto(in, CHUNK_STEPS);
	at.events = (int64_t)get_upto(in, INT64_MAX / 2);
	at.output = get_upto(in, INT64_MAX / 2);
	at.turns = (int64_t)get_upto(in, INT64_MAX / 2);
	uint64_t back = get_upto(in, (uint64_t)at.first - 1);
	at.turn = back ? at.first - (int64_t)back : 0;
	at.turn_m = (int)get_in(in, INT32_MIN, INT32_MAX);
	at.ms = get_uv(in);
	at.lines = (r->nat ? last->lines : r->lines) + get_upto(in, INT32_MAX);
	at.sources = (r->nat ? last->sources : r->sources) + get_upto(in, INT32_MAX);
	at.key = get_frame(in, nframes, false);
	at.text = get_frame(in, nframes, true);
	at.steps = get_frame(in, nframes, true);
	/* Only a recording of no step at all has a chunk of none. */
	if (in->bad || at.events < last->events || at.output < last->output ||
		(r->nat && !last->n) || (at.n && at.steps < 0) || (r->nat && !at.n))
		return false;
	r->at = xgrow(r->at, &r->at_cap, r->nat + 1, sizeof *r->at);
	r->at[r->nat++] = at;
	return true;
}

/* Those with code, in the order of the file: else a few bytes would have one read over and over. */
static void get_code_frames(struct reader *in, struct file_frames *ff, int nframes)
{
	for (uint64_t n = get_uv(in); n-- && !in->bad;) {
		int frame = get_frame(in, nframes, false);
		if (ff->ncode && frame <= ff->code[ff->ncode - 1])
			in->bad = true;
		ff->code = xgrow(ff->code, &ff->code_cap, ff->ncode + 1, sizeof *ff->code);
		ff->code[ff->ncode++] = frame;
	}
}

bool get_index(struct reader in, struct recording *r, struct file_frames *ff, int nframes)
{
	ff->run = get_frame(&in, nframes, false);
	ff->lesson = get_frame(&in, nframes, true);
	ff->bookmarks = get_frame(&in, nframes, true);
	ff->end = get_frame(&in, nframes, true);
	ff->before = get_frame(&in, nframes, true);
	get_code_frames(&in, ff, nframes);
	r->lines = get_upto(&in, INT32_MAX);
	r->sources = get_upto(&in, INT32_MAX);
	for (uint64_t n = get_uv(&in); n-- && !in.bad;)
		if (!get_chunk(&in, r, nframes))
			return false;
	return !in.bad && r->nat;
}
