/* SPDX-License-Identifier: MIT */
/*
 * Reading a file that anyone may have sent: nothing in it is believed before it is
 * checked. What packs and unpacks (bytes.c, delta.c) keeps to the bytes that are there;
 * here every index and name is held against what it points into.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "event.h"
#include "recfile.h"
#include "recording_parts.h"
#include "regular.h"
#include "say.h"
#include "strpool.h"
#include "xalloc.h"

/* A file being read. */
struct loader {
	struct reader in;
	struct strpool strings;
	const char **seen; /* in order of appearance */
	size_t nseen, seen_cap;
	struct snapmem now;
	struct word_write *writes;
	size_t writes_cap;
	struct schedule before;
};

static const char *get_string(struct loader *l, struct reader *in)
{
	uint64_t kind = get_uv(in);
	if (kind == STRING_NONE)
		return NULL;
	if (kind >= STRING_SEEN) {
		if (kind - STRING_SEEN < l->nseen)
			return l->seen[kind - STRING_SEEN];
		in->bad = true;
		return NULL;
	}
	size_t n;
	const char *p = get_blob(in, &n);
	if (!p || memchr(p, 0, n)) {
		in->bad = true;
		return NULL;
	}
	char *s = strndup(p, n);
	l->seen = xgrow(l->seen, &l->seen_cap, l->nseen + 1, sizeof *l->seen);
	l->seen[l->nseen] = strpool_keep(&l->strings, s);
	free(s);
	return l->seen[l->nseen++];
}

static struct cfi_rule get_cfi(struct reader *in)
{
	uint8_t flags = get_u8(in);
	struct cfi_rule cfi = {.known = flags & 1, .cfa_is_word = flags & 2, .signal = flags & 4};
	if (!cfi.known)
		return cfi;
	cfi.cfa_reg = get_u8(in);
	cfi.cfa_off = get_in(in, INT32_MIN, INT32_MAX);
	cfi.ra = get_u8(in);
	cfi.fp = get_u8(in);
	cfi.ra_off = get_in(in, INT32_MIN, INT32_MAX);
	cfi.fp_off = get_in(in, INT32_MIN, INT32_MAX);
	cfi.lr_off = get_in(in, INT32_MIN, INT32_MAX);
	return cfi;
}

/* False if it is damaged; what is before that is known all the same. */
static bool get_code(struct loader *l, struct reader in, struct code *c)
{
	for (uint64_t n = get_uv(&in); n-- && !in.bad;) {
		struct code_line line = {.pc = get_uv(&in)};
		line.len = get_uv(&in);
		line.sym = get_string(l, &in);
		line.sym_lo = get_uv(&in);
		line.sym_hi = get_uv(&in);
		line.file = get_string(l, &in);
		line.line = get_in(&in, 0, INT32_MAX);
		line.text = get_string(l, &in);
		uint8_t flags = get_u8(&in);
		line.library = flags & 1;
		line.is_call = flags & 2;
		line.is_ret = flags & 4;
		line.cfi = get_cfi(&in);
		if (!in.bad)
			code_add(c, &line);
	}
	for (uint64_t n = get_uv(&in); n-- && !in.bad;) {
		size_t len;
		const char *file = get_string(l, &in), *text = get_blob(&in, &len);
		if (!in.bad && file && text)
			code_add_source(c, file, text, len);
	}
	return !in.bad;
}

/* The first blob: a recording with no step and no code yet, or NULL. */
static struct recording *get_header(struct loader *l, struct reader in)
{
	struct recording_info info = {0};
	get_text(&in, info.program, sizeof info.program);
	get_text(&in, info.policy, sizeof info.policy);
	info.procs = get_in(&in, 0, INT32_MAX);
	info.seed = get_uv(&in);
	info.build = get_uv(&in);
	get_text(&in, info.arch, sizeof info.arch);
	info.emulated = get_uv(&in) != 0;
	const struct arch_desc *arch = arch_by_name(info.arch);
	if (in.bad || !arch)
		return NULL;

	size_t n;
	const void *first = get_blob(&in, &n);
	snapmem_init(&l->now, arch);
	if (!first || !delta_apply(&l->now, reader_of(first, n)) || !snap_is_sound(&l->now.s) ||
		!l->now.s.nms)
		return NULL;
	return recording_new(&info, &l->now.s, code_new());
}

/* In the state before the step: a signal is sent to an M that is there. */
static void get_before(struct loader *l, struct reader *in, struct step *st)
{
	l->before.n = 0;
	for (uint64_t n = get_uv(in); n-- && !in->bad;) {
		struct turn t = {.kind = get_in(in, TURN_SIGNAL, TURN_TIME)};
		t.m = get_in(in, 0, t.kind == TURN_SIGNAL ? INT32_MAX : 0);
		t.n = get_in(in, 0, t.kind == TURN_TIME ? SCHEDULE_TIME_MAX : 0);
		in->bad |= !schedule_can_precede(&t);
		in->bad |= t.kind == TURN_SIGNAL && !snap_m(&l->now.s, t.m);
		if (!in->bad)
			schedule_precede(&l->before, &t);
	}
	st->before = (struct before){l->before.turns, l->before.n};
}

static void get_writes(struct loader *l, struct reader *in, struct step *st)
{
	uint64_t n = get_uv(in);
	for (; n-- && !in->bad; st->nwrites++) {
		l->writes = xgrow(l->writes, &l->writes_cap, st->nwrites + 1, sizeof *l->writes);
		struct word_write *w = &l->writes[st->nwrites];
		w->addr = get_uv(in);
		w->old = get_uv(in);
		w->now = get_uv(in);
		if (!in->bad && !snapmem_write(&l->now, w->addr, w->now))
			in->bad = true;
	}
	st->writes = l->writes;
}

static void get_event(struct reader *in, struct event *e)
{
	e->id = get_in(in, -1, EVENT_COUNT - 1);
	if (e->id < 0)
		return;
	e->nargs = get_in(in, 0, SNAP_NARGS_MAX);
	for (int i = 0; i < e->nargs; i++)
		e->arg[i] = get_sv(in);
	get_text(in, e->string, sizeof e->string);
}

/* A step's blob onto the recording; false if it is damaged. */
static bool get_step(struct loader *l, struct reader in, struct recording *r)
{
	struct step st = {
		.m = get_in(&in, INT32_MIN, INT32_MAX), .state = &l->now.s, .state_changed = true};
	size_t n;

	st.pc = get_uv(&in);
	get_before(l, &in, &st);
	const void *delta = get_blob(&in, &n);
	if (in.bad || !delta_apply(&l->now, reader_of(delta, n)) || !snap_is_sound(&l->now.s))
		return false;
	get_writes(l, &in, &st);
	get_event(&in, &st.event);
	st.output = get_blob(&in, &st.noutput);
	if (in.bad || !snap_m(&l->now.s, st.m))
		return false;
	recording_add(r, &st);
	return true;
}

static bool get_end(struct reader in, struct recording *r)
{
	char sentence[SENTENCE_MAX];
	enum run_end end = get_in(&in, RUN_GOES_ON, RUN_STUCK);
	get_text(&in, sentence, sizeof sentence);
	if (!in.bad)
		recording_set_end(r, end, sentence);
	return !in.bad;
}

/* What follows the header, as far as it goes: whether that is all, up to the end of the run. */
static bool get_rest(struct loader *l, struct recording *r)
{
	size_t n;
	const void *p;
	while ((p = get_blob(&l->in, &n))) {
		struct reader in = reader_of(p, n);
		uint8_t kind = get_u8(&in);
		if (kind == BLOB_END)
			return get_end(in, r);
		if (kind == BLOB_CODE ? !get_code(l, in, r->code)
				      : kind != BLOB_STEP || !get_step(l, in, r))
			return false;
	}
	return false;
}

/* All that the file holds. NULL: not even its header; err is "" if the whole file was there. */
static struct recording *get_all(struct loader *l, const char *path, char *err, size_t nerr)
{
	size_t n;
	if (get_u8(&l->in) != RECFILE_VERSION) {
		say(err, nerr, "%s: is a recording of another version of g0scope; record it again",
			path);
		return NULL;
	}
	const void *p = get_blob(&l->in, &n);
	struct recording *r = p ? get_header(l, reader_of(p, n)) : NULL;
	if (!r) {
		say(err, nerr, "%s: is cut short or damaged before step 0; record it again", path);
		return NULL;
	}
	if (!get_rest(l, r)) {
		say(err, nerr, "%s: is cut short at step %lld; what is before can be looked at",
			path, (long long)r->last);
		recording_set_end(r, RUN_GOES_ON, "the recording is cut short there");
	}
	return r;
}

/* Whether a file that was just opened begins as a recording does; it then stands behind that. */
static bool has_magic(FILE *f)
{
	char magic[sizeof RECFILE_MAGIC - 1];
	return fread(magic, sizeof magic, 1, f) == 1 && !memcmp(magic, RECFILE_MAGIC, sizeof magic);
}

bool recording_is(const char *path)
{
	const char *why;
	FILE *f = open_regular(path, &why);
	bool is = f && has_magic(f);
	if (f)
		fclose(f);
	return is;
}

/* What follows in a file, into memory; NULL, or why not. */
static const char *read_rest(FILE *f, struct bytes *b)
{
	struct stat st;
	if (fstat(fileno(f), &st) != 0)
		return strerror(errno);
	b->p = malloc(st.st_size);
	if (!b->p)
		return "it is larger than the memory that there is";
	b->n = fread(b->p, 1, st.st_size, f);
	return ferror(f) ? strerror(errno) : NULL;
}

static struct recording *load(FILE *f, const char *path, char *err, size_t nerr)
{
	struct bytes rest = {0};
	struct recording *r = NULL;
	const char *why = NULL;
	if (!has_magic(f)) {
		say(err, nerr,
			"%s: is not a recording; make one with: g0scope record PROGRAM -o FILE",
			path);
	} else if ((why = read_rest(f, &rest))) {
		say(err, nerr, "%s: cannot be read: %s", path, why);
	} else {
		struct loader l = {.in = reader_of(rest.p, rest.n)};
		r = get_all(&l, path, err, nerr);
		strpool_free(&l.strings);
		snapmem_free(&l.now);
		free(l.seen);
		free(l.writes);
		schedule_clear(&l.before);
	}
	free(rest.p);
	return r;
}

struct recording *recording_load(const char *path, char *err, size_t nerr)
{
	const char *why;
	if (nerr)
		err[0] = 0;
	FILE *f = open_regular(path, &why);
	if (!f) {
		say(err, nerr, "%s: %s; give a file that g0scope record has written", path, why);
		return NULL;
	}
	struct recording *r = load(f, path, err, nerr);
	fclose(f);
	return r;
}
