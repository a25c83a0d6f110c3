/* SPDX-License-Identifier: MIT */
/*
 * A recording grows into its file, a chunk at a time. What is written depends on the steps alone,
 * so that two files of the same run are the same. Frames that are in the file are no longer in
 * memory.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "outfile.h"
#include "recfile_parts.h"
#include "say.h"
#include "xalloc.h"

/* How long a frame is, packed and not. */
struct frame_size {
	uint32_t packed, size;
};

struct recsaver {
	const struct recording *r;    /* the run that is written */
	const struct recording *told; /* the one before it in the file; NULL: it is the first */
	char *path;
	int fd;
	bool keeps; /* the recording's frames, which are read from the file then */
	int why;    /* an errno: then nothing more is written, as it would be behind half a frame */
	uint64_t at; /* how much was */
	struct frame_size *sizes;
	size_t nsizes, sizes_cap;
	struct file_frames frames;
	struct chunk_frames *chunks;
	size_t nchunks, chunks_cap;
	struct code_writer code;
	struct bytes b, packed; /* what is being put together */
};

/* ---- frames ---- */

/* What is in w->packed is the next frame, of `size` bytes; returns its number. */
static int write_frame(struct recsaver *w, size_t size)
{
	if (!w->why && !outfile_put(w->fd, w->packed.p, w->packed.n))
		w->why = errno;
	w->at += w->packed.n;
	w->sizes = xgrow(w->sizes, &w->sizes_cap, w->nsizes + 1, sizeof *w->sizes);
	w->sizes[w->nsizes] = (struct frame_size){(uint32_t)w->packed.n, (uint32_t)size};
	w->packed.n = 0;
	return (int)w->nsizes++;
}

/* What is in w->b. */
static int pack_frame(struct recsaver *w)
{
	size_t size = w->b.n;
	frame_pack(w->r->store, w->b.p, w->b.n, &w->packed);
	w->b.n = 0;
	return write_frame(w, size);
}

/* One of the recording's own, which is in the file from now on. */
static int copy_frame(struct recsaver *w, int frame)
{
	struct store *s = w->r->store;
	uint64_t at = w->at;
	if (!store_get_packed(s, frame, &w->packed))
		w->why = w->why ? w->why : EIO;
	int number = write_frame(w, frame_size(&w->packed));
	if (!w->why && w->keeps)
		store_moved(s, frame, at);
	return number;
}

static void put_skippable(struct bytes *out, uint32_t magic, const struct bytes *content)
{
	put_u32(out, magic);
	put_u32(out, (uint32_t)content->n);
	put_raw(out, content->p, content->n);
}

static bool complain(const struct recsaver *w, char *err, size_t nerr)
{
	if (w->why)
		outfile_complain(w->path, w->why, err, nerr);
	return !w->why;
}

/* ---- chunks ---- */

/* Code up to so many lines and files; returns how many that were. */
static void write_code(
	struct recsaver *w, size_t lines, size_t sources, size_t *nlines, size_t *nsources)
{
	struct file_frames *ff = &w->frames;
	*nlines = lines - w->code.lines;
	*nsources = sources - w->code.sources;
	if (!*nlines && !*nsources)
		return;
	put_code(&w->code, w->r->code, lines, sources, w->told ? w->told->code : NULL, &w->b);
	ff->code = xgrow(ff->code, &ff->code_cap, ff->ncode + 1, sizeof *ff->code);
	ff->code[ff->ncode++] = pack_frame(w);
}

static struct chunk_frames *add_chunk(struct recsaver *w)
{
	w->chunks = xgrow(w->chunks, &w->chunks_cap, w->nchunks + 1, sizeof *w->chunks);
	w->chunks[w->nchunks] = (struct chunk_frames){.key = -1, .text = -1, .steps = -1};
	return &w->chunks[w->nchunks++];
}

/* Its steps come last: with them it is whole. */
static void write_chunk(struct recsaver *w, size_t i)
{
	const struct chunk_at *at = &w->r->at[i];
	struct chunk_frames *in_file = &w->chunks[i];
	write_code(w, at->lines, at->sources, &in_file->lines, &in_file->sources);
	if (in_file->key < 0)
		in_file->key = copy_frame(w, at->key);
	if (at->text >= 0)
		in_file->text = copy_frame(w, at->text);
	if (at->steps >= 0)
		in_file->steps = copy_frame(w, at->steps);
}

/* The last one as far as it has come; it may grow on. */
static void write_growing(struct recsaver *w)
{
	const struct chunk_at *at = &w->r->at[w->r->nat - 1];
	struct chunk_frames *in_file = &w->chunks[w->r->nat - 1];
	write_code(w, code_count(w->r->code), code_source_count(w->r->code), &in_file->lines,
		&in_file->sources);
	if (in_file->key < 0)
		in_file->key = copy_frame(w, at->key);
	if (at->chunk->output) {
		pack_text(w->r, &w->b);
		in_file->text = pack_frame(w);
	}
	if (at->chunk->n) {
		pack_steps(w->r, &w->b);
		in_file->steps = pack_frame(w);
	}
}

/* All chunks that are full. */
static void write_chunks(struct recsaver *w)
{
	size_t full = w->r->growing ? w->r->nat - 1 : w->r->nat;
	for (size_t i = w->nchunks ? w->nchunks - 1 : 0; i < full; i++) {
		if (i == w->nchunks)
			add_chunk(w);
		if (w->chunks[i].steps < 0)
			write_chunk(w, i);
	}
}

/* ---- the file ---- */

static void write_seek_table(struct recsaver *w)
{
	struct bytes table = {0};
	for (size_t i = 0; i < w->nsizes; i++) {
		put_u32(&table, w->sizes[i].packed);
		put_u32(&table, w->sizes[i].size);
	}
	put_u32(&table, (uint32_t)w->nsizes);
	put_u8(&table, 0);
	put_u32(&table, SEEK_TABLE);
	put_skippable(&w->packed, SKIPPABLE_SEEK, &table);
	write_frame(w, 0);
	bytes_free(&table);
}

/* A file that can be read again takes the recording's frames over. */
static void take_over(struct recsaver *w)
{
	char self[40];
	struct stat st;
	if (!w->r->growing || store_has_file(w->r->store) || fstat(w->fd, &st) != 0 ||
		!S_ISREG(st.st_mode))
		return;
	snprintf(self, sizeof self, "/proc/self/fd/%d", w->fd);
	int fd = open(self, O_RDONLY | O_CLOEXEC);
	w->keeps = fd >= 0;
	if (w->keeps)
		store_set_file(w->r->store, fd);
}

static void free_saver(struct recsaver *w)
{
	code_writer_free(&w->code);
	bytes_free(&w->b);
	bytes_free(&w->packed);
	free(w->frames.code);
	free(w->chunks);
	free(w->sizes);
	free(w->path);
	free(w);
}

/* What is read from cannot be written over. */
static bool is_itself(const struct recording *r, const char *path, char *err, size_t nerr)
{
	if (!store_is_file(r->store, path))
		return false;
	say(err, nerr, "%s: is the recording that is open; give another name", path);
	return true;
}

/* ---- a run ---- */

static void begin_run(struct recsaver *w, const struct recording *r)
{
	struct file_frames *ff = &w->frames;
	*ff = (struct file_frames){.lesson = -1, .bookmarks = -1, .end = -1, .before = -1};
	w->r = r;
	w->nchunks = 0;
	take_over(w);
	put_u8(&w->b, FRAME_RUN);
	put_run_json(&w->b, r);
	ff->run = pack_frame(w);
	/* The state first: with it there is something to be seen. */
	add_chunk(w)->key = copy_frame(w, r->at[0].key);
	write_code(w, r->lines, r->sources, &ff->lines, &ff->sources);
	if (!r->lesson)
		return;
	/* For one that is cut short; where its stops are is said at the end. */
	put_lesson(&w->b, r->lesson, 0);
	pack_frame(w);
}

/* What it has not said yet, and that this is all; returns where its index is. */
static int end_run(struct recsaver *w, const char *why)
{
	const struct recording *r = w->r;
	const char *sentence;
	enum run_end end = recording_end(r, &sentence);
	write_chunks(w);
	if (r->growing) {
		while (w->nchunks < r->nat)
			add_chunk(w);
		write_growing(w);
	}
	if (r->lesson) {
		put_lesson(&w->b, r->lesson, r->lesson->nstops);
		w->frames.lesson = pack_frame(w);
	}
	if (r->bookmarks.n) {
		put_bookmarks(&w->b, r);
		w->frames.bookmarks = pack_frame(w);
	}
	put_u8(&w->b, FRAME_END);
	put_uv(&w->b, end);
	put_text(&w->b, end == RUN_GOES_ON && why ? why : sentence);
	w->frames.end = pack_frame(w);
	put_index(&w->b, r, &w->frames, w->chunks);
	free(w->frames.code);
	w->frames.code = NULL;
	return pack_frame(w);
}

static void write_twin(struct recsaver *w, const struct recording *twin, int before)
{
	w->told = w->r;
	code_writer_free(&w->code);
	w->code = (struct code_writer){0};
	w->keeps = false;
	begin_run(w, twin);
	w->frames.before = before;
	end_run(w, NULL);
}

/* ---- in and out ---- */

struct recsaver *recording_save_begin(
	const struct recording *r, const char *path, char *err, size_t nerr)
{
	if (is_itself(r, path, err, nerr))
		return NULL;
	struct recsaver *w = xcalloc(1, sizeof *w);
	w->path = xstrdup(path);
	put_header_json(&w->b);
	put_skippable(&w->packed, SKIPPABLE_HEADER, &w->b);
	w->b.n = 0;
	w->fd = outfile_grow(path, w->packed.p, w->packed.n, err, nerr);
	if (w->fd < 0) {
		free_saver(w);
		return NULL;
	}
	w->at = w->packed.n;
	w->sizes = xgrow(NULL, &w->sizes_cap, 1, sizeof *w->sizes);
	w->sizes[w->nsizes++] = (struct frame_size){(uint32_t)w->packed.n, 0};
	w->packed.n = 0;
	begin_run(w, r);
	return w;
}

bool recording_save_more(struct recsaver *w, char *err, size_t nerr)
{
	write_chunks(w);
	return complain(w, err, nerr);
}

/* All at once. */
static bool save(const struct recording *r, const struct recording *twin, const char *path,
	const char *why, char *err, size_t nerr)
{
	struct recsaver *w = recording_save_begin(r, path, err, nerr);
	return w && recording_save_end_twins(w, r, twin, why, err, nerr);
}

bool recording_save_end_twins(struct recsaver *w, const struct recording *r,
	const struct recording *twin, const char *why, char *err, size_t nerr)
{
	char *path = xstrdup(w->path);
	bool another = r && r != w->r;
	if (r == w->r) {
		int index = end_run(w, why);
		if (twin)
			write_twin(w, twin, index);
		write_seek_table(w);
	}
	bool ok = complain(w, err, nerr);
	if (close(w->fd) != 0 && ok) {
		outfile_complain(w->path, errno, err, nerr);
		ok = false;
	}
	free_saver(w);
	if (another)
		ok = save(r, twin, path, why, err, nerr);
	free(path);
	return ok;
}

bool recording_save_end(
	struct recsaver *w, const struct recording *r, const char *why, char *err, size_t nerr)
{
	return recording_save_end_twins(w, r, NULL, why, err, nerr);
}

bool recording_save(const struct recording *r, const char *path, char *err, size_t nerr)
{
	return save(r, NULL, path, NULL, err, nerr);
}

bool recording_save_twins(const struct recording *r, const struct recording *twin, const char *path,
	char *err, size_t nerr)
{
	return save(r, twin, path, NULL, err, nerr);
}
