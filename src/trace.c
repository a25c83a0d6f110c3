/* SPDX-License-Identifier: MIT */
/*
 * trace.c - the flight recorder: the last events on each M, written to a file when the process
 * ends, however it does; docs/instruments.md describes the file, tests/g0trace.py reads it.
 *
 * While the program runs there are only the rings (trace.h). The file is written once, by the
 * first thread that ends, on whichever stack that is, with no lock and no memory
 * taken: locks may be held, and memory may be what is wrong. Other Ms may still run. Taking
 * their rings away stops them from recording, but for an event that one may be in the middle of:
 * its entry is the oldest of a full ring, which is therefore left out.
 */
#include "os.h"
#include "runtime.h"

_Static_assert(NEVENTS <= 1 << TRACE_ID_BITS, "trace.h");

enum { MAXSTRINGS = 256 };

static const char *file;    /* NULL: nothing is recorded */
static uint64_t startticks; /* with startnanos: what a tick is */
static int64_t startnanos;
static struct osfile out;

/* What an event is, for a reader that has no event.def: name, arguments and sentence of each. */
static const char table[] =
#define EVENT(name, nargs, args, sentence) #name "\0" args "\0" sentence "\0"
#include "event.def"
#undef EVENT
	;

/* Their arguments, by id. */
static const char *const arguments[] = {
#define EVENT(name, nargs, args, sentence) args,
#include "event.def"
#undef EVENT
};

void traceinit(void)
{
	const char *name = env_file("G0_TRACE");

	if (name == NULL)
		return;
	if (!ospatchprobes()) {
		eprint("g0: G0_TRACE: the kernel does not let a program change its own code\n");
		osexit(2);
	}
	file = name;
	startticks = cputicks();
	startnanos = osnanotime();
	osatexit(tracewrite);
}

struct tracering *tracenew(void)
{
	struct tracering *r;

	if (file == NULL || out.writer != 0)
		return NULL;
	r = mallocz(sizeof *r);
	r->start = startticks;
	return r;
}

static void putword(uint64_t word)
{
	osput(&out, &word, sizeof word);
}

/* Its length, and its bytes. */
static void putbytes(const void *p, size_t n)
{
	putword(n);
	osput(&out, p, n);
}

/* The oldest entry that is kept, of n that there have been. */
static uint64_t oldest(uint64_t n)
{
	return n < TRACE_EVENTS ? 0 : n - (TRACE_EVENTS - 1);
}

static void putring(int32_t id, const struct tracering *r, uint64_t n)
{
	uint64_t from = oldest(n) % TRACE_EVENTS, kept = n - oldest(n);
	uint64_t first = kept < TRACE_EVENTS - from ? kept : TRACE_EVENTS - from;

	putword((uint64_t)id);
	putword(n);
	putword(kept);
	osput(&out, &r->entry[from], first * sizeof r->entry[0]);
	osput(&out, &r->entry[0], (kept - first) * sizeof r->entry[0]);
}

/* The number of the argument of that name; -1: none. */
static int argument(const char *names, const char *name)
{
	for (int i = 0; *names != '\0'; i++) {
		const char *n = name;
		while (*n != '\0' && *names == *n)
			names++, n++;
		if (*n == '\0' && (*names == ' ' || *names == '\0'))
			return i;
		while (*names != ' ' && *names != '\0')
			names++;
		names += *names == ' ';
	}
	return -1;
}

/* The strings that are known already, by address: reasons are few. */
struct strings {
	int n;
	uint64_t addr[MAXSTRINGS];
};

static void putstring(struct strings *known, uint64_t addr)
{
	size_t len = 0;

	for (int i = 0; i < known->n; i++)
		if (known->addr[i] == addr)
			return;
	if (addr == 0 || known->n == MAXSTRINGS)
		return;
	known->addr[known->n++] = addr;
	while (((const char *)addr)[len] != '\0')
		len++;
	putword(addr);
	putbytes((const char *)addr, len);
}

/* The strings that arguments stand for. */
static void putstrings(struct strings *known, const struct tracering *r, uint64_t n)
{
	for (uint64_t i = oldest(n); i < n; i++) {
		const struct traceentry *e = &r->entry[i % TRACE_EVENTS];
		int a = argument(arguments[e->when & ((1 << TRACE_ID_BITS) - 1)], "reason");
		if (a >= 0)
			putstring(known, e->arg[a]);
	}
}

/* One M's ring, taken away from it, and the strings of its events. */
static void putm(M *mp)
{
	static struct strings known;
	struct tracering *r = atomic_exchange(&mp->trace, NULL);
	uint64_t n;

	if (r == NULL)
		return;
	n = atomic_load_explicit(&r->n, memory_order_acquire);
	known.n = 0;
	putring(mp->id, r, n);
	putstrings(&known, r, n);
	putword(0);
}

void tracewrite(void)
{
	const char *program = g0_argc > 0 ? g0_argv[0] : "";
	size_t len = 0;

	if (file == NULL || !osfirst(&out))
		return;
	oscreate(&out, file);
	while (program[len] != '\0')
		len++;
	osput(&out, "g0trace1", 8);
	putword(cputicks() - startticks);
	putword((uint64_t)(osnanotime() - startnanos));
	putbytes(table, sizeof table - 1);
	putbytes(program, len);
	for (M *mp = allm; mp != NULL; mp = mp->alllink)
		putm(mp);
	osfinish(&out, "G0_TRACE", file);
}
