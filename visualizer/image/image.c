/* SPDX-License-Identifier: MIT */
#include "image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfi.h"
#include "lines.h"
#include "isa.h"
#include "model/addrmap.h"
#include "model/say.h"
#include "model/walk.h"
#include "model/xalloc.h"
#include "sources.h"

struct image {
	struct program *program;
	const struct arch_desc *arch;
	struct lines *lines;
	struct cfi *cfi;
	struct decoder *decoder;
	struct probes probes;
	struct code *table;
	struct addrmap sites; /* pc -> struct site */
	struct addrmap told;  /* lo of the functions that are in the table */
	/* The program's own code lies here, up to the runtime's. */
	uint64_t own_lo, own_hi;
	/* All that is no library: that, and whatever else has lines. */
	struct code_range *text;
	size_t ntext;
};

/* ---- whose code it is ---- */

static bool has_line(const struct image *im, uint64_t pc)
{
	int line;
	return lines_at(im->lines, pc, &line) != NULL;
}

/* Whether it is neither the program's nor the runtime's: those are followed without lines too. */
static bool is_library(const struct image *im, uint64_t pc)
{
	size_t lo = 0, hi = im->ntext;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (im->text[mid].lo <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo == 0 || pc >= im->text[lo - 1].hi;
}

/*
 * A linker lays code out in the order of the files that it is given (arch/<arch>/text.S): those
 * that begin every program, of which frame_dummy is the last function; the program's own; the
 * runtime.
 */
static void find_own(struct image *im)
{
	const struct symbol *first =
		program_symbol(im->program, program_address(im->program, "frame_dummy"));
	im->own_lo = first ? first->hi : program_address(im->program, "_start");
	im->own_hi = im->own_lo ? program_address(im->program, "runtime_text") : 0;
}

static void add_text(struct image *im, struct code_range r)
{
	struct code_range *last = im->ntext ? &im->text[im->ntext - 1] : NULL;
	if (last && r.lo <= last->hi)
		last->hi = r.hi > last->hi ? r.hi : last->hi;
	else if (r.lo < r.hi)
		im->text[im->ntext++] = r;
}

static void find_text(struct image *im)
{
	size_t n, i = 0;
	const struct code_range *lines = lines_ranges(im->lines, &n);
	im->text = xcalloc(n + 1, sizeof *im->text);
	while (i < n && lines[i].lo < im->own_lo)
		add_text(im, lines[i++]);
	add_text(im, (struct code_range){im->own_lo, im->own_hi});
	while (i < n)
		add_text(im, lines[i++]);
}

/* ---- the model's table ---- */

/* "callq 0x401a3c" as "callq gosched_m". */
static void name_target(const struct image *im, const struct insn *in, char *text, size_t ntext)
{
	const struct symbol *to = in->target ? program_symbol(im->program, in->target) : NULL;
	size_t mnemonic = strcspn(text, " ");
	if (!to || mnemonic + 1 >= ntext)
		return;
	unsigned long off = in->target - to->lo;
	char *rest = text + mnemonic;
	if (off)
		snprintf(rest, ntext - mnemonic, " %s+0x%lx", to->name, off);
	else
		snprintf(rest, ntext - mnemonic, " %s", to->name);
}

/* Tell the table of the instruction at pc; returns its length, 0 if it is not one. */
static uint32_t tell_insn(
	struct image *im, uint64_t pc, const struct symbol *sym, struct code *into)
{
	struct insn in;
	char text[160];
	size_t n;
	const uint8_t *bytes = program_bytes(im->program, pc, &n);
	if (!bytes)
		return 0;
	decode(im->decoder, pc, bytes, n, &in, text, sizeof text);
	name_target(im, &in, text, sizeof text);
	struct code_line l = {.pc = pc, .len = in.len, .text = text, .cfi = cfi_at(im->cfi, pc)};
	l.sym = sym ? sym->name : NULL;
	l.sym_lo = sym ? sym->lo : 0;
	l.sym_hi = sym ? sym->hi : 0;
	l.file = lines_at(im->lines, pc, &l.line);
	l.library = is_library(im, pc);
	l.is_call = in.flow == FLOW_CALL;
	l.is_ret = in.flow == FLOW_RET;
	code_add(into, &l);
	return in.len;
}

/* A pc in library code: where it is, and no more. */
static void tell_library(struct image *im, uint64_t pc, const struct symbol *sym, struct code *into)
{
	code_add(into, &(struct code_line){.pc = pc,
			       .sym = sym->name,
			       .sym_lo = sym->lo,
			       .sym_hi = sym->hi,
			       .text = "",
			       .library = true,
			       .cfi = cfi_at(im->cfi, pc)});
}

/* The table asks: tell it the whole function around pc, once. */
static bool tell(void *ctx, uint64_t pc, struct code *into)
{
	struct image *im = ctx;
	const struct symbol *sym = program_symbol(im->program, pc);
	/* Before what signal handlers return to there is no call, only its unwind information. */
	if (!sym && cfi_at(im->cfi, pc).signal)
		sym = program_symbol(im->program, ++pc);
	if (!sym)
		return false;
	if (is_library(im, pc)) {
		tell_library(im, pc, sym, into);
		return true;
	}
	if (addrmap_get(&im->told, sym->lo))
		return false;
	addrmap_put(&im->told, sym->lo, 1);
	for (uint64_t at = sym->lo; at < sym->hi;) {
		uint32_t len = tell_insn(im, at, sym, into);
		at += len ? len : 1;
	}
	return true;
}

/*
 * Where every chain ends: on the stacks before the first step, or written there by no call
 * that is stepped.
 */
static void tell_roots(struct image *im)
{
	static const char *const roots[] = {"mstart", "gostart", "goexit_stub"};
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		code_at(im->table, program_address(im->program, roots[i]));
}

/* ---- the stepper's sites ---- */

const struct site *image_site(struct image *im, uint64_t pc)
{
	struct site *s = (struct site *)(uintptr_t)addrmap_get(&im->sites, pc);
	if (s)
		return s;
	s = xcalloc(1, sizeof *s);
	char text[160];
	size_t n;
	const uint8_t *bytes = program_bytes(im->program, pc, &n);
	s->insn = (struct insn){.pc = pc, .opaque = true, .pops_flags = -1};
	if (bytes)
		decode(im->decoder, pc, bytes, n, &s->insn, text, sizeof text);
	s->library = is_library(im, pc);
	s->probe = probe_at(&im->probes, pc);
	addrmap_put(&im->sites, pc, (uintptr_t)s);
	/* So that a recording holds all code that ran; of another file: that it is a library. */
	if (!code_at(im->table, pc) && s->library)
		code_add(im->table, &(struct code_line){.pc = pc, .text = "", .library = true});
	return s;
}

void image_callers(struct image *im, const struct snapshot *s, int m)
{
	struct truth t;
	truth(s, im->table, m, &t);
	for (int i = 0; i < t.n; i++)
		if (t.frame[i].is_ret && !code_ret(im->table, t.frame[i].pc))
			code_add(im->table,
				&(struct code_line){
					.pc = t.frame[i].pc - 1, .text = "", .library = true});
}

/* ---- open and close ---- */

/* Whether it is a program on our runtime, with what the stepper needs in it. */
static bool complain(const struct image *im, char *err, size_t nerr)
{
	const char *path = im->program->path;
	if (!im->decoder)
		say(err, nerr,
			"%s is built for %s, which the disassembler here, libcapstone, does not "
			"know; install one that does",
			path, im->arch->name);
	else if (!program_address(im->program, "allgs") || !program_address(im->program, "allm"))
		say(err, nerr,
			"%s is not a g0 program: the runtime is not in it, or it is stripped; "
			"link it with libg0.a",
			path);
	else if (!im->probes.n)
		say(err, nerr,
			"%s has no probes: build the runtime where sys/sdt.h is "
			"(package systemtap-sdt-dev)",
			path);
	else if (!lines_count(im->lines))
		say(err, nerr, "%s has no debug information; build it, and the runtime, with -g",
			path);
	else if (!has_line(im, program_address(im->program, "mstart")))
		say(err, nerr,
			"the runtime in %s has no line information; build libg0.a with -g, and do "
			"not strip it",
			path);
	else
		return false;
	return true;
}

struct image *image_open(const char *path, char *err, size_t nerr)
{
	struct program *program = program_open(path, err, nerr);
	if (!program)
		return NULL;
	struct image *im = xcalloc(1, sizeof *im);
	im->program = program;
	im->arch = arch_by_name(program->isa->name);
	im->lines = lines_new(program->elf);
	im->cfi = cfi_new(program->elf, program->isa);
	im->decoder = decoder_new(program->isa);
	probes_read(&im->probes, program);
	if (complain(im, err, nerr)) {
		image_close(im);
		return NULL;
	}
	im->table = code_new();
	find_own(im);
	find_text(im);
	code_set_supply(im->table, tell, im);
	sources_add(im->table, im->program, im->lines);
	tell_roots(im);
	return im;
}

void image_close(struct image *im)
{
	if (im->table)
		code_set_supply(im->table, NULL, NULL);
	for (size_t i = 0; i < im->sites.nslots; i++)
		free((struct site *)(uintptr_t)im->sites.slots[i].value);
	addrmap_free(&im->sites);
	addrmap_free(&im->told);
	probes_free(&im->probes);
	decoder_free(im->decoder);
	cfi_free(im->cfi);
	lines_free(im->lines);
	free(im->text);
	program_close(im->program);
	free(im);
}

/* The first function of the program's own without a line, go_main before others; NULL: none. */
static const char *without_line(const struct image *im)
{
	const struct program *p = im->program;
	if (!has_line(im, program_address(p, "go_main")))
		return "go_main";
	for (size_t i = 0; i < p->nsyms; i++)
		if (p->syms[i].lo >= im->own_lo && p->syms[i].lo < im->own_hi &&
			!has_line(im, p->syms[i].lo))
			return p->syms[i].name;
	return NULL;
}

void image_note(const struct image *im, char *note, size_t n)
{
	const char *name = without_line(im);
	*note = '\0';
	if (name)
		say(note, n, "%s has no line information: build it with -g%s", name,
			strcmp(name, "go_main") == 0 ? "" : ", or link it after libg0.a");
}

struct code *image_table(struct image *im)
{
	return im->table;
}

const struct arch_desc *image_arch(const struct image *im)
{
	return im->arch;
}

const struct program *image_program(const struct image *im)
{
	return im->program;
}

const struct probes *image_probes(const struct image *im)
{
	return &im->probes;
}

const struct code_range *image_text(const struct image *im, size_t *n)
{
	*n = im->ntext;
	return im->text;
}
