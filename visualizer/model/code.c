/* SPDX-License-Identifier: MIT */
/*
 * The lines are found in three ways, as fast as each is needed: by pc and by the pc after
 * them (where a call returns to) through maps, for every frame of every walk; and in
 * order, for the disassembly pane, through an array that is made when somebody asks
 * after lines were added.
 */
#include "code.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addrmap.h"
#include "strpool.h"
#include "text.h"
#include "xalloc.h"

struct source {
	const char *file;
	char *text;
	size_t len;
	uint32_t *starts; /* of each line in text, and one more: behind the last */
	int nlines;
	dev_t dev; /* the file that the text was read from; ino 0: from none */
	ino_t ino;
};

struct code {
	struct strpool strings;
	struct code_line **lines; /* owned; as they were added */
	size_t n, cap;
	struct code_line **sorted; /* the first nsorted of them, by pc */
	size_t nsorted, sorted_cap;
	struct addrmap by_pc;  /* the lines' addresses */
	struct addrmap by_end; /* the same, by the pc after the instruction */

	code_supply_fn *supply;
	void *supply_ctx;
	struct addrmap refused; /* pcs of which the supply knows nothing: not asked again */

	struct variables *variables; /* others may have them as well */

	struct source *files;
	size_t nfiles, files_cap;
};

/* Words that are no code are looked up too, so what was refused is forgotten at this number. */
enum { REFUSED_MAX = 1 << 16 };

static struct code *code_with(struct variables *variables)
{
	struct code *c = xcalloc(1, sizeof *c);
	c->variables = variables;
	return c;
}

struct code *code_new(void)
{
	return code_with(variables_new());
}

struct code *code_new_beside(const struct code *other)
{
	return code_with(variables_keep(other->variables));
}

void code_free(struct code *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		free(c->lines[i]);
	for (size_t i = 0; i < c->nfiles; i++) {
		free(c->files[i].text);
		free(c->files[i].starts);
	}
	free(c->lines);
	free(c->sorted);
	free(c->files);
	variables_free(c->variables);
	addrmap_free(&c->by_pc);
	addrmap_free(&c->by_end);
	addrmap_free(&c->refused);
	strpool_free(&c->strings);
	free(c);
}

void code_set_supply(struct code *c, code_supply_fn *fn, void *ctx)
{
	c->supply = fn;
	c->supply_ctx = ctx;
}

void code_add(struct code *c, const struct code_line *l)
{
	if (addrmap_get(&c->by_pc, l->pc))
		return;
	struct code_line *line = xmalloc(sizeof *line);
	*line = *l;
	line->sym = strpool_keep(&c->strings, l->sym);
	line->file = strpool_keep(&c->strings, l->file);
	line->text = strpool_keep(&c->strings, l->text ? l->text : "");

	c->lines = xgrow(c->lines, &c->cap, c->n + 1, sizeof *c->lines);
	c->lines[c->n++] = line;
	addrmap_put(&c->by_pc, line->pc, (uintptr_t)line);
	addrmap_put(&c->by_end, line->pc + (line->len ? line->len : 1), (uintptr_t)line);
}

/*
 * Ask the supply for a pc, once. A lookup does not change what is true of the code, only
 * how much of it is here: hence const.
 */
static bool ask_supply(const struct code *c, uint64_t pc)
{
	struct code *into = (struct code *)c;
	if (!c->supply || addrmap_get(&c->refused, pc))
		return false;
	if (c->supply(c->supply_ctx, pc, into))
		return true;
	if (into->refused.n >= REFUSED_MAX)
		addrmap_free(&into->refused);
	addrmap_put(&into->refused, pc, 1);
	return false;
}

static const struct code_line *lookup(const struct addrmap *map, uint64_t key)
{
	return (const struct code_line *)(uintptr_t)addrmap_get(map, key);
}

const struct code_line *code_known(const struct code *c, uint64_t pc)
{
	return lookup(&c->by_pc, pc);
}

const struct code_line *code_at(const struct code *c, uint64_t pc)
{
	const struct code_line *l = lookup(&c->by_pc, pc);
	if (!l && ask_supply(c, pc))
		l = lookup(&c->by_pc, pc);
	return l;
}

static int by_pc(const void *a, const void *b)
{
	const struct code_line *const *x = a, *const *y = b;
	return ((*x)->pc > (*y)->pc) - ((*x)->pc < (*y)->pc);
}

/* A lookup does not change what is true of the code, hence const. */
static void sort(const struct code *c)
{
	struct code *at = (struct code *)c;
	if (c->nsorted == c->n)
		return;
	at->sorted = xgrow(c->sorted, &at->sorted_cap, c->n, sizeof *c->sorted);
	memcpy(at->sorted, c->lines, c->n * sizeof *c->lines);
	qsort(at->sorted, c->n, sizeof *c->sorted, by_pc);
	at->nsorted = c->n;
}

/* How many lines begin before pc. */
static size_t lines_before(const struct code *c, uint64_t pc)
{
	sort(c);
	size_t lo = 0, hi = c->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (c->sorted[mid]->pc < pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The line that covers pc - 1, where it ends later than at pc: a return address of no call. */
static const struct code_line *covering(const struct code *c, uint64_t pc)
{
	size_t i = lines_before(c, pc);
	const struct code_line *l = i ? c->sorted[i - 1] : NULL;
	return l && pc - l->pc <= (l->len ? l->len : 1) ? l : NULL;
}

/* What is known of the code that a return address belongs to. */
static const struct code_line *returned_to(const struct code *c, uint64_t ret)
{
	const struct code_line *l = lookup(&c->by_pc, ret);
	if (l && l->cfi.signal && ret == l->sym_lo)
		return l;
	l = lookup(&c->by_end, ret);
	return l ? l : covering(c, ret);
}

const struct code_line *code_ret(const struct code *c, uint64_t ret)
{
	const struct code_line *l = returned_to(c, ret);
	if (!l && ask_supply(c, ret - 1))
		l = returned_to(c, ret);
	return l;
}

const struct code_line *code_prev(const struct code *c, uint64_t pc)
{
	size_t i = lines_before(c, pc);
	return i ? c->sorted[i - 1] : NULL;
}

const struct code_line *code_next(const struct code *c, uint64_t pc)
{
	size_t i = lines_before(c, pc + 1);
	return i < c->n ? c->sorted[i] : NULL;
}

size_t code_count(const struct code *c)
{
	return c->n;
}

const struct code_line *code_nth(const struct code *c, size_t i)
{
	return i < c->n ? c->lines[i] : NULL;
}

struct variables *code_variables(const struct code *c)
{
	return c->variables;
}

size_t code_vars_at(const struct code *c, uint64_t pc, struct var_seen *seen, size_t max)
{
	return variables_at(c->variables, pc, seen, max);
}

/* Remember where each line of a file begins. */
static void index_lines(struct source *f)
{
	size_t cap = 0;
	f->starts = NULL;
	f->nlines = 0;
	for (size_t at = 0; at < f->len;) {
		f->starts = xgrow(f->starts, &cap, f->nlines + 2, sizeof *f->starts);
		f->starts[f->nlines++] = at;
		const char *end = memchr(f->text + at, '\n', f->len - at);
		at = end ? (size_t)(end - f->text) + 1 : f->len;
		f->starts[f->nlines] = at;
	}
}

static const struct source *find_source(const struct code *c, const char *file)
{
	for (size_t i = 0; i < c->nfiles; i++)
		if (!strcmp(c->files[i].file, file))
			return &c->files[i];
	return NULL;
}

void code_add_source(struct code *c, const char *file, const char *text, size_t len)
{
	if (find_source(c, file))
		return;
	struct source f = {
		.file = strpool_keep(&c->strings, file), .text = xmalloc(len), .len = len};
	memcpy(f.text, text, len);
	index_lines(&f);
	c->files = xgrow(c->files, &c->files_cap, c->nfiles + 1, sizeof *c->files);
	c->files[c->nfiles++] = f;
}

void code_source_is(struct code *c, const char *file, const struct stat *st)
{
	for (size_t i = 0; i < c->nfiles; i++)
		if (!strcmp(c->files[i].file, file)) {
			c->files[i].dev = st->st_dev;
			c->files[i].ino = st->st_ino;
		}
}

bool code_is_source(const struct code *c, const struct stat *st)
{
	for (size_t i = 0; i < c->nfiles; i++)
		if (c->files[i].ino == st->st_ino && c->files[i].dev == st->st_dev)
			return true;
	return false;
}

const char *code_source_line(const struct code *c, const char *file, int line, size_t *len)
{
	const struct source *f = file ? find_source(c, file) : NULL;
	*len = 0;
	if (!f || line < 1 || line > f->nlines)
		return NULL;
	const char *text = f->text + f->starts[line - 1];
	*len = f->starts[line] - f->starts[line - 1];
	for (const char *end = "\n\r"; *end; end++)
		if (*len && text[*len - 1] == *end)
			--*len;
	return text;
}

size_t code_source_count(const struct code *c)
{
	return c->nfiles;
}

const char *code_source_nth(const struct code *c, size_t i, const char **text, size_t *len)
{
	assert(i < c->nfiles);
	*text = c->files[i].text;
	*len = c->files[i].len;
	return c->files[i].file;
}

void code_add_all(struct code *to, const struct code *from)
{
	for (size_t i = 0; i < from->n; i++)
		code_add(to, from->lines[i]);
	for (size_t i = 0; i < from->nfiles; i++) {
		const struct source *f = &from->files[i];
		code_add_source(to, f->file, f->text, f->len);
	}
}

char *code_symbol(const struct code_line *l, uint64_t pc, bool is_ret, char *buf, size_t n)
{
	static const char dots[] = "…";
	char offset[CODE_SYMBOL_MORE] = "";
	assert(n >= CODE_SYMBOL_MORE); /* dots and offset have room, whatever is left of the name */
	if (!l || !l->sym) {
		snprintf(buf, n, "0x%llx", (unsigned long long)pc);
		return buf;
	}
	if (pc != l->sym_lo || (is_ret && l->pc != pc))
		snprintf(offset, sizeof offset, "+0x%llx", (unsigned long long)(pc - l->sym_lo));
	/* Of a name that is too long as much as leaves room for the offset. */
	size_t len = strlen(l->sym), room = n - 1 - strlen(offset);
	bool whole = len <= room;
	if (!whole)
		len = utf8_whole(l->sym, room - (sizeof dots - 1), len);
	snprintf(buf, n, "%.*s%s%s", (int)len, l->sym, whole ? "" : dots, offset);
	return buf;
}

char *code_symbolize(const struct code *c, uint64_t pc, bool is_ret, char *buf, size_t n)
{
	return code_symbol(is_ret ? code_ret(c, pc) : code_at(c, pc), pc, is_ret, buf, n);
}
