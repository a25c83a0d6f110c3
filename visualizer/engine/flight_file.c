/* SPDX-License-Identifier: MIT */
/*
 * The format is described in docs/instruments.md. It comes from outside: every number is held
 * against what it counts.
 *
 * A ring has an M's last events. Where older ones are not there, the state is known from the first
 * of those that are on, and only from where that is so of every M: what the others did before is
 * left out.
 */
#include "flight_file.h"

#include <stdlib.h>
#include <string.h>

#include "model/bytes.h"
#include "model/xalloc.h"

/* As src/trace.h has them: bits of an id, arguments of an event, words that one takes. */
enum { ID_BITS = 8, ARGS = 3, ENTRY_SIZE = 8 * (1 + ARGS) };
/* So many reasons the writer tells of a ring at most. */
enum { STRINGS_MAX = 256 };
/* A hundred days. */
#define NS_MAX ((int64_t)1 << 53)

struct flight_reading {
	struct reader in;
	struct flight_file *f;
	double ns_a_tick;
	int16_t ids[1 << ID_BITS]; /* EVENT_… of each of the file's; -1: not known here */
	size_t cap;
	int64_t since; /* from where on every M's events are there */
	size_t nstrings;
	struct string_at {
		uint64_t addr;
		const char *text;
		size_t len;
	} strings[STRINGS_MAX];
};

static uint64_t get_word(struct flight_reading *rd)
{
	uint64_t low = get_u32(&rd->in);
	return low | (uint64_t)get_u32(&rd->in) << 32;
}

/* A byte string, in place. */
static const char *get_string(struct flight_reading *rd, size_t *n)
{
	uint64_t len = get_word(rd);
	const char *p = (const char *)rd->in.p;
	*n = 0;
	if (rd->in.bad || len > (uint64_t)(rd->in.end - rd->in.p)) {
		rd->in.bad = true;
		return NULL;
	}
	rd->in.p += len;
	*n = (size_t)len;
	return p;
}

/* The next of the strings that end with a 0; NULL: there is none. */
static const char *next_name(const char **p, const char *end)
{
	const char *name = *p, *zero = *p < end ? memchr(*p, 0, (size_t)(end - *p)) : NULL;
	*p = zero ? zero + 1 : end;
	return zero ? name : NULL;
}

/* Which events the file's numbers are: by their names, as other builds have others. */
static void get_table(struct flight_reading *rd)
{
	size_t n;
	const char *p = get_string(rd, &n), *end = p ? p + n : NULL;
	for (int i = 0; i < 1 << ID_BITS; i++) {
		const char *name = p ? next_name(&p, end) : NULL;
		const char *args = name ? next_name(&p, end) : NULL;
		const char *sentence = args ? next_name(&p, end) : NULL;
		int id = sentence ? event_by_name(name) : -1;
		rd->ids[i] = (int16_t)(id >= 0 && strcmp(args, event_args(id)) == 0 ? id : -1);
	}
}

static int64_t ns_of(const struct flight_reading *rd, uint64_t ticks)
{
	double ns = (double)ticks * rd->ns_a_tick;
	return ns < NS_MAX ? (int64_t)ns : NS_MAX;
}

static void get_event(struct flight_reading *rd, int m)
{
	struct flight_file *f = rd->f;
	uint64_t when = get_word(rd), arg[ARGS];
	for (int i = 0; i < ARGS; i++)
		arg[i] = get_word(rd);
	int id = rd->ids[when & ((1 << ID_BITS) - 1)];
	if (id < 0) {
		f->unknown++;
		return;
	}
	f->events = xgrow(f->events, &rd->cap, f->n + 1, sizeof *f->events);
	struct flight_event *e = &f->events[f->n++];
	*e = (struct flight_event){
		.ns = ns_of(rd, when >> ID_BITS), .nth = f->n, .m = m, .is.id = id};
	e->is.nargs = event_nargs(id);
	for (int i = 0; i < e->is.nargs; i++)
		e->is.arg[i] = (int64_t)arg[i];
}

static void get_strings(struct flight_reading *rd)
{
	uint64_t addr;
	rd->nstrings = 0;
	while ((addr = get_word(rd)) != 0) {
		if (rd->nstrings == STRINGS_MAX) {
			rd->in.bad = true;
			return;
		}
		struct string_at *s = &rd->strings[rd->nstrings++];
		s->addr = addr;
		s->text = get_string(rd, &s->len);
	}
}

/* What an argument is the address of. */
static void name_reason(const struct flight_reading *rd, struct event *e)
{
	for (int i = 0; i < e->nargs; i++) {
		if (event_arg_kind(e->id, i) != ARG_STRING)
			continue;
		size_t k = 0;
		while (k < rd->nstrings && rd->strings[k].addr != (uint64_t)e->arg[i])
			k++;
		if (k == rd->nstrings)
			continue;
		size_t n = rd->strings[k].len;
		n = n < sizeof e->string ? n : sizeof e->string - 1;
		memcpy(e->string, rd->strings[k].text, n);
		e->string[n] = '\0';
	}
}

static void get_ring(struct flight_reading *rd)
{
	struct flight_file *f = rd->f;
	uint64_t m = get_word(rd), seen = get_word(rd), kept = get_word(rd);
	size_t first = f->n;
	if (rd->in.bad || m >= SNAP_MS_MAX || kept > seen ||
		kept > (uint64_t)(rd->in.end - rd->in.p) / ENTRY_SIZE) {
		rd->in.bad = true;
		return;
	}
	for (uint64_t i = 0; i < kept; i++)
		get_event(rd, (int)m);
	get_strings(rd);
	if (rd->in.bad)
		return;
	for (size_t i = first; i < f->n; i++)
		name_reason(rd, &f->events[i].is);
	f->older += seen - kept;
	if (seen > kept && f->n > first && f->events[first].ns > rd->since)
		rd->since = f->events[first].ns;
}

/* By time; those of one M stay in their order. */
static int by_time(const void *a, const void *b)
{
	const struct flight_event *x = a, *y = b;
	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return (x->nth > y->nth) - (x->nth < y->nth);
}

void flight_leave_out(struct flight_file *f, size_t n)
{
	f->older += n;
	f->n -= n;
	memmove(f->events, f->events + n, f->n * sizeof *f->events);
}

bool flight_read(struct flight_file *f, const void *bytes, size_t n, const char **why)
{
	struct flight_reading rd = {.in = reader_of(bytes, n), .f = f};
	const size_t nmagic = strlen(FLIGHT_MAGIC);
	*f = (struct flight_file){0};
	*why = "it is none of the flight recorder's";
	if (n < nmagic || memcmp(bytes, FLIGHT_MAGIC, nmagic) != 0)
		return false;
	rd.in.p += nmagic;
	uint64_t ticks = get_word(&rd), ns = get_word(&rd);
	rd.ns_a_tick = (double)ns / (double)(ticks ? ticks : 1);
	get_table(&rd);
	size_t len;
	const char *program = get_string(&rd, &len);
	if (program && len < sizeof f->program)
		memcpy(f->program, program, len);
	while (!rd.in.bad && !reader_done(&rd.in))
		get_ring(&rd);
	*why = "it is damaged, or cut short";
	if (rd.in.bad)
		return false;
	*why = "it has no events";
	if (!f->n)
		return false;
	qsort(f->events, f->n, sizeof *f->events, by_time);
	size_t early = 0;
	while (f->events[early].ns < rd.since)
		early++;
	flight_leave_out(f, early);
	return true;
}

void flight_file_free(struct flight_file *f)
{
	free(f->events);
	*f = (struct flight_file){0};
}
