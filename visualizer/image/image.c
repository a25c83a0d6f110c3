/* SPDX-License-Identifier: MIT */
#include "image.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binary.h"
#include "isa.h"
#include "model/addrmap.h"
#include "model/say.h"
#include "model/walk.h"
#include "model/xalloc.h"
#include "sources.h"
#include "variables.h"

struct image {
	struct binary *binary;
	struct code *table;
	struct var_reader *variables; /* into the table */
	struct addrmap sites;         /* pc -> struct site */
	struct addrmap told;          /* lo of the functions that are in the table */
};

/* ---- the model's table ---- */

/* "callq 0x401a3c" as "callq gosched_m". */
static void name_target(const struct image *im, const struct insn *in, char *text, size_t ntext)
{
	const struct symbol *to =
		in->target ? program_symbol(im->binary->program, in->target) : NULL;
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
	const uint8_t *bytes = program_bytes(im->binary->program, pc, &n);
	if (!bytes)
		return 0;
	decode(im->binary->decoder, pc, bytes, n, &in, text, sizeof text);
	name_target(im, &in, text, sizeof text);
	struct code_line l = {
		.pc = pc, .len = in.len, .text = text, .cfi = cfi_at(im->binary->cfi, pc)};
	l.sym = sym ? sym->name : NULL;
	l.sym_lo = sym ? sym->lo : 0;
	l.sym_hi = sym ? sym->hi : 0;
	l.file = lines_at(im->binary->lines, pc, &l.line);
	l.library = binary_is_library(im->binary, pc);
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
			       .cfi = cfi_at(im->binary->cfi, pc)});
}

/* The table asks: tell it the whole function around pc, once. */
static bool tell(void *ctx, uint64_t pc, struct code *into)
{
	struct image *im = ctx;
	assert(into == im->table); /* what is told is told once, to that one */
	const struct symbol *sym = program_symbol(im->binary->program, pc);
	/* Before what signal handlers return to there is no call, only its unwind information. */
	if (!sym && cfi_at(im->binary->cfi, pc).signal)
		sym = program_symbol(im->binary->program, ++pc);
	if (!sym)
		return false;
	if (binary_is_library(im->binary, pc)) {
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
	var_reader_tell(im->variables, sym->lo);
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
		code_at(im->table, program_address(im->binary->program, roots[i]));
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
	const uint8_t *bytes = program_bytes(im->binary->program, pc, &n);
	s->insn = (struct insn){.pc = pc, .opaque = true, .pops_flags = -1};
	if (bytes)
		decode(im->binary->decoder, pc, bytes, n, &s->insn, text, sizeof text);
	s->library = binary_is_library(im->binary, pc);
	s->probe = probe_at(&im->binary->probes, pc);
	addrmap_put(&im->sites, pc, (uintptr_t)s);
	/* So that a recording holds all code that ran; of another file: that it is a library. */
	if (!code_at(im->table, pc) && s->library)
		code_add(im->table, &(struct code_line){.pc = pc, .text = "", .library = true});
	return s;
}

/* Whether a handler returns to there, to code of the kernel's: the table knows it then. */
static bool tell_sigreturn(struct image *im, uint64_t pc, image_read_fn *read, void *ctx)
{
	const struct sigreturn *is = im->binary->program->isa->sigreturn;
	uint8_t code[sizeof is->code];
	if (!is || !read(ctx, pc, code, sizeof code) || memcmp(code, is->code, sizeof code) != 0)
		return false;
	code_add(im->table, &(struct code_line){.pc = pc,
				    .sym = is->name,
				    .sym_lo = pc,
				    .sym_hi = pc + sizeof code,
				    .text = "",
				    .library = true,
				    .cfi = is->cfi});
	return true;
}

void image_callers(
	struct image *im, const struct snapshot *s, int m, image_read_fn *read, void *ctx)
{
	struct truth t;
	truth(s, im->table, m, &t);
	for (int i = 0; i < t.n; i++) {
		uint64_t pc = t.frame[i].pc;
		if (!t.frame[i].is_ret || code_ret(im->table, pc))
			continue;
		if (tell_sigreturn(im, pc, read, ctx))
			truth(s, im->table, m, &t); /* which goes on beyond */
		else
			code_add(im->table,
				&(struct code_line){.pc = pc - 1, .text = "", .library = true});
	}
}

/* ---- open and close ---- */

struct image *image_open(const char *path, char *err, size_t nerr)
{
	struct binary *binary = binary_open(path, err, nerr);
	if (!binary)
		return NULL;
	struct image *im = xcalloc(1, sizeof *im);
	im->binary = binary;
	im->table = code_new();
	im->variables =
		var_reader_new(binary->functions, binary->program->isa, code_variables(im->table));
	code_set_supply(im->table, tell, im);
	sources_add(im->table, binary->program, binary->lines);
	tell_roots(im);
	return im;
}

void image_close(struct image *im)
{
	code_set_supply(im->table, NULL, NULL);
	for (size_t i = 0; i < im->sites.nslots; i++)
		free((struct site *)(uintptr_t)im->sites.slots[i].value);
	addrmap_free(&im->sites);
	addrmap_free(&im->told);
	var_reader_free(im->variables);
	binary_close(im->binary);
	free(im);
}

/* The first function of the program's own without a line, go_main before others; NULL: none. */
static const char *without_line(const struct image *im)
{
	const struct program *p = im->binary->program;
	if (!binary_has_line(im->binary, program_address(p, "go_main")))
		return "go_main";
	for (size_t i = 0; i < p->nsyms; i++)
		if (p->syms[i].lo >= im->binary->own_lo && p->syms[i].lo < im->binary->own_hi &&
			!binary_has_line(im->binary, p->syms[i].lo))
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
	return im->binary->arch;
}

uint64_t image_build(const struct image *im)
{
	return im->binary->build;
}

const struct program *image_program(const struct image *im)
{
	return im->binary->program;
}

const struct probes *image_probes(const struct image *im)
{
	return &im->binary->probes;
}

const struct code_range *image_text(const struct image *im, size_t *n)
{
	*n = im->binary->ntext;
	return im->binary->text;
}
