/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recfile.h"
#include "recording_parts.h"
#include "xalloc.h"

/* A file being written. */
struct saver {
	FILE *f;
	struct bytes b; /* the blob being put together */
	struct addrmap
		strings; /* STRING_SEEN + number, by pointer: code.c holds equal strings once */
};

static void put_string(struct saver *w, const char *s)
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
	put_u8(b, cfi->known);
	if (!cfi->known)
		return;
	put_u8(b, cfi->cfa_reg);
	put_sv(b, cfi->cfa_off);
	put_u8(b, cfi->ra);
	put_u8(b, cfi->fp);
	put_sv(b, cfi->ra_off);
	put_sv(b, cfi->fp_off);
}

static void put_code(struct saver *w, const struct code *c)
{
	put_uv(&w->b, code_count(c));
	for (size_t i = 0; i < code_count(c); i++) {
		const struct code_line *l = code_nth(c, i);
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
	put_uv(&w->b, code_source_count(c));
	for (size_t i = 0; i < code_source_count(c); i++) {
		const char *text;
		size_t len;
		put_string(w, code_source_nth(c, i, &text, &len));
		put_blob(&w->b, text, len);
	}
}

static void put_header(struct saver *w, const struct recording *r)
{
	put_text(&w->b, r->info.program);
	put_text(&w->b, r->info.policy);
	put_sv(&w->b, r->info.procs);
	put_uv(&w->b, r->info.seed);
	put_text(&w->b, r->head.s.arch->name);
	put_code(w, r->code);
	put_uv(&w->b, r->last);
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
	put_text(b, e->text);
}

static void put_step(struct saver *w, const struct recording *r, int64_t step)
{
	struct reader delta = recording_delta(r, step);
	const struct step_facts *f = recording_facts(r, step);
	int nwrites;
	const struct word_write *writes = recording_writes(r, step, &nwrites);
	size_t noutput;

	put_sv(&w->b, f->m);
	put_uv(&w->b, f->pc);
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

/* The blob put together goes to the file. */
static void flush_blob(struct saver *w)
{
	struct bytes len = {0};
	put_uv(&len, w->b.n);
	fwrite(len.p, 1, len.n, w->f);
	fwrite(w->b.p, 1, w->b.n, w->f);
	free(len.p);
	w->b.n = 0;
}

/* False if something could not be written. */
static bool write_all(const struct recording *r, FILE *f)
{
	struct saver w = {.f = f};
	const char *sentence;

	fwrite(RECFILE_MAGIC, 1, strlen(RECFILE_MAGIC), f);
	fputc(RECFILE_VERSION, f);
	put_header(&w, r);
	flush_blob(&w);
	for (int64_t step = 1; step <= r->last && !ferror(f); step++) {
		put_step(&w, r, step);
		flush_blob(&w);
	}
	put_sv(&w.b, recording_end(r, &sentence));
	put_text(&w.b, sentence);
	flush_blob(&w);
	addrmap_free(&w.strings);
	free(w.b.p);
	return !ferror(f);
}

static void complain(const char *path, int why, char *err, size_t nerr)
{
	snprintf(err, nerr, "%s: the recording could not be written: %s; %s", path, strerror(why),
		why == EFBIG ? "raise the limit on the size of files (ulimit -f)"
			     : "give another place with -o");
}

/*
 * Written beside it first: a recording that is there already stays until the new one is whole.
 * False, with errno, if not.
 */
static bool save(const struct recording *r, const char *part, const char *path)
{
	FILE *f = fopen(part, "wb");
	if (!f)
		return false;
	bool ok = write_all(r, f);
	int why = errno;
	if (fclose(f) != 0 && ok) {
		ok = false;
		why = errno;
	}
	if (ok && rename(part, path) == 0)
		return true;
	why = ok ? errno : why;
	remove(part);
	errno = why;
	return false;
}

bool recording_save(const struct recording *r, const char *path, char *err, size_t nerr)
{
	char *part = xasprintf("%s.part", path);
	bool ok = save(r, part, path);
	if (!ok)
		complain(path, errno, err, nerr);
	free(part);
	return ok;
}

bool recording_can_save(const char *path, char *err, size_t nerr)
{
	struct stat st;
	/* What stands there is replaced: that must be a file, never a device. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		snprintf(err, nerr, "%s: is not a file; give another place with -o", path);
		return false;
	}
	char *part = xasprintf("%s.part", path);
	FILE *f = fopen(part, "wb");
	if (!f)
		complain(path, errno, err, nerr);
	else if (fclose(f) == 0)
		remove(part);
	free(part);
	return f != NULL;
}
