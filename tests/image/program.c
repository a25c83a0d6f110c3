/* SPDX-License-Identifier: MIT */
/*
 * A program of either architecture is read, whatever machine reads it: code, lines, unwind rules
 * and probes. arm64's is that which `make ARCH=arm64` builds; where nobody has, it is not read.
 */
#include "image_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/image.h"
#include "image/isa.h"
#include "image/regname.h"
#include "model/code.h"
#include "model/event.h"

struct row {
	const char *cfa_reg;
	int cfa_off;
	enum cfi_kind ra, fp;
	int ra_off, fp_off;
};

struct expected {
	const struct isa *isa;
	const char *path, *file;  /* the program, from the build directory; that of mcall_keep */
	const char *first;        /* instruction of mcall_keep */
	struct row entry, pushed; /* how one unwinds from the first, and from the second */
};

static const struct expected amd64 = {&isa_amd64, "examples/01_stale_link",
	"arch/amd64/mcall_keep.S", "pushq %rbp", {"rsp", 8, CFI_AT_CFA, CFI_SAME, -8, 0},
	{"rsp", 16, CFI_AT_CFA, CFI_AT_CFA, -8, -16}};
static const struct expected arm64 = {&isa_arm64, "arm64/examples/01_stale_link",
	"arch/arm64/mcall_keep.S", "stp x29, x30, [sp, #-0x10]!",
	{"sp", 0, CFI_SAME, CFI_SAME, 0, 0}, {"sp", 16, CFI_AT_CFA, CFI_AT_CFA, -8, -16}};

static void unwinds(const struct isa *isa, const struct code_line *l, const struct row *want)
{
	assert_non_null(l);
	assert_true(l->cfi.known);
	assert_int_equal(l->cfi.cfa_reg, reg_by_name(isa, want->cfa_reg, NULL));
	assert_int_equal(l->cfi.cfa_off, want->cfa_off);
	assert_int_equal(l->cfi.ra, want->ra);
	assert_int_equal(l->cfi.ra_off, want->ra_off);
	assert_int_equal(l->cfi.fp, want->fp);
	assert_int_equal(l->cfi.fp_off, want->fp_off);
}

/* A label in the midst of assembly code is no function. */
static void names_functions(const struct program *p)
{
	uint64_t label = program_address(p, "async_save");
	if (label)
		assert_string_equal(program_symbol(p, label)->name, "asyncPreempt");
}

/* mcall_keep, from its first instruction to its last, which call two functions of the runtime. */
static void reads_code(struct image *im, const struct expected *want)
{
	struct code *c = image_table(im);
	uint64_t pc = program_address(image_program(im), "mcall_keep");
	const struct code_line *l = code_at(c, pc);
	int direct = 0, calls = 0;
	assert_non_null(l);
	assert_string_equal(l->text, want->first);
	assert_string_equal(l->file, want->file);
	assert_true(l->line > 10);
	assert_false(l->library);
	unwinds(want->isa, l, &want->entry);
	unwinds(want->isa, code_at(c, pc + l->len), &want->pushed);
	for (; l && l->pc < l->sym_hi && strcmp(l->sym, "mcall_keep") == 0;
		l = code_next(c, l->pc)) {
		const char *to = strchr(l->text, ' ');
		assert_true(l->len > 0);
		calls += l->is_call;
		direct += l->is_call && (!strcmp(to, " badmcall") || !strcmp(to, " badmcall2"));
	}
	assert_int_equal(calls, 3);
	assert_int_equal(direct, 2);
}

/* Where a thread becomes an M: one nop, and an argument that is somewhere. */
static void reads_probes(struct image *im)
{
	const struct probes *p = image_probes(im);
	const struct probe *mstart = NULL;
	for (size_t i = 0; i < p->n; i++)
		if (p->probe[i].event == event_by_name("mstart"))
			mstart = &p->probe[i];
	assert_true(p->n > 20);
	assert_non_null(mstart);
	assert_int_equal(mstart->nargs, 1);
	assert_true(mstart->arg[0].kind == ARG_CONST || mstart->arg[0].base >= 0);
	const struct site *site = image_site(im, mstart->pc);
	assert_ptr_equal(site->probe, mstart);
	assert_false(site->library);
	const struct code_line *l = code_at(image_table(im), mstart->pc);
	assert_non_null(l);
	assert_memory_equal(l->text, "nop", 3);
	assert_string_equal(l->file, "src/m.c");
}

static void reads(void **state)
{
	const struct expected *want = *state;
	char path[4096], err[1024] = "";
	if (!find_program(want->path, path, sizeof path)) {
		print_message("no %s here: make ARCH=%s builds it\n", want->path, want->isa->name);
		skip();
	}
	struct image *im = image_open(path, err, sizeof err);
	assert_string_equal(err, "");
	assert_non_null(im);
	assert_string_equal(image_arch(im)->name, want->isa->name);
	assert_string_equal(program_machine(path), want->isa->name);
	reads_code(im, want);
	names_functions(image_program(im));
	reads_probes(im);
	struct code *table = image_table(im);
	image_close(im);
	/* What was told stays, with its variables, and there is nobody to ask for more code. */
	assert_true(code_count(table) > 20);
	assert_null(code_at(table, 1));
	assert_true(variables_count(code_variables(table)) > 0);
	code_free(table);
}

/* Copy a program to where it can be changed. */
static void copy(const char *from, const char *to)
{
	static char bytes[1 << 16];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	assert_non_null(in);
	assert_non_null(out);
	for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;)
		assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(to, 0755), 0);
}

static struct image *opened(const char *path)
{
	char err[1024] = "";
	struct image *im = image_open(path, err, sizeof err);
	assert_string_equal(err, "");
	return im;
}

/*
 * A file is read once for all that have it open, and anew once it has changed; each image has a
 * table of its own, and needs no other image to be open still.
 */
static void is_read_once(void **state)
{
	(void)state;
	char from[4096], path[] = "/tmp/g0-image-XXXXXX";
	assert_true(find_program(amd64.path, from, sizeof from));
	close(mkstemp(path));
	copy(from, path);
	struct image *first = opened(path), *second = opened(path);
	struct code *table = image_table(first), *other = image_table(second), *last;
	assert_ptr_equal(image_program(first), image_program(second));
	assert_ptr_not_equal(table, other);
	uint64_t go_main = program_address(image_program(first), "go_main");
	uint64_t schedule = program_address(image_program(first), "schedule");
	assert_non_null(code_at(table, go_main));
	assert_null(code_known(other, go_main));
	FILE *f = fopen(path, "a");
	assert_non_null(f);
	fputc(0, f);
	fclose(f);
	struct image *third = opened(path);
	last = image_table(third);
	assert_ptr_not_equal(image_program(first), image_program(third));
	assert_true(image_build(first) == image_build(third));
	image_close(first);
	assert_non_null(code_at(table, go_main));
	assert_null(code_at(table, schedule));
	assert_non_null(code_at(other, go_main));
	assert_string_equal(code_at(other, go_main)->sym, "go_main");
	image_close(second);
	image_close(third);
	code_free(table);
	code_free(other);
	code_free(last);
	unlink(path);
}

/* Say of a section that the file has nothing of it, whatever its size. */
static void take_out(const char *path, const char *section)
{
	char err[1024] = "";
	GElf_Shdr shdr;
	GElf_Ehdr eh;
	struct program *p = program_open(path, err, sizeof err);
	assert_non_null(p);
	Elf_Scn *scn = program_section(p, section, &shdr);
	assert_non_null(scn);
	assert_non_null(gelf_getehdr(p->elf, &eh));
	long at = (long)(eh.e_shoff + elf_ndxscn(scn) * eh.e_shentsize);
	program_close(p);
	FILE *f = fopen(path, "r+");
	uint32_t type = SHT_NOBITS;
	assert_non_null(f);
	assert_int_equal(fseek(f, at + (long)offsetof(Elf64_Shdr, sh_type), SEEK_SET), 0);
	fwrite(&type, sizeof type, 1, f);
	fclose(f);
}

/* libelf gives out a size, and no bytes. */
static void sections_of_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *name, *says;
	} sections[] = {{".symtab", "is not a g0 program"}, {".note.stapsdt", "has no probes"},
		{".debug_g0_sources", ""}, {".debug_str", ""}, {".note.g0.layout", ""}};
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		char from[4096], path[] = "/tmp/g0-image-XXXXXX", err[1024] = "";
		assert_true(find_program(amd64.path, from, sizeof from));
		close(mkstemp(path));
		copy(from, path);
		take_out(path, sections[i].name);
		struct image *im = image_open(path, err, sizeof err);
		assert_non_null(strstr(err, sections[i].says));
		struct code *table = im ? image_table(im) : NULL;
		if (im)
			image_close(im);
		code_free(table);
		unlink(path);
	}
}

/* Make the last byte of a section none that ends a string. */
static void spoil_end(const char *path, const char *section)
{
	char err[1024] = "";
	GElf_Shdr shdr;
	struct program *p = program_open(path, err, sizeof err);
	assert_non_null(p);
	assert_non_null(program_section(p, section, &shdr));
	program_close(p);
	FILE *f = fopen(path, "r+");
	assert_non_null(f);
	assert_int_equal(fseek(f, (long)(shdr.sh_offset + shdr.sh_size - 1), SEEK_SET), 0);
	fputc('x', f);
	fclose(f);
}

/* libdw gives out names that do not end, so where there are such it is not asked. */
static void names_that_do_not_end(void **state)
{
	(void)state;
	static const char *const sections[] = {".debug_str", ".debug_line_str"};
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
		char from[4096], path[] = "/tmp/g0-image-XXXXXX", err[1024] = "";
		assert_true(find_program(amd64.path, from, sizeof from));
		close(mkstemp(path));
		copy(from, path);
		spoil_end(path, sections[i]);
		assert_null(image_open(path, err, sizeof err));
		assert_non_null(strstr(err, "has no debug information"));
		unlink(path);
	}
}

int test_program(void)
{
	const struct CMUnitTest tests[] = {
		{"reads_amd64", reads, NULL, NULL, (void *)&amd64},
		{"reads_arm64", reads, NULL, NULL, (void *)&arm64},
		cmocka_unit_test(is_read_once),
		cmocka_unit_test(names_that_do_not_end),
		cmocka_unit_test(sections_of_nothing),
	};
	return cmocka_run_group_tests_name("program", tests, NULL, NULL);
}
