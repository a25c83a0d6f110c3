/* SPDX-License-Identifier: MIT */
/*
 * Opening a file that anyone may have sent: nothing in it is believed before it is checked. What
 * packs and unpacks (bytes.c, delta*.c, chunk_rows.c) keeps to the bytes that are there; here every
 * index and name is held against what it points into. Of a whole file only the index, the code and
 * the first state are read; one without an index is gone through.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "recfile_parts.h"
#include "regular.h"
#include "say.h"
#include "xalloc.h"

enum {
	SKIPPABLE_HEAD = 8, /* of a skippable frame: its magic number and its length */
	SEEK_FOOT = 9,      /* of a seek table: how many, flags, its magic number */
	SEEK_ENTRY = 8,
	HEADER_MAX = 1 << 16, /* no header is longer */
	FRAMES_MAX = 1 << 26,
	CODE_MAX = 2 * FRAME_MAX, /* all that is told of code, which is kept unpacked */
};

/* A file being opened. */
struct loader {
	int fd;
	uint64_t size;
	struct recording *r;
	int nframes; /* they are those of the store, in order */
	struct code_reader code;
	size_t ncode; /* bytes of it, so far */
	struct file_frames frames;
	struct bytes b; /* the frame looked at */
};

static bool read_bytes(const struct loader *l, uint64_t at, size_t n, struct bytes *to)
{
	to->n = 0;
	to->p = xgrow(to->p, &to->cap, n + 1, 1);
	if (at > l->size || n > l->size - at)
		return false;
	while (to->n < n) {
		ssize_t got = pread(l->fd, to->p + to->n, n - to->n, (off_t)(at + to->n));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to->n += (size_t)got;
	}
	return true;
}

/* The length of a skippable frame's content; -1: there is none of that kind. */
static int64_t skippable(const struct loader *l, uint64_t at, uint32_t magic)
{
	struct bytes head = {0};
	int64_t n = -1;
	if (read_bytes(l, at, SKIPPABLE_HEAD, &head)) {
		struct reader in = reader_of(head.p, head.n);
		if (get_u32(&in) == magic)
			n = get_u32(&in);
	}
	bytes_free(&head);
	return n;
}

/* ---- where the frames are ---- */

static void add_frame(struct loader *l, uint64_t at, uint32_t packed)
{
	store_add_filed(l->r->store, at, packed);
	l->nframes++;
}

/* By the seek table at its end, which must say where each byte before it belongs. */
static bool find_by_table(struct loader *l)
{
	if (l->size < SEEK_FOOT || !read_bytes(l, l->size - SEEK_FOOT, SEEK_FOOT, &l->b))
		return false;
	struct reader in = reader_of(l->b.p, l->b.n);
	uint64_t n = get_u32(&in), at = 0;
	if (get_u8(&in) != 0 || get_u32(&in) != SEEK_TABLE || n > FRAMES_MAX)
		return false;
	uint64_t table = n * SEEK_ENTRY + SEEK_FOOT;
	if (table + SKIPPABLE_HEAD > l->size ||
		skippable(l, l->size - table - SKIPPABLE_HEAD, SKIPPABLE_SEEK) != (int64_t)table ||
		!read_bytes(l, l->size - table, (size_t)table, &l->b))
		return false;
	in = reader_of(l->b.p, l->b.n);
	for (uint64_t i = 0; i < n; i++) {
		uint32_t packed = get_u32(&in);
		get_u32(&in);
		if (packed > l->size - at)
			return false;
		add_frame(l, at, packed);
		at += packed;
	}
	return at + SKIPPABLE_HEAD + table == l->size;
}

/*
 * Of a frame that begins there, 0: there is none that is whole. No more of the file is looked at
 * than twice what the frame has, since there may be as many frames as the file has words.
 */
static size_t length_at(struct loader *l, uint64_t at)
{
	enum { LEAST = 1 << 10, MOST = 2 * FRAME_MAX };
	uint64_t rest = l->size - at;
	for (size_t look = LEAST;; look *= 2) {
		bool all = look >= rest;
		if (!read_bytes(l, at, all ? (size_t)rest : look, &l->b))
			return 0;
		size_t n = ZSTD_findFrameCompressedSize(l->b.p, l->b.n);
		if (!ZSTD_isError(n))
			return n;
		if (all || look >= MOST)
			return 0;
	}
}

/* One after the other, as far as they are whole. */
static void find_by_length(struct loader *l)
{
	for (uint64_t at = 0; at < l->size && l->nframes < FRAMES_MAX;) {
		size_t n = length_at(l, at);
		if (!n || n > UINT32_MAX)
			return;
		add_frame(l, at, (uint32_t)n);
		at += n;
	}
}

/* Frame number i, after its letter, as what that says; false: it is another, or is damaged. */
static bool get_frame(struct loader *l, int i, int letter, struct reader *in)
{
	l->b.n = 0;
	if (i < 0 || i >= l->nframes || !store_get(l->r->store, i, &l->b))
		return false;
	*in = reader_of(l->b.p, l->b.n);
	return get_u8(in) == letter;
}

/* ---- what they say ---- */

static bool load_run(struct loader *l, int frame)
{
	struct reader in;
	if (!get_frame(l, frame, FRAME_RUN, &in) ||
		!get_run_json(in.p, (size_t)(in.end - in.p), l->r))
		return false;
	snapmem_init(&l->r->scratch, l->r->arch);
	return true;
}

static bool load_code(struct loader *l, int frame)
{
	struct reader in;
	if (!get_frame(l, frame, FRAME_CODE, &in))
		return false;
	l->ncode += l->b.n;
	return l->ncode <= CODE_MAX && get_code(&l->code, in, l->r->code);
}

static bool load_end(struct loader *l, int frame)
{
	char sentence[SENTENCE_MAX];
	struct reader in;
	if (!get_frame(l, frame, FRAME_END, &in))
		return false;
	uint64_t end = get_uv(&in);
	get_text(&in, sentence, sizeof sentence);
	if (in.bad || end > RUN_STUCK)
		return false;
	recording_set_end(l->r, end, sentence);
	return true;
}

/* The state at step 0, without which there is nothing to be seen. */
static bool has_first_state(struct recording *r)
{
	struct snapmem first;
	snapmem_init(&first, r->arch);
	bool ok = r->nat && r->at[0].first == 1 && state_before(r, 0, &first);
	snapmem_free(&first);
	return ok;
}

static void count_steps(struct recording *r)
{
	const struct chunk_at *last = &r->at[r->nat - 1];
	r->last = last->first + (int64_t)last->n - 1;
}

static bool load_lesson(struct loader *l, int frame)
{
	struct reader in;
	return get_frame(l, frame, FRAME_LESSON, &in) && get_lesson(in, l->r);
}

static bool load_bookmarks(struct loader *l, int frame)
{
	struct reader in;
	return get_frame(l, frame, FRAME_BOOKMARKS, &in) && get_bookmarks(in, l->r);
}

/* ---- by the index ---- */

/* The run that one is of. */
static bool load_by_index(struct loader *l, int index)
{
	struct reader in;
	struct file_frames *ff = &l->frames;
	if (!get_frame(l, index, FRAME_INDEX, &in) || !get_index(in, l->r, ff, l->nframes) ||
		!load_run(l, ff->run))
		return false;
	count_steps(l->r);
	for (size_t i = 0; i < ff->ncode; i++)
		if (!load_code(l, ff->code[i]))
			return false;
	if (ff->lesson >= 0 && !load_lesson(l, ff->lesson))
		return false;
	if (ff->bookmarks >= 0 && !load_bookmarks(l, ff->bookmarks))
		return false;
	return load_end(l, ff->end) && has_first_state(l->r);
}

/* ---- without one ---- */

/* The state before a chunk: a place for it. Until its steps come, there is no chunk. */
static bool scan_key(struct recording *r, int frame, struct chunk_at **next)
{
	const struct chunk *full = NULL;
	if (r->nat && !*next)
		full = chunk_open(r, r->nat - 1, NULL, NULL);
	if (r->nat && (*next || !full || full->broken || !full->n))
		return false;
	*next = directory_add(r, full);
	(*next)->key = frame;
	return r->nat > 1 || has_first_state(r);
}

/* They say themselves how many they are. */
static bool scan_steps(struct loader *l, int frame, struct chunk_at **next)
{
	struct reader in;
	struct recording *r = l->r;
	struct chunk_at *at = *next;
	if (!at || !get_frame(l, frame, FRAME_STEPS, &in) || get_uv(&in) != (uint64_t)at->first)
		return false;
	uint64_t n = get_uv(&in);
	if (!n || n > CHUNK_STEPS)
		return false;
	at->steps = frame;
	at->n = (size_t)n;
	at->lines = code_count(r->code);
	at->sources = code_source_count(r->code);
	const struct chunk *k = chunk_open(r, r->nat - 1, NULL, NULL);
	if (k->broken)
		return false;
	directory_count(at, k);
	count_steps(r);
	*next = NULL;
	return true;
}

/* The first is what was known at step 0. */
static bool scan_code(struct loader *l, int frame)
{
	struct recording *r = l->r;
	if (!load_code(l, frame))
		return false;
	if (l->frames.ncode++)
		return true;
	r->lines = code_count(r->code);
	r->sources = code_source_count(r->code);
	return true;
}

/* What a frame is for; false: nothing after it can be made use of. */
static bool scan_frame(struct loader *l, int frame, struct chunk_at **next)
{
	struct recording *r = l->r;
	l->b.n = 0;
	if (!store_get(r->store, frame, &l->b))
		return false;
	int letter = l->b.n ? l->b.p[0] : 0;
	if (letter == FRAME_RUN && !r->arch)
		return load_run(l, frame);
	if (!r->arch)
		return false;
	switch (letter) {
	case FRAME_CODE: return scan_code(l, frame);
	case FRAME_KEY: return scan_key(r, frame, next);
	case FRAME_TEXT:
		if (*next)
			(*next)->text = frame;
		return *next != NULL;
	case FRAME_STEPS: return scan_steps(l, frame, next);
	case FRAME_LESSON: return load_lesson(l, frame);
	case FRAME_BOOKMARKS: return load_bookmarks(l, frame);
	case FRAME_END: return load_end(l, frame) && false;
	default: return letter != FRAME_RUN; /* of a newer g0scope */
	}
}

/* All that can be made use of, from the front on. False: not even step 0. */
static bool load_by_scan(struct loader *l)
{
	struct recording *r = l->r;
	struct chunk_at *next = NULL; /* a chunk whose steps have not come yet */
	for (int i = 1; i < l->nframes; i++)
		if (!scan_frame(l, i, &next))
			break;
	if (next) {
		cache_drop(r, r->nat - 1);
		next->n = 0;
		r->nat -= r->nat > 1;
	}
	if (!r->nat || !r->arch || !r->at[0].n)
		return r->nat && r->arch && has_first_state(r);
	return true;
}

/* ---- the file ---- */

/* A recording of which nothing is known yet, over the frames of a file; `code` is filled. */
static void begin(struct loader *l, struct code *code)
{
	struct recording *r = l->r = xcalloc(1, sizeof *r);
	r->code = code;
	r->store = store_new();
	store_set_file(r->store, fcntl(l->fd, F_DUPFD_CLOEXEC, 3));
	l->nframes = 0;
	free(l->frames.code);
	l->frames = (struct file_frames){
		.run = -1, .lesson = -1, .bookmarks = -1, .end = -1, .before = -1};
	code_reader_free(&l->code);
	l->code = (struct code_reader){
		.types_before = types_count(variables_types(code_variables(code))) - 1};
	l->ncode = 0;
}

static struct recording *give_up(struct loader *l)
{
	recording_free(l->r);
	return l->r = NULL;
}

static struct recording *load_cut(struct loader *l, const char *path, char *err, size_t nerr)
{
	give_up(l);
	begin(l, code_new());
	find_by_length(l);
	if (!load_by_scan(l)) {
		say(err, nerr, "%s: is cut short or damaged before step 0; record it again", path);
		return give_up(l);
	}
	say(err, nerr, "%s: is cut short at step %lld; what is before can be looked at", path,
		(long long)l->r->last);
	recording_set_end(l->r, RUN_GOES_ON, "the recording is cut short there");
	return l->r;
}

/* By the last index and those that it names: the first run, with another as its twin. */
static bool load_whole(struct loader *l)
{
	struct recording *twin = NULL;
	begin(l, code_new());
	bool ok = find_by_table(l) && load_by_index(l, l->nframes - 1);
	if (ok && l->frames.before >= 0) {
		int before = l->frames.before;
		twin = l->r;
		begin(l, code_new_beside(twin->code));
		ok = find_by_table(l) && load_by_index(l, before) && l->frames.before < 0;
		if (ok) /* what it has told of the code is not told again */
			code_add_all(twin->code, l->r->code);
		l->r->twin = twin;
	}
	return ok;
}

/* What the header says this is; then err says why it cannot be opened. */
static bool is_ours(struct loader *l, const char *path, char *err, size_t nerr)
{
	char version[40] = "";
	int64_t n = skippable(l, 0, SKIPPABLE_HEADER);
	enum header is = HEADER_NONE;
	const size_t nformat = strlen(RECFILE_FORMAT);
	if (read_bytes(l, 0, nformat, &l->b) && memcmp(l->b.p, RECFILE_FORMAT, nformat) == 0) {
		say(err, nerr, "%s: is a recording of an older g0scope; record it again", path);
		return false;
	}
	if (n >= 0 && n <= HEADER_MAX && read_bytes(l, SKIPPABLE_HEAD, (size_t)n, &l->b))
		is = get_header_json(l->b.p, l->b.n, version, sizeof version);
	if (is == HEADER_LATER)
		say(err, nerr,
			"%s: is a recording of version %s, and this g0scope reads version %d; "
			"record it again, or open it with the g0scope that made it",
			path, version, RECFILE_VERSION);
	else if (is == HEADER_NONE)
		say(err, nerr,
			"%s: is not a recording; make one with: g0scope record PROGRAM -o FILE",
			path);
	return is == HEADER_OURS;
}

static struct recording *load(struct loader *l, const char *path, char *err, size_t nerr)
{
	if (!is_ours(l, path, err, nerr))
		return NULL;
	return load_whole(l) ? l->r : load_cut(l, path, err, nerr);
}

struct recording *recording_load(const char *path, char *err, size_t nerr)
{
	const char *why;
	struct stat st;
	if (nerr)
		err[0] = 0;
	FILE *f = open_regular(path, &why);
	if (!f || fstat(fileno(f), &st) != 0) {
		say(err, nerr, "%s: %s; give a file that g0scope record has written", path,
			f ? strerror(errno) : why);
		if (f)
			fclose(f);
		return NULL;
	}
	struct loader l = {.fd = fileno(f), .size = (uint64_t)st.st_size};
	struct recording *r = load(&l, path, err, nerr);
	code_reader_free(&l.code);
	free(l.frames.code);
	bytes_free(&l.b);
	fclose(f);
	return r;
}

bool recording_is(const char *path)
{
	const char *why;
	FILE *f = open_regular(path, &why);
	char text[64];
	bool is = false;
	size_t n = f ? fread(text, 1, sizeof text, f) : 0;
	is = memmem(text, n, RECFILE_FORMAT, strlen(RECFILE_FORMAT)) != NULL;
	if (f)
		fclose(f);
	return is;
}
