/* SPDX-License-Identifier: MIT */
/*
 * Folded stacks, as flame graph tools read them: "VALID;M0;mstart1;schedule 12", outermost first.
 * What a profiler that follows frame pointers would have reported of each M at each step, under
 * what that is worth.
 *
 * Equal stacks are counted together in a table. Where that would become too large its lines are
 * written and it begins anew: readers add up the lines of a stack.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "model/bytes.h"
#include "model/moment.h"
#include "model/text.h"
#include "model/xalloc.h"

enum { SLOTS = 1 << 16, LINES_MAX = SLOTS / 2, TEXT_MAX = 16 << 20 };

struct folded_line {
	char *stack;
	int64_t steps;
};

struct folded {
	FILE *out;
	uint32_t *slots; /* by hash: a line's number, from 1; 0: free */
	struct folded_line *lines;
	uint32_t n;
	size_t bytes;     /* of all stacks */
	struct bytes now; /* the stack being made */
	int why;          /* errno, once something could not be written */
};

/* ---- a stack as text ---- */

/* A name may hold anything; a line ends where it ends, and a frame at a semicolon. */
static void put_frame(struct bytes *b, const char *name)
{
	struct glyph g;
	size_t n = strlen(name);
	for (size_t len; (len = glyph_next(name, n, &g)) > 0; name += len, n -= len)
		put_raw(b, *g.utf8 == ';' ? ":" : g.utf8, strlen(g.utf8));
}

static void put_function(struct bytes *b, const struct code_line *l)
{
	put_raw(b, ";", 1);
	put_frame(b, l && l->sym && *l->sym ? l->sym : "[unknown]");
}

static void make_stack(struct bytes *b, const struct code *c, int m, const struct answer *a)
{
	const struct chain *ch = &a->chain;
	char name[16];
	b->n = 0;
	put_frame(b, verdict_name(a->verdict));
	put_raw(b, name, (size_t)snprintf(name, sizeof name, ";M%d", m));
	for (int i = ch->n - 1; i >= 0; i--) {
		const struct record *r = &ch->rec[i];
		put_function(b, r->is_ret ? code_ret(c, r->ret) : code_at(c, r->ret));
	}
	put_function(b, code_at(c, ch->pc));
	put_u8(b, 0);
}

/* ---- the table ---- */

static void flush_lines(struct folded *f)
{
	for (uint32_t i = 0; i < f->n; i++) {
		fprintf(f->out, "%s %lld\n", f->lines[i].stack, (long long)f->lines[i].steps);
		free(f->lines[i].stack);
		if (ferror(f->out) && !f->why)
			f->why = errno;
	}
	memset(f->slots, 0, SLOTS * sizeof *f->slots);
	f->n = 0;
	f->bytes = 0;
}

/* Where it is, or would be put. */
static uint32_t *find_slot(struct folded *f, const char *stack)
{
	uint64_t hash = 0;
	for (const char *s = stack; *s; s++)
		hash = (hash ^ (unsigned char)*s) * 0x100000001b3;
	size_t i = (hash ^ hash >> 32) % SLOTS;
	while (f->slots[i] && strcmp(f->lines[f->slots[i] - 1].stack, stack) != 0)
		i = (i + 1) % SLOTS;
	return &f->slots[i];
}

/* One more step of the stack being made. */
static void count(struct folded *f)
{
	uint32_t *slot = find_slot(f, (const char *)f->now.p);
	if (!*slot && (f->n == LINES_MAX || f->bytes + f->now.n > TEXT_MAX)) {
		flush_lines(f);
		slot = find_slot(f, (const char *)f->now.p);
	}
	if (!*slot) {
		f->lines[f->n++] = (struct folded_line){.stack = xstrdup((const char *)f->now.p)};
		f->bytes += f->now.n;
		*slot = f->n;
	}
	f->lines[*slot - 1].steps++;
}

bool export_folded(const struct recording *r, FILE *out)
{
	struct folded f = {.out = out,
		.slots = xcalloc(SLOTS, sizeof *f.slots),
		.lines = xcalloc(LINES_MAX, sizeof *f.lines)};
	struct cursor *c = cursor_new(r);
	struct answer *a = xmalloc(sizeof *a);
	for (int64_t step = 0; step <= recording_last(r) && !f.why; step++) {
		const struct moment at = {r, cursor_seek(c, step)};
		for (int i = 0; i < at.now->nms; i++) {
			if (at.now->ms[i].exited)
				continue;
			moment_judge(&at, at.now->ms[i].id, a);
			make_stack(&f.now, moment_code(&at), at.now->ms[i].id, a);
			count(&f);
		}
	}
	flush_lines(&f);
	if (fflush(out) != 0 && !f.why)
		f.why = errno;
	free(a);
	free(f.now.p);
	free(f.lines);
	free(f.slots);
	cursor_free(c);
	errno = f.why;
	return !f.why;
}
