/* SPDX-License-Identifier: MIT */
#include "live_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cfi.h"
#include "lines.h"
#include "machine.h"
#include "model/addrmap.h"
#include "model/say.h"
#include "model/walk.h"
#include "model/xalloc.h"
#include "sources.h"

struct live_code {
	struct program *program;
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

static bool has_line(const struct live_code *lc, uint64_t pc)
{
	int line;
	return lines_at(lc->lines, pc, &line) != NULL;
}

/* Whether it is neither the program's nor the runtime's: those are followed without lines too. */
static bool is_library(const struct live_code *lc, uint64_t pc)
{
	size_t lo = 0, hi = lc->ntext;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (lc->text[mid].lo <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo == 0 || pc >= lc->text[lo - 1].hi;
}

/*
 * A linker lays code out in the order of the files that it is given (arch/<arch>/text.S): those
 * that begin every program, of which frame_dummy is the last function; the program's own; the
 * runtime.
 */
static void find_own(struct live_code *lc)
{
	const struct symbol *first =
		program_symbol(lc->program, program_address(lc->program, "frame_dummy"));
	lc->own_lo = first ? first->hi : program_address(lc->program, "_start");
	lc->own_hi = lc->own_lo ? program_address(lc->program, "runtime_text") : 0;
}

static void add_text(struct live_code *lc, struct code_range r)
{
	struct code_range *last = lc->ntext ? &lc->text[lc->ntext - 1] : NULL;
	if (last && r.lo <= last->hi)
		last->hi = r.hi > last->hi ? r.hi : last->hi;
	else if (r.lo < r.hi)
		lc->text[lc->ntext++] = r;
}

static void find_text(struct live_code *lc)
{
	size_t n, i = 0;
	const struct code_range *lines = lines_ranges(lc->lines, &n);
	lc->text = xcalloc(n + 1, sizeof *lc->text);
	while (i < n && lines[i].lo < lc->own_lo)
		add_text(lc, lines[i++]);
	add_text(lc, (struct code_range){lc->own_lo, lc->own_hi});
	while (i < n)
		add_text(lc, lines[i++]);
}

/* ---- the model's table ---- */

/* "callq 0x401a3c" as "callq gosched_m". */
static void name_target(const struct live_code *lc, const struct insn *in, char *text, size_t ntext)
{
	const struct symbol *to = in->target ? program_symbol(lc->program, in->target) : NULL;
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
	struct live_code *lc, uint64_t pc, const struct symbol *sym, struct code *into)
{
	struct insn in;
	char text[160];
	size_t n;
	const uint8_t *bytes = program_bytes(lc->program, pc, &n);
	if (!bytes)
		return 0;
	decode(lc->decoder, pc, bytes, n, &in, text, sizeof text);
	name_target(lc, &in, text, sizeof text);
	struct code_line l = {.pc = pc, .len = in.len, .text = text, .cfi = cfi_at(lc->cfi, pc)};
	l.sym = sym ? sym->name : NULL;
	l.sym_lo = sym ? sym->lo : 0;
	l.sym_hi = sym ? sym->hi : 0;
	l.file = lines_at(lc->lines, pc, &l.line);
	l.library = is_library(lc, pc);
	l.is_call = in.flow == FLOW_CALL;
	l.is_ret = in.flow == FLOW_RET;
	code_add(into, &l);
	return in.len;
}

/* A pc in library code: where it is, and no more. */
static void tell_library(
	struct live_code *lc, uint64_t pc, const struct symbol *sym, struct code *into)
{
	code_add(into, &(struct code_line){.pc = pc,
			       .sym = sym->name,
			       .sym_lo = sym->lo,
			       .sym_hi = sym->hi,
			       .text = "",
			       .library = true,
			       .cfi = cfi_at(lc->cfi, pc)});
}

/* The table asks: tell it the whole function around pc, once. */
static bool tell(void *ctx, uint64_t pc, struct code *into)
{
	struct live_code *lc = ctx;
	const struct symbol *sym = program_symbol(lc->program, pc);
	/* Before what signal handlers return to there is no call, only its unwind information. */
	if (!sym && cfi_at(lc->cfi, pc).signal)
		sym = program_symbol(lc->program, ++pc);
	if (!sym)
		return false;
	if (is_library(lc, pc)) {
		tell_library(lc, pc, sym, into);
		return true;
	}
	if (addrmap_get(&lc->told, sym->lo))
		return false;
	addrmap_put(&lc->told, sym->lo, 1);
	for (uint64_t at = sym->lo; at < sym->hi;) {
		uint32_t len = tell_insn(lc, at, sym, into);
		at += len ? len : 1;
	}
	return true;
}

/*
 * Where every chain ends: on the stacks before the first step, or written there by no call
 * that is stepped.
 */
static void tell_roots(struct live_code *lc)
{
	static const char *const roots[] = {"mstart", "gostart", "goexit_stub"};
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		code_at(lc->table, program_address(lc->program, roots[i]));
}

/* ---- the stepper's sites ---- */

const struct site *live_code_site(struct live_code *lc, uint64_t pc)
{
	struct site *s = (struct site *)(uintptr_t)addrmap_get(&lc->sites, pc);
	if (s)
		return s;
	s = xcalloc(1, sizeof *s);
	char text[160];
	size_t n;
	const uint8_t *bytes = program_bytes(lc->program, pc, &n);
	s->insn = (struct insn){.pc = pc, .opaque = true, .pops_flags = -1};
	if (bytes)
		decode(lc->decoder, pc, bytes, n, &s->insn, text, sizeof text);
	s->library = is_library(lc, pc);
	s->probe = probe_at(&lc->probes, pc);
	addrmap_put(&lc->sites, pc, (uintptr_t)s);
	/* So that a recording holds all code that ran; of another file: that it is a library. */
	if (!code_at(lc->table, pc) && s->library)
		code_add(lc->table, &(struct code_line){.pc = pc, .text = "", .library = true});
	return s;
}

void live_code_callers(struct live_code *lc, const struct snapshot *s, int m)
{
	struct truth t;
	truth(s, lc->table, m, &t);
	for (int i = 0; i < t.n; i++)
		if (t.frame[i].is_ret && !code_ret(lc->table, t.frame[i].pc))
			code_add(lc->table,
				&(struct code_line){
					.pc = t.frame[i].pc - 1, .text = "", .library = true});
}

/* ---- open and close ---- */

/* Whether it is a program on our runtime, with what the stepper needs in it. */
static bool complain(const struct live_code *lc, char *err, size_t nerr)
{
	const char *path = lc->program->path;
	if (!program_address(lc->program, "allgs") || !program_address(lc->program, "allm"))
		say(err, nerr,
			"%s is not a g0 program: the runtime is not in it, or it is stripped; "
			"link it with libg0.a",
			path);
	else if (!lc->probes.n)
		say(err, nerr,
			"%s has no probes: build the runtime where sys/sdt.h is "
			"(package systemtap-sdt-dev)",
			path);
	else if (!lines_count(lc->lines))
		say(err, nerr, "%s has no debug information; build it, and the runtime, with -g",
			path);
	else if (!has_line(lc, program_address(lc->program, "mstart")))
		say(err, nerr,
			"the runtime in %s has no line information; build libg0.a with -g, and do "
			"not strip it",
			path);
	else
		return false;
	return true;
}

struct live_code *live_code_open(const char *path, char *err, size_t nerr)
{
	struct program *program = program_open(path, err, nerr);
	if (!program)
		return NULL;
	struct live_code *lc = xcalloc(1, sizeof *lc);
	const struct arch_desc *arch = arch_by_name(MACHINE_NAME);
	lc->program = program;
	lc->lines = lines_new(program->elf);
	lc->cfi = cfi_new(program->elf, arch);
	lc->decoder = decoder_new();
	probes_read(&lc->probes, program, arch);
	if (complain(lc, err, nerr)) {
		live_code_close(lc);
		return NULL;
	}
	lc->table = code_new();
	find_own(lc);
	find_text(lc);
	code_set_source(lc->table, tell, lc);
	sources_add(lc->table, lc->program, lc->lines);
	tell_roots(lc);
	return lc;
}

void live_code_close(struct live_code *lc)
{
	if (lc->table)
		code_set_source(lc->table, NULL, NULL);
	for (size_t i = 0; i < lc->sites.nslots; i++)
		free((struct site *)(uintptr_t)lc->sites.slots[i].value);
	addrmap_free(&lc->sites);
	addrmap_free(&lc->told);
	probes_free(&lc->probes);
	decoder_free(lc->decoder);
	cfi_free(lc->cfi);
	lines_free(lc->lines);
	free(lc->text);
	program_close(lc->program);
	free(lc);
}

/* The first function of the program's own without a line, go_main before others; NULL: none. */
static const char *without_line(const struct live_code *lc)
{
	const struct program *p = lc->program;
	if (!has_line(lc, program_address(p, "go_main")))
		return "go_main";
	for (size_t i = 0; i < p->nsyms; i++)
		if (p->syms[i].lo >= lc->own_lo && p->syms[i].lo < lc->own_hi &&
			!has_line(lc, p->syms[i].lo))
			return p->syms[i].name;
	return NULL;
}

void live_code_note(const struct live_code *lc, char *note, size_t n)
{
	const char *name = without_line(lc);
	*note = '\0';
	if (name)
		say(note, n, "%s has no line information: build it with -g%s", name,
			strcmp(name, "go_main") == 0 ? "" : ", or link it after libg0.a");
}

struct code *live_code_table(struct live_code *lc)
{
	return lc->table;
}

const struct program *live_code_program(const struct live_code *lc)
{
	return lc->program;
}

const struct probes *live_code_probes(const struct live_code *lc)
{
	return &lc->probes;
}

const struct code_range *live_code_text(const struct live_code *lc, size_t *n)
{
	*n = lc->ntext;
	return lc->text;
}
