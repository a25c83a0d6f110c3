/* SPDX-License-Identifier: MIT */
/*
 * The flight recorder: programs of ends[] are run with G0_TRACE, and the file that each leaves is
 * taken apart again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "traced.h"

enum { MAXFILE = 4 << 20, MAXRINGS = 16 };

static unsigned char file[MAXFILE];
static size_t size, at;
struct ring rings[MAXRINGS];
int nrings;
static uint64_t ticks; /* from its beginning to its end */

static const void *take(size_t n)
{
	CHECK(n <= size - at);
	at += n;
	return file + at - n;
}

static uint64_t word(void)
{
	uint64_t w;

	memcpy(&w, take(sizeof w), sizeof w);
	return w;
}

/* Each address is there once. */
static void take_string(struct ring *r, uint64_t addr)
{
	uint64_t len = word();

	CHECK(r->nstrings < MAXSTRINGS && len > 0 && len < sizeof r->string[0].text);
	for (int i = 0; i < r->nstrings; i++)
		CHECK(r->string[i].addr != addr);
	r->string[r->nstrings].addr = addr;
	memcpy(r->string[r->nstrings].text, take(len), len);
	r->string[r->nstrings++].text[len] = '\0';
}

static void take_ring(struct ring *r)
{
	uint64_t addr;

	r->nstrings = 0;
	r->m = word();
	r->n = word();
	r->kept = word();
	CHECK(r->kept <= r->n && r->kept < TRACE_EVENTS);
	for (uint64_t i = 0; i < r->kept; i++)
		memcpy(&r->entry[i], take(sizeof r->entry[i]), sizeof r->entry[i]);
	while ((addr = word()) != 0)
		take_string(r, addr);
}

void read_trace(const char *name, size_t skip)
{
	FILE *f = fopen(name, "rb");

	CHECK(f != NULL);
	size = fread(file, 1, sizeof file, f);
	fclose(f);
	at = skip;
	nrings = 0;
	CHECK(memcmp(take(8), "g0trace1", 8) == 0);
	ticks = word();
	word();
	take(word());
	take(word());
	while (at < size) {
		CHECK(nrings < MAXRINGS);
		take_ring(&rings[nrings++]);
	}
}

/* The name is as each test's own. */
struct ending run_traced(const char *program)
{
	char name[64], env[80];
	struct ending e;

	snprintf(name, sizeof name, "/tmp/g0-trace-%d", (int)getpid());
	snprintf(env, sizeof env, "G0_TRACE=%s", name);
	e = run_end(program, env);
	read_trace(name, 0);
	unlink(name);
	return e;
}

enum event_id id_of(const struct traceentry *e)
{
	return (enum event_id)(e->when & ((1 << TRACE_ID_BITS) - 1));
}

/* How often an event is in the trace. */
static int64_t count(enum event_id id)
{
	int64_t n = 0;

	for (int i = 0; i < nrings; i++)
		for (uint64_t k = 0; k < rings[i].kept; k++)
			n += id_of(&rings[i].entry[k]) == id;
	return n;
}

/* Whether each status that G goid leaves, as an event says, is the one before's new one. */
static bool statuses_follow(const struct ring *r, uint64_t goid)
{
	uint64_t is = 0;
	int n = 0;

	for (uint64_t k = 0; k < r->kept; k++) {
		const struct traceentry *e = &r->entry[k];
		if (id_of(e) != EV_casgstatus || e->arg[0] != goid)
			continue;
		if (n++ > 0 && e->arg[1] != is)
			return false;
		is = e->arg[2];
	}
	return n > 1;
}

static void every_event_is_kept_in_order(void)
{
	struct ending e = run_traced("hello");
	const struct ring *r = &rings[nrings - 1];

	/* The list of Ms begins with the newest. */
	CHECK(e.status == 0 && nrings >= 1 && r->m == 0 && r->kept == r->n);
	CHECK(id_of(&r->entry[1]) == EV_newproc && r->entry[1].arg[0] == 1);
	CHECK(statuses_follow(r, 1));
	CHECK(count(EV_mstart) == nrings);
	CHECK(count(EV_exit) == 1);
	CHECK(count(EV_gresume) <= count(EV_execute));
	for (int i = 0; i < nrings; i++)
		for (uint64_t k = 1; k < rings[i].kept; k++)
			CHECK(rings[i].entry[k - 1].when >> TRACE_ID_BITS <=
				rings[i].entry[k].when >> TRACE_ID_BITS);
	for (int i = 0; i < nrings; i++)
		CHECK(rings[i].entry[rings[i].kept - 1].when >> TRACE_ID_BITS <= ticks);
}

static void a_full_ring_drops_the_oldest(void)
{
	struct ending e = run_traced("gosched_often");
	const struct ring *r = &rings[nrings - 1];

	CHECK(e.status == 0 && r->m == 0);
	CHECK(r->n > 3 * TRACE_EVENTS && r->kept == TRACE_EVENTS - 1);
	CHECK(id_of(&r->entry[r->kept - 1]) == EV_exit);
	CHECK(count(EV_gosched) > TRACE_EVENTS / 20);
	CHECK(count(EV_mstart) == 0);
}

static void it_is_written_however_it_ends(void)
{
	CHECK(run_traced("deadlock").status == 2);
	CHECK(count(EV_deadlock) == 1 && count(EV_exit) == 1);
	CHECK(run_traced("mcall_on_g0").status == 2);
	CHECK(count(EV_exit) == 1);
	if (watched())
		return;
	CHECK(run_traced("g_overflow").status == 2);
	CHECK(count(EV_newproc) >= 2);
	CHECK(run_traced("segv").status > 128);
	CHECK(count(EV_newproc) >= 1);
}

const struct test trace_tests[] = {
	{"trace: every event is kept, in order", every_event_is_kept_in_order, false, "2"},
	{"trace: a full ring drops the oldest", a_full_ring_drops_the_oldest, true, "1"},
	{"trace: it is written however the process ends", it_is_written_however_it_ends, true, "2"},
	{0},
};
