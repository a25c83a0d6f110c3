/* SPDX-License-Identifier: MIT */
#include "flight.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "flight_state.h"
#include "image/image.h"
#include "model/bytes.h"
#include "model/regular.h"
#include "model/say.h"
#include "model/xalloc.h"

/* The rings of a hundred Ms are smaller. */
enum { FILE_MAX = 1 << 26 };
/*
 * Each step is held against the state before it. Where that is much to look at, as with a hundred
 * thousand Gs, older events are left out: so many bytes are looked at in all.
 */
#define WORK_MAX UINT64_C(20000000000)

/* ---- the file ---- */

static bool read_file(FILE *f, struct bytes *to, struct stat *is, const char **why)
{
	*why = "it is larger than any of the flight recorder's";
	if (fstat(fileno(f), is) != 0 || is->st_size > FILE_MAX)
		return false;
	to->p = xmalloc((size_t)is->st_size);
	to->n = fread(to->p, 1, (size_t)is->st_size, f);
	if (ferror(f))
		*why = strerror(errno);
	return !ferror(f);
}

bool flight_is(const char *path)
{
	const char *why;
	FILE *f = open_regular(path, &why);
	char head[sizeof FLIGHT_MAGIC - 1];
	bool is = f && fread(head, sizeof head, 1, f) == 1 &&
		  memcmp(head, FLIGHT_MAGIC, sizeof head) == 0;
	if (f)
		fclose(f);
	return is;
}

/* ---- as many events as can be shown ---- */

static uint64_t size_of(const struct snapshot *s)
{
	return (uint64_t)s->nms * sizeof *s->ms + (uint64_t)s->nps * sizeof *s->ps +
	       (uint64_t)s->ngs * (sizeof *s->gs + sizeof *s->stacks) +
	       (uint64_t)s->nglobal * sizeof *s->global;
}

static bool is_affordable(const struct flight_file *file)
{
	struct flight_state now;
	uint64_t work = 0;
	flight_state_begin(&now, file);
	for (size_t i = 0; i < file->n && work <= WORK_MAX; i++) {
		flight_state_go_on(&now, &file->events[i]);
		work += size_of(&now.s);
	}
	flight_state_free(&now);
	return work <= WORK_MAX;
}

/* ---- the recording ---- */

/* So much time has passed: at most an hour at once. */
static void wait_before(struct schedule *s, int64_t ns)
{
	for (; ns > 0; ns -= SCHEDULE_TIME_MAX)
		schedule_precede(s, &(struct turn){.kind = TURN_TIME,
					    .n = ns < SCHEDULE_TIME_MAX ? ns : SCHEDULE_TIME_MAX});
}

static void add_event(struct recording *r, const struct flight_event *e,
	const struct flight_state *now, int64_t ns)
{
	struct schedule before = {0};
	wait_before(&before, e->ns - ns);
	recording_add(r, &(struct step){.m = e->m,
				 .before = {before.turns, before.n},
				 .state = &now->s,
				 .state_changed = true,
				 .event = e->is});
	schedule_clear(&before);
}

static void say_end(struct recording *r, const struct flight_file *file)
{
	char words[SENTENCE_MAX] = "what the flight recorder kept ends here";
	bool exited = false;
	/* Other Ms may go on for a moment. */
	for (size_t i = 0; i < file->n; i++) {
		const struct event *e = &file->events[i].is;
		if (e->id == EVENT_exit)
			say(words, sizeof words, "the program ended with status %" PRId64,
				e->arg[0]);
		exited |= e->id == EVENT_exit;
	}
	if (file->older)
		say_more(
			words, sizeof words, "; how many came before these: %" PRIu64, file->older);
	if (file->unknown)
		say_more(words, sizeof words, "; of another build and left out: %" PRIu64,
			file->unknown);
	recording_set_end(r, exited ? RUN_EXITED : RUN_GOES_ON, words);
}

/*
 * The functions that events name, as the program has them. One that is newer than the file is
 * another, whose functions lie elsewhere.
 */
static struct code *code_of(const struct flight_file *file, const struct stat *written)
{
	char why[SENTENCE_MAX];
	struct stat st;
	bool is_it = stat(file->program, &st) == 0 &&
		     (st.st_mtim.tv_sec < written->st_mtim.tv_sec ||
			     (st.st_mtim.tv_sec == written->st_mtim.tv_sec &&
				     st.st_mtim.tv_nsec <= written->st_mtim.tv_nsec));
	struct image *im = is_it ? image_open(file->program, why, sizeof why) : NULL;
	if (!im)
		return code_new();
	struct code *code = image_table(im);
	for (size_t i = 0; i < file->n; i++) {
		const struct event *e = &file->events[i].is;
		for (int k = 0; k < e->nargs; k++)
			if (event_arg_kind(e->id, k) == ARG_FUNCTION)
				code_at(code, (uint64_t)e->arg[k]);
	}
	image_close(im);
	return code;
}

static struct recording *make(const struct flight_file *file, struct code *code)
{
	struct recording_info info = {.arch = "none"};
	struct flight_state now;
	int64_t ns = file->events[0].ns;
	const char *slash = strrchr(file->program, '/');
	say(info.program, sizeof info.program, "%s", slash ? slash + 1 : file->program);
	flight_state_begin(&now, file);
	struct recording *r = recording_new(&info, &now.s, code);
	for (size_t i = 0; i < file->n; i++) {
		flight_state_go_on(&now, &file->events[i]);
		add_event(r, &file->events[i], &now, ns);
		ns = file->events[i].ns;
	}
	flight_state_free(&now);
	say_end(r, file);
	return r;
}

struct recording *flight_load(const char *path, char *err, size_t nerr)
{
	struct bytes bytes = {0};
	struct flight_file file = {0};
	struct recording *r = NULL;
	const char *why;
	struct stat written;
	FILE *f = open_regular(path, &why);
	if (f && read_file(f, &bytes, &written, &why) &&
		flight_read(&file, bytes.p, bytes.n, &why)) {
		while (!is_affordable(&file))
			flight_leave_out(&file, (file.n + 1) / 2);
		r = make(&file, code_of(&file, &written));
	}
	if (r)
		*err = '\0';
	else
		say(err, nerr, "%s: %s; have G0_TRACE=FILE PROGRAM write it anew", path, why);
	flight_file_free(&file);
	bytes_free(&bytes);
	if (f)
		fclose(f);
	return r;
}

struct recording *load_either(const char *path, char *err, size_t nerr)
{
	return (flight_is(path) ? flight_load : recording_load)(path, err, nerr);
}
