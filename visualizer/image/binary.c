/* SPDX-License-Identifier: MIT */
#include "binary.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "debug.h"
#include "isa.h"
#include "model/say.h"
#include "model/xalloc.h"

/* One that is open, and of which file it is. */
struct opened {
	struct binary binary; /* first: this is what is handed out */
	int users;
	struct stat st;
	struct opened *next;
};
static struct opened *all;

/* ---- whose code it is ---- */

bool binary_has_line(const struct binary *b, uint64_t pc)
{
	int line;
	return lines_at(b->lines, pc, &line) != NULL;
}

bool binary_is_library(const struct binary *b, uint64_t pc)
{
	size_t lo = 0, hi = b->ntext;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (b->text[mid].lo <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo == 0 || pc >= b->text[lo - 1].hi;
}

/*
 * A linker lays code out in the order of the files that it is given (arch/<arch>/text.S): those
 * that begin every program, of which frame_dummy is the last function; the program's own; the
 * runtime.
 */
static void find_own(struct binary *b)
{
	const struct symbol *first =
		program_symbol(b->program, program_address(b->program, "frame_dummy"));
	b->own_lo = first ? first->hi : program_address(b->program, "_start");
	b->own_hi = b->own_lo ? program_address(b->program, "runtime_text") : 0;
}

static void add_text(struct binary *b, struct code_range r)
{
	struct code_range *last = b->ntext ? &b->text[b->ntext - 1] : NULL;
	assert(!last || r.lo >= last->lo); /* binary_is_library halves */
	if (last && r.lo <= last->hi)
		last->hi = r.hi > last->hi ? r.hi : last->hi;
	else if (r.lo < r.hi)
		b->text[b->ntext++] = r;
}

static void find_text(struct binary *b)
{
	size_t n, i = 0;
	const struct code_range *lines = lines_ranges(b->lines, &n);
	b->text = xcalloc(n + 1, sizeof *b->text);
	while (i < n && lines[i].lo < b->own_lo)
		add_text(b, lines[i++]);
	add_text(b, (struct code_range){b->own_lo, b->own_hi});
	while (i < n)
		add_text(b, lines[i++]);
}

/* ---- open and close ---- */

/* Whether it is a program on our runtime, with what the stepper needs in it. */
static bool complain(const struct binary *b, char *err, size_t nerr)
{
	const char *path = b->program->path;
	if (!b->decoder)
		say(err, nerr,
			"%s is built for %s, which the disassembler here, libcapstone, does not "
			"know; install one that does",
			path, b->arch->name);
	else if (!program_address(b->program, "allgs") || !program_address(b->program, "allm"))
		say(err, nerr,
			"%s is not a g0 program: the runtime is not in it, or it is stripped; "
			"link it with libg0.a",
			path);
	else if (!b->probes.n)
		say(err, nerr,
			"%s has no probes: build the runtime where sys/sdt.h is "
			"(package systemtap-sdt-dev)",
			path);
	else if (!lines_count(b->lines))
		say(err, nerr, "%s has no debug information; build it, and the runtime, with -g",
			path);
	else if (!binary_has_line(b, program_address(b->program, "mstart")))
		say(err, nerr,
			"the runtime in %s has no line information; build libg0.a with -g, and do "
			"not strip it",
			path);
	else
		return false;
	return true;
}

/* Whether a file is what it was, as far as its dates say. */
static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* What is open of this file, and holds what the file does: dates are not finer than a few ms. */
static struct opened *find_open(const char *path)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return NULL;
	for (struct opened *o = all; o; o = o->next)
		if (is_same(&o->st, &st) && strcmp(o->binary.program->path, path) == 0 &&
			program_build(o->binary.program) == o->binary.build)
			return o;
	return NULL;
}

static void read_all(struct binary *b)
{
	const struct isa *isa = b->program->isa;
	b->arch = arch_by_name(isa->name);
	b->dwarf = debug_open(b->program->elf);
	b->lines = lines_new(b->dwarf);
	b->cfi = cfi_new(b->program->elf, isa);
	b->functions = functions_new(b->dwarf);
	b->decoder = decoder_new(isa);
	b->build = program_build(b->program);
	probes_read(&b->probes, b->program);
}

static void free_all(struct binary *b)
{
	probes_free(&b->probes);
	decoder_free(b->decoder);
	functions_free(b->functions);
	cfi_free(b->cfi);
	lines_free(b->lines);
	dwarf_end(b->dwarf);
	free(b->text);
	program_close(b->program);
}

struct binary *binary_open(const char *path, char *err, size_t nerr)
{
	struct opened *o = find_open(path);
	if (o) {
		o->users++;
		return &o->binary;
	}
	struct program *program = program_open(path, err, nerr);
	if (!program)
		return NULL;
	o = xcalloc(1, sizeof *o);
	*o = (struct opened){.binary.program = program, .users = 1, .next = all};
	fstat(program->fd, &o->st);
	read_all(&o->binary);
	if (complain(&o->binary, err, nerr)) {
		free_all(&o->binary);
		free(o);
		return NULL;
	}
	find_own(&o->binary);
	find_text(&o->binary);
	all = o;
	return &o->binary;
}

void binary_close(struct binary *b)
{
	struct opened *o = (struct opened *)b, **link = &all;
	assert(o->users > 0);
	if (--o->users)
		return;
	while (*link != o)
		link = &(*link)->next;
	*link = o->next;
	free_all(b);
	free(o);
}
