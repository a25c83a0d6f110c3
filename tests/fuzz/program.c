/* SPDX-License-Identifier: MIT */
/*
 * Programs: an executable file, of which its symbols, lines, unwind rules, probes and the layout
 * of its runtime are read, first each by itself, as most of it is read of no file but a g0 program,
 * and then as an image.
 */
#include "fuzz.h"

#include <string.h>

#include "image/debug.h"
#include "image/cfi.h"
#include "image/image.h"
#include "image/layout.h"
#include "image/lines.h"
#include "image/sdt.h"
#include "model/code.h"
#include "model/say.h"
#include "model/snapshot.h"

Elf *__real_elf_begin(int fd, Elf_Cmd cmd, Elf *of);
Elf *__wrap_elf_begin(int fd, Elf_Cmd cmd, Elf *of);

/* Sections as they are read, not mapped: who reads behind one of these is seen. */
Elf *__wrap_elf_begin(int fd, Elf_Cmd cmd, Elf *of)
{
	return __real_elf_begin(fd, cmd == ELF_C_READ_MMAP ? ELF_C_READ : cmd, of);
}

/* How many of what there may be more of are looked at. */
enum { MANY = 64 };

static bool read_nothing(void *ctx, uint64_t addr, void *to, size_t n)
{
	(void)ctx;
	memset(to, 0x5a, n);
	return addr % 2 == 0;
}

static void look_at_probes(const struct probes *p)
{
	uint64_t regs[SNAP_NREGS_MAX] = {0, 1, UINT64_MAX};
	int64_t value;
	for (size_t i = 0; i < p->n && i < MANY; i++) {
		fuzz_require(probe_at(p, p->probe[i].pc) != NULL);
		fuzz_require(!i || p->probe[i - 1].pc <= p->probe[i].pc);
		for (int k = 0; k < p->probe[i].nargs; k++)
			probe_arg_value(&p->probe[i].arg[k], regs, read_nothing, NULL, &value);
	}
}

static void look_at_lines(const struct lines *l)
{
	size_t n;
	int line;
	const char *path;
	const struct code_range *r = lines_ranges(l, &n);
	for (size_t i = 0; i < n && i < MANY; i++) {
		fuzz_require(r[i].lo < r[i].hi);
		fuzz_require(lines_at(l, r[i].lo, &line) != NULL);
	}
	for (size_t i = 0; lines_file(l, i, &path); i++)
		fuzz_require(path != NULL);
}

static void look_at_layout(const struct program *p)
{
	char err[SENTENCE_MAX] = "";
	struct layout_item items[] =
		{
			{.kind = LAYOUT_STRUCT, .name = "G", .most = 4096},
			{.kind = LAYOUT_FIELD, .name = "G.goid", .most = 8},
			{.kind = LAYOUT_FIELD, .name = "G.sched.pc", .most = 8},
			{.kind = LAYOUT_CONSTANT, .name = "Gdead"},
			{.kind = LAYOUT_VARIABLE, .name = "allgs", .most = 8},
		},
			   dwarf[sizeof items / sizeof *items];
	enum { N = sizeof items / sizeof *items };
	memcpy(dwarf, items, sizeof items);
	if (layout_read(p, items, N, err, sizeof err))
		fuzz_require(items[1].value + items[1].size <= items[0].size);
	else
		fuzz_require(*err);
	fuzz_sentence(err);
	layout_from_dwarf(p, dwarf, N);
}

/* All that is read of a program, by itself. */
static void look_at_parts(const char *path)
{
	char err[SENTENCE_MAX] = "";
	struct program *p = program_open(path, err, sizeof err);
	fuzz_sentence(err);
	if (!p)
		return;
	Dwarf *dwarf = debug_open(p->elf);
	struct lines *lines = lines_new(dwarf);
	struct cfi *cfi = cfi_new(p->elf, p->isa);
	struct probes probes;
	probes_read(&probes, p);
	look_at_probes(&probes);
	look_at_lines(lines);
	look_at_layout(p);
	for (size_t i = 0; i < p->nsyms && i < MANY; i++) {
		fuzz_require(p->syms[i].lo <= p->syms[i].hi);
		cfi_at(cfi, p->syms[i].lo);
		fuzz_shown(p->syms[i].name, strlen(p->syms[i].name));
	}
	probes_free(&probes);
	cfi_free(cfi);
	lines_free(lines);
	dwarf_end(dwarf);
	program_close(p);
}

static void look_at_code(struct image *im)
{
	const struct program *p = image_program(im);
	struct code *c = image_table(im);
	for (size_t i = 0; i < p->nsyms && i < MANY; i++) {
		code_at(c, p->syms[i].lo);
		image_site(im, p->syms[i].lo);
		image_site(im, p->syms[i].hi);
	}
	for (size_t i = 0; i < code_count(c) && i < MANY; i++)
		fuzz_shown(code_nth(c, i)->text, strlen(code_nth(c, i)->text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char err[SENTENCE_MAX] = "";
	const char *path = fuzz_file(data, n);
	const char *machine = program_machine(path);
	look_at_parts(path);
	struct image *im = image_open(path, err, sizeof err);
	fuzz_require(im ? machine != NULL : *err != '\0');
	fuzz_sentence(err);
	fuzz_taken += im != NULL;
	if (im) {
		struct code *table = image_table(im);
		look_at_code(im);
		image_note(im, err, sizeof err);
		fuzz_sentence(err);
		image_close(im);
		code_free(table);
	}
	fuzz_file_close();
	return 0;
}
