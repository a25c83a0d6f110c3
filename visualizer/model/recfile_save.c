/* SPDX-License-Identifier: MIT */
/*
 * A recording grows into its file. Where each blob stands depends on the steps alone, so that two
 * files of the same run are the same; when it reaches the disk, on the time as well.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "outfile.h"
#include "recfile.h"
#include "recording_parts.h"
#include "xalloc.h"

/* What is held back at most, in bytes and nanoseconds: a crash loses it. */
enum { HELD_BYTES = 1 << 16, HELD_NS = 100000000 };

struct recsaver {
	const struct recording *r;
	char *path;
	int fd;
	bool failed;      /* then nothing more is written: it would be behind half a blob */
	struct bytes out; /* held back */
	int64_t written;  /* ns of the clock when there was nothing */
	int64_t step;     /* the last one said */
	size_t nlines, nsources;
	struct bytes b; /* the blob being put together */
	struct addrmap
		strings; /* STRING_SEEN + number, by pointer: code.c holds equal strings once */
};

static void put_string(struct recsaver *w, const char *s)
{
	uint64_t seen = s ? addrmap_get(&w->strings, (uintptr_t)s) : STRING_NONE;
	if (!s || seen) {
		put_uv(&w->b, seen);
		return;
	}
	addrmap_put(&w->strings, (uintptr_t)s, STRING_SEEN + w->strings.n);
	put_uv(&w->b, STRING_NEW);
	put_text(&w->b, s);
}

static void put_cfi(struct bytes *b, const struct cfi_rule *cfi)
{
	put_u8(b, cfi->known | cfi->cfa_is_word << 1 | cfi->signal << 2);
	if (!cfi->known)
		return;
	put_u8(b, cfi->cfa_reg);
	put_sv(b, cfi->cfa_off);
	put_u8(b, cfi->ra);
	put_u8(b, cfi->fp);
	put_sv(b, cfi->ra_off);
	put_sv(b, cfi->fp_off);
	put_sv(b, cfi->lr_off);
}

/* What has come to be known of the code since it was last said. */
static void put_code(struct recsaver *w, const struct code *c)
{
	put_uv(&w->b, code_count(c) - w->nlines);
	for (; w->nlines < code_count(c); w->nlines++) {
		const struct code_line *l = code_nth(c, w->nlines);
		put_uv(&w->b, l->pc);
		put_uv(&w->b, l->len);
		put_string(w, l->sym);
		put_uv(&w->b, l->sym_lo);
		put_uv(&w->b, l->sym_hi);
		put_string(w, l->file);
		put_sv(&w->b, l->line);
		put_string(w, l->text);
		put_u8(&w->b, l->library | l->is_call << 1 | l->is_ret << 2);
		put_cfi(&w->b, &l->cfi);
	}
	put_uv(&w->b, code_source_count(c) - w->nsources);
	for (; w->nsources < code_source_count(c); w->nsources++) {
		const char *text;
		size_t len;
		put_string(w, code_source_nth(c, w->nsources, &text, &len));
		put_blob(&w->b, text, len);
	}
}

static void put_header(struct recsaver *w)
{
	const struct recording *r = w->r;
	put_text(&w->b, r->info.program);
	put_text(&w->b, r->info.policy);
	put_sv(&w->b, r->info.procs);
	put_uv(&w->b, r->info.seed);
	put_uv(&w->b, r->info.build);
	put_text(&w->b, r->head.s.arch->name);
	put_uv(&w->b, r->info.emulated);
	put_blob(&w->b, r->chunks[0].keyframe.p, r->chunks[0].keyframe.n);
}

static void put_event(struct bytes *b, const struct event *e)
{
	put_sv(b, e ? e->id : -1);
	if (!e)
		return;
	put_sv(b, e->nargs);
	for (int i = 0; i < e->nargs; i++)
		put_sv(b, e->arg[i]);
	put_text(b, e->string);
}

static void put_before(struct bytes *b, struct before before)
{
	put_uv(b, before.n);
	for (size_t i = 0; i < before.n; i++) {
		put_sv(b, before.turns[i].kind);
		put_sv(b, before.turns[i].m);
		put_sv(b, before.turns[i].n);
	}
}

static void put_step(struct recsaver *w, const struct recording *r, int64_t step)
{
	struct reader delta = recording_delta(r, step);
	const struct step_facts *f = recording_facts(r, step);
	int nwrites;
	const struct word_write *writes = recording_writes(r, step, &nwrites);
	size_t noutput;

	put_sv(&w->b, f->m);
	put_uv(&w->b, f->pc);
	put_before(&w->b, recording_before(r, step));
	put_blob(&w->b, delta.p, delta.end - delta.p);
	put_uv(&w->b, nwrites);
	for (int i = 0; i < nwrites; i++) {
		put_uv(&w->b, writes[i].addr);
		put_uv(&w->b, writes[i].old);
		put_uv(&w->b, writes[i].now);
	}
	put_event(&w->b, recording_event(r, step));
	const char *output = recording_written(r, step, &noutput);
	put_blob(&w->b, output, noutput);
}

/* The blob put together is held back for the file. */
static void end_blob(struct recsaver *w)
{
	put_blob(&w->out, w->b.p, w->b.n);
	w->b.n = 0;
}

/* Steps up to one, and the code that they have made known. */
static void say_steps(struct recsaver *w, int64_t to)
{
	const struct code *c = w->r->code;
	/* What has been told is in the file, and cannot be taken back. */
	assert(w->step <= recording_last(w->r));
	if (w->nlines < code_count(c) || w->nsources < code_source_count(c)) {
		put_u8(&w->b, BLOB_CODE);
		put_code(w, c);
		end_blob(w);
	}
	while (w->step < to) {
		put_u8(&w->b, BLOB_STEP);
		put_step(w, w->r, ++w->step);
		end_blob(w);
	}
}

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static bool write_out(struct recsaver *w, char *err, size_t nerr)
{
	if (w->failed)
		return false;
	if (!outfile_put(w->fd, w->out.p, w->out.n)) {
		outfile_complain(w->path, errno, err, nerr);
		w->failed = true;
		return false;
	}
	w->out.n = 0;
	w->written = now_ns();
	return true;
}

static void free_saver(struct recsaver *w)
{
	addrmap_free(&w->strings);
	free(w->out.p);
	free(w->b.p);
	free(w->path);
	free(w);
}

struct recsaver *recording_save_begin(
	const struct recording *r, const char *path, char *err, size_t nerr)
{
	struct recsaver *w = xcalloc(1, sizeof *w);
	w->r = r;
	w->path = xstrdup(path);
	put_raw(&w->out, RECFILE_MAGIC, strlen(RECFILE_MAGIC));
	put_u8(&w->out, RECFILE_VERSION);
	put_header(w);
	end_blob(w);
	w->fd = outfile_grow(path, w->out.p, w->out.n, err, nerr);
	if (w->fd < 0) {
		free_saver(w);
		return NULL;
	}
	w->out.n = 0;
	w->written = now_ns();
	return w;
}

bool recording_save_more(struct recsaver *w, char *err, size_t nerr)
{
	/* The last step's output may not have come yet. */
	say_steps(w, recording_last(w->r) - 1);
	if (w->out.n < HELD_BYTES && now_ns() - w->written < HELD_NS)
		return true;
	return write_out(w, err, nerr);
}

bool recording_save_end(
	struct recsaver *w, const struct recording *r, const char *why, char *err, size_t nerr)
{
	const char *sentence = "";
	enum run_end end = RUN_GOES_ON;
	if (r == w->r) {
		end = recording_end(r, &sentence);
		say_steps(w, recording_last(r));
	}
	put_u8(&w->b, BLOB_END);
	put_sv(&w->b, end);
	put_text(&w->b, end == RUN_GOES_ON && why ? why : sentence);
	end_blob(w);
	bool ok = write_out(w, err, nerr);
	if (close(w->fd) != 0 && ok) {
		outfile_complain(w->path, errno, err, nerr);
		ok = false;
	}
	free_saver(w);
	return ok;
}

bool recording_save(const struct recording *r, const char *path, char *err, size_t nerr)
{
	struct recsaver *w = recording_save_begin(r, path, err, nerr);
	return w && recording_save_end(w, r, NULL, err, nerr);
}
